"""What nodes are called, which handler and which options count."""

from __future__ import annotations

import pytest

from .reading import node, read


@pytest.mark.parametrize(
    ("calculators_and_names", "expected"),
    [
        ([("C", "")], ["C"]),
        ([("C", "a")], ["a"]),
        ([("C", ""), ("C", "")], ["C_1", "C_2"]),
        ([("C", "a"), ("D", ""), ("E", "a"), ("D", "b"), ("F", "a")], ["a_1", "D", "a_2", "b", "a_3"]),
        ([("C", ""), ("D", "C")], ["C_1", "C_2"]),
        ([("C", ""), ("C", ""), ("D", "C_1")], ["C_1", "C_2", "C_1"]),
    ],
)
def test_the_framework_numbers_names_that_repeat(
    calculators_and_names: list[tuple[str, str]], expected: list[str]
) -> None:
    text = "".join(
        f'node {{ calculator: "{c}" ' + (f'name: "{n}" ' if n else "") + "}\n" for c, n in calculators_and_names
    )
    graph = read(text)
    assert [n.canonical_name for n in graph] == expected
    assert [n.display for n in graph] == [n or c for c, n in calculators_and_names]


def test_a_node_is_found_by_the_name_a_log_gives_it() -> None:
    graph = read(node("a") + node("b") + node("a"))
    for name, position in (("a_1", 0), ("b", 1), ("a_2", 2), ("a", 0)):
        found = graph.node_named(name)
        assert found is not None
        assert found.position == position
    assert graph.node_named("c") is None


OWN = 'input_stream_handler { input_stream_handler: "MuxInputStreamHandler" }'
NAMELESS = "input_stream_handler { options { } }"
GRAPHS = 'input_stream_handler { input_stream_handler: "BarrierInputStreamHandler" }'


@pytest.mark.parametrize(
    ("of_graph", "of_node", "expected"),
    [
        ("", "", None),
        ("", OWN, "MuxInputStreamHandler"),
        (GRAPHS, "", "BarrierInputStreamHandler"),
        (GRAPHS, OWN, "MuxInputStreamHandler"),
        ("", NAMELESS, None),
        (NAMELESS, "", None),
        # A block of its own keeps the graph's from being copied, named or not.
        (GRAPHS, NAMELESS, None),
    ],
)
def test_the_handler_that_counts(of_graph: str, of_node: str, expected: str | None) -> None:
    graph = read(f'{of_graph}\nnode {{ calculator: "C" {of_node} }}')
    handler = graph.effective_handler(graph.nodes[0])
    assert (handler.name if handler is not None else None) == expected


FLOW = "mediapipe.FlowLimiterCalculatorOptions"
GATE = "mediapipe.GateCalculatorOptions"


def extension(name: str, value: str) -> str:
    return f"options {{ [{name}.ext] {{ {value} }} }}"


def any_of(name: str, value: str) -> str:
    return f"node_options {{ [type.googleapis.com/{name}] {{ {value} }} }}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", None),
        (extension(FLOW, "max_in_flight: 2"), 2),
        (any_of(FLOW, "max_in_flight: 3"), 3),
        (any_of(FLOW, "max_in_flight: 3") + any_of(FLOW, "max_in_flight: 4"), 4),
        (any_of(FLOW, "max_in_flight: 3") + extension(FLOW, "max_in_flight: 2"), 2),
        # Not merged: the extension alone counts, defaults and all.
        (any_of(FLOW, "max_in_flight: 3") + extension(FLOW, ""), 1),
        (any_of(GATE, "allow: true"), None),
        (any_of(FLOW, "max_in_flight: 3") + any_of(GATE, "allow: true"), 3),
        (extension(GATE, "allow: true") + any_of(FLOW, "max_in_flight: 3"), 3),
    ],
)
def test_the_options_that_a_calculator_reads(written: str, expected: int | None) -> None:
    (calculator,) = read(f'node {{ calculator: "FlowLimiterCalculator" {written} }}').nodes
    options = calculator.options_of(FLOW)
    assert (options.message.max_in_flight if options is not None else None) == expected  # type: ignore[attr-defined]


def test_what_could_not_be_read_is_absent_and_the_rest_is_there() -> None:
    graph = read('node { calculatr: "C" name: "a" input_stream: 7 input_stream: "x" } node { calculator: "D" }')
    first, second = graph.nodes
    assert (first.calculator, first.name, [entry.name for entry in first.inputs]) == ("", "a", ["x"])
    assert second.calculator == "D"
