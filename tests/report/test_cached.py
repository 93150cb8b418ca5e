"""A verdict of an earlier run is named as such in every form that has room for it."""

from __future__ import annotations

import io
import json
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from graphval.events import Done, VerdictCached
from graphval.findings import Cached, GraphReport, Report, Verdict
from graphval.report.age import ago
from graphval.report.form import Format
from graphval.report.progress import Progress
from graphval.report.verdict_line import verdict_line
from graphval.reporting import listener

from .making import OK, REHEARSED, done, graph
from .test_json import VALIDATOR

THEN = Cached("deploy/chat", 1_795_635_000.0, 200.0)
BEFORE = Cached("deploy/other", 1_795_600_000.0, 35_200.0)


def served(cached: Cached | None) -> GraphReport:
    return graph("g/graph.pbtxt", Verdict.PASS, OK, OK, OK, OK, cached=cached)


def report(*cached: Cached | None) -> Report:
    made = done(*map(served, cached), target=REHEARSED).report
    return made._replace(cached=tuple(entry for entry in cached if entry is not None))


def rendered(form: Format, told: Report, **how: int) -> str:
    stream = io.StringIO()
    listener(form, stream, **how)(Done(told))  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s ago"), (59.9, "59 s ago"), (60, "1 min ago"), (3599, "59 min ago"), (7199, "119 min ago"),
        (7200, "2 h ago"), (172799, "47 h ago"), (172800, "2 days ago"),
    ],
)  # fmt: skip
def test_an_age_in_words(seconds: float, words: str) -> None:
    assert ago(seconds) == words


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (report(THEN), ", cached, judged 3 min ago ("),
        (report(THEN, THEN), ", cached, judged 3 min ago ("),
        (report(THEN, BEFORE), ", cached, judged up to 9 h ago ("),
        (report(THEN, None), ", 1 of 2 cached, judged 3 min ago ("),
        (report(None), "all of them answered ("),
    ],
)
def test_the_last_line(told: Report, says: str) -> None:
    assert says in verdict_line(told)


def test_the_terminal_says_it_of_each_graph() -> None:
    first, second, *_ = rendered(Format.TEXT, report(THEN, None)).splitlines()
    assert first.endswith("   cached, judged 3 min ago")
    assert "cached" not in second


def test_json_keeps_its_contract_and_marks_it() -> None:
    told = json.loads(rendered(Format.JSON, report(THEN, None)))
    VALIDATOR.validate(told)
    assert told["cached"] == [{"deployment": "deploy/chat", "judged": "2026-11-25T19:30:00Z"}]
    assert [one.get("cached") for one in told["graphs"]] == [{"judged": "2026-11-25T19:30:00Z"}, None]
    plain = json.loads(rendered(Format.JSON, report(None)))
    assert "cached" not in plain
    assert "cached" not in plain["graphs"][0]
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({**told, "cached": []})


def test_the_other_forms_say_it() -> None:
    told = report(THEN)
    run = json.loads(rendered(Format.SARIF, told))["runs"][0]
    assert run["properties"]["cached"] == [{"deployment": "deploy/chat", "judged": "2026-11-25T19:30:00Z"}]
    (mark,) = ET.fromstring(rendered(Format.JUNIT, told)).iter("property")
    assert mark.attrib == {"name": "cached", "value": "judged 2026-11-25T19:30:00Z"}
    assert "cached, judged 3 min ago" in rendered(Format.GITHUB, told)
    assert "pass (cached, judged 3 min ago) |" in rendered(Format.MARKDOWN, told)
    assert "cached, judged 3 min ago (<time>2026-11-25T19:30:00Z</time>)" in rendered(Format.HTML, told)


@pytest.mark.parametrize("form", [Format.SARIF, Format.JUNIT, Format.GITHUB, Format.MARKDOWN, Format.HTML])
def test_no_form_says_it_of_what_was_judged_now(form: Format) -> None:
    assert "cached" not in rendered(form, report(None))


def test_progress_and_details_tell_of_it() -> None:
    terminal, stream = io.StringIO(), io.StringIO()
    Progress(terminal).handle(VerdictCached(THEN))
    assert "deploy/chat: cached, judged 3 min ago" in terminal.getvalue()
    listener(Format.TEXT, stream, detail=1)(VerdictCached(THEN))
    assert stream.getvalue() == "deploy/chat: cached, judged 3 min ago; nothing has changed since\n"
