"""Faults of options as messages."""

from __future__ import annotations

from collections.abc import Iterator

from . import Fault
from .editing import plain_nodes, replaced, within
from .graphs import Good

_FOREIGN = "node_options: { [type.googleapis.com/mediapipe.FlowLimiterCalculatorOptions]: { max_in_flight: 1 } }"


def _twice(good: Good) -> Iterator[str]:
    for node in good.graph:
        for block in node.bound.all("node_options"):
            yield replaced(good, block.whole, f"{block.whole.text} {block.whole.text}")


def _foreign(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        contract = good.context.contract(node)
        if contract is not None and contract.kind != "subgraph" and node.calculator != "FlowLimiterCalculator":
            yield within(node, good, _FOREIGN)


def _no_colon(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        yield within(node, good, 'option_value: "output_width"')


def _nowhere(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        if not node.node_options and not node.option_extensions:
            yield within(node, good, 'option_value: "allow:open"')


FAULTS = (
    Fault("GV401", "options given twice", _twice),
    Fault("GV402", "options of another calculator", _foreign),
    Fault("GV403", "an option_value without colon", _no_colon),
    Fault("GV403", "an option_value without options to go to", _nowhere),
)
