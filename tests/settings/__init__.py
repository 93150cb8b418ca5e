"""Settings: what can be set, where it is written, and what it does to a run."""
