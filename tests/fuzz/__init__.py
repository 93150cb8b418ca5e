"""Blind input: whatever lies in a file, reading and judging it ends, and ends in findings."""
