"""The nodes inside a SwitchContainer, as MediaPipe expands it."""

from __future__ import annotations

import pytest

from graphval.graph import Node, contained_nodes

from .reading import read

OPTIONS = "node_options { [type.googleapis.com/mediapipe.SwitchContainerOptions] { %s } }"


def inside(connections: str, contained: str) -> list[Node]:
    text = f'node {{ calculator: "SwitchContainer" {connections} {OPTIONS % contained} }}'
    return contained_nodes(read(text).nodes[0], 1)


def lists(node: Node) -> list[list[str]]:
    maps = (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets)
    return [[connection.text for connection in entries] for entries in maps]


def test_each_gets_what_the_container_is_connected_to() -> None:
    first, second = inside(
        'input_stream: "DATA:a" input_stream: "DATA:1:b" output_stream: "out" input_side_packet: "P:p"',
        'contained_node { calculator: "One" } contained_node { calculator: "Two" name: "second" }',
    )
    assert lists(first) == lists(second) == [["DATA:a", "DATA:1:b"], ["out"], ["P:p"], []]
    assert [(n.position, n.display) for n in (first, second)] == [(1, "One"), (2, "second")]


@pytest.mark.parametrize("choice", ['input_stream: "SELECT:s"', 'input_side_packet: "ENABLE:e"'])
def test_what_chooses_stays_outside(choice: str) -> None:
    [node] = inside(f'{choice} input_stream: "in"', 'contained_node { calculator: "One" }')
    assert lists(node) == [["in"], [], [], []]


def test_entries_of_their_own_come_first() -> None:
    [node] = inside('input_stream: "X:a"', 'contained_node { calculator: "One" input_stream: "Y:b" }')
    assert lists(node)[0] == ["Y:b", "X:a"]


def test_containers_within_containers() -> None:
    inner = 'contained_node { calculator: "Deep" } contained_node { calculator: "Deeper" }'
    found = inside(
        'input_stream: "in"',
        f'contained_node {{ calculator: "SwitchContainer" {OPTIONS % inner} }} contained_node {{ calculator: "Last" }}',
    )
    assert [(n.position, n.calculator) for n in found] == [
        (1, "SwitchContainer"),
        (2, "Deep"),
        (3, "Deeper"),
        (4, "Last"),
    ]
    assert all(lists(node)[0] == ["in"] for node in found)


def test_other_calculators_contain_nothing() -> None:
    options = OPTIONS % 'contained_node { calculator: "One" }'
    text = f'node {{ calculator: "PassThroughCalculator" {options} }}'
    assert contained_nodes(read(text).nodes[0], 1) == []
