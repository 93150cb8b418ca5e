"""GV70x, GV72x-GV78x: nodes that OVMS prepares at load (node initialisers): their options and the paths in them. What
lies at those paths is looked at in ``models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether OVMS prepares a node at load."""
    return bool(seen.prepared)
