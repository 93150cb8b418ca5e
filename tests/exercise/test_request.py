"""Requests without a server of ours: the same that a check sends, under the same numbers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphval.cli.program import app
from graphval.cli.show import RequestForm
from graphval.deployment import InputError
from graphval.diagnosis.repeat import tell_repeat
from graphval.events import ProbeSent
from graphval.findings import Effect, Finding, Phase, Severity, Span
from graphval.probe.asking import Depth
from graphval.probe.forms import Form
from graphval.probe.plan import Plan
from graphval.run import request as requests
from graphval.run.terms import default_terms
from graphval.settings import Settings
from tests.exercise.running import TEXT, check, deployment
from tests.exercise.scripted import Graph, Script, ScriptedEngine, echo, refuses

NOTHING_SET = Settings()
PLAIN = default_terms(Path("no samples")).settings


def test_the_forms_of_the_command_line_are_the_rooms() -> None:
    assert [form.value for form in RequestForm] == [form.value for form in Form]


def test_numbers_and_names_are_those_of_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deployment(tmp_path, {"a": TEXT})
    checked = check(monkeypatch, path, ScriptedEngine(Script({"a": Graph()})))
    sent = {event.number: event.probe for event in checked.events if isinstance(event, ProbeSent)}
    found = requests.requests_of(path, None, PLAIN, NOTHING_SET)
    assert {number: str(probe) for number, probe in enumerate(found.probes, 1)} == sent


def test_a_finding_tells_how_to_send_its_request_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deployment(tmp_path, {"a": TEXT})
    bad = refuses("INTERNAL", 'Calculator::Process() for node "only" failed: no')
    [finding] = check(monkeypatch, path, ScriptedEngine(Script({"a": Graph(serve=bad)}))).findings("a")
    words = shlex.split(str(finding.evidence["repeat"]))
    assert words[:2] == ["graphval", "request"]
    assert Path(words[2]).resolve() == path.resolve()
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0
    assert '"name": "in"' in result.output


def test_a_request_that_was_asked_for_differently_is_made_again_in_the_same_way(tmp_path: Path) -> None:
    path = deployment(tmp_path, {"a": TEXT})
    samples, mine = tmp_path / "of mine", tmp_path / "mine.json"
    samples.mkdir()
    mine.write_text('{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [1]}]}')
    terms = default_terms(samples, probes=Depth.THOROUGH, seed=7, named={"a": (mine,), "b": (mine,)})
    found = requests.requests_of(path, None, terms.settings, NOTHING_SET)
    finding = Finding("GV820", "x", Severity.ERROR, Phase.SERVE, Effect.REJECT, "a", "m", Span("f", 1, 1, 1, 1))
    findings = [finding]
    plan = Plan(found.probes[0], found.probes[1:], settings=terms.settings)
    tell_repeat(findings, 0, plan, found.probes[-1], "a", str(path))
    words = shlex.split(str(findings[0].evidence["repeat"]))
    assert words[3:-2] == [
        *("--graph", "a", "--probes", "thorough", "--seed", "7"),
        *("--samples", str(samples), "--sample", f"a={mine}"),
    ]
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("graph", "said"),
    [(None, "holds 2 graphs (a, b); name one"), ("c", 'no graph is called "c"; there is a, b'), ("broken", "no graph")],
)
def test_a_graph_must_be_named(tmp_path: Path, graph: str | None, said: str) -> None:
    path = deployment(tmp_path, {"a": TEXT, "b": TEXT})
    with pytest.raises(InputError, match=re.escape(said)):
        requests.requests_of(path, graph, PLAIN, NOTHING_SET)


def test_a_configuration_without_graphs_has_no_requests(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_config_list": []}', encoding="utf-8")
    with pytest.raises(InputError, match=r"config\.json names no graph$"):
        requests.requests_of(tmp_path / "config.json", None, PLAIN, NOTHING_SET)


def test_a_graph_that_cannot_be_read_has_no_requests(tmp_path: Path) -> None:
    path = deployment(tmp_path, {"a": "node {"})
    with pytest.raises(InputError, match="cannot be read"):
        requests.requests_of(path, "a", PLAIN, NOTHING_SET)


@pytest.mark.parametrize("number", ["0", "99"])
def test_a_number_that_is_none(tmp_path: Path, number: str) -> None:
    result = CliRunner().invoke(app, ["request", str(deployment(tmp_path, {"a": TEXT})), "--probe", number])
    assert result.exit_code == 2


def test_a_request_is_written_to_a_file(tmp_path: Path) -> None:
    path, file = deployment(tmp_path, {"a": TEXT}), tmp_path / "request.bin"
    words = ["request", str(path), "--probe", "2", "--form", "raw", "--output", str(file)]
    assert CliRunner().invoke(app, words).exit_code == 0
    found = requests.requests_of(path, "a", default_terms().settings, NOTHING_SET)
    assert file.read_bytes() == found.numbered(2).request.SerializeToString()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stream", "out: FP32 [1]\n  out: FP32 [1]"),
        ("REST request (JSON)", '"outputs": [{"name": "out"'),
        ("REST request (binary data)", '"outputs": [{"name": "out"'),
    ],
)
def test_every_kind_of_request_is_sent_where_it_goes(tmp_path: Path, name: str, said: str) -> None:
    from graphval.deployment import discover
    from graphval.engines.interface import Launch, Limits

    path = deployment(tmp_path, {"a": TEXT})
    planned = requests.requests_of(path, "a", PLAIN, NOTHING_SET).probes
    number = next(number for number, probe in enumerate(planned, 1) if str(probe) == name)
    [found] = discover([path])
    with ScriptedEngine(Script({"a": Graph()})).start(Launch(found), Limits()) as server:
        address = server.rest if name.startswith("REST") else server.grpc
        result = CliRunner().invoke(app, ["request", str(path), "--probe", str(number), "--send", str(address)])
    assert (result.exit_code, said in result.output) == (0, True), result.output


@pytest.mark.parametrize(
    ("behaviour", "code", "said"),
    [(echo, 0, "out: FP32 [1]"), (refuses("INTERNAL", "no such luck"), 1, "INTERNAL: no such luck")],
)
def test_a_request_is_sent_to_a_server_that_runs(tmp_path: Path, behaviour: object, code: int, said: str) -> None:
    from graphval.deployment import discover
    from graphval.engines.interface import Launch, Limits

    path = deployment(tmp_path, {"a": TEXT})
    engine = ScriptedEngine(Script({"a": Graph(serve=behaviour)}))  # type: ignore[arg-type]
    [found] = discover([path])
    with engine.start(Launch(found), Limits()) as server:
        result = CliRunner().invoke(app, ["request", str(path), "--probe", "2", "--send", server.grpc])
    assert result.exit_code == code
    assert said in result.output
