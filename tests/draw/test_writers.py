"""SVG, DOT and Mermaid: well formed, complete, and nothing in a name is markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.draw import Picture, lay_out, render_dot, render_mermaid, render_svg
from graphval.draw.picture import Box, BoxKind, Edge, EdgeKind, Port, Remark
from graphval.findings import Severity

from .reading import LOOP, picture

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&]]>|{}\\N\n\x00end"


def named(name: str) -> Picture:
    """A picture that says this name wherever it can say one."""
    remark = Remark(Severity.ERROR, "GV501", name)
    port = Port(name, name, EdgeKind.STREAM, (remark,))
    boxes = tuple(Box(kind, name, name, (port,), (port,), (name,), (remark,), reason=name) for kind in BoxKind)
    edges = tuple(Edge((n, 0), (n + 1, 0), kind, name, remarks=(remark,)) for n, kind in enumerate(EdgeKind))
    return Picture(name, name, boxes, edges, (remark,))


def svg(of: Picture) -> ET.Element:
    return ET.fromstring(render_svg(lay_out(of)))


def test_every_box_can_be_reached_and_tells_what_it_is() -> None:
    shown = picture(LOOP)
    boxes = [g for g in svg(shown).iter(f"{SVG}g") if g.get("data-box")]
    assert [g.get("tabindex") for g in boxes] == ["0"] * len(shown.boxes)
    labels = [g.get("aria-label") or "" for g in boxes]
    assert any(
        label.startswith("node remember, PreviousLoopbackCalculator; takes MAIN level, LOOP smoothed; gives PREV_LOOP")
        for label in labels
    )
    assert all(g.find(f"{SVG}title") is not None for g in boxes)


def test_edges_say_their_stream_and_loops_are_marked() -> None:
    edges = [g for g in svg(picture(LOOP)).iter(f"{SVG}g") if "gv-edge " in (g.get("class") or "")]
    assert sum("gv-back" in (g.get("class") or "") for g in edges) == 1
    assert {g.findtext(f"{SVG}title") for g in edges} == {"level", "smoothed", "previous", "session", "blend"}


@settings(deadline=None)
@given(st.text())
def test_any_name_makes_xml(name: str) -> None:
    root = svg(named(name))
    assert not list(root.iter(f"{SVG}script"))


def test_nothing_in_a_name_is_an_element() -> None:
    text = render_svg(lay_out(named(HOSTILE)), standalone=False)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"\son\w+=|style=|href=", text)


def test_a_file_of_its_own_loads_nothing() -> None:
    text = render_svg(lay_out(named("x")))
    assert "url(" not in text
    assert "@import" not in text
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("name", [HOSTILE, "plain", "a|b", 'quote"', "back\\slash"])
def test_dot_strings_end_where_they_should(name: str) -> None:
    text = render_dot(named(name))
    # Outside of its strings nothing of a name is left.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert '"' not in bare
    assert "script" not in bare
    assert len(text.splitlines()) == 4 + len(BoxKind) + len(EdgeKind)


@pytest.mark.parametrize("name", [HOSTILE, 'quote"', "end]", "#1", "a|b"])
def test_mermaid_labels_end_where_they_should(name: str) -> None:
    lines = render_mermaid(named(name)).splitlines()
    assert len(lines) == 1 + len(BoxKind) + len(EdgeKind) + 2
    for line in lines[1 : 1 + len(BoxKind)]:
        assert line.count('"') == 2
        assert "<script" not in line


def test_dot_and_mermaid_hold_every_box_and_edge() -> None:
    shown = picture(LOOP)
    dot, mermaid = render_dot(shown), render_mermaid(shown)
    assert len(re.findall(r"^  b\d+ \[", dot, re.MULTILINE)) == len(shown.boxes)
    assert dot.count(" -> ") == len(shown.edges)
    assert len(re.findall(r"^  b\d+ -", mermaid, re.MULTILINE)) == len(shown.edges)
    assert "PREV_LOOP" in dot
    assert "previous" in mermaid
