"""The HTML report: whole without a network, closed to whatever a name may try, readable by ear and by keyboard."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

import graphval
from graphval.events import Done
from graphval.findings import NotExercised, Report, Span, Verdict
from graphval.report.form import Format
from graphval.report.html import Drawings, render_html
from graphval.reporting import listener

from .making import FAILED, OK, SKIPPED, done, finding, graph

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "</title></style></script><script>alert('x')</script><img src=x onerror=alert(1)>\"' \x1b\u202e\udcff"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """What a browser would see: elements with their attributes, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(report: Report) -> str:
    stream = StringIO()
    listener(Format.HTML, stream)(Done(report))
    return stream.getvalue()


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(ROOT)
    return page_of(graphval.lint(["graphs"]))


def test_the_page_nests_and_draws_every_graph(examples: str) -> None:
    page = Page(examples)
    assert page.open == []
    assert len(page.all("svg")) >= 30
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched(examples: str) -> None:
    page = Page(examples)
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "use", "image")
        assert not {"src", "srcset", "style"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert "@import" not in examples
    assert "url(" not in examples


def test_only_its_own_style_and_script_may_run(examples: str) -> None:
    policy = next(a["content"] or "" for a in Page(examples).all("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", examples, re.DOTALL)
        digest = b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_every_picture_and_table_has_a_name(examples: str) -> None:
    page = Page(examples)
    assert all(a.get("aria-labelledby") for a in page.all("svg"))
    assert all(a.get("aria-label") and a.get("tabindex") == "0" for a in page.all("figure"))
    assert page.all("html") == [{"lang": "en"}]
    assert all(a.get("scope") for a in page.all("th"))


@pytest.mark.parametrize("part", ["message", "help", "label", "code", "graph"])
def test_nothing_in_a_finding_is_markup(part: str) -> None:
    said = finding(Span(HOSTILE, 1, 1, 1, 2), **{part: HOSTILE}, evidence={HOSTILE: [HOSTILE]})
    left_out = (NotExercised(HOSTILE, HOSTILE),)
    text = render_html(
        done(
            graph(HOSTILE, Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED, name=HOSTILE, not_exercised=left_out),
            findings=(said,),
        ).report
    )
    page = Page(text)
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_stream_called_script_stays_a_name(tmp_path: Path) -> None:
    file = tmp_path / "graph.pbtxt"
    file.write_text(
        'input_stream: "<script>alert(1)</script>"\n'
        'node { calculator: "</style><script>alert(2)</script>" input_stream: "A:<script>alert(1)</script>" }\n',
        encoding="utf-8",
    )
    text = page_of(graphval.lint([file]))
    page = Page(text)
    assert len(page.all("script")) == 1
    assert len(page.all("svg")) == 1
    assert "&lt;script&gt;alert(1)" in text


def test_a_graph_without_a_picture_says_why() -> None:
    assert "No picture:" in render_html(done(graph("nowhere", Verdict.PASS)).report, Drawings())


def test_long_evidence_is_cut() -> None:
    said = finding(Span("g", 1, 1, 1, 2), evidence={"log": "x" * 100_000})
    assert len(render_html(done(findings=(said,)).report)) < 30_000


def big(nodes: int) -> str:
    """A graph whose nodes take what earlier ones made."""
    parts = ['input_stream: "s0"']
    for number in range(1, nodes + 1):
        sources = {number - 1, number // 2, number // 3}
        inputs = "".join(f' input_stream: "IN:{n}:s{source}"' for n, source in enumerate(sorted(sources)))
        parts.append(f'node {{ name: "n{number}" calculator: "SomeCalculator"{inputs} output_stream: "s{number}" }}')
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize(("nodes", "drawn"), [(60, 1), (700, 0)])
def test_the_page_of_a_large_graph_is_small(tmp_path: Path, nodes: int, drawn: int) -> None:
    file = tmp_path / "graph.pbtxt"
    file.write_text(big(nodes), encoding="utf-8")
    text = page_of(graphval.lint([file]))
    assert len(Page(text).all("svg")) == drawn
    if drawn:
        assert len(text.encode("utf-8")) < 1_000_000


def test_graphs_of_one_name_have_pictures_of_their_own(tmp_path: Path) -> None:
    for folder, calculator in (("a", "OneCalculator"), ("b", "OtherCalculator")):
        file = tmp_path / folder / "same" / "graph.pbtxt"
        file.parent.mkdir(parents=True)
        file.write_text(f'node {{ calculator: "{calculator}" }}', encoding="utf-8")
    text = page_of(graphval.lint([tmp_path]))
    assert [text.count(f">{name}</text>") for name in ("OneCalculator", "OtherCalculator")] == [1, 1]
