"""A picture as Mermaid text, for Markdown that draws it."""

from __future__ import annotations

from collections.abc import Iterator

from graphval.draw.picture import Box, BoxKind, EdgeKind, Exercised, Picture, worst

_SHAPE = {
    BoxKind.NODE: ("[", "]"),
    BoxKind.SUBGRAPH: ("[[", "]]"),
    BoxKind.INPUT: ("([", "])"),
    BoxKind.OUTPUT: ("([", "])"),
    BoxKind.MODEL: ("[(", ")]"),
    BoxKind.MISSING: ("([", "])"),
}
_ARROW = {EdgeKind.STREAM: "-->", EdgeKind.SIDE_PACKET: "-.->", EdgeKind.SERVABLE: "-.-"}
_CLASSES = {
    "error": "fill:#fff0f0,stroke:#c3202f,stroke-width:2px,color:#1c2128",
    "warning": "fill:#fff8e5,stroke:#9a6700,stroke-width:2px,color:#1c2128",
    "leftout": "stroke-dasharray:5 3",
}


def render_mermaid(picture: Picture) -> str:
    """The picture as the text of a ``flowchart``."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart TB"
    used: dict[str, list[int]] = {}
    for number, box in enumerate(picture.boxes):
        before, after = _SHAPE[box.kind]
        words = [box.title, box.subtitle, *(remark.code for remark in box.remarks)]
        label = "<br/>".join(escape(word) for word in words if word)
        yield f'  b{number}{before}"{label}"{after}'
        style = _style(box)
        if style:
            used.setdefault(style, []).append(number)
    for edge in picture.edges:
        tag = picture.boxes[edge.target[0]].inputs[edge.target[1]].tag
        name = edge.name + (f" → {tag}" if tag else "") + "".join(f" {r.code}" for r in edge.remarks[:1])
        yield f'  b{edge.source[0]} {_ARROW[edge.kind]}|"{escape(name)}"| b{edge.target[0]}'
    for style, numbers in used.items():
        yield f"  classDef {style} {_CLASSES[style]}"
        yield f"  class {','.join(f'b{n}' for n in numbers)} {style}"


def _style(box: Box) -> str:
    gravest = worst(box.remarks)
    if box.kind is BoxKind.MISSING or (gravest is not None and gravest.value == "error"):
        return "error"
    if gravest is not None and gravest.value == "warning":
        return "warning"
    return "leftout" if box.exercised is Exercised.LEFT_OUT else ""


def escape(text: str) -> str:
    """A text of unknown origin inside a quoted label: Mermaid knows entities by number."""
    return "".join(c if c.isalnum() or c in " _-.,:/→()" else f"#{ord(c)};" for c in text if c.isprintable())
