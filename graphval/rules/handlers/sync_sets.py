"""The ``sync_set`` entries that apply to a node, for the rules about them.

Source: MediaPipe `framework/stream_handler/sync_set_input_stream_handler.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from graphval.graph import Handler, Node
from graphval.rules.context import GraphContext, once
from graphval.textproto import BoundField, BoundMessage

HANDLER = "SyncSetInputStreamHandler"
OPTIONS = "mediapipe.SyncSetInputStreamHandlerOptions"
_SHOWN = 20
"""Inputs of a node that a message lists."""


class SyncSet(NamedTuple):
    """One ``sync_set { … }`` and its ``tag_index`` entries."""

    block: BoundMessage
    tag_indexes: tuple[BoundField, ...]


@once
def sync_sets(node: Node, context: GraphContext) -> list[SyncSet]:
    """The sync sets of the handler in force at ``node`` (its own or the graph's); empty where there are none."""
    return sync_sets_of(context.handler(node))


def sync_sets_of(handler: Handler | None) -> list[SyncSet]:
    """The sync sets of a handler; empty where it is another one."""
    if handler is None or handler.name != HANDLER:
        return []
    options = handler.options_of(OPTIONS)
    if options is None:
        return []
    return [SyncSet(block, tuple(block.all("tag_index"))) for block in options.messages("sync_set")]


def inputs_of(node: Node) -> str:
    """The inputs of a node as messages list them, of very many the first ones."""
    shown = [connection.tag_index for connection in islice(node.inputs, _SHOWN)]
    if len(node.inputs) > _SHOWN:
        shown.append(f"{len(node.inputs) - _SHOWN} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "no inputs"
