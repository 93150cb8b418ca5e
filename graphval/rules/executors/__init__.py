"""GV53x-GV54x: executors, threads and the profiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext


def concerns(deployment: DeploymentContext) -> bool:
    """Whether executors, threads or the profiler are spoken of."""
    return deployment.writes("executor", "num_threads", "profiler_config")
