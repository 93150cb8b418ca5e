"""Faults of the graph pool directive, and of what a pool cannot have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import Fault
from .editing import added, replaced
from .graphs import Good

_DIRECTIVE = "# OVMS_GRAPH_QUEUE_MAX_SIZE: "


def _with_value(value: str) -> Callable[[Good], Iterator[str]]:
    def into(good: Good) -> Iterator[str]:
        directive = good.graph.directive
        yield f"{_DIRECTIVE}{value}\n{good.text}" if directive is None else replaced(good, directive.place, value)

    return into


def _with_line(line: str) -> Callable[[Good], Iterator[str]]:
    def into(good: Good) -> Iterator[str]:
        yield f"{line}\n{good.text}"

    return into


def _second(good: Good) -> Iterator[str]:
    if good.graph.directive is not None:
        yield f"{good.text}{_DIRECTIVE}3\n"


def _pooled_with(calculator: str) -> Callable[[Good], Iterator[str]]:
    """A pool for each graph that has such a node in a loop."""

    def into(good: Good) -> Iterator[str]:
        if good.graph.directive is None and any(
            node.calculator == calculator and any(c.tag == "LOOPBACK" for c in node.inputs) for node in good.graph
        ):
            yield f"{_DIRECTIVE}2\n{good.text}"

    return into


def _remembering(*nodes: str) -> Callable[[Good], Iterator[str]]:
    more = added(*nodes)
    return lambda good: more(good) if good.pooled else iter(())


FAULTS = (
    *(Fault("GV520", f"a size of {value}", _with_value(value)) for value in ("auto", "-1", "many", "1.5")),
    Fault("GV521", "the directive under another name", _with_line("# OVMS_GRAPH_QUEUE_SIZE: 4")),
    Fault("GV521", "the directive without colon", _with_line("# OVMS_GRAPH_QUEUE_MAX_SIZE 4")),
    Fault("GV521", "the directive twice", _second),
    Fault("GV522", "a pool for a Python loop", _pooled_with("PythonExecutorCalculator")),
    Fault("GV523", "a pool for a language model without contexts", _pooled_with("HttpLLMCalculator")),
    Fault(
        "GV526",
        "a node that remembers packets",
        _remembering(
            'node { calculator: "PacketClonerCalculator" input_stream: "{feed}" input_stream: "TICK:{feed}" '
            'output_stream: "cloned" }'
        ),
    ),
    Fault(
        "GV526",
        "a node that sends once",
        _remembering(
            'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:made" '
            "options { [mediapipe.ConstantSidePacketCalculatorOptions.ext] { packet { int_value: 1 } } } }",
            'node { calculator: "SidePacketToStreamCalculator" input_side_packet: "made" '
            'output_stream: "AT_ZERO:sent" }',
        ),
    ),
)
