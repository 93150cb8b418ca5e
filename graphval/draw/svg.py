"""A picture as SVG: text in it is text, every box can be reached by keyboard and tells a screen reader what it is.

Colours are CSS classes, so that one style sheet serves a file of its own and a page that holds many pictures. Names
come from files that nobody has vouched for: everything is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as _escape

from graphval.draw.layout import LID, LINE, PORTS, TITLE, Layout, PlacedBox, PlacedPort, Route, port_label
from graphval.draw.picture import Box, BoxKind, EdgeKind, Exercised, Remark, worst
from graphval.draw.stylesheet import PICTURE_CSS, THEME_CSS

_WORDS = {
    BoxKind.NODE: "node",
    BoxKind.SUBGRAPH: "subgraph, folded",
    BoxKind.INPUT: "graph",
    BoxKind.OUTPUT: "graph",
    BoxKind.MODEL: "servable",
    BoxKind.MISSING: "missing",
}
_EXERCISED = {
    Exercised.SHOWN: "an engine showed it at work",
    Exercised.LEFT_OUT: "not exercised",
    Exercised.UNSAID: "",
}


def render_svg(layout: Layout, *, standalone: bool = True, prefix: str = "gv") -> str:
    """The picture as an ``<svg>`` element; ``standalone``: as a file, with its style and background.

    ``prefix`` begins every id, for pages with several pictures.
    """
    return "\n".join(_lines(layout, standalone, prefix)) + "\n"


def escape(text: str) -> str:
    """A text of unknown origin inside XML; what XML cannot hold becomes a question mark."""
    return _escape("".join(c if _is_xml(c) else "\ufffd" for c in text))


def _is_xml(character: str) -> bool:
    code = ord(character)
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _lines(layout: Layout, standalone: bool, prefix: str) -> Iterator[str]:
    picture = layout.picture
    width, height = _n(layout.width), _n(layout.height)
    nodes = sum(box.kind in (BoxKind.NODE, BoxKind.SUBGRAPH) for box in picture.boxes)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gv-picture" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="group" aria-labelledby="{prefix}-title">'
    )
    yield f'<title id="{prefix}-title">{escape(f"graph {picture.name}, {nodes} nodes")}</title>'
    if standalone:
        yield f"<style>{THEME_CSS}{PICTURE_CSS}</style>"
        yield f'<rect class="gv-page" width="{width}" height="{height}"/>'
    yield '<g class="gv-edges" aria-hidden="true">'
    for route in layout.routes:
        yield from _edge(route)
    yield "</g>"
    for number, placed in enumerate(layout.boxes):
        yield from _box(placed, f"{prefix}-b{number}", layout, number)
    yield "</svg>"


def _edge(route: Route) -> Iterator[str]:
    edge = route.edge
    classes = ["gv-edge", f"gv-{edge.kind.value}"]
    if edge.back:
        classes.append("gv-back")
    gravest = worst(edge.remarks)
    if gravest is not None:
        classes.append(f"gv-{gravest.value}")
    data = f"M{_n(route.start[0])} {_n(route.start[1])}" + "".join(
        f"V{_n(end[1])}"
        if first[0] == second[0] == end[0] and second == end
        else f"C{_n(first[0])} {_n(first[1])} {_n(second[0])} {_n(second[1])} {_n(end[0])} {_n(end[1])}"
        for first, second, end in route.curves
    )
    ends = f'data-from="{edge.source[0]}" data-to="{edge.target[0]}"'
    said = "".join(f"\n{remark.code}: {remark.message}" for remark in edge.remarks)
    yield f'<g class="{" ".join(classes)}" {ends}><title>{escape(edge.name + said)}</title>'
    yield f'<path class="gv-line" d="{data}"/>'
    x, y = route.curves[-1][2] if route.curves else route.start
    if edge.kind is not EdgeKind.SERVABLE:
        yield f'<path class="gv-arrow" d="M{_n(x)} {_n(y)}l-4 -8h8z"/>'
    if edge.remarks:
        yield _text("gv-code", x, y - 12, edge.remarks[0].code)
    yield "</g>"


def _box(placed: PlacedBox, id_: str, layout: Layout, number: int) -> Iterator[str]:
    box = placed.box
    gravest = worst(box.remarks)
    classes = ["gv-box", f"gv-{box.kind.value}", f"gv-{box.exercised.value}"]
    if gravest is not None:
        classes.append(f"gv-{gravest.value}")
    label = _described(box, layout, number)
    yield (
        f'<g id="{id_}" class="{" ".join(classes)}" role="img" tabindex="0" data-box="{number}" '
        f'data-line="{box.line}" aria-label="{escape("; ".join(label))}">'
    )
    yield f"<title>{escape(chr(10).join(label))}</title>"
    yield _shape(placed)
    middle = placed.x + placed.width / 2
    y = placed.y + (PORTS if any(p.port.tag for p in placed.inputs) else 0.0) + 3
    if box.kind is BoxKind.MODEL:
        y += LID
    badge = box.remarks[0].code if box.remarks else ""
    yield _text("gv-name", middle, y + TITLE - 8, box.title)
    if box.subtitle:
        yield _text("gv-what", middle, y + TITLE - 8 + LINE, box.subtitle)
    for port in placed.inputs:
        yield from _port(port, placed.y, placed.y + 12, box)
    low = placed.y + placed.height
    for port in placed.outputs:
        yield from _port(port, low, low - 5, box)
        name = port_label(box, port.port)
        if name:
            kind = "gv-stream-name" + (f" gv-{worst(port.port.remarks)}" if port.port.remarks else "")
            yield _text(kind, port.x, low + 15, name)
    if badge:
        width = len(badge) * 6.7 + 10
        right = placed.x + placed.width + 8
        place = f'x="{_n(right - width)}" y="{_n(y + 1)}" width="{_n(width)}"'
        yield f'<rect class="gv-badge" {place} height="17" rx="4"/>'
        yield _text("gv-badge-text", right - width / 2, y + 13.5, badge)
    yield "</g>"


def _shape(placed: PlacedBox) -> str:
    x, y, w, h = placed.x, placed.y, placed.width, placed.height
    box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}"'
    match placed.box.kind:
        case BoxKind.INPUT | BoxKind.OUTPUT | BoxKind.MISSING:
            return f'<rect class="gv-shape" {box} rx="{_n(min(h / 2, 14))}"/>'
        case BoxKind.SUBGRAPH:
            inner = f'x="{_n(x + 3)}" y="{_n(y + 3)}" width="{_n(w - 6)}" height="{_n(h - 6)}"'
            return f'<rect class="gv-shape" {box} rx="6"/><rect class="gv-inner" {inner} rx="4"/>'
        case BoxKind.MODEL:
            side, top = f"{_n(x)} {_n(y + 6)}", f"{_n(w / 2)} 6 0 0"
            return (
                f'<path class="gv-shape" d="M{side}A{top} 1 {_n(x + w)} {_n(y + 6)}V{_n(y + h - 6)}'
                f'A{top} 1 {_n(x)} {_n(y + h - 6)}ZM{side}A{top} 0 {_n(x + w)} {_n(y + 6)}"/>'
            )
        case BoxKind.NODE:
            return f'<rect class="gv-shape" {box} rx="6"/>'


def _port(placed: PlacedPort, edge_y: float, text_y: float, box: Box) -> Iterator[str]:
    port = placed.port
    if box.kind in (BoxKind.NODE, BoxKind.SUBGRAPH) and port.kind is not EdgeKind.SERVABLE:
        if port.kind is EdgeKind.SIDE_PACKET:
            yield f'<path class="gv-pin gv-side-packet" d="M{_n(placed.x)} {_n(edge_y - 4)}l4 4l-4 4l-4 -4z"/>'
        else:
            yield f'<circle class="gv-pin gv-stream" cx="{_n(placed.x)}" cy="{_n(edge_y)}" r="3"/>'
    if port.tag:
        yield _text("gv-tag", placed.x, text_y, port.tag)


def _described(box: Box, layout: Layout, number: int) -> list[str]:
    """All of a box in one phrase after another, for who cannot see it or points at it."""
    head = f"{_WORDS[box.kind]} {box.title}".strip()
    parts = [head + (f", {box.subtitle}" if box.subtitle else "")]
    if box.kind in (BoxKind.NODE, BoxKind.SUBGRAPH):
        for word, ports in (("takes", box.inputs), ("gives", box.outputs)):
            names = ", ".join(f"{p.tag} {p.name}".strip() for p in ports if p.kind is not EdgeKind.SERVABLE)
            if names:
                parts.append(f"{word} {names}")
    edges = layout.picture.edges
    before = [layout.picture.boxes[e.source[0]].title for e in edges if e.target[0] == number]
    after = [layout.picture.boxes[e.target[0]].title for e in edges if e.source[0] == number]
    parts += [f"from {', '.join(dict.fromkeys(before))}"] if before else []
    parts += [f"to {', '.join(dict.fromkeys(after))}"] if after else []
    parts += box.details
    if _EXERCISED[box.exercised]:
        parts.append(_EXERCISED[box.exercised] + (f": {box.reason}" if box.reason else ""))
    parts += map(_remark, box.remarks)
    return parts


def _remark(remark: Remark) -> str:
    return f"{remark.severity.value} {remark.code}: {remark.message}"


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}">{escape(text)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
