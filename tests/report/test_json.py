"""The report for programs keeps its contract: ``schema.json``, for real runs and for whatever a run may hold."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphval
from graphval.events import Done, FindingMade, GraphJudged, RunStarted
from graphval.findings import (
    SCHEMA,
    By,
    Cached,
    Edit,
    Effect,
    Finding,
    GraphReport,
    NotExercised,
    Phase,
    Related,
    Report,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Target,
    Verdict,
)
from graphval.report.json_report import JsonReport, as_json

from .making import done, finding, graph

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = json.loads((ROOT / "graphval" / "report" / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(CONTRACT)

_text = st.text(max_size=12)
_count = st.integers(1, 10_000)
_seconds = st.floats(0, 1e6)
_span = st.builds(Span, _text, _count, _count, _count, _count)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
_finding = st.builds(
    Finding,
    code=st.integers(100, 999).map("GV{}".format),
    name=_text,
    severity=st.sampled_from(Severity),
    phase=st.sampled_from(Phase),
    effect=st.sampled_from(Effect),
    graph=st.none() | _text,
    message=_text,
    location=_span,
    help=_text,
    label=_text,
    related=st.lists(st.builds(Related, _text, _span), max_size=2).map(tuple),
    by=st.sampled_from(By),
    evidence=st.dictionaries(_text, _json, max_size=3),
    node=st.none() | _text,
    edits=st.lists(st.builds(Edit, _span, _text), max_size=2).map(tuple),
)
_stage = st.builds(
    Stage,
    st.sampled_from([Rung.PARSE, Rung.LOAD, Rung.CREATE, Rung.SERVE]),
    st.sampled_from(StageStatus),
    st.sampled_from(By),
    _seconds,
)
_cached = st.builds(Cached, _text, st.floats(0, 4e9), _seconds)  # judged between 1970 and 2096
_graph = st.builds(
    GraphReport,
    _text,
    _text,
    st.sampled_from(Verdict),
    st.sampled_from(Rung),
    st.lists(_stage, max_size=4).map(tuple),
    st.lists(st.builds(NotExercised, st.none() | _text, _text), max_size=2).map(tuple),
    st.integers(0, 99),
    _seconds,
    st.none() | _cached,
)
_engine = st.sampled_from(["none", "rehearsal", "docker", "podman", "binary", "remote"])
_report = st.builds(
    Report,
    st.sampled_from(Verdict),
    _text,
    st.builds(Target, _text, _engine, st.none() | _text),
    st.lists(_graph, max_size=2).map(tuple),
    st.lists(_finding, max_size=2).map(tuple),
    st.none() | st.integers(0, 99),
    st.lists(_cached, max_size=2).map(tuple),
)


def written(report: Report) -> str:
    stream = io.StringIO()
    JsonReport(stream).handle(Done(report))
    return stream.getvalue()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(CONTRACT)


@settings(max_examples=150, deadline=None)
@given(_report)
def test_whatever_a_run_holds_the_contract_is_kept(report: Report) -> None:
    text = written(report)
    VALIDATOR.validate(json.loads(text))
    assert json.loads(text) == json.loads(json.dumps(as_json(report)))
    assert text.isascii()


@settings(max_examples=50, deadline=None)
@given(_finding)
def test_nothing_of_a_finding_is_lost(found: Finding) -> None:
    [told] = as_json(Report(Verdict.FAIL, "0", Target("2026.4"), (), (found,)))["findings"]
    assert told["evidence"] == dict(found.evidence)
    assert (told["code"], told["name"], told["message"], told["help"]) == (
        found.code,
        found.name,
        found.message,
        found.help,
    )
    assert Span(**told["location"]) == found.location
    assert [Span(**one["location"]) for one in told["related"]] == [one.location for one in found.related]
    fix = told.get("fix", {"edits": []})
    assert [(Span(**one["location"]), one["text"]) for one in fix["edits"]] == [
        (edit.location, edit.text) for edit in found.edits
    ]
    assert (told["severity"], told["phase"], told["effect"], told["by"]) == (
        found.severity,
        found.phase,
        found.effect,
        found.by,
    )


@pytest.mark.parametrize("folder", ["good", "broken", "needs_model"])
@pytest.mark.parametrize("no_models", [False, True])
def test_what_lint_says_of_the_examples(folder: str, no_models: bool) -> None:
    report = json.loads(written(graphval.lint([ROOT / "graphs" / folder], no_models=no_models)))
    VALIDATOR.validate(report)
    assert (report["schema"], report["target"]) == (SCHEMA, {"ovms": "2026.4", "engine": "none", "image": None})
    assert report["tool"] == {"name": "graphval", "version": graphval.__version__}
    assert report["graphs"]
    for told in report["graphs"]:
        assert told["reached"] in ("none", "parse", "load")
        assert [stage["stage"] for stage in told["stages"]] == ["parse", "load", "create", "serve"]
        assert {stage["by"] for stage in told["stages"]} == {"static"}
        assert all(stage["status"] != "pass" for stage in told["stages"][2:])


def test_places_are_counted_as_the_contract_says(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text('# \U0001f600\ninput_stream:\t"\u65e5" 7\n', encoding="utf-8")
    [found] = as_json(graphval.lint([tmp_path]))["findings"][:1]
    assert found["location"] | {"file": ""} == {"file": "", "line": 2, "column": 19, "end_line": 2, "end_column": 20}


def test_keys_stand_in_the_order_of_the_contract() -> None:
    place = Span("g", 1, 1, 1, 1)
    whole = done(findings=(finding(place, edits=(Edit(place, ":"),)),)).report
    cached = Cached("d", 1.7e9, 60.0)
    whole = whole._replace(
        known=1,
        target=whole.target._replace(reason="asked for"),
        graphs=tuple(graph._replace(cached=cached) for graph in whole.graphs),
        cached=(cached,),
    )
    report = as_json(whole)
    assert list(_orders(report, CONTRACT)) == []


def _orders(value: Any, schema: dict[str, Any]) -> Iterator[str]:
    """Objects whose keys stand in another order than in the schema."""
    match value:
        case dict() if "properties" in schema:
            if list(value) != list(schema["properties"]):
                yield f"{list(value)} is not {list(schema['properties'])}"
            for name, inner in value.items():
                yield from _orders(inner, schema["properties"][name])
        case list():
            for inner in value:
                yield from _orders(inner, schema["items"])


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "graphval.report/2"},
        {"verdict": "ok"},
        {"extra": 1},
        {"target": {"ovms": "2026.4", "engine": "qemu", "image": None}},
        {"findings": [{}]},
        {"graphs": [{"name": "g"}]},
    ],
)
def test_the_schema_refuses_what_is_not_the_contract(change: dict[str, Any]) -> None:
    report = as_json(done(findings=(finding(Span("g", 1, 1, 1, 1)),)).report)
    VALIDATOR.validate(report)
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(report | change)


def test_nothing_is_written_before_the_end() -> None:
    stream = io.StringIO()
    report = JsonReport(stream)
    report.handle(RunStarted(("g",), "2026.4"))
    report.handle(FindingMade(finding(Span("g", 1, 1, 1, 1))))
    assert stream.getvalue() == ""
    report.handle(done())
    assert stream.getvalue().endswith("}\n")


def test_what_is_told_early_is_written_as_what_is_told_at_the_end() -> None:
    found = finding(Span("g", 1, 1, 1, 1), evidence={"log": ["a", 1.5]})
    judged = graph("g", Verdict.FAIL)
    end = done(judged, findings=(found,))
    early, late = io.StringIO(), io.StringIO()
    report = JsonReport(early)
    for event in (FindingMade(found), GraphJudged(judged), end):
        report.handle(event)
    JsonReport(late).handle(end)
    assert early.getvalue() == late.getvalue() == json.dumps(as_json(end.report), indent=2) + "\n"
