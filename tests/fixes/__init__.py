"""Mends: what is certain is mended, nothing is made worse, and a file stays its owner's."""
