"""The pipelines of config.json: servables made of models and custom nodes, older than graphs.

Source: OVMS `src/dags/pipeline_config_parser.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphval.deployment import Deployment, JsonNode
from graphval.textproto import Place

ENTRY, EXIT = "request", "response"
"""The names of the nodes that every pipeline has besides those that are written."""


class Pipeline(NamedTuple):
    """An entry of ``pipeline_config_list`` and its name."""

    name: str
    name_place: Place
    node: JsonNode


class Source(NamedTuple):
    """Where an input comes from: ``data_item`` of the node ``node_name``. ``place`` is the name of the input."""

    name: str
    place: Place
    node_name: JsonNode
    data_item: JsonNode


def pipelines(deployment: Deployment) -> Iterator[Pipeline]:
    """The pipelines in list order; those without a name or nodes are mistakes of form, and not among them."""
    document = deployment.config_document
    root = document.root if document is not None and not document.problems else None
    listed = root.get("pipeline_config_list") if root is not None and root.kind == "object" else None
    for node in listed.items if listed is not None and listed.kind == "array" else ():
        name, nodes = node.get("name"), node.get("nodes")
        if name is not None and name.kind == "string" and nodes is not None and nodes.kind == "array":
            yield Pipeline(name.value, name.place, node)


def nodes_of(pipeline: Pipeline) -> list[JsonNode]:
    """The written nodes of a pipeline, in list order."""
    nodes = pipeline.node.get("nodes")
    return nodes.items if nodes is not None else []


def sources(inputs: JsonNode | None) -> list[Source]:
    """What feeds the inputs of a node, or the outputs of the pipeline."""
    found = []
    for connection in inputs.items if inputs is not None else ():
        for member in connection.members:
            node_name, data_item = member.value.get("node_name"), member.value.get("data_item")
            if node_name is not None and data_item is not None:
                found.append(Source(member.key, member.key_place, node_name, data_item))
    return found


def data_items(node: JsonNode) -> Mapping[str, JsonNode]:
    """What a node gives to others, by the name it has for them, with the name it has for the node itself."""
    outputs = node.get("outputs")
    found = {}
    for output in outputs.items if outputs is not None else ():
        alias, data_item = output.text("alias"), output.get("data_item")
        if alias is not None and data_item is not None:
            found[alias] = data_item
    return found
