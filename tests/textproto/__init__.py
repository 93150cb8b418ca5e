"""The text format: tables of what is taken and refused, places, and comparison with protobuf's own parsers."""
