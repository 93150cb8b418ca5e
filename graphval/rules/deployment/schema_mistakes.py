"""Where config.json is not what OVMS's schema demands.

Other rules ask here too: what follows from such a mistake is not reported beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphval.catalog import Catalog
from graphval.deployment import JsonDocument, JsonNode
from graphval.rules.context import DeploymentContext, GraphContext
from graphval.rules.deployment.schema import Mistake, article, compare, keys
from graphval.textproto import Place

_SOURCE = {
    "keys": {
        "node_name": {"type": "string", "required": True},
        "data_item": {"type": "string", "required": True},
    },
}
_CONNECTION = {"type": "object", "values": "object", "minProperties": 1, "maxProperties": 1, "each": _SOURCE}
_COUNT = {"type": "integer", "minimum": -1, "maximum": 10000}
PIPELINE: Mapping[str, Any] = {
    "inputs": {"type": "array", "required": True, "items": {"type": "string"}},
    "outputs": {"type": "array", "required": True, "items": _CONNECTION},
    "nodes": {
        "type": "array",
        "required": True,
        "items": {
            "type": "object",
            "keys": {
                "name": {"type": "string", "required": True},
                "type": {"type": "string", "required": True},
                "model_name": {"type": "string"},
                "library_name": {"type": "string"},
                "version": {"type": "integer", "minimum": 1},
                "inputs": {"type": "array", "required": True, "items": _CONNECTION},
                "outputs": {
                    "type": "array",
                    "required": True,
                    "items": {
                        "type": "object",
                        "keys": {
                            "data_item": {"type": "string", "required": True},
                            "alias": {"type": "string", "required": True},
                        },
                    },
                },
                "params": {"type": "object", "values": "string"},
                "demultiply_count": _COUNT,
                "gather_from_node": {"type": "string"},
            },
        },
    },
}
"""The parts of a pipeline's schema that hold others; it is the same in every release (OVMS `src/schema.cpp`, 2026.4)."""


def schema_mistakes(context: DeploymentContext | GraphContext) -> tuple[Mistake, ...]:
    """Every mistake of config.json's form; none where there is no config.json or its text could not be read."""
    document = context.deployment.config_document
    return _mistakes_of(document, context.catalog) if document is not None else ()


@lru_cache(maxsize=4)
def _mistakes_of(document: JsonDocument, catalog: Catalog) -> tuple[Mistake, ...]:
    if document.problems or document.root is None:
        return ()
    return tuple(_mistakes(document.root, catalog.config_json))


def is_mistaken(context: DeploymentContext, place: Place | None) -> bool:
    """Whether an entry of config.json has a mistake of form inside."""
    document = context.deployment.config_document
    if place is None or document is None or place.source is not document.source:
        return False
    starts = _starts_of(document, context.catalog)
    first = bisect_left(starts, place.start)
    return first < len(starts) and starts[first] <= place.end


@lru_cache(maxsize=4)
def _starts_of(document: JsonDocument, catalog: Catalog) -> list[int]:
    return sorted(mistake.place.start for mistake in _mistakes_of(document, catalog))


def models_unsure(context: GraphContext) -> bool:
    """Whether the list of models may be another than its author means: a mistake of form lies outside the graphs."""
    graphs = [entry.place for entry in context.deployment.graphs if entry.place is not None]
    return any(not any(_inside(mistake, place) for place in graphs) for mistake in schema_mistakes(context))


def _inside(mistake: Mistake, place: Place) -> bool:
    return mistake.place.source is place.source and place.start <= mistake.place.start <= place.end


def _mistakes(root: JsonNode, facts: Mapping[str, Any]) -> Iterator[Mistake]:
    if root.kind != "object":
        yield Mistake(
            Place(root.source, root.start, root.start + 1),
            f"config.json must be an object, not {article(root.kind)}",
            'write {"model_config_list": […]}',
        )
        return
    yield from keys(root, facts["top_level"]["keys"], "config.json")
    for wrapper in _items(root, "model_config_list"):
        if wrapper.kind != "object" or wrapper.get("config") is None or len(wrapper.members) != 1:
            yield Mistake(
                Place(wrapper.source, wrapper.start, wrapper.start + 1),
                "an entry of model_config_list is an object with the one key config",
                'write {"config": {"name": …, "base_path": …}}',
            )
            continue
        config = wrapper.members[0].value
        if config.kind == "object":
            yield from keys(config, facts["model_config_list"]["config"]["keys"], "config")
        else:
            yield Mistake(config.place, "config must be an object")
    for name in ("mediapipe_config_list", "custom_node_library_config_list"):
        yield from _listed(root, name, facts[name].get("keys", facts[name]) if name in facts else {})
    yield from _listed(root, "pipeline_config_list", {**facts.get("pipeline_config_list", {}), **PIPELINE})
    loader = {"config": {"required": True, "type": "object", "keys": facts.get("custom_loader_config_list", {})}}
    yield from _listed(root, "custom_loader_config_list", loader)
    for pipeline in _items(root, "pipeline_config_list"):
        for node in _items(pipeline, "nodes"):
            yield from _model_or_library(node)
    monitoring = root.get("monitoring")
    if monitoring is not None and monitoring.kind == "object" and "monitoring" in facts:
        yield from compare(monitoring, facts["monitoring"], "monitoring")


def _listed(root: JsonNode, name: str, known: Mapping[str, Any]) -> Iterator[Mistake]:
    for entry in _items(root, name):
        if entry.kind != "object":
            yield Mistake(entry.place, f"an entry of {name} must be an object")
        else:
            yield from keys(entry, known, f"an entry of {name}")


def _model_or_library(node: JsonNode) -> Iterator[Mistake]:
    """A pipeline's node of type ``DL model`` has a model, one of type ``custom`` a library, and neither has both."""
    kind = node.text("type")
    if kind not in ("DL model", "custom"):
        found = node.get("type")
        if found is not None and found.kind == "string":
            yield Mistake(found.place, f'a node has no type "{kind}"', 'write "DL model" or "custom"')
        return
    wanted, other = ("model_name", "library_name") if kind == "DL model" else ("library_name", "model_name")
    if node.get(wanted) is None:
        yield Mistake(
            Place(node.source, node.start, node.start + 1), f'a node of type "{kind}" lacks the key "{wanted}"'
        )
    for member in node.members:
        if member.key == other:
            yield Mistake(member.key_place, f'a node of type "{kind}" takes no {other}', "remove it")


def _items(root: JsonNode, key: str) -> list[JsonNode]:
    found = root.get(key)
    return found.items if found is not None and found.kind == "array" else []
