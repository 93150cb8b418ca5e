"""Tests of the example graphs, their models and samples. They run graphval as a user does: as a process, on ``graphs/``."""
