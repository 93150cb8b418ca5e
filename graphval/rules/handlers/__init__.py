"""GV50x-GV51x: input and output stream handlers, in-flight limits, and loops that never turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen


_FIELDS = ("input_stream_handler", "output_stream_handler", "max_in_flight", "back_edge")


def concerns(seen: Seen, deployment: DeploymentContext) -> bool:
    """Whether a handler, a limit or a loop is written, or a calculator used that asks for a handler of its own kind."""
    return not seen.fields.isdisjoint(_FIELDS) or "MuxCalculator" in seen.calculators
