"""From paths and JSON to what OVMS would be given: every path rule, JSON place and model file."""
