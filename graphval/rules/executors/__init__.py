"""GV53x-GV54x: executors, threads and the profiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


_FIELDS = ("executor", "num_threads", "profiler_config")


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether executors, threads or the profiler are spoken of."""
    return not seen.fields.isdisjoint(_FIELDS)
