"""Verdicts of earlier runs: taken when nothing has changed, never otherwise."""
