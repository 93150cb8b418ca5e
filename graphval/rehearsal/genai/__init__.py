"""Generative nodes: what OVMS checks and builds for them at load, with OpenVINO GenAI itself where models are there.

Nothing is generated here: the nodes are loaded, not run.
"""
