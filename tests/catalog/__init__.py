"""The catalog: every release loads, every message builds, every name is found, and the data are what is made."""
