"""Whole graphs made up at random, judged by the rules and by MediaPipe itself, and the two verdicts compared."""
