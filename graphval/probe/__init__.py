"""Asking a running server: requests shaped from a graph's wiring and its models, and the KServe client that sends them.

Every call has a deadline, for OVMS has none. What an answer means is not decided here; that is the diagnosis.
"""
