"""What one server instance would be given: config.json or a graph directory, subconfigs, models, by OVMS's rules.

Reads files and says what OVMS would take from them; it does not judge (the rules do) and starts nothing. Models are
opened only when their inputs and outputs are asked for, in a process of their own.
"""

from graphval.deployment.discovery import Discovery, Found, discover, discover_each
from graphval.deployment.json_tree import JsonDocument, JsonNode
from graphval.deployment.load import load
from graphval.deployment.model import Deployment, InputError, Kind, Listed, ModelEntry

__all__ = [
    "Deployment",
    "Discovery",
    "Found",
    "InputError",
    "JsonDocument",
    "JsonNode",
    "Kind",
    "Listed",
    "ModelEntry",
    "discover",
    "discover_each",
    "load",
]
