"""Layout beside Graphviz ``dot``: crossings and milliseconds for each graph that the given paths hold.

    python benchmarks/draw.py graphs/good [PATH...]

Needs ``dot`` on the PATH. Crossings are counted on the drawn curves of both, edges of one port left aside; milliseconds
are processor time of layout and SVG. Goal: at most a fifth more crossings than ``dot``, no boxes that overlap. Without
paths a made-up graph of 60 nodes is drawn five times (goal: 200 ms), and its page is weighed (goal: 1 MB).
"""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import combinations, pairwise
from random import Random
from time import process_time
from typing import Any

from graphval.draw import PICTURE_CSS, THEME_CSS, Picture, lay_out, render_dot, render_svg
from graphval.draw.layout import Point
from graphval.draw.picture import Box, BoxKind, Edge, EdgeKind, Port
from graphval.drawing import pictures
from graphval.findings import GraphReport, Report, Rung, Target, Verdict
from graphval.report.html import Drawings, render_html

_STEPS = 12


def main(paths: list[str]) -> None:
    """Print a line for each graph, and the sums."""
    if not paths:
        picture = sixty()
        for _ in range(5):
            print(f"60 nodes: {milliseconds(picture):.0f} ms, {overlaps(picture)} boxes overlap")
        print(f"page of 60 nodes: {len(page(picture).encode()):,} bytes")
        return
    ours = theirs = overlapping = 0
    for picture in pictures(paths):
        a, b = crossings(*drawn(picture)), crossings(*drawn_by_dot(picture))
        ours, theirs, overlapping = ours + a, theirs + b, overlapping + overlaps(picture)
        size = f"{len(picture.boxes):3} boxes {len(picture.edges):3} edges"
        print(f"{picture.name:40.40} {size}  crossings {a:3}, dot {b:3}  {milliseconds(picture):4.0f} ms")
    print(f"crossings: {ours}, dot {theirs}; boxes that overlap: {overlapping}")
    met = ours <= 1.2 * theirs and not overlapping
    print(f"goal {'met' if met else 'missed'}: at most a fifth more crossings than dot, no overlaps")


def milliseconds(picture: Picture) -> float:
    started = process_time()
    render_svg(lay_out(picture))
    return (process_time() - started) * 1000


def overlaps(picture: Picture) -> int:
    """How many pairs of boxes share a point."""
    placed = lay_out(picture).boxes
    return sum(
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
        for one, other in combinations(placed, 2)
    )


def page(picture: Picture) -> str:
    """The HTML report on one graph, with its picture."""
    graph = GraphReport("sixty", "graph.pbtxt", Verdict.PASS, Rung.LOAD, ())
    svg = render_svg(lay_out(picture), standalone=False, prefix="g0")
    report = Report(Verdict.PASS, "0", Target("0"), (graph,), ())
    return render_html(report, Drawings({0: svg}, THEME_CSS + PICTURE_CSS))


def sixty() -> Picture:
    """A graph of 60 nodes, most of which take what was made shortly before."""
    random = Random(7)
    pairs = [
        (max(0, target - random.randint(1, 8)), target)
        for target in range(1, 60)
        for _ in range(random.choice((1, 1, 2)))
    ]
    outs: list[list[Port]] = [[] for _ in range(60)]
    ins: list[list[Port]] = [[] for _ in range(60)]
    edges = []
    for source, target in pairs:
        edges.append(Edge((source, len(outs[source])), (target, len(ins[target])), EdgeKind.STREAM, "stream"))
        outs[source].append(Port("TENSOR", "stream", EdgeKind.STREAM))
        ins[target].append(Port("TENSOR", "stream", EdgeKind.STREAM))
    boxes = [
        Box(BoxKind.NODE, f"node_{number}", "SomeCalculator", tuple(ins[number]), tuple(outs[number]))
        for number in range(60)
    ]
    return Picture("sixty", "sixty", tuple(boxes), tuple(edges))


def drawn(picture: Picture) -> tuple[list[list[Point]], list[tuple[object, object]]]:
    """The lines of our layout, and the ports they join."""
    routes = lay_out(picture).routes
    return [_flat(route.start, route.curves) for route in routes], [(r.edge.source, r.edge.target) for r in routes]


def drawn_by_dot(picture: Picture) -> tuple[list[list[Point]], list[tuple[object, object]]]:
    """The lines that ``dot`` draws for the same graph."""
    ran = subprocess.run(["dot", "-Tjson"], input=render_dot(picture), capture_output=True, text=True, check=True)
    edges: list[dict[str, Any]] = sorted(json.loads(ran.stdout)["edges"], key=lambda edge: edge["_gvid"])
    lines = []
    for edge in edges:
        words = edge["pos"].split()
        points = [_point(word) for word in words if not word.startswith(("e,", "s,"))]
        curves = [(points[n], points[n + 1], points[n + 2]) for n in range(1, len(points) - 2, 3)]
        lines.append(_flat(points[0], curves))
    return lines, [(edge.source, edge.target) for edge in picture.edges]


def _point(word: str) -> Point:
    x, y = word.split(",")
    return float(x), float(y)


def _flat(start: Point, curves: Any) -> list[Point]:
    points = [start]
    for first, second, end in curves:
        a = points[-1]
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            u = 1 - t
            points.append(
                tuple(
                    u**3 * a[k] + 3 * u * u * t * first[k] + 3 * u * t * t * second[k] + t**3 * end[k] for k in (0, 1)
                )
            )
    return points


def crossings(lines: list[list[Point]], ends: list[tuple[object, object]]) -> int:
    """How often lines cross that do not begin at one port."""
    return sum(
        _meetings(lines[one], lines[other])
        for one, other in combinations(range(len(lines)), 2)
        if ends[one][0] != ends[other][0]
    )


def _meetings(one: list[Point], other: list[Point]) -> int:
    return sum(_cross(a, b, c, d) for a, b in pairwise(one) for c, d in pairwise(other))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _side(a, b, c) * _side(a, b, d) < -1e-9 and _side(c, d, a) * _side(c, d, b) < -1e-9


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


if __name__ == "__main__":
    main(sys.argv[1:])
