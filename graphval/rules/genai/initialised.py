"""Which nodes OVMS prepares at load, and the options it reads for them.

Source: OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4): only ``node_options``, and only its first entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import NodeInitializer
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.textproto import BoundMessage


def initializer_of(node: Node, context: GraphContext) -> NodeInitializer | None:
    """The initialiser that runs for a node, or ``None``."""
    return context.catalog.node_initializer(node.calculator)


def initialised(context: GraphContext) -> Iterator[tuple[Node, NodeInitializer]]:
    """Every node that OVMS prepares at load, in text order."""
    for node in context.graph:
        initializer = initializer_of(node, context)
        if initializer is not None and context.registered_name(node) is not None:
            yield node, initializer


def options_read(node: Node, initializer: NodeInitializer) -> BoundMessage | None:
    """The options the initialiser reads: the first ``node_options`` entry if it is of its type."""
    first = node.first_options
    return first if first is not None and first.type_name == initializer.options else None


def options_of_kind(node: Node, context: GraphContext, kind: str) -> BoundMessage | None:
    """The options of a node of that kind (``LLM``, ``Python`` …); ``None`` for other nodes or without options."""
    initializer = context.catalog.node_initializer(node.calculator)
    if initializer is None or initializer.kind != kind:
        return None
    return options_read(node, initializer)
