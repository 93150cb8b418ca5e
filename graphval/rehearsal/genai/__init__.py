"""Generative nodes: what OVMS checks and builds for them at load. Nothing is generated here."""
