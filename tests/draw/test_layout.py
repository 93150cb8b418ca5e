"""Layouts of any picture: nothing overlaps, edges end where they should, few cross."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.draw import lay_out
from graphval.draw.layout import MAX_BOXES, Layout, PlacedBox, TooLarge
from graphval.draw.ordering import count_crossings, order_layers
from graphval.draw.picture import Box, BoxKind, Edge, EdgeKind, Picture, Port
from graphval.draw.ranks import make_layers
from graphval.drawing import pictures

from .reading import LOOP, picture

ROOT = Path(__file__).resolve().parents[2]


def made(boxes: int, pairs: list[tuple[int, int]], title: str = "n", *, back: frozenset[int] = frozenset()) -> Picture:
    """A picture with these edges, every one of which has ports of its own."""
    outs: list[list[Port]] = [[] for _ in range(boxes)]
    ins: list[list[Port]] = [[] for _ in range(boxes)]
    edges = []
    for number, (source, target) in enumerate(pairs):
        edges.append(
            Edge((source, len(outs[source])), (target, len(ins[target])), EdgeKind.STREAM, "s", number in back)
        )
        outs[source].append(Port("OUT", f"stream_{number}", EdgeKind.STREAM))
        ins[target].append(Port(f"IN:{number}", "s", EdgeKind.STREAM))
    return Picture(
        "g",
        "g",
        tuple(Box(BoxKind.NODE, title, "", tuple(i), tuple(o)) for i, o in zip(ins, outs, strict=True)),
        tuple(edges),
    )


@st.composite
def any_picture(draw: st.DrawFn) -> Picture:
    boxes = draw(st.integers(1, 14))
    end = st.integers(0, boxes - 1)
    pairs = draw(st.lists(st.tuples(end, end), max_size=30))
    back = draw(st.frozensets(st.integers(0, 30), max_size=4))
    return made(boxes, pairs, draw(st.text(max_size=30)), back=back)


def overlapping(layout: Layout) -> list[tuple[PlacedBox, PlacedBox]]:
    return [
        (a, b)
        for a, b in combinations(layout.boxes, 2)
        if a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
    ]


@given(any_picture())
@settings(max_examples=150, deadline=None)
def test_nothing_overlaps_and_everything_is_inside(shown: Picture) -> None:
    layout = lay_out(shown)
    assert not overlapping(layout)
    for box in layout.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
        for port in (*box.inputs, *box.outputs):
            assert box.x <= port.x <= box.x + box.width


@given(any_picture())
@settings(max_examples=150, deadline=None)
def test_every_edge_runs_from_port_to_port(shown: Picture) -> None:
    layout = lay_out(shown)
    for route in layout.routes:
        source, target = layout.boxes[route.edge.source[0]], layout.boxes[route.edge.target[0]]
        assert route.start == (source.outputs[route.edge.source[1]].x, source.y + source.height)
        assert route.curves[-1][2] == pytest.approx((target.inputs[route.edge.target[1]].x, target.y))


@given(any_picture())
@settings(max_examples=100, deadline=None)
def test_edges_pass_boxes_by(shown: Picture) -> None:
    """Where an edge runs straight, no box but its own lies on it."""
    layout = lay_out(shown)
    for route in layout.routes:
        points = [route.start, *(end for _, _, end in route.curves)]
        for (x, y), (to_x, to_y) in pairwise(points):
            if abs(x - to_x) > 0.01:
                continue
            low, high = min(y, to_y) + 0.1, max(y, to_y) - 0.1
            for box in layout.boxes:
                inside = box.x < x < box.x + box.width and low < box.y + box.height and box.y < high
                assert not inside, (route.edge, box)


@given(any_picture())
@settings(max_examples=50, deadline=None)
def test_the_same_picture_lies_the_same_way(shown: Picture) -> None:
    assert lay_out(shown) == lay_out(shown)


def test_producers_lie_above_consumers_but_for_loops() -> None:
    layout = lay_out(picture(LOOP))
    for route in layout.routes:
        source, target = layout.boxes[route.edge.source[0]], layout.boxes[route.edge.target[0]]
        assert (source.y < target.y) is not route.edge.back


@pytest.mark.parametrize(
    ("pairs", "crossings"),
    [
        ([(0, 3), (1, 2)], 0),
        ([(0, 2), (0, 3), (1, 2), (1, 3)], 1),
        ([(0, 4), (1, 3), (2, 5), (0, 5), (2, 3)], 0),
    ],
)
def test_crossings_that_can_be_avoided_are(pairs: list[tuple[int, int]], crossings: int) -> None:
    layered = make_layers(made(6, pairs))
    assert count_crossings(layered, order_layers(layered)) == crossings


def test_trees_and_chains_do_not_cross() -> None:
    tree = [((child - 1) // 3, child) for child in range(1, 40)]
    layered = make_layers(made(40, tree))
    assert count_crossings(layered, order_layers(layered)) == 0


def test_a_box_is_as_wide_as_its_words() -> None:
    narrow, wide = (lay_out(made(1, [], title)).boxes[0] for title in ("n", "n" * 80))
    assert wide.width > narrow.width
    assert lay_out(made(1, [], "漢" * 40)).boxes[0].width > lay_out(made(1, [], "k" * 40)).boxes[0].width


def test_what_is_too_large_is_refused_by_name() -> None:
    with pytest.raises(TooLarge, match=r"g has 601 boxes"):
        lay_out(made(MAX_BOXES + 1, []))


def test_the_example_graphs_hardly_cross() -> None:
    total = 0
    for shown in pictures([ROOT / "graphs" / "good"]):
        assert not overlapping(lay_out(shown))
        layered = make_layers(shown)
        total += count_crossings(layered, order_layers(layered))
    assert total <= 2


def test_an_empty_graph_has_a_picture() -> None:
    assert lay_out(Picture("g", "g", (), ())).boxes == ()
