"""SARIF: valid by the official schema, within GitHub's limits, with fingerprints that survive moved lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import graphval
from graphval.findings import Edit, Effect, Finding, NotExercised, Phase, Related, Report, Severity, Span, Verdict
from graphval.report import sarif
from graphval.report.sarif import as_sarif, render_sarif
from graphval.rules.registry import all_rules

from .making import done, finding, graph

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
HOSTILE = '<script>alert("x")</script>\x1b[31m\u202e%0A::error::\udcff'


def log_of(report: Report) -> dict[str, Any]:
    """The log as a reader of the file gets it."""
    log: dict[str, Any] = json.loads(render_sarif(report, all_rules()))
    VALIDATOR.validate(log)
    return log


def results(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log_of(report)["runs"][0]["results"]
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_every_example_graph_makes_a_valid_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = graphval.lint(["graphs"])
    found = results(report)
    assert len(found) == len({(f.code, f.location, f.message, f.graph) for f in report.findings}) >= 20
    assert all(entry["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] for entry in found)


def test_rules_are_listed_once_with_their_help() -> None:
    place = Span("g.pbtxt", 1, 1, 1, 2)
    many = (finding(place, code="GV501"), finding(place, code="GV120"), finding(place, code="GV501", message="again"))
    run = log_of(done(findings=many).report)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["GV120", "GV501"]
    assert all(rules[entry["ruleIndex"]]["id"] == entry["ruleId"] for entry in run["results"])
    assert rules[1]["help"]["markdown"] == all_rules()["GV501"].doc.strip()
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in rules)


def test_a_code_without_a_rule_is_described_by_its_finding() -> None:
    run = log_of(done(findings=(finding(Span("g", 1, 1, 1, 1), code="GV999", name="unheard-of"),)).report)["runs"][0]
    assert run["tool"]["driver"]["rules"][0]["name"] == "unheard-of"


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")]
)
def test_levels(severity: Severity, level: str) -> None:
    (entry,) = results(done(findings=(finding(Span("g", 1, 1, 1, 1), severity=severity),)).report)
    assert entry["level"] == level


def test_the_place_is_the_span(here: Path) -> None:
    (entry,) = results(done(findings=(finding(Span("a b/ä.pbtxt", 3, 5, 4, 2)),)).report)
    place = entry["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b/%C3%A4.pbtxt", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 2}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("/elsewhere/g.pbtxt", "file:///elsewhere/g.pbtxt"),
        ("../g.pbtxt", "file://"),
        ("bad\udcff.pbtxt", "bad%FF.pbtxt"),
    ],
)
def test_files_elsewhere_and_of_any_bytes_have_a_uri(here: Path, file: str, uri: str) -> None:
    (entry,) = results(done(findings=(finding(Span(file, 1, 1, 1, 1)),)).report)
    assert entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(uri)


def test_a_mend_is_a_fix() -> None:
    place = Span("g.pbtxt", 2, 3, 2, 9)
    edits = (Edit(place, "output"), Edit(Span("g.pbtxt", 4, 1, 4, 1), "node"))
    (entry,) = results(done(findings=(finding(place, edits=edits, help="write output"),)).report)
    (change,) = entry["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "g.pbtxt"
    assert [(r["deletedRegion"]["startLine"], r["insertedContent"]["text"]) for r in change["replacements"]] == [
        (2, "output"),
        (4, "node"),
    ]


def test_what_was_not_exercised_is_said() -> None:
    left_out = (NotExercised("LLM", "no model"), NotExercised(None, "no engine"))
    run = log_of(done(graph("g.pbtxt", Verdict.PASS, not_exercised=left_out)).report)["runs"][0]
    texts = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert texts == ['chat: not exercised: node "LLM", because no model', "chat: not exercised: no engine"]
    assert run["properties"]["verdict"] == "pass"


def test_limits_cut_what_weighs_least_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    monkeypatch.setattr(sarif, "MAX_PLACES", 3)
    place = Span("g", 1, 1, 1, 1)
    many = tuple(Related(str(number), place) for number in range(9))
    said = [
        finding(place, severity=Severity.INFO, message="least"),
        finding(place, severity=Severity.ERROR, message="most", related=many),
        finding(place, severity=Severity.WARNING, message="more"),
    ]
    run = log_of(done(findings=tuple(said)).report)["runs"][0]
    assert [entry["level"] for entry in run["results"]] == ["error", "warning"]
    assert len(run["results"][0]["locations"]) + len(run["results"][0]["relatedLocations"]) == 3
    assert "1 more results" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


@dataclass(frozen=True)
class Told:
    """What names of unknown origin can reach."""

    part: str
    with_text: dict[str, Any]


@pytest.mark.parametrize(
    "told",
    [
        Told("message", {"message": HOSTILE}),
        Told("help", {"help": HOSTILE}),
        Told("graph", {"graph": HOSTILE, "node": HOSTILE}),
        Told("file", {"location": Span(HOSTILE.replace("\x1b", ""), 1, 1, 1, 1)}),
        Told("evidence", {"evidence": {"seen": [HOSTILE]}}),
    ],
    ids=lambda told: told.part,
)
def test_names_of_any_kind_stay_text(told: Told) -> None:
    results(done(findings=(finding(Span("g", 1, 1, 1, 1))._replace(**told.with_text),)).report)


class TestFingerprints:
    """What GitHub knows a finding by."""

    @staticmethod
    def of(*findings: Finding) -> list[str]:
        log = as_sarif(done(findings=findings).report, {})
        return [entry["partialFingerprints"]["primaryLocationLineHash"] for entry in log["runs"][0]["results"]]

    def test_moved_lines_and_other_words_change_nothing(self, here: Path) -> None:
        (here / "g.pbtxt").write_text('node { calculator: "X" }\n', encoding="utf-8")
        before = self.of(finding(Span("g.pbtxt", 1, 20, 1, 23)))
        (here / "g.pbtxt").write_text('# new\n\n  node { calculator: "X" }\n', encoding="utf-8")
        assert self.of(finding(Span("g.pbtxt", 3, 22, 3, 25), message="reworded")) == before

    @pytest.mark.parametrize(
        "other",
        [{"code": "GV999"}, {"graph": "other"}, {"node": "other"}, {"location": Span("h.pbtxt", 1, 20, 1, 23)}],
    )
    def test_another_finding_has_another(self, here: Path, other: dict[str, Any]) -> None:
        for name in ("g.pbtxt", "h.pbtxt"):
            (here / name).write_text('node { calculator: "X" }\n', encoding="utf-8")
        one = finding(Span("g.pbtxt", 1, 20, 1, 23))
        assert self.of(one) != self.of(one._replace(**other))

    def test_repeats_are_numbered(self, here: Path) -> None:
        (here / "g.pbtxt").write_text("bad\nbad\n", encoding="utf-8")
        first, second = self.of(finding(Span("g.pbtxt", 1, 1, 1, 4)), finding(Span("g.pbtxt", 2, 1, 2, 4)))
        assert first.removesuffix(":1") == second.removesuffix(":2")


def test_engine_findings_say_what_the_engine_said() -> None:
    seen = finding(
        Span("g", 1, 1, 1, 1), phase=Phase.CREATE, effect=Effect.ABORT, evidence={"exit": "SIGABRT (exit code 134)"}
    )
    (entry,) = results(done(findings=(seen,)).report)
    assert entry["properties"]["evidence"]["exit"].startswith("SIGABRT")
    assert "the whole server process aborts" in entry["message"]["text"]
