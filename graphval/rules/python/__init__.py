"""GV71x: Python nodes. The handler is read with ``ast`` and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether a Python node is among those that OVMS prepares at load."""
    return "Python" in seen.prepared
