"""Whether parameters of requests can become side packets of a graph."""

from __future__ import annotations

from graphval.rules.context import GraphContext


def why_not_carried(context: GraphContext) -> str:
    """Why no request carries a side packet to the graph, as the end of a message; empty where requests can."""
    if context.pooled:
        return ", since requests to a graph pool cannot carry side packets"
    if context.border.speaks_http:
        return ", since requests over /v3 carry no side packets"
    return ""


def not_a_parameter(type_text: str) -> str:
    """That no parameter has a type, as the end of a message."""
    return f", and a request parameter cannot carry a {type_text}" if type_text else ""
