"""What the requests to one graph showed.

A status code alone cannot tell a bad request from a bad graph, so the message, the log of the request and the way the
process ended are read together. Our own made-up values being refused says nothing about the graph, unless the message
shows that the graph is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graphval.diagnosis.blame import blame
from graphval.diagnosis.compose import beside, blamed_finding, gist
from graphval.diagnosis.crash import read_crash
from graphval.diagnosis.excuse import ABOUT_CONTENT, ABOUT_VALUES, excuse
from graphval.diagnosis.expectation import differences
from graphval.diagnosis.hang import suspect
from graphval.diagnosis.load import Ending
from graphval.diagnosis.log import Record, match, request_records
from graphval.diagnosis.places import Blame
from graphval.diagnosis.python_trace import PYTHON_NODE
from graphval.diagnosis.repeat import tell_repeat
from graphval.findings import Finding, NotExercised, Severity, StageStatus
from graphval.graph import Graph
from graphval.probe.client import Answer
from graphval.probe.exercise import Exercise, creation_proven
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Plan, Probe, ProbeKind
from graphval.rules.exercise import (
    bad_request_harms_server,
    boundary_request_failed,
    concurrent_requests_fail,
    creation_failed,
    creation_never_ends,
    engine_limit_reached,
    equal_requests_differ,
    output_missing,
    refusal_leaves_damage,
    request_failed,
    request_never_ends,
    server_died_at_creation,
    server_died_at_request,
    stream_failed,
    unexpected_answer,
)
from graphval.rules.mechanism import Rule

_CANNOT = "Rehearsal cannot execute"
_OPEN_FAILED = re.compile(r'Calculator::Open\(\) for node "[^"]+" failed')
_EXHAUSTED = "RESOURCE_EXHAUSTED"
_COMPARED = (ProbeKind.SYNTHETIC, ProbeKind.SAMPLE, ProbeKind.REPEAT)
_SILENCE = {
    ProbeKind.REFUSED: bad_request_harms_server.RULE,
    ProbeKind.STREAM: stream_failed.RULE,
    ProbeKind.TOGETHER: concurrent_requests_fail.RULE,
    ProbeKind.AFTER: refusal_leaves_damage.RULE,
}
"""What it is called that a probe was not answered; of all others: a request that never ends."""

_RESPONSE_OF = re.compile(
    r"(?:Response processing packet type: .* name: |Received packet from output stream: )(?P<stream>\S+)"
)
_NODE_RAISED = "Error occurred during node"
_PACKET_GET = "Packet::Get() failed"


@dataclass(slots=True)
class Served:
    """What was shown of creating and serving. A status of ``None``: nothing was shown, for ``not_exercised``'s reasons
    or, where ``inconclusive``, for want of an engine that lives."""

    create: StageStatus | None = None
    serve: StageStatus | None = None
    findings: list[Finding] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    inconclusive: bool = False


@dataclass(frozen=True, slots=True)
class Logs:
    """Both streams of the server, whole."""

    stdout: str
    stderr: str


def diagnose_serving(
    graph: Graph, plan: Plan, exercise: Exercise, logs: Logs, ending: Ending, path: str = ""
) -> Served:
    """Read the answers to a plan's probes; ``ending`` is how the server stood after the last. ``path`` is what the user
    calls the deployment, for the command that repeats a request."""
    served = Served()
    if exercise.creation is None:
        return served
    case = _Case(graph, logs, ending, served)
    seen = len(served.findings)
    created = case.created(plan.creation, exercise.creation)
    tell_repeat(served.findings, seen, plan, plan.creation, graph.name, path)
    if not created:
        return served
    served.create = StageStatus.PASS
    served.not_exercised += plan.not_exercised
    shown = False
    for probe, answer in exercise.served:
        seen = len(served.findings)
        goes_on = case.served_one(probe, answer)
        tell_repeat(served.findings, seen, plan, probe, graph.name, path)
        shown = shown or (probe.essential and answer.ok)
        if not goes_on:
            break
    if shown and served.serve is None and served.create is StageStatus.PASS and not served.inconclusive:
        failed_essential = any(probe.essential and not answer.ok for probe, answer in exercise.served)
        served.serve = None if failed_essential else StageStatus.PASS
    case.compare(exercise.served)
    served.not_exercised += _left_out(exercise)
    return served


def ended_after(graph: Graph, logs: Logs, ending: Ending) -> Served:
    """The server ended, though every request to this graph, the last it was asked about, had been answered: what a
    graph leaves behind is taken down after its answer is out."""
    served = Served()
    _Case(graph, logs, ending, served).ended()
    return served


class _Case:
    """One graph under one plan; methods answer whether the next probe still means something."""

    def __init__(self, graph: Graph, logs: Logs, ending: Ending, served: Served) -> None:
        self._graph = graph
        self._logs = logs
        self._ending = ending
        self._served = served

    def created(self, probe: Probe, answer: Answer) -> bool:
        """Read the creation probe."""
        if creation_proven(answer, probe) or answer.ok:
            return True
        if self._gone(answer, server_died_at_creation.RULE, "creating this graph"):
            self._served.create = StageStatus.FAIL if not self._ending.limit else None
            return False
        if answer.timed_out:
            self._say(
                creation_never_ends.RULE, f"creating this graph did not end within {answer.seconds:.0f} s", answer, ()
            )
            self._served.create = StageStatus.FAIL
            return False
        if _CANNOT in answer.text:
            self._not_exercised(answer)
            return False
        if answer.lost:
            self._served.inconclusive = True
            return False
        records = self._records()
        text = _telling(answer, records)
        if answer.code == "INVALID_ARGUMENT" and any(answer.text.startswith(start) for start in ABOUT_VALUES):
            return True
        self._served.create = StageStatus.FAIL
        self._say(creation_failed.RULE, f"the graph loads, but cannot be created: {gist(text)}", answer, records)
        return False

    def served_one(self, probe: Probe, answer: Answer) -> bool:
        """Read one serving probe."""
        served = self._served
        if answer.ok:
            if probe.kind not in (ProbeKind.STREAM, ProbeKind.REFUSED) and not isinstance(probe.request, HttpRequest):
                self._check_outputs(probe, answer)
                self._check_values(probe, answer)
            return True
        harm = bad_request_harms_server.RULE if probe.kind is ProbeKind.REFUSED else None
        if self._gone(answer, harm or server_died_at_request.RULE, f"the {probe}"):
            if harm is None:
                served.serve = StageStatus.FAIL if not self._ending.limit else None
            return False
        if answer.timed_out:
            self._silent(probe, answer)
            return False
        if _CANNOT in answer.text:
            self._not_exercised(answer)
            return not probe.essential
        if answer.lost:
            served.inconclusive = True
            return False
        self._refused(probe, answer)
        return not probe.essential

    def _silent(self, probe: Probe, answer: Answer) -> None:
        """No answer came within the deadline."""
        rule = _SILENCE.get(probe.kind, request_never_ends.RULE)
        if rule.severity is Severity.ERROR:
            self._served.serve = StageStatus.FAIL
        self._say(rule, f"the {probe} was not answered within {answer.seconds:.0f} s", answer, self._records())

    def _refused(self, probe: Probe, answer: Answer) -> None:
        """The server lives and said no."""
        if probe.kind in (ProbeKind.REFUSED, ProbeKind.FURTHER):
            # What another endpoint of the node refuses, its model does not offer.
            return
        served = self._served
        records = self._records()
        text = _telling(answer, records)
        match probe.kind:
            case ProbeKind.BOUNDARY:
                if not excuse(text) and not self._runs_user_code():
                    self._say(boundary_request_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)
            case ProbeKind.STREAM:
                if not (probe.ours and excuse(text)):
                    self._say(stream_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)
            case ProbeKind.TOGETHER:
                if answer.code != _EXHAUSTED:
                    served.serve = StageStatus.FAIL
                    self._say(concurrent_requests_fail.RULE, f"of {probe} one failed: {gist(text)}", answer, records)
            case ProbeKind.AFTER:
                served.serve = StageStatus.FAIL
                message = f"the graph served a request, and failed it after others had been refused: {gist(text)}"
                self._say(refusal_leaves_damage.RULE, message, answer, records)
            case _ if _OPEN_FAILED.search(text):
                # Open runs beside the request that needs it; its failure is one of creation.
                served.create = StageStatus.FAIL
                message = f"the graph loads, but cannot be created: {gist(text)}"
                self._say(creation_failed.RULE, message, answer, records)
            case _ if probe.ours and (reason := excuse(text)):
                served.not_exercised.append(
                    NotExercised(self._node_meant(answer, records), f"{reason}: {gist(text)}; give a sample")
                )
            case _:
                served.serve = StageStatus.FAIL
                self._say(request_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)

    def _runs_user_code(self) -> bool:
        """What a handler takes is its author's to say; a refusal of odd values is no mistake."""
        return any(node.calculator == PYTHON_NODE for node in self._graph.nodes)

    def compare(self, answers: Sequence[tuple[Probe, Answer]]) -> None:
        """Note where a request and its repetition got different values."""
        first: dict[int, tuple[Probe, Answer]] = {}
        for probe, answer in answers:
            if probe.kind not in _COMPARED or not answer.ok or isinstance(probe.request, HttpRequest):
                continue
            earlier = first.setdefault(id(probe.request), (probe, answer))
            differing = _differing(earlier[1], answer)
            if differing:
                output = next((c for c in self._graph.outputs if c.name == differing), None)
                place = output.place if output is not None else self._graph.start
                self._served.findings.append(
                    blamed_finding(
                        equal_requests_differ.RULE,
                        f'two equal requests got different values on "{differing}"',
                        Blame(place, None),
                        graph=self._graph.name,
                    )
                )
                return

    def ended(self) -> None:
        """Read the end of a server that had answered everything."""
        answer = Answer("OK", "", 0.0)
        if self._gone(answer, server_died_at_request.RULE, "the end of the last request"):
            self._served.serve = StageStatus.FAIL if not self._ending.limit else None

    # -- parts -------------------------------------------------------------------------------------------------------

    def _gone(self, answer: Answer, rule: Rule, doing: str) -> bool:
        """Whether the server ended under the probe; then the finding is made."""
        if self._ending.alive:
            return False
        crash = read_crash(self._logs.stderr)
        records = self._records()
        if self._ending.limit:
            self._served.inconclusive = True
            self._served.findings.append(
                blamed_finding(
                    engine_limit_reached.RULE,
                    f"{doing} reached the {self._ending.limit} limit of the throw-away server",
                    Blame(self._graph.start, None),
                    graph=self._graph.name,
                    help="give the run higher limits",
                    evidence={"exit": self._ending.exit},
                )
            )
            return True
        said = gist(crash.text) if crash.text else "without a word"
        texts = [crash.line, crash.text, *(r.message for r in reversed(records) if _is_failure(r))]
        blamed = self._blame_output(records) if _PACKET_GET in crash.text else None
        telling = [text for text in texts if text]
        blamed = blamed or blame(self._graph, *telling)
        self._served.findings.append(
            blamed_finding(
                rule,
                f"{doing} ended the server, {self._ending.exit}: {said}",
                blamed,
                graph=self._graph.name,
                related=beside(self._graph, blamed, *telling),
                evidence={"exit": self._ending.exit, "answer": str(answer), "log": [crash.line] if crash.line else []},
            )
        )
        return True

    def _blame_output(self, records: Sequence[Record]) -> Blame | None:
        """The graph output that was being written when the packet turned out to hold something else."""
        for record in reversed(records):
            found = _RESPONSE_OF.search(record.message)
            if found is not None:
                output = next((c for c in self._graph.outputs if c.name == found["stream"]), None)
                return Blame(output.place, None) if output is not None else None
        return None

    def _not_exercised(self, answer: Answer) -> None:
        found = re.search(r'node "(?P<node>[^"]*)": (?P<reason>.*)', answer.text, re.DOTALL)
        node, reason = (found["node"], found["reason"]) if found else ("", answer.text.removeprefix(_CANNOT).strip())
        self._served.not_exercised.append(NotExercised(node or None, gist(reason)))

    def _check_outputs(self, probe: Probe, answer: Answer) -> None:
        got = {output.name for output in answer.response.outputs}
        if any(c.text.startswith("RESPONSE") for c in self._graph.outputs):
            return  # such a graph writes the whole response itself
        for output in self._graph.outputs:
            if output.name not in got and not any(f.code == output_missing.RULE.code for f in self._served.findings):
                self._served.findings.append(
                    blamed_finding(
                        output_missing.RULE,
                        f'the answer to the {probe} lacks the output "{output.name}"',
                        Blame(output.place, None),
                        graph=self._graph.name,
                    )
                )

    def _check_values(self, probe: Probe, answer: Answer) -> None:
        """Hold the answer against what a sample says of it."""
        for name, wrong in differences(probe.expected, answer.response):
            output = next((c for c in self._graph.outputs if c.name == name), None)
            place = output.place if output is not None else self._graph.start
            self._served.serve = StageStatus.FAIL
            self._served.findings.append(
                blamed_finding(
                    unexpected_answer.RULE,
                    f'the {probe} was answered, but not as it says, "{name}": {wrong}',
                    Blame(place, None),
                    graph=self._graph.name,
                )
            )

    def _say(self, rule: Rule, message: str, answer: Answer, records: Sequence[Record]) -> None:
        evidence = {"answer": str(answer), "log": [r.first_line for r in records if _is_failure(r)][:10]}
        texts = self._texts(answer, records)
        blamed = suspect(self._graph) if answer.timed_out else blame(self._graph, *texts)
        related = beside(self._graph, blamed, *texts, *self._python_errors(blamed, texts))
        self._served.findings.append(
            blamed_finding(rule, message, blamed, graph=self._graph.name, evidence=evidence, related=related)
        )

    def _node_meant(self, answer: Answer, records: Sequence[Record]) -> str | None:
        node = blame(self._graph, *self._texts(answer, records)).node
        return node.display if node is not None else None

    def _texts(self, answer: Answer, records: Sequence[Record]) -> list[str]:
        texts = [answer.text, *(record.message for record in records if _is_failure(record))]
        return [text for text in texts if text]

    def _python_errors(self, blamed: Blame, texts: Sequence[str]) -> list[str]:
        """What a handler raised last: OVMS writes it to stderr only."""
        node = blamed.node
        if not (node is not None and node.calculator == PYTHON_NODE) and not any(
            part in text for text in texts for part in ABOUT_CONTENT
        ):
            return []
        _, found, raised = self._logs.stderr.rpartition(_NODE_RAISED)
        return [raised] if found else []

    def _records(self) -> list[Record]:
        return request_records(self._logs.stdout, self._graph.name)


def _left_out(exercise: Exercise) -> list[NotExercised]:
    """The probes there was no time or no port for, in one line."""
    if exercise.unreachable:
        return [NotExercised(None, "not served: the server has no REST port to send a request to")]
    kinds = list(dict.fromkeys(str(probe.kind) for probe in exercise.left_out))
    return [NotExercised(None, f"left out, for the time given was over: {', '.join(kinds)}")] if kinds else []


def _differing(one: Answer, other: Answer) -> str:
    """The first output of which two answers have different values; empty if there is none."""
    for index, output in enumerate(one.response.outputs):
        raws = [a.response.raw_output_contents[index : index + 1] for a in (one, other)]
        if all(raws) and raws[0] != raws[1]:
            return str(output.name)
    return ""


def _is_failure(record: Record) -> bool:
    return record.is_error or match(record, ("request_error",)) is not None


def _telling(answer: Answer, records: Sequence[Record]) -> str:
    """The text of a failure: the answer's own, or the log's where OVMS lost it on the way (``Unknown error``)."""
    if answer.text and answer.text != "Unknown error":
        return answer.text
    failures = [record.message for record in records if _is_failure(record)]
    return failures[-1] if failures else str(answer)
