"""GV52x: the graph pool directive and what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether a comment may be the directive, or be meant as it."""
    return any("ovms_graph_" in context.graph.source.text.lower() for context in deployment.graphs)
