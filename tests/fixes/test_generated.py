"""Single faults put into good graphs: whatever is mended is then taken by protobuf; nothing is ever made worse."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval import lint
from graphval.catalog import load
from graphval.deployment import load as load_deployment
from graphval.findings import Severity
from graphval.fixes import mend_files
from graphval.fixes.texts import graph_faults, mended
from graphval.rules.run import judge
from graphval.settings import Settings
from graphval.textproto import Source

from .protobuf import refusal

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("graphs/good/**/graph.pbtxt"))
GOOD = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in FILES}
NO_MODELS = Settings(no_models=True)
FAULTS = graph_faults(load())

# A kind of fault: where it can be put, and what stands there then.
KINDS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "no colon": (re.compile(r'(?<=[a-z]):(?= ?["0-9a-zA-Z])'), lambda m: ""),
    "equals sign": (re.compile(r'(?<=[a-z]):(?= ?["0-9a-zA-Z])'), lambda m: " ="),
    "two colons": (re.compile(r"(?<=[a-z]):(?= )"), lambda m: "::"),
    "letter lost": (re.compile(r"\b[a-z_]{7,}(?=:| \{)"), lambda m: m[0][:3] + m[0][4:]),
    "letters swapped": (re.compile(r"\b[a-z_]{7,}(?=:| \{)"), lambda m: m[0][:2] + m[0][3] + m[0][2] + m[0][4:]),
    "letter doubled": (re.compile(r"\b[a-z_]{7,}(?=:| \{)"), lambda m: m[0][:4] + m[0][3:]),
    "camel case": (
        re.compile(r"\b[a-z]+(?:_[a-z]+)+(?=:| \{)"),
        lambda m: re.sub(r"_([a-z])", lambda n: n[1].upper(), m[0]),
    ),
    "calculator": (re.compile(r'(?<=calculator: ")\w{6,}'), lambda m: m[0][:4] + m[0][5:]),
    "extension in an Any": (re.compile(r"\[type\.googleapis\.com/([\w.]+)\]"), lambda m: f"[{m[1]}.ext]"),
    "bare type": (re.compile(r"\[type\.googleapis\.com/([\w.]+)\]"), lambda m: f"[{m[1]}]"),
    "domain": (re.compile(r"(?<=\[)type\.googleapis\.com"), lambda m: "type.googleapis.org"),
    "Any for an extension": (re.compile(r"\[([\w.]+)\.ext\]"), lambda m: f"[type.googleapis.com/{m[1]}]"),
    "extension's end": (re.compile(r"\.ext(?=\])"), lambda m: ""),
    "type misspelt": (re.compile(r"(?<=mediapipe\.)\w{8,}"), lambda m: m[0][:5] + m[0][6:]),
    "number in quotes": (re.compile(r"(?<=: )[0-9]+(?:\.[0-9]+)?\b"), lambda m: f'"{m[0]}"'),
    "word in quotes": (re.compile(r"(?<=: )(?:true|false|[A-Z_]{3,})\b"), lambda m: f'"{m[0]}"'),
    "no quotes": (re.compile(r'"([A-Za-z_]+)"'), lambda m: m[1]),
    "small letters": (re.compile(r"(?<=: )[A-Z_]{3,}\b"), lambda m: m[0].lower()),
    "curly quotes": (re.compile(r'"([^"\n]*)"'), lambda m: f"\u201c{m[1]}\u201d"),
    "no-break space": (re.compile(r"(?<=:) "), lambda m: "\u00a0"),
    "byte order mark": (re.compile(r"\A"), lambda m: "\ufeff"),
    "stray semicolon": (re.compile(r"\}(?=\s*\})"), lambda m: "},"),
    "sync set's index": (re.compile(r'(?<=tag_index: "LOOPBACK):0'), lambda m: ":1"),
    "brace lost": (re.compile(r"\}"), lambda m: ""),
    "brace added": (re.compile(r"\}"), lambda m: "}}"),
    "quote lost": (re.compile(r'"(?=\n)'), lambda m: ""),
}


def variants(kind: str) -> Iterator[tuple[str, str, str]]:
    """File, sound text and faulty text, for places where a fault can stand: all of a rare one, a spread of others."""
    pattern, put = KINDS[kind]
    found = []
    for name, text in GOOD.items():
        code = re.sub(r"#[^\n]*", lambda m: "\0" * len(m[0]), text)
        found += [(name, text, match) for match in pattern.finditer(code)]
    for name, text, match in found[:: max(1, len(found) // 30)]:
        yield name, text, text[: match.start()] + put(match) + text[match.end() :]


def edited(name: str, text: str) -> tuple[str, int]:
    """A graph's text after all rounds of mends, and how many findings carried one at first."""
    deployment = load_deployment(ROOT / name)
    source = Source(name, text)
    first: int | None = None
    for _ in range(10):
        entry = deployment.graphs[0]
        current = deployment._replace(graphs=(entry._replace(source=source),))
        [judged] = judge(current, load(), NO_MODELS).graphs
        findings = [f for f in judged.findings if f.edits]
        first = len(findings) if first is None else first
        after, count = mended(source, findings, FAULTS)
        if not count:
            break
        source = Source(name, after)
    return source.text, first or 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_mended_text_is_taken_by_protobuf(kind: str) -> None:
    seen = 0
    for name, _, faulty in variants(kind):
        seen += 1
        after, carried = edited(name, faulty)
        if after == faulty:
            assert carried == 0, f"{name}: a finding carries an edit that does not make its text better"
            continue
        assert refusal(after) == "", f"{name}: {faulty!r} became {after!r}"
    assert seen > 0


MOSTLY_MENDED = (
    "no colon", "equals sign", "two colons", "extension in an Any", "bare type", "domain", "Any for an extension",
    "extension's end", "number in quotes", "word in quotes", "curly quotes", "no-break space", "byte order mark",
    "stray semicolon", "sync set's index",
)  # fmt: skip


@pytest.mark.parametrize("kind", MOSTLY_MENDED)
def test_what_is_certain_is_mended_to_what_it_was(kind: str) -> None:
    for name, sound, faulty in variants(kind):
        if refusal(faulty) or kind == "sync set's index":
            assert edited(name, faulty)[0].replace(" ", "") == sound.replace(" ", ""), f"{name}: {faulty!r}"


@pytest.mark.parametrize("kind", ["letter lost", "letters swapped", "letter doubled", "camel case", "calculator"])
def test_most_misspelt_names_are_mended_and_never_to_another(kind: str) -> None:
    total = mended_to_what_it_was = 0
    for name, sound, faulty in variants(kind):
        after = edited(name, faulty)[0]
        total += 1
        mended_to_what_it_was += after == sound
        assert after in (sound, faulty), f"{name}: {after}"
    assert mended_to_what_it_was >= 0.8 * total


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_is_done_to_a_graph_mending_makes_it_no_worse(name: str, data: st.DataObject) -> None:
    text = GOOD[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 6)))
        put = data.draw(st.sampled_from(["", "\u00a0", *' :{}"[]<>,;=x0#\n']))
        text = text[:start] + put + text[end:]
    after, _ = edited(name, text)
    assert edited(name, after)[0] == after
    before, now = FAULTS(Source(name, text)), FAULTS(Source(name, after))
    if not before[0]:
        assert not now[0]
        assert not now[1] - before[1]
    else:
        assert not now[0] - before[0]
    if after != text and not any(now):
        assert refusal(after) == ""


def test_the_broken_examples_are_made_no_worse(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "graphs" / "broken", tmp_path / "broken")
    before = lint([tmp_path / "broken"])
    changes = mend_files([tmp_path / "broken"])
    after = lint([tmp_path / "broken"])
    assert {change.file.parent.name for change in changes} >= {"quoted_enum_value", "sync_set_kills_chat"}
    wrong = [f for f in after.findings if f.severity is Severity.ERROR]
    assert len(wrong) <= len([f for f in before.findings if f.severity is Severity.ERROR]) - len(changes)
    assert mend_files([tmp_path / "broken"]) == ()
