"""A picture as DOT text, for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphval.draw.picture import Box, BoxKind, Edge, EdgeKind, Exercised, Picture, Port, worst
from graphval.findings import Severity

_STYLE = {EdgeKind.STREAM: "solid", EdgeKind.SIDE_PACKET: "dashed", EdgeKind.SERVABLE: "dotted"}
_SHAPE = {
    BoxKind.NODE: "record",
    BoxKind.SUBGRAPH: "Mrecord",
    BoxKind.INPUT: "oval",
    BoxKind.OUTPUT: "oval",
    BoxKind.MODEL: "cylinder",
    BoxKind.MISSING: "oval",
}
_COLOR = {Severity.ERROR: "red3", Severity.WARNING: "orange3", Severity.INFO: "blue3"}


def render_dot(picture: Picture) -> str:
    """The picture as the text of a ``digraph``."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield f"digraph {quoted(picture.name)} {{"
    yield '  node [fontname="sans-serif" fontsize=11]'
    yield '  edge [fontname="monospace" fontsize=9]'
    for number, box in enumerate(picture.boxes):
        yield f"  b{number} [{_attributes(box)}]"
    for edge in picture.edges:
        yield f"  {_end(picture, edge.source, 'o')} -> {_end(picture, edge.target, 'i')} [{_edge(edge)}]"
    yield "}"


def _attributes(box: Box) -> str:
    said = {"shape": _SHAPE[box.kind], "label": _label(box)}
    tip = "\n".join((*box.details, *(f"{r.code}: {r.message}" for r in box.remarks)))
    if tip:
        said["tooltip"] = tip
    gravest = worst(box.remarks)
    if gravest is not None or box.kind is BoxKind.MISSING:
        said["color"] = _COLOR[gravest or Severity.ERROR]
    if box.exercised is Exercised.LEFT_OUT or box.kind is BoxKind.MISSING:
        said["style"] = "dashed"
    # A record's label has a syntax of its own, whose special characters are escaped where it is made.
    return " ".join(f"{name}={quoted(value)}" for name, value in said.items())


def _label(box: Box) -> str:
    words = [box.title, *([box.subtitle] if box.subtitle else []), *(r.code for r in box.remarks[:1])]
    if box.kind not in (BoxKind.NODE, BoxKind.SUBGRAPH):
        return "\n".join(words)
    parts = [_ports(box.inputs, "i"), "\\n".join(map(_in_record, words)), _ports(box.outputs, "o")]
    return "{" + "|".join(part for part in parts if part) + "}"


def _ports(ports: Sequence[Port], side: str) -> str:
    fields = "|".join(f"<{side}{number}> {_in_record(port.tag)}" for number, port in enumerate(ports))
    return "{" + fields + "}" if fields else ""


def _end(picture: Picture, end: tuple[int, int], side: str) -> str:
    number, port = end
    compass = ":s" if side == "o" else ":n"
    recorded = picture.boxes[number].kind in (BoxKind.NODE, BoxKind.SUBGRAPH)
    return f"b{number}:{side}{port}{compass}" if recorded else f"b{number}"


def _edge(edge: Edge) -> str:
    label = " ".join((edge.name, *(remark.code for remark in edge.remarks[:1])))
    said = {"label": label, "style": _STYLE[edge.kind]}
    gravest = worst(edge.remarks)
    if gravest is not None:
        said["color"] = _COLOR[gravest]
    words = " ".join(f"{name}={quoted(value)}" for name, value in said.items())
    return words + (" constraint=false" if edge.back else "")


def quoted(text: str) -> str:
    """A DOT string that stands for exactly this text."""
    plain = "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _in_record(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\{}|<> " else c for c in text if c.isprintable())
