"""The example graphs, their models and samples, judged as a user does it: by a process, on ``graphs/``."""
