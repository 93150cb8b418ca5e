"""Where everything of a picture lies: from top to bottom, boxes in ranks, edges from port to port.

Lengths are pixels; y grows downwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import combining, east_asian_width

from graphval.draw.ordering import order_layers
from graphval.draw.picture import Box, BoxKind, Edge, Picture, Port
from graphval.draw.placing import Pull, Pulls, place
from graphval.draw.ranks import Layered, make_layers

TITLE, LINE, PORTS = 22.0, 15.0, 16.0
"""Heights of a title, of another line and of a row of tags."""
LID = 10.0
"""What the round top of a model takes."""
LABEL = 20.0
"""Room below a box for the names of its streams."""
_GAP, _BEND_GAP = 34.0, 18.0
_MARGIN = 24.0
_RUN, _LONGEST_RUN = 36.0, 96.0
"""Least and most room between two ranks for edges to change sides."""
_STRAIGHT_BENDS, _STRAIGHT = 8.0, 1.0
TITLE_CHARACTER, CHARACTER = 8.4, 6.7
MAX_BOXES = 600

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlacedPort:
    """``x`` is where its edge meets the box, ``width`` the room that its tag may take around that."""

    port: Port
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box and its upper left corner."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    inputs: tuple[PlacedPort, ...]
    outputs: tuple[PlacedPort, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge: a start, and Bézier curves of two control points and an end each."""

    edge: Edge
    start: Point
    curves: tuple[tuple[Point, Point, Point], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture laid out."""

    picture: Picture
    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    routes: tuple[Route, ...]


class TooLarge(Exception):
    """A graph with so many nodes that a picture would show nothing."""


def lay_out(picture: Picture) -> Layout:
    """Lay a picture out. Raises :class:`TooLarge` beyond :data:`MAX_BOXES` boxes."""
    if len(picture.boxes) > MAX_BOXES:
        raise TooLarge(f"{picture.name} has {len(picture.boxes)} boxes, and a picture holds at most {MAX_BOXES}")
    return _Layouter(picture).run()


def text_width(text: str, character: float = CHARACTER) -> float:
    """The room a text takes, some to spare; East Asian wide characters take that of two."""
    if text.isascii():
        return len(text) * character
    return character * sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


class _Layouter:
    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._layered = make_layers(picture)
        self._layers = order_layers(self._layered)
        self._position = {vertex: n for layer in self._layers for n, vertex in enumerate(layer)}
        self._sizes = [box_size(box) for box in picture.boxes]
        self._in_order: list[list[int]] = []
        self._out_order: list[list[int]] = []
        self._order_ports()

    def run(self) -> Layout:
        picture, layered = self._picture, self._layered
        bends = len(layered) - layered.boxes
        widths = [width for width, _ in self._sizes] + [0.0] * bends
        gaps = [_GAP] * layered.boxes + [_BEND_GAP] * bends
        in_at = [_slots(b, b.inputs, o, w, label=False) for b, o, w in self._per_box(self._in_order)]
        out_at = [_slots(b, b.outputs, o, w, label=True) for b, o, w in self._per_box(self._out_order)]
        centres = place(self._layers, widths, gaps, self._pulls(in_at, out_at))
        centres = [x + _MARGIN for x in centres]
        tops, bottoms = self._rows(centres)
        boxes = []
        for number, box in enumerate(picture.boxes):
            width, height = self._sizes[number]
            rank = layered.rank[number]
            y = (tops[rank] + bottoms[rank] - height) / 2
            left = centres[number] - width / 2
            inputs = _placed_ports(box.inputs, in_at[number], centres[number])
            outputs = _placed_ports(box.outputs, out_at[number], centres[number])
            boxes.append(PlacedBox(box, left, y, width, height, inputs, outputs))
        routes = [self._route(number, edge, boxes, centres, tops, bottoms) for number, edge in enumerate(picture.edges)]
        right = max([b.x + b.width for b in boxes] + [x for r in routes for c in r.curves for x, _ in c], default=0.0)
        low = max([b.y + b.height for b in boxes] + [y for r in routes for c in r.curves for _, y in c], default=0.0)
        # The last labels hang below their boxes.
        return Layout(picture, right + _MARGIN, low + _MARGIN + LABEL, tuple(boxes), tuple(routes))

    def _per_box(self, orders: Sequence[Sequence[int]]) -> list[tuple[Box, Sequence[int], float]]:
        return [
            (box, order, width) for box, order, (width, _) in zip(self._picture.boxes, orders, self._sizes, strict=True)
        ]

    def _order_ports(self) -> None:
        """Ports lie in the order of what they lead to, so that edges of one box do not cross."""
        boxes = self._picture.boxes
        leads_in: list[dict[int, list[int]]] = [defaultdict(list) for _ in boxes]
        leads_out: list[dict[int, list[int]]] = [defaultdict(list) for _ in boxes]
        for edge, chain in zip(self._picture.edges, self._layered.chains, strict=True):
            leads_out[edge.source[0]][edge.source[1]].append(self._position[chain[1]])
            leads_in[edge.target[0]][edge.target[1]].append(self._position[chain[-2]])
        self._in_order = [_sorted_ports(box.inputs, leads) for box, leads in zip(boxes, leads_in, strict=True)]
        self._out_order = [_sorted_ports(box.outputs, leads) for box, leads in zip(boxes, leads_out, strict=True)]

    def _pulls(
        self, in_at: Sequence[Sequence[tuple[float, float]]], out_at: Sequence[Sequence[tuple[float, float]]]
    ) -> Pulls:
        """Who wants to lie below or above whom: the ends of every piece of an edge, bends most of all."""
        layered = self._layered
        up: list[list[Pull]] = [[] for _ in range(len(layered))]
        down: list[list[Pull]] = [[] for _ in range(len(layered))]
        met: set[tuple[int, int]] = set()
        for edge, chain in zip(self._picture.edges, layered.chains, strict=True):
            for one, other in pairwise(chain):
                bends = (one >= layered.boxes) + (other >= layered.boxes)
                if bends == 2 and (one, other) in met:
                    continue  # a trunk that several edges share
                met.add((one, other))
                weight = (_STRAIGHT, _STRAIGHT * 2, _STRAIGHT_BENDS)[bends]
                here = out_at[one][edge.source[1]][0] if one == chain[0] else 0.0
                there = in_at[other][edge.target[1]][0] if other == chain[-1] else 0.0
                first, second = (up, down) if layered.rank[one] > layered.rank[other] else (down, up)
                first[one].append(Pull(other, there - here, weight))
                second[other].append(Pull(one, here - there, weight))
        return Pulls(up, down)

    def _rows(self, centres: Sequence[float]) -> tuple[list[float], list[float]]:
        """Top and bottom of every rank; ranks whose edges go far aside lie farther apart."""
        layered = self._layered
        tops, bottoms = [], []
        y = _MARGIN
        for layer in self._layers:
            height = max((self._sizes[v][1] for v in layer if v < layered.boxes), default=0.0)
            tops.append(y)
            bottoms.append(y + height)
            aside = max((abs(centres[v] - centres[w]) for v in layer for w in layered.down[v]), default=0.0)
            labels = LABEL if any(v < layered.boxes and self._picture.boxes[v].outputs for v in layer) else 0.0
            y += height + labels + min(_LONGEST_RUN, _RUN + aside * 0.08)
        return tops, bottoms

    def _route(
        self,
        number: int,
        edge: Edge,
        boxes: Sequence[PlacedBox],
        centres: Sequence[float],
        tops: Sequence[float],
        bottoms: Sequence[float],
    ) -> Route:
        source, target = boxes[edge.source[0]], boxes[edge.target[0]]
        start = (source.outputs[edge.source[1]].x, source.y + source.height)
        end = (target.inputs[edge.target[1]].x, target.y)
        chain = self._layered.chains[number]
        path = _Path(start)
        if number in self._layered.loops:
            self._loop(path, chain, end, centres, tops, bottoms)
        else:
            for vertex in chain[1:-1]:
                rank = self._layered.rank[vertex]
                path.down_to(bottoms[rank - 1] + self._label_room(rank - 1))
                path.swing((centres[vertex], tops[rank]))
            rank = self._layered.rank[chain[-1]]
            path.down_to(bottoms[rank - 1] + self._label_room(rank - 1))
            path.swing((end[0], tops[rank]))
            path.down_to(end[1])
        return Route(edge, start, tuple(path.curves))

    def _loop(
        self,
        path: _Path,
        chain: Sequence[int],
        end: Point,
        centres: Sequence[float],
        tops: Sequence[float],
        bottoms: Sequence[float],
    ) -> None:
        """Down, around, up beside what lies between, and from above into the target."""
        rank = [self._layered.rank[vertex] for vertex in chain]
        beside = chain[2:-2]
        low, high = rank[0], rank[-1]
        path.down_to(bottoms[low] + LABEL)
        path.turn((centres[beside[0]], bottoms[low] + LABEL), 26.0)
        path.down_to(tops[low])
        for vertex in beside[1:]:
            upper = self._layered.rank[vertex]
            path.swing((centres[vertex], bottoms[upper] + self._label_room(upper)))
            path.down_to(tops[upper])
        path.turn((end[0], tops[high]), -26.0)
        path.down_to(end[1])

    def _label_room(self, rank: int) -> float:
        boxes = self._layered.boxes
        return LABEL if any(v < boxes and self._picture.boxes[v].outputs for v in self._layers[rank]) else 0.0


class _Path:
    """A pen that goes up and down, and swings from one column to another."""

    def __init__(self, start: Point) -> None:
        self._at = start
        self.curves: list[tuple[Point, Point, Point]] = []

    def down_to(self, y: float) -> None:
        """Straight up or down."""
        x, before = self._at
        if before != y:
            self._curve((x, before), (x, y), (x, y))

    def swing(self, to: Point) -> None:
        """To another column and row, leaving and arriving upright."""
        x, y = self._at
        middle = (y + to[1]) / 2
        if x == to[0]:
            self.down_to(to[1])
        else:
            self._curve((x, middle), (to[0], middle), to)

    def turn(self, to: Point, depth: float) -> None:
        """To another column of the same row, around a bow that goes ``depth`` beyond it."""
        self._curve((self._at[0], self._at[1] + depth), (to[0], to[1] + depth), to)

    def _curve(self, first: Point, second: Point, end: Point) -> None:
        self.curves.append((first, second, end))
        self._at = end


def _placed_ports(ports: Sequence[Port], slots: Sequence[tuple[float, float]], centre: float) -> tuple[PlacedPort, ...]:
    return tuple(PlacedPort(port, centre + x, room) for port, (x, room) in zip(ports, slots, strict=True))


def box_size(box: Box) -> tuple[float, float]:
    """Width and height that hold the words of a box and its ports."""
    words = [text_width(box.title, TITLE_CHARACTER) + 28, text_width(box.subtitle) + 20]
    # The badge hangs on the right edge beside the title, which is centred: hence the same room on the left.
    badge = 2 * text_width(box.remarks[0].code) if box.remarks else 0.0
    width = max(
        words[0] + badge, words[1], _ports_width(box, box.inputs), _ports_width(box, box.outputs, label=True), 56
    )
    height = TITLE + 6 + (LINE if box.subtitle else 0.0) + (LID if box.kind is BoxKind.MODEL else 0.0)
    height += sum(PORTS for ports in (box.inputs, box.outputs) if any(port.tag for port in ports))
    return width, height


def _ports_width(box: Box, ports: Sequence[Port], *, label: bool = False) -> float:
    return sum(_port_width(box, port, label=label) for port in ports)


def _port_width(box: Box, port: Port, *, label: bool) -> float:
    """The room of a port: its tag, and below an output the name of its stream, which lies on the edge."""
    words = [port.tag, port_label(box, port)] if label else [port.tag]
    return max(map(text_width, words)) + 14


def port_label(box: Box, port: Port) -> str:
    """What stands below an output: the stream's name, where the box itself does not say it."""
    if box.kind not in (BoxKind.NODE, BoxKind.SUBGRAPH):
        return ""
    return " ".join((port.name, *(remark.code for remark in port.remarks[:1])))


def _slots(
    box: Box, ports: Sequence[Port], order: Sequence[int], width: float, *, label: bool
) -> list[tuple[float, float]]:
    """For each port its distance from the box's centre, and its room, spare room shared out evenly."""
    needed = [_port_width(box, ports[number], label=label) for number in order]
    spare = (width - sum(needed)) / max(1, len(needed))
    at: dict[int, tuple[float, float]] = {}
    left = -width / 2
    for number, room in zip(order, needed, strict=True):
        at[number] = (left + (room + spare) / 2, room + spare)
        left += room + spare
    return [at[number] for number in range(len(ports))]


def _sorted_ports(ports: Sequence[Port], leads: dict[int, list[int]]) -> list[int]:
    """Port numbers from left to right; those that lead nowhere stay among their neighbours."""
    wanted: list[tuple[float, int]] = []
    last = -1.0
    for number in range(len(ports)):
        if leads.get(number):
            last = sum(leads[number]) / len(leads[number])
        wanted.append((last, number))
    return [number for _, number in sorted(wanted)]


__all__ = [
    "Layered",
    "Layout",
    "PlacedBox",
    "PlacedPort",
    "Route",
    "TooLarge",
    "box_size",
    "lay_out",
    "port_label",
    "text_width",
]
