"""GV72x, GV76x, GV78x: what lies in the folders that nodes which OVMS prepares at load name for their models."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether OVMS prepares a node at load for which it reads a model, and models are at hand."""
    return not deployment.no_models and bool(seen.prepared - {"Python"})
