"""Whole exercises on servers that die, hang, answer rubbish or are lost: every graph gets its verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graphval.deadlines import ServerPhase
from graphval.engines.interface import Exit
from graphval.events import Done, EngineStarting, Interrupted, PhaseBegan, PhaseEnded, ProbeSent, ServerDied
from graphval.findings import Effect, Phase, Rung, Severity, StageStatus, Verdict
from graphval.kserve import messages
from tests.exercise.running import QUICK, TEXT, Checked, begun, check, deployment
from tests.exercise.scripted import (
    CHECK,
    Behaviour,
    Graph,
    Script,
    ScriptedEngine,
    ScriptedServer,
    answers_all,
    answers_nothing,
    answers_then_dies,
    by_sort,
    counts,
    dies,
    echo,
    hangs,
    not_at_once,
    once_refused_never_again,
    refuses,
    rubbish,
)

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
WORDS = CHECK.format('node "only" is sad')
GOOD = Graph()


class Running:
    """Runs a script's graphs, each with the same text, in the order given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch

    def __call__(self, script: Script, texts: dict[str, str] | None = None) -> Checked:
        path = deployment(self._folder, {name: (texts or {}).get(name, TEXT) for name in script.graphs})
        checked = check(self._monkeypatch, path, ScriptedEngine(script))
        assert script.running == 0, "a server was left behind"
        return checked


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    return Running(tmp_path, monkeypatch)


def stages(checked: Checked, name: str) -> list[StageStatus]:
    return [stage.status for stage in checked.graph(name).stages]


def test_good_graphs_are_asked_on_one_server_and_pass(run: Running) -> None:
    script = Script({"a": GOOD, "b": GOOD})
    checked = run(script)
    assert checked.report.verdict is PASS
    assert [checked.graph(name).reached for name in "ab"] == [Rung.SERVE, Rung.SERVE]
    assert script.launches == [frozenset()]
    assert checked.report.findings == ()
    numbers = [event.number for event in checked.events if isinstance(event, ProbeSent) and event.graph == "a"]
    assert numbers == list(range(1, checked.graph("a").probes + 1))


@pytest.mark.parametrize(
    ("bad", "code", "effect", "phase", "restarts"),
    [
        pytest.param(Graph(create=dies(WORDS)), "GV811", Effect.ABORT, Phase.CREATE, True, id="dies when created"),
        pytest.param(Graph(serve=dies(WORDS)), "GV821", Effect.ABORT, Phase.SERVE, True, id="dies under a request"),
        pytest.param(Graph(create=hangs), "GV812", Effect.REJECT, Phase.CREATE, True, id="creation hangs"),
        pytest.param(Graph(serve=hangs), "GV822", Effect.REJECT, Phase.SERVE, True, id="a request hangs"),
        pytest.param(Graph(create=refuses("FAILED_PRECONDITION", 'Failed to start mediapipe graph - node "only"')),
                     "GV810", Effect.REJECT, Phase.CREATE, False, id="creation is refused"),
        pytest.param(Graph(serve=refuses("INTERNAL", 'Calculator::Process() for node "only" failed: no')),
                     "GV820", Effect.REJECT, Phase.SERVE, False, id="a request is refused"),
        pytest.param(Graph("refused", 'Mediapipe graph: bad initialization failed with message: x node "only"'),
                     "GV801", Effect.REJECT, Phase.LOAD, False, id="refused at load"),
        pytest.param(Graph("abort", WORDS), "GV803", Effect.ABORT, Phase.LOAD, True, id="dies at load"),
        pytest.param(Graph("hang"), "GV804", Effect.REJECT, Phase.LOAD, True, id="never ends loading"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_bad_graph_does_not_hide_the_others(
    run: Running, bad: Graph, code: str, effect: Effect, phase: Phase, restarts: bool, place: str
) -> None:
    names = {"first": ["bad", "a", "b"], "middle": ["a", "bad", "b"], "last": ["a", "b", "bad"]}[place]
    script = Script({name: bad if name == "bad" else GOOD for name in names})
    checked = run(script)
    [finding] = checked.report.findings
    assert (finding.graph, finding.code, finding.effect, finding.phase) == ("bad", code, effect, phase)
    assert checked.graph("bad").verdict is FAIL
    for name in "ab":
        assert (checked.graph(name).verdict, checked.graph(name).reached) == (PASS, Rung.SERVE)
    if restarts and (place != "last" or phase is Phase.LOAD):
        assert script.launches == [frozenset(), frozenset({"bad"})]
    else:
        assert script.launches == [frozenset()]
    if code != "GV804":
        assert finding.node == "only" or "hang" in str(bad) or code in ("GV812", "GV822")


def test_no_server_is_asked_about_a_graph_that_ended_one(run: Running) -> None:
    script = Script({"bad": Graph(create=dies(WORDS)), "a": GOOD})
    run(script)
    assert [method for method, name in script.requests if name == "bad"] == [
        "ModelReady",
        "ModelMetadata",
        "ModelInfer",
    ]


def test_two_bad_graphs_take_two_restarts(run: Running) -> None:
    script = Script({"one": Graph(serve=dies(WORDS)), "a": GOOD, "two": Graph(create=dies()), "b": GOOD})
    checked = run(script)
    assert [f.graph for f in checked.report.findings] == ["one", "two"]
    assert [checked.graph(name).verdict for name in ("one", "a", "two", "b")] == [FAIL, PASS, FAIL, PASS]
    assert script.launches == [frozenset(), {"one"}, {"one", "two"}]
    died = [event for event in checked.events if isinstance(event, ServerDied)]
    assert [(event.graph, event.how) for event in died] == [
        ("one", "SIGABRT (exit code 134)"),
        ("two", "SIGABRT (exit code 134)"),
    ]
    assert [e.attempt for e in checked.events if isinstance(e, EngineStarting)] == [1, 2, 3]


def test_of_several_suspects_the_guilty_one_is_found(run: Running) -> None:
    """The server ends before its log names a graph; each that may have done it is started without the others."""
    script = Script({"a": GOOD, "bad": GOOD, "b": GOOD}, killed_by=frozenset({"bad"}))
    checked = run(script)
    assert [(f.graph, f.code) for f in checked.report.findings] == [("bad", "GV803")]
    assert [checked.graph(name).verdict for name in ("a", "bad", "b")] == [PASS, FAIL, PASS]
    assert script.launches[:4] == [frozenset(), {"bad", "b"}, {"a", "b"}, {"a", "bad"}]


def test_two_guilty_suspects_are_both_found(run: Running) -> None:
    script = Script(
        {"one": GOOD, "two": GOOD, "a": GOOD}, killed_by=frozenset({"one"}), also_killed_by=frozenset({"two"})
    )
    checked = run(script)
    assert [(f.graph, f.code) for f in checked.report.findings] == [("one", "GV803"), ("two", "GV803")]
    assert checked.graph("a").verdict is PASS


def test_suspects_of_whom_none_dies_alone_are_inconclusive(run: Running) -> None:
    checked = run(Script({"a": GOOD, "b": GOOD}, killed_by=frozenset({"a", "b"})))
    assert checked.report.verdict is INCONCLUSIVE
    for name in "ab":
        assert checked.graph(name).verdict is INCONCLUSIVE
        assert "with none of them alone" in checked.graph(name).not_exercised[0].reason


def test_rubbish_is_no_pass(run: Running) -> None:
    checked = run(Script({"bad": Graph(serve=rubbish), "a": GOOD}))
    assert checked.graph("bad").verdict is not PASS
    assert checked.graph("a").verdict is PASS


def test_a_server_that_ends_after_its_answers_is_the_last_graphs_fault(run: Running) -> None:
    script = Script({"first": Graph(serve=answers_then_dies), "second": GOOD})
    checked = run(script)
    assert [(f.graph, f.code) for f in checked.report.findings] == [("first", "GV821")]
    assert [checked.graph(name).verdict for name in ("first", "second")] == [FAIL, PASS]
    assert script.launches == [frozenset(), {"first"}]


def test_a_server_that_somebody_ended_is_nobodys_fault(run: Running) -> None:
    script = Script({"first": Graph(serve=answers_then_dies), "second": GOOD}, dies_of=Exit(143, "SIGTERM"))
    checked = run(script)
    assert checked.report.findings == ()
    assert [checked.graph(name).verdict for name in ("first", "second")] == [PASS, PASS]
    assert script.launches == [frozenset(), frozenset()]


def test_an_engine_that_is_lost_leaves_the_rest_inconclusive(run: Running) -> None:
    script = Script({"bad": Graph(create=dies(WORDS)), "a": GOOD}, start_fails=frozenset({2}))
    checked = run(script)
    assert checked.graph("bad").verdict is FAIL
    assert checked.graph("a").verdict is INCONCLUSIVE
    assert "no server can be had" in checked.graph("a").not_exercised[0].reason
    assert checked.graph("a").reached is Rung.LOAD, "the first server had loaded it"


def test_an_engine_that_cannot_be_had_at_all_passes_nothing(run: Running) -> None:
    checked = run(Script({"a": GOOD}, start_fails=frozenset({1})))
    assert checked.report.verdict is INCONCLUSIVE
    assert stages(checked, "a")[1:] == [StageStatus.SKIPPED] * 3


def test_a_server_that_does_not_start_fails_every_graph_with_one_finding(run: Running) -> None:
    script = Script({"a": GOOD, "b": GOOD}, exit_at_start=Exit(1), start_words="")
    checked = run(script)
    assert checked.codes(None) == ["GV802"]
    assert checked.codes("a") == checked.codes("b") == []
    assert [checked.graph(name).verdict for name in "ab"] == [FAIL, FAIL]


def test_our_own_limit_is_nobodys_fault(run: Running) -> None:
    limit = Exit(137, "SIGKILL", "memory")
    checked = run(Script({"big": Graph(serve=dies(how=limit)), "a": GOOD}))
    assert checked.graph("big").verdict is not PASS
    assert [f.code for f in checked.findings("big")] == ["GV840"]
    assert checked.graph("a").verdict is PASS


def test_another_servable_of_that_name_proves_nothing(run: Running) -> None:
    checked = run(Script({"a": Graph(inputs=("x",), outputs=("y",))}))
    assert checked.graph("a").verdict is INCONCLUSIVE
    assert "other inputs and outputs" in checked.graph("a").not_exercised[0].reason


def test_a_graph_that_the_server_does_not_speak_of_is_inconclusive(run: Running) -> None:
    checked = run(Script({"a": Graph("silent"), "b": GOOD}))
    assert checked.graph("a").verdict is INCONCLUSIVE
    assert checked.graph("b").verdict is PASS


AVAILABLE = ("AVAILABLE", "OK")


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (None, "/v1/config does not list it"),
        (("LOADING", "FAILED_PRECONDITION"), "its state in /v1/config is LOADING, FAILED_PRECONDITION"),
        (("END", "OK"), "its state in /v1/config is END"),
    ],
)
def test_a_ready_server_that_lacks_a_graph_is_found_out(
    run: Running, listed: tuple[str, str] | None, said: str
) -> None:
    script = Script({"a": Graph("silent", listed=listed), "b": Graph(listed=AVAILABLE)}, lists=True)
    checked = run(script)
    [finding] = checked.findings("a")
    assert (finding.code, finding.phase, finding.effect) == ("GV805", Phase.LOAD, Effect.REJECT)
    assert finding.message == f"the server says that it is ready, and does not serve this graph: {said}"
    assert (checked.graph("a").verdict, checked.graph("b").verdict) == (FAIL, PASS)
    assert stages(checked, "a") == [StageStatus.PASS, StageStatus.FAIL, StageStatus.SKIPPED, StageStatus.SKIPPED]


def test_a_graph_that_is_still_loading_is_not_called_missing(run: Running) -> None:
    checked = run(Script({"a": Graph("silent", listed=("LOADING", "OK"))}, lists=True))
    assert (checked.codes("a"), checked.graph("a").verdict) == ([], INCONCLUSIVE)


def test_the_phases_of_a_servers_life(run: Running) -> None:
    checked = run(Script({"a": GOOD}))
    phases = [event for event in checked.events if isinstance(event, PhaseBegan | PhaseEnded)]
    assert [(type(event), event.phase, event.deadline) for event in phases] == [
        (PhaseBegan, ServerPhase.LOAD, 30.0),
        (PhaseEnded, ServerPhase.LOAD, 30.0),
        (PhaseBegan, ServerPhase.STOP, 2.0),
        (PhaseEnded, ServerPhase.STOP, 2.0),
    ]
    assert {event.deadline for event in checked.events if isinstance(event, ProbeSent)} == {1.0}


def test_a_server_that_opens_no_port_is_no_graphs_fault(run: Running) -> None:
    checked = run(Script({"a": Graph("hang")}, opens=False))
    assert (checked.codes("a"), checked.graph("a").verdict) == ([], INCONCLUSIVE)
    assert "did not open its ports within 60 s" in checked.graph("a").not_exercised[0].reason


def test_a_server_that_loads_no_graph_yet_is_no_graphs_fault(run: Running) -> None:
    checked = run(Script({"a": Graph("hang", announced=False)}))
    assert (checked.codes("a"), checked.graph("a").verdict) == ([], INCONCLUSIVE)
    assert "still loading, and no graph yet, after 30 s" in checked.graph("a").not_exercised[0].reason


def test_a_server_that_stands_still_while_it_loads_is_no_graphs_fault(run: Running) -> None:
    script = Script({"a": Graph("hang")}, deaf=frozenset({"ServerLive"}), rest=False)
    checked = run(script)
    assert (checked.codes("a"), checked.graph("a").verdict) == ([], INCONCLUSIVE)
    assert "stopped answering while it loaded" in checked.graph("a").not_exercised[0].reason


def test_a_server_that_stands_still_under_a_request_is_no_graphs_fault(run: Running) -> None:
    script = Script({"a": Graph(serve=hangs), "b": GOOD}, deaf=frozenset({"ServerLive"}), rest=False)
    checked = run(script)
    assert (checked.codes("a"), checked.graph("a").verdict) == ([], INCONCLUSIVE)
    assert "stopped answering altogether" in checked.graph("a").not_exercised[0].reason
    assert checked.graph("b").verdict is PASS


@pytest.mark.parametrize("how", [Exit(0), Exit(143, "SIGTERM"), Exit(137, "SIGKILL")])
def test_a_graph_under_which_servers_are_told_to_end_is_left_out(run: Running, how: Exit) -> None:
    script = Script({"first": GOOD, "ends": Graph(serve=dies(how=how)), "last": GOOD})
    checked = run(script)
    assert checked.report.findings == ()
    assert [checked.graph(name).verdict for name in script.graphs] == [PASS, INCONCLUSIVE, PASS]
    assert "was ended from outside" in checked.graph("ends").not_exercised[0].reason
    assert script.launches == [frozenset(), frozenset(), {"ends"}]


def test_a_graph_under_which_servers_are_killed_while_it_loads_is_left_out(run: Running) -> None:
    """As the kernel does where memory runs out and the container runtime has not seen it."""
    script = Script({"first": GOOD, "eats": Graph("killed"), "last": GOOD})
    checked = run(script)
    assert checked.report.findings == ()
    assert [checked.graph(name).verdict for name in script.graphs] == [PASS, INCONCLUSIVE, PASS]
    (reason,) = checked.graph("eats").not_exercised
    assert "ended from outside (SIGKILL" in reason.reason
    assert "while it loaded this graph" in reason.reason
    assert script.launches == [frozenset(), frozenset(), {"eats"}]


def test_servers_that_somebody_ends_at_load_fail_nothing(run: Running) -> None:
    checked = run(Script({"a": GOOD, "b": GOOD}, exit_at_start=Exit(143, "SIGTERM")))
    assert checked.report.findings == ()
    assert {graph.verdict for graph in checked.report.graphs} == {INCONCLUSIVE}


def test_an_output_that_no_answer_has_is_a_finding(run: Running) -> None:
    checked = run(Script({"a": Graph(serve=by_sort(valid=answers_nothing))}))
    assert checked.codes("a") == ["GV823"]
    assert checked.graph("a").reached is Rung.SERVE


def test_equal_requests_may_differ_but_that_is_said(run: Running) -> None:
    checked = run(Script({"a": Graph(serve=counts)}))
    assert [f.severity for f in checked.findings("a")] == [Severity.INFO]
    assert checked.graph("a").verdict is PASS


def test_a_graph_that_is_loaded_no_more_is_no_lost_engine(run: Running) -> None:
    gone = refuses("UNAVAILABLE", "Mediapipe is not loaded yet")
    checked = run(Script({"a": Graph(serve=gone), "b": GOOD}))
    assert checked.codes("a") == ["GV820"]
    assert checked.graph("b").verdict is PASS


# -- the probes that refine the picture ------------------------------------------------------------------------------

BAD = refuses("INTERNAL", 'Mediapipe execution failed. MP status - Calculator::Process() for node "only" failed: no')
REFUSES = by_sort(missing=BAD, short=BAD, huge=BAD, unknown=BAD)
BUSY = refuses("RESOURCE_EXHAUSTED", "busy")


@pytest.mark.parametrize(
    ("bad", "codes", "verdict", "restarted"),
    [
        pytest.param(Graph(serve=REFUSES), [], PASS, False, id="refuses well"),
        pytest.param(Graph(serve=by_sort(short=dies(WORDS))), ["GV826"], PASS, True, id="a bad request ends it"),
        pytest.param(Graph(serve=by_sort(missing=hangs)), ["GV826"], PASS, True, id="a bad request is never answered"),
        pytest.param(Graph(serve=once_refused_never_again), ["GV825"], FAIL, False, id="a refusal leaves damage"),
        pytest.param(Graph(stream=BAD), ["GV827"], PASS, False, id="an error within the stream"),
        pytest.param(Graph(stream=BAD, breaks_stream=True), ["GV827"], PASS, False, id="the stream breaks off"),
        pytest.param(Graph(stream=hangs), ["GV827"], PASS, True, id="the stream never ends"),
        pytest.param(Graph(stream=dies(WORDS)), ["GV821"], FAIL, True, id="the stream ends the server"),
        pytest.param(Graph(serve=not_at_once(BAD)), ["GV828"], FAIL, False, id="not at once"),
        pytest.param(Graph(serve=not_at_once(hangs)), ["GV828"], FAIL, True, id="hangs at once"),
        pytest.param(Graph(serve=not_at_once(dies(WORDS))), ["GV821"], FAIL, True, id="dies at once"),
        pytest.param(Graph(serve=not_at_once(BUSY)), [], PASS, False, id="may be busy"),
    ],
)  # fmt: skip
def test_what_only_a_further_probe_shows(
    run: Running, bad: Graph, codes: list[str], verdict: Verdict, restarted: bool
) -> None:
    script = Script({"bad": bad, "a": GOOD})
    checked = run(script)
    assert checked.codes("bad") == codes
    assert checked.graph("bad").verdict is verdict
    assert checked.graph("a").verdict is PASS
    assert len(script.launches) == 1 + restarted
    if verdict is PASS:
        assert checked.graph("bad").reached is Rung.SERVE


def test_a_graph_that_no_request_can_name_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script({"a": GOOD})
    path = deployment(tmp_path, dict.fromkeys(("a", "caf\udce9"), TEXT))
    path.write_bytes(path.read_text(encoding="utf-8").replace("\\udce9", "\udce9").encode("utf-8", "surrogateescape"))
    checked = check(monkeypatch, path, ScriptedEngine(script), QUICK)
    assert checked.graph("a").reached is Rung.SERVE
    [left_out] = checked.graph("caf\udce9").not_exercised
    assert left_out.reason == "no gRPC request can name it: byte 0xE9 is no UTF-8 text in its name"


def test_without_time_only_the_essential_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script({"a": GOOD, "b": Graph(stream=dies(WORDS))})
    path = deployment(tmp_path, dict.fromkeys(script.graphs, TEXT))
    checked = check(monkeypatch, path, ScriptedEngine(script), replace(QUICK, budget=0.0))
    assert checked.report.verdict is PASS
    for name in "ab":
        assert checked.graph(name).probes == 3
        [left_out] = checked.graph(name).not_exercised
        assert "time given was over" in left_out.reason
        assert "stream" in left_out.reason


POOLED = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + TEXT


def only_without_pools(behaviour: Behaviour) -> Behaviour:
    def behave(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        off = server.script.environments[-1].get("OVMS_GRAPH_QUEUE_OFF") == "1"
        return (behaviour if off else echo)(server, request)

    return behave


@pytest.mark.parametrize(
    ("behaviour", "codes"),
    [(echo, []), (BAD, ["GV831"]), (dies(WORDS), ["GV831"]), (hangs, ["GV831"])],
)
def test_pools_are_asked_both_ways(run: Running, behaviour: Behaviour, codes: list[str]) -> None:
    script = Script({"pooled": Graph(serve=only_without_pools(behaviour)), "plain": GOOD})
    checked = run(script, {"pooled": POOLED})
    assert script.launches == [frozenset(), {"plain"}]
    assert script.environments == [{}, {"OVMS_GRAPH_QUEUE_OFF": "1"}]
    assert checked.codes("pooled") == codes
    assert all(finding.severity is Severity.WARNING for finding in checked.findings("pooled"))
    assert checked.report.verdict is PASS


def test_an_interrupt_while_pools_are_off_keeps_what_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script({"pooled": GOOD})
    events = begun(monkeypatch, deployment(tmp_path, {"pooled": POOLED}), ScriptedEngine(script))
    assert any(isinstance(event, ProbeSent) and "pools off" in event.probe for event in events)
    rest = [events.throw(KeyboardInterrupt()), *events]
    assert [type(event) for event in rest[-2:]] == [Interrupted, Done]
    assert isinstance(rest[-1], Done)
    assert rest[-1].report.graphs[0].reached is Rung.SERVE
    assert script.running == 0


def test_a_pooled_graph_that_failed_is_not_asked_again(run: Running) -> None:
    script = Script({"pooled": Graph(serve=BAD)})
    run(script, {"pooled": POOLED})
    assert script.environments == [{}]


# -- REST request ----------------------------------------------------------------------------------------------


def half(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    """Another type and shape than gRPC's answer has."""
    answer = echo(server, request)
    answer.outputs[0].datatype, answer.outputs[0].shape[:] = "FP16", [1]
    answer.raw_output_contents[0] = b"\0\0"
    return answer


UNSUPPORTED = refuses("INTERNAL", "Could not parse input content. Unsupported data precision detected")


@pytest.mark.parametrize(
    ("graph", "codes", "said", "severity", "verdict"),
    [
        pytest.param(Graph(rest=BAD), ["GV832"], "though gRPC answered it: Calculator::Process", Severity.WARNING, PASS,
                     id="refused"),
        pytest.param(Graph(rest=half), ["GV832"], "out FP16 [1], not out FP32 [1]", Severity.WARNING, PASS,
                     id="answered otherwise"),
        pytest.param(Graph(rest=rubbish), ["GV832"], "gRPC answered it", Severity.WARNING, PASS,
                     id="refused without a word"),
        pytest.param(Graph(serve=half, rest=UNSUPPORTED), ["GV832"], "JSON carries no FP16", Severity.INFO, PASS,
                     id="JSON cannot carry it"),
        pytest.param(Graph(rest=UNSUPPORTED), ["GV832"], "Unsupported data precision", Severity.WARNING, PASS,
                     id="JSON could carry it"),
        pytest.param(Graph(rest=dies(WORDS)), ["GV821"], "REST request (JSON) ended the server", Severity.ERROR, FAIL,
                     id="dies"),
        pytest.param(Graph(rest=hangs), ["GV822"], "REST request (JSON) was not answered", Severity.ERROR, FAIL,
                     id="hangs"),
        pytest.param(Graph(serve=by_sort(valid=counts), rest=half), ["GV832", "GV830"], "out FP16", Severity.WARNING,
                     PASS, id="other values each time, but one shape"),
    ],
)  # fmt: skip
def test_rest_is_held_against_grpc(
    run: Running, graph: Graph, codes: list[str], said: str, severity: Severity, verdict: Verdict
) -> None:
    checked = run(Script({"bad": graph, "a": GOOD}))
    assert checked.codes("bad") == codes
    finding = checked.findings("bad")[0]
    assert said in finding.message
    assert finding.severity is severity
    assert checked.graph("bad").verdict is verdict
    assert checked.graph("a").verdict is PASS


def test_a_difference_over_rest_is_sent_again_over_rest(run: Running) -> None:
    [finding] = run(Script({"a": Graph(rest=BAD)})).findings("a")
    assert "/v2/models/a/infer" in str(finding.evidence["send"])
    assert str(finding.evidence["repeat"]).endswith("--probe 4")


def test_a_graph_that_answers_otherwise_each_time_is_not_held_to_one_shape(run: Running) -> None:
    def grows(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        answer = echo(server, request)
        size = len(server.script.requests)
        answer.outputs[0].shape[:] = [size]
        answer.raw_output_contents[0] = bytes(4 * size)
        return answer

    assert "GV832" not in run(Script({"a": Graph(serve=grows)})).codes("a")


def test_without_a_rest_port_the_rest_is_asked_and_that_is_said(run: Running) -> None:
    checked = run(Script({"a": Graph(rest=BAD)}, rest=False))
    assert checked.graph("a").verdict is PASS
    assert checked.codes("a") == []
    [left_out] = checked.graph("a").not_exercised
    assert left_out.reason == "left out, for no REST port is known: REST request, request to be refused"
    numbers = [event.number for event in checked.events if isinstance(event, ProbeSent)]
    assert numbers[:4] == [1, 2, 3, 6], "those that are left out keep their numbers"


UNKNOWN = refuses("UNKNOWN", "Unknown error")


@pytest.mark.parametrize("has_rest", [True, False])
def test_where_grpc_loses_the_text_rest_tells_it(run: Running, has_rest: bool) -> None:
    words = 'Mediapipe graph precondition failed - Calculator::Open() for node "only" failed: no model'
    told = refuses("INTERNAL", words)
    checked = run(Script({"a": Graph(serve=UNKNOWN, rest=told)}, rest=has_rest))
    [finding] = checked.findings("a")
    assert (finding.code, finding.node) == (("GV810", "only") if has_rest else ("GV820", None))
    assert ("no model" in finding.message) == has_rest
    assert ("over REST" in str(finding.evidence["answer"])) == has_rest


def test_what_ovms_always_refuses_is_answered_by_something_else(run: Running) -> None:
    [finding] = run(Script({"a": Graph(serve=answers_all)})).findings("a")
    assert (finding.code, finding.severity) == ("GV833", Severity.INFO)
    assert "a byte too few" in finding.message


def test_the_refusal_that_left_the_damage_is_named(run: Running) -> None:
    [finding] = run(Script({"a": Graph(serve=once_refused_never_again)})).findings("a")
    assert 'after the request to be refused (with an unknown datatype for "in")' in finding.message
