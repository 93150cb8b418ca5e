"""GV72x, GV76x, GV78x: the folders of models, as named by nodes that OVMS prepares at load, and what lies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether OVMS reads a model for some node that it prepares at load, and models are at hand."""
    return not deployment.no_models and bool(seen.prepared - {"Python"})
