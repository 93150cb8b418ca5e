"""Who feeds whom, and what runs in circles."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.graph import Endpoint, Graph, Wiring, resolve

from .reading import node, read


def who(endpoints: list[Endpoint]) -> list[str]:
    return [endpoint.node.name if endpoint.node is not None else "graph" for endpoint in endpoints]


def cycles(text: str) -> list[list[str]]:
    return [[member.name for member in cycle] for cycle in resolve(read(text)).cycles]


def test_streams_run_from_graph_input_through_nodes_to_graph_output() -> None:
    wiring = resolve(
        read(
            'input_stream: "IN:a"\noutput_stream: "OUT:c"\n'
            + node("first", input_stream="a", output_stream="b")
            + node("second", input_stream="b a", output_stream="c")
        )
    )
    assert {name: who(ends) for name, ends in wiring.producers.items()} == {
        "a": ["graph"],
        "b": ["first"],
        "c": ["second"],
    }
    assert {name: who(ends) for name, ends in wiring.consumers.items()} == {
        "a": ["first", "second"],
        "b": ["second"],
        "c": ["graph"],
    }


def test_the_order_of_nodes_does_not_matter() -> None:
    nodes = [node("one", input_stream="a", output_stream="b"), node("two", input_stream="b", output_stream="c")]
    forward = resolve(read('input_stream: "a"\n' + "".join(nodes)))
    backward = resolve(read('input_stream: "a"\n' + "".join(reversed(nodes))))
    assert {name: who(ends) for name, ends in forward.producers.items()} == {
        name: who(ends) for name, ends in backward.producers.items()
    }
    assert not forward.cycles
    assert not backward.cycles


def test_a_stream_of_two_producers_keeps_both_in_text_order() -> None:
    wiring = resolve(read('input_stream: "x"\n' + node("one", output_stream="x") + node("two", output_stream="x")))
    assert who(wiring.producers["x"]) == ["graph", "one", "two"]
    first = wiring.producer("x")
    assert first is not None
    assert first.node is None


def test_asking_for_what_nobody_produces_answers_none_and_leaves_no_trace() -> None:
    wiring = resolve(read(node("one", input_stream="x")))
    assert wiring.producer("x") is None
    assert wiring.side_producer("x") is None
    assert "x" not in wiring.producers
    assert "x" not in wiring.side_producers


def test_streams_and_side_packets_are_worlds_apart() -> None:
    wiring = resolve(
        read(
            node("maker", output_stream="x", output_side_packet="MODEL:x")
            + node("user", input_stream="x", input_side_packet="MODEL:x")
        )
    )
    assert (who(wiring.producers["x"]), who(wiring.consumers["x"])) == (["maker"], ["user"])
    assert (who(wiring.side_producers["x"]), who(wiring.side_consumers["x"])) == (["maker"], ["user"])


def test_the_graphs_own_side_packet_list_feeds_nobody() -> None:
    # The framework accepts and never uses that list.
    wiring = resolve(read('input_side_packet: "MODEL:x"\n' + node("user", input_side_packet="MODEL:x")))
    assert wiring.side_producer("x") is None


def test_malformed_names_still_take_part() -> None:
    wiring = resolve(read(node("one", output_stream="image:x") + node("two", input_stream="IMAGE:x")))
    assert who(wiring.producers["x"]) == ["one"]
    assert who(wiring.consumers["x"]) == ["two"]


def test_a_subgraph_is_a_node_like_any_other() -> None:
    graph = read(
        'input_stream: "IMAGE:image"\noutput_stream: "FACES:faces"\n'
        'node { calculator: "FaceDetectionShortRangeCpu" '
        'input_stream: "IMAGE:image" output_stream: "DETECTIONS:faces" }'
    )
    wiring = resolve(graph)
    (subgraph,) = graph.nodes
    [produced], [consumed] = wiring.producers["faces"], wiring.consumers["image"]
    assert (produced.node, produced.connection) == (subgraph, subgraph.outputs[0])
    assert (consumed.node, consumed.connection) == (subgraph, subgraph.inputs[0])
    assert wiring.producer("faces") is produced


SELF = 'name: "me" calculator: "C" input_stream: "x" output_stream: "x"'


def loop(info: str = "", *, order: tuple[int, int] = (0, 1)) -> str:
    merge = 'name: "merge" calculator: "C" input_stream: "a" input_stream: "LOOP:back" output_stream: "b"'
    nodes = f"node {{ {merge} {info} }}\n", node("work", input_stream="b", output_stream="back")
    return 'input_stream: "a"\n' + nodes[order[0]] + nodes[order[1]]


CIRCLES = [
    ("a loop", loop(), [["merge", "work"]]),
    ("a loop, written backwards", loop(order=(1, 0)), [["work", "merge"]]),
    ("declared", loop('input_stream_info { tag_index: "LOOP" back_edge: true }'), []),
    ("declared with its index", loop('input_stream_info { tag_index: "LOOP:0" back_edge: true }'), []),
    ("declared false", loop('input_stream_info { tag_index: "LOOP" back_edge: false }'), [["merge", "work"]]),
    ("said nothing", loop('input_stream_info { tag_index: "LOOP" }'), [["merge", "work"]]),
    ("declared for another input", loop('input_stream_info { tag_index: ":0" back_edge: true }'), [["merge", "work"]]),
    ("declared for no input", loop('input_stream_info { tag_index: "LOOP:1" back_edge: true }'), [["merge", "work"]]),
    ("declared, malformed", loop('input_stream_info { tag_index: "loop" back_edge: true }'), [["merge", "work"]]),
    ("a node that reads itself", node("me", input_stream="x", output_stream="x"), [["me"]]),
    (
        "a node that reads itself, declared",
        f'node {{ {SELF} input_stream_info {{ tag_index: "" back_edge: true }} }}',
        [],
    ),
    (
        "through a side packet",
        node("one", input_side_packet="p", output_stream="x") + node("two", input_stream="x", output_side_packet="p"),
        [["one", "two"]],
    ),
    (
        "two separate loops",
        node("a", input_stream="q", output_stream="p")
        + node("b", input_stream="p", output_stream="q")
        + node("c", input_stream="s", output_stream="r")
        + node("d", input_stream="r", output_stream="s"),
        [["a", "b"], ["c", "d"]],
    ),
    (
        "two loops that share a node are one group",
        node("a", input_stream="q s", output_stream="p")
        + node("b", input_stream="p", output_stream="q")
        + node("c", input_stream="p", output_stream="s"),
        [["a", "b", "c"]],
    ),
    (
        "what only hangs on a loop is no part of it",
        node("before", output_stream="in")
        + node("a", input_stream="q in", output_stream="p")
        + node("b", input_stream="p", output_stream="q")
        + node("after", input_stream="q"),
        [["a", "b"]],
    ),
    ("the graph's input of that name breaks nothing", 'input_stream: "x"\n' + node("me", input_stream="x"), []),
    (
        "two ways to one place",
        node("a", output_stream="p")
        + node("b", input_stream="p", output_stream="q")
        + node("c", input_stream="p q", output_stream="r"),
        [],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CIRCLES], ids=[case[0] for case in CIRCLES])
def test_circles(text: str, expected: list[list[str]]) -> None:
    assert sorted(cycles(text)) == expected


def test_a_back_edge_is_known_by_node_tag_and_index() -> None:
    graph = read(loop('input_stream_info { tag_index: "LOOP" back_edge: true }'))
    wiring = resolve(graph)
    merge = graph.nodes[0]
    assert {entry.name: wiring.is_back_edge(merge, entry) for entry in merge.inputs} == {"a": False, "back": True}
    assert wiring.back_edges == {(0, "LOOP", 0)}


def test_a_loop_of_thousands_of_nodes_is_followed_without_recursion() -> None:
    size = 3000
    text = "".join(node(f"n{i}", input_stream=f"s{i}", output_stream=f"s{(i + 1) % size}") for i in range(size))
    ((*members,),) = cycles(text)
    assert len(members) == size


@dataclass(frozen=True)
class Drawn:
    """A generated graph: what each node reads, by the number of the node it reads from, and the back edges."""

    edges: tuple[tuple[int, int, bool], ...]
    size: int

    @property
    def text(self) -> str:
        nodes = []
        for number in range(self.size):
            reads = [(i, edge) for i, edge in enumerate(self.edges) if edge[1] == number]
            lines = "".join(f'  input_stream: "E{i}:s{edge[0]}"\n' for i, edge in reads)
            lines += "".join(
                f'  input_stream_info {{ tag_index: "E{i}" back_edge: true }}\n' for i, edge in reads if edge[2]
            )
            nodes.append(f'node {{ name: "n{number}" calculator: "C" output_stream: "s{number}"\n{lines}}}\n')
        return "".join(nodes)

    def waits_for_itself(self, start: int) -> bool:
        """Whether a path of edges that are no back edges leads from a node to itself."""
        seen, waiting = set[int](), [start]
        while waiting:
            at = waiting.pop()
            following = {edge[1] for edge in self.edges if edge[0] == at and not edge[2]}
            if start in following:
                return True
            waiting += following - seen
            seen |= following
        return False


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    size = draw(st.integers(1, 7))
    number = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(number, number, st.booleans()), max_size=14))
    return Drawn(tuple(edges), size)


def read_and_resolve(graph: Drawn) -> tuple[Graph, Wiring]:
    read_graph = read(graph.text)
    return read_graph, resolve(read_graph)


@given(drawn())
def test_of_any_graph_every_edge_and_exactly_the_circles_are_found(graph: Drawn) -> None:
    built, wiring = read_and_resolve(graph)
    assert [who(wiring.producers[f"s{i}"]) for i in range(graph.size)] == [[f"n{i}"] for i in range(graph.size)]
    edges = [
        (producer.node.position, reader.position, wiring.is_back_edge(reader, entry))
        for reader in built
        for entry in reader.inputs
        for producer in wiring.producers[entry.name]
        if producer.node is not None
    ]
    assert sorted(edges) == sorted(graph.edges)
    in_circles = [member.position for cycle in wiring.cycles for member in cycle]
    assert sorted(in_circles) == [i for i in range(graph.size) if graph.waits_for_itself(i)]
