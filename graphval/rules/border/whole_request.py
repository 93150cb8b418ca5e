"""Graph inputs and outputs that are the whole KServe request or response."""

from __future__ import annotations

from graphval.graph import Connection
from graphval.rules.context import GraphContext
from graphval.rules.flow import io_prefix


def whole_requests(context: GraphContext) -> list[Connection]:
    """Graph inputs whose tag begins with ``REQUEST`` (``REQUEST_PAYLOAD`` does too)."""
    return [
        c for c in context.graph.inputs if c.text.startswith("REQUEST") and io_prefix(c, context.catalog) == "REQUEST"
    ]


def whole_responses(context: GraphContext) -> list[Connection]:
    """Graph outputs whose tag begins with ``RESPONSE``."""
    return [
        c
        for c in context.graph.outputs
        if c.text.startswith("RESPONSE") and io_prefix(c, context.catalog) == "RESPONSE"
    ]
