"""Tables: what is taken, what is refused, and where each mistake is said to be.

    python -m tests.textproto.test_language

writes `refused.txt` anew: what is said of each refused text. It is reviewed as code is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.graph import graph_schema
from graphval.rules.registry import kinds
from graphval.textproto import Problem, Source, bind, decode, parse
from graphval.textproto.scalars import unescape

from .language import ACCEPTED, ELSE_IN_PYTHON, REFUSED
from .mistakes import MISTAKES
from .reference import CATALOG, ours, python, same

KEPT = Path(__file__).with_name("refused.txt")


def problems(text: str | bytes) -> list[Problem]:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    source, found = decode(data, "graph.pbtxt")
    document = parse(source)
    _, misfits = bind(document, graph_schema(CATALOG))
    return [*found, *document.problems, *misfits]


def places(text: str) -> list[tuple[str, int, int]]:
    """Kind, line and column of each problem."""
    source, _ = decode(text.encode("utf-8", "surrogateescape"), "graph.pbtxt")
    return [(p.kind, *source.position(p.start)) for p in problems(text)]


@pytest.mark.parametrize("text", ACCEPTED, ids=ascii)
def test_taken(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize("text", [text for text in ACCEPTED if text not in ELSE_IN_PYTHON], ids=ascii)
def test_what_is_taken_means_what_it_means_to_protobuf(text: str) -> None:
    own, other = ours(text.encode()), python(text.encode())
    assert own.message is not None
    assert other.message is not None
    assert same(own.message, other.message)


@pytest.mark.parametrize("text", [*REFUSED, *MISTAKES], ids=ascii)
def test_refused(text: str) -> None:
    found = problems(text)
    assert found
    assert not ours(text.encode("utf-8", "surrogateescape")).accepted
    assert all(0 <= p.start <= p.end <= len(text) and p.message and not p.message.endswith(".") for p in found)
    assert {p.kind for p in found} <= kinds()


@pytest.mark.parametrize(
    ("token", "value"),
    [
        (r"'\U00110000'", b"\xf4\x90\x80\x80"),
        (r"'\U001fffff'", b"\xf7\xbf\xbf\xbf"),
        (r"'\U0010ffff'", "\U0010ffff".encode()),
        (r"'\U0010000a'", "\U0010000a".encode()),
        (r"'\U00112345'", b"\xf4\x92\x8d\x85"),
        (r"'\ud800'", b"\xed\xa0\x80"),
        (r"'\ud800\udbff\udc01'", b"\xed\xa0\x80" + "\U0010fc01".encode()),
        (r"'\ud800\udc00'", "\U00010000".encode()),
        (r"'\udbff\udfff'", "\U0010ffff".encode()),
        (r"'\U0000d83d\ude00'", "\U0001f600".encode()),
        (r"'\ud83d\U0000de00'", b"\xed\xa0\xbd\xed\xb8\x80"),
        (r"'\ud83d\ue000'", b"\xed\xa0\xbd\xee\x80\x80"),
        (r"'\ud83d\udbff'", b"\xed\xa0\xbd\xed\xaf\xbf"),
        (r"'\ud7ff\udc00'", b"\xed\x9f\xbf\xed\xb0\x80"),
        (r"'\udc00\udc00'", b"\xed\xb0\x80\xed\xb0\x80"),
        (r"'\ud83d\n\ude00'", b"\xed\xa0\xbd\n\xed\xb8\x80"),
        (r"'\ud83d\101\ude00'", b"\xed\xa0\xbdA\xed\xb8\x80"),
        (r"'\ud83dx\ude00'", b"\xed\xa0\xbdx\xed\xb8\x80"),
        (r"'\400\777\1234'", b"\x00\xffS4"),
        (r"'\xfg\x1a2'", b"\x0fg\x1a2"),
    ],
)
def test_escapes_become_the_bytes_of_the_tokenizer(token: str, value: bytes) -> None:
    """protobuf `io/tokenizer.cc` (3.19), ``AppendUTF8`` and ``ParseStringAppend``: what is no Unicode included."""
    assert unescape(token) == value


def said(text: str) -> str:
    """A refused text with its problems: kind, first and last place, message and help, then the mend (``~>`` where it is
    not certain), protobuf's own words and the places that help."""
    source, _ = decode(text.encode("utf-8", "surrogateescape"), "graph.pbtxt")
    return said_of(source, problems(text))


def said_of(source: Source, found: list[Problem]) -> str:
    text = source.text
    lines = [ascii(text)]
    for problem in found:
        place = source.span(problem.start, problem.end)
        lines.append(
            f"  {problem.kind} {place.line}:{place.column}-{place.end_line}:{place.end_column}: "
            + ascii("; ".join(filter(None, (problem.message, problem.help))))
        )
        fix = problem.fix
        if fix is not None:
            lines.append(f"    {'->' if fix.certain else '~>'} {text[: fix.start] + fix.text + text[fix.end :]!a}")
        if problem.protobuf:
            lines.append(f"    protobuf: {problem.protobuf!a}")
        for what, start, end in problem.related:
            lines.append(f"    {what}: {text[start:end]!a} at {source.position(start)}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def kept() -> set[str]:
    """All that is said of each text, as reviewed."""
    return set(KEPT.read_text(encoding="utf-8").rstrip("\n").split("\n\n"))


@pytest.mark.parametrize("text", [*REFUSED, *MISTAKES], ids=ascii)
def test_what_is_said_is_as_reviewed(text: str, kept: set[str]) -> None:
    assert said(text).rstrip("\n") in kept


if __name__ == "__main__":
    KEPT.write_text("\n".join(map(said, (*REFUSED, *MISTAKES))), encoding="utf-8")
