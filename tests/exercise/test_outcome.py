"""What files and engine say together."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.engines.interface import Exit
from graphval.findings import By, Rung, Severity, StageStatus, Verdict
from tests.exercise.running import TEXT, Checked, check, deployment
from tests.exercise.scripted import CHECK, Graph, Script, ScriptedEngine, dies, refuses

LONELY = TEXT.replace('  output_stream: "out"\n}', '  output_stream: "other"\n}')
"""Its graph output has no producer: creation fails (a static error of phase create)."""
SYNC = TEXT.replace(
    "}\n",
    """  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOP:1" } } }
  }
}
""",
)
"""Its first request ends the server."""
BROKEN = "input_stream: 'in'\nnode {\n"
NOT_FOUND = (
    'Failed to add mediapipe graph output stream - NOT_FOUND: ; Unable to attach observer to output stream "out" '
    "because it doesn't exist."
)
SYNC_WORDS = CHECK.replace("packet.h:8", "sync_set_input_stream_handler.cc:56").format(
    'id.IsValid() stream "LOOP:1" is not found.'
)


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, graph: Graph, *, ovms: bool = False, **script: object
) -> Checked:
    path = deployment(folder, {"g": text})
    return check(monkeypatch, path, ScriptedEngine(Script({"g": graph}, ovms=ovms, **script)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "graph", "reached"),
    [
        pytest.param(LONELY, Graph(create=refuses("FAILED_PRECONDITION", NOT_FOUND)), Rung.LOAD, id="refused"),
        pytest.param(SYNC, Graph(create=dies(SYNC_WORDS)), Rung.LOAD, id="died, with words"),
        pytest.param(SYNC, Graph(create=dies()), Rung.LOAD, id="died without a word"),
        pytest.param(
            BROKEN, Graph("refused", "Trying to parse mediapipe graph definition: g failed"), Rung.NONE, id="text"
        ),
    ],
)
def test_what_the_engine_saw_is_evidence_of_what_a_rule_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, graph: Graph, reached: Rung
) -> None:
    checked = run(tmp_path, monkeypatch, text, graph)
    errors = [finding for finding in checked.report.findings if finding.severity is Severity.ERROR]
    assert {finding.by for finding in errors} == {By.STATIC}
    assert sum("seen" in finding.evidence for finding in errors) == 1
    assert checked.graph("g").verdict is Verdict.FAIL
    assert checked.graph("g").reached is reached


@pytest.mark.parametrize("ovms", [True, False])
def test_a_rule_against_an_engine_that_passed_the_rung(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ovms: bool
) -> None:
    """OVMS itself has the last word, a rehearsal has not."""
    checked = run(tmp_path, monkeypatch, LONELY, Graph(), ovms=ovms)
    [finding] = checked.findings("g")
    assert "passed this rung" in str(finding.evidence["seen"])
    assert finding.severity is (Severity.WARNING if ovms else Severity.ERROR)
    assert checked.graph("g").verdict is (Verdict.PASS if ovms else Verdict.FAIL)
    assert checked.graph("g").reached is (Rung.SERVE if ovms else Rung.LOAD)


def test_a_second_mistake_is_a_second_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        LONELY
        + 'node {\n  name: "far"\n  calculator: "PassThroughCalculator"\n input_stream: "in"\n  output_stream: "z"\n}\n'
    )
    words = 'Calculator::Open() for node "far" failed: no'
    checked = run(tmp_path, monkeypatch, text, Graph(create=refuses("INTERNAL", words)))
    assert [finding.by for finding in checked.findings("g")] == [By.STATIC, By.ENGINE]


def test_an_engine_that_did_not_answer_leaves_no_promise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = run(tmp_path, monkeypatch, TEXT, Graph("silent"))
    assert checked.graph("g").verdict is Verdict.INCONCLUSIVE
    assert checked.graph("g").reached is Rung.PARSE


def test_a_request_that_went_through_settles_what_files_could_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node of a calculator that no fact is known about is skipped by the rules."""
    checked = run(tmp_path, monkeypatch, TEXT, Graph())
    assert checked.graph("g").not_exercised == ()
    assert [stage.status for stage in checked.graph("g").stages] == [StageStatus.PASS] * 4
    assert checked.graph("g").stages[2].by is By.ENGINE


def test_a_configuration_that_stops_the_start_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deployment(tmp_path, {"g": TEXT})
    path.write_text(path.read_text().replace('"model_config_list"', '"unheard_of": 1, "model_config_list"'))
    engine = ScriptedEngine(Script({"g": Graph()}, exit_at_start=Exit(1)))
    checked = check(monkeypatch, path, engine)
    errors = [finding for finding in checked.report.findings if finding.severity is Severity.ERROR]
    assert len(errors) == 1
    assert (errors[0].by, errors[0].graph) == (By.STATIC, None)
    assert "did not start" in str(errors[0].evidence["seen"])
    assert checked.graph("g").verdict is Verdict.FAIL
