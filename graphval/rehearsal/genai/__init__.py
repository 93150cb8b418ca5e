"""Generative nodes: what OVMS checks and builds for them at load, and how their requests are read and answered.

OpenVINO GenAI itself loads the models and generates. What a node does with its packets is in ``nodes``.
"""
