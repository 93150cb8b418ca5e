"""What the requests to one graph showed.

A status code alone cannot tell a bad request from a bad graph, so the message, the log of the request and the way the
process ended are read together. Our own made-up values being refused says nothing about the graph, unless the message
shows that the graph is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphval.deployment.files import display
from graphval.diagnosis.answered import check_answer, compare_answers
from graphval.diagnosis.compose import engine_finding, gist
from graphval.diagnosis.excuse import ABOUT_VALUES, excuse
from graphval.diagnosis.hang import never_begins
from graphval.diagnosis.load import Ending
from graphval.diagnosis.log import Record
from graphval.diagnosis.over_rest import check_rest
from graphval.diagnosis.python_trace import PYTHON_NODE
from graphval.diagnosis.repeat import tell_repeat
from graphval.diagnosis.served import CANNOT, Logs, Served, Witness, telling
from graphval.findings import Finding, NotExercised, Severity, Span, StageStatus
from graphval.graph import Graph
from graphval.probe.client import UNKNOWN_ERROR, Answer
from graphval.probe.exercise import Exercise, creation_proven
from graphval.probe.http import HttpRequest
from graphval.probe.keys import refused_for_its_key
from graphval.probe.metrics import refused_at_the_door
from graphval.probe.plan import Plan, Probe, ProbeKind, Unread
from graphval.rules.exercise import (
    bad_request_harms_server,
    boundary_request_failed,
    concurrent_requests_fail,
    creation_failed,
    creation_never_ends,
    refusal_leaves_damage,
    refusal_missing,
    request_failed,
    request_never_ends,
    sample_unreadable,
    server_died_at_creation,
    server_died_at_request,
    stream_failed,
)
from graphval.rules.mechanism import Rule

_OPEN_FAILED = re.compile(r'Calculator::Open\(\) for node "[^"]+" failed')
_GUESSED = "user code may not take the made-up values"
_AT_THE_DOOR = "the made-up request was refused before its packets were in the graph, without a word why"
_IN_PROCESS = "Calculator::Process()"
_EXHAUSTED = "RESOURCE_EXHAUSTED"
_SILENCE = {
    ProbeKind.REFUSED: bad_request_harms_server.RULE,
    ProbeKind.STREAM: stream_failed.RULE,
    ProbeKind.TOGETHER: concurrent_requests_fail.RULE,
    ProbeKind.AFTER: refusal_leaves_damage.RULE,
}
"""What it is called that a probe was not answered; of all others: a request that never ends."""


def diagnose_serving(
    graph: Graph, plan: Plan, exercise: Exercise, logs: Logs, ending: Ending, path: str = ""
) -> Served:
    """Read the answers to a plan's probes; ``ending`` is how the server stood after the last. ``path`` is what the user
    calls the deployment, for the command that repeats a request."""
    served = Served()
    if exercise.creation is None:
        return served
    witness = Witness(graph, logs, ending, served, exercise.counted)
    case = _Case(witness)
    seen = len(served.findings)
    created = case.created(plan.creation, exercise.creation)
    tell_repeat(served.findings, seen, plan, plan.creation, graph.name, path)
    if not created:
        return served
    served.create = StageStatus.PASS
    served.not_exercised += plan.not_exercised
    served.findings += [_of_sample(one, graph.name) for one in plan.unread]
    for probe, answer in exercise.served:
        seen = len(served.findings)
        goes_on = case.served_one(probe, answer)
        if goes_on and probe.kind is ProbeKind.REST:
            check_rest(witness, probe, answer, exercise.served)
        tell_repeat(served.findings, seen, plan, probe, graph.name, path)
        if not goes_on:
            break
    if served.serve is None and served.create is StageStatus.PASS and not served.inconclusive:
        served.serve = StageStatus.PASS if _shown(exercise) else None
    compare_answers(witness, exercise.served)
    served.not_exercised += _left_out(exercise)
    return served


def _of_sample(unread: Unread, graph: str) -> Finding:
    line, column = unread.line, unread.column
    place = Span(display(unread.file), line, column, line, column + 1)
    return engine_finding(
        sample_unreadable.RULE, str(unread), graph=graph, location=place, help="mend it, or take it away"
    )


def _shown(exercise: Exercise) -> bool:
    """Whether valid requests went through: all there are, or, of those to several paths, one."""
    essential = [answer.ok for probe, answer in exercise.served if probe.essential]
    return (bool(essential) and all(essential)) or any(
        answer.ok for probe, answer in exercise.served if probe.kind is ProbeKind.FURTHER
    )


def ended_after(graph: Graph, logs: Logs, ending: Ending) -> Served:
    """The server ended, though every request to this graph, the last it was asked about, had been answered: what a
    graph leaves behind is taken down after its answer is out."""
    served = Served()
    _Case(Witness(graph, logs, ending, served)).ended()
    return served


class _Case:
    """One graph under one plan; methods answer whether the next probe still means something."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._served = witness.served
        self._say = witness.say
        self._last_refused: Probe | None = None

    def created(self, probe: Probe, answer: Answer) -> bool:
        """Read the creation probe."""
        if creation_proven(answer, probe) or answer.ok:
            return True
        if self._witness.gone(answer, server_died_at_creation.RULE, "creating this graph"):
            self._served.create = StageStatus.FAIL if not self._witness.ending.limit else None
            return False
        if answer.timed_out:
            self._say(
                creation_never_ends.RULE, f"creating this graph did not end within {answer.seconds:.0f} s", answer, ()
            )
            self._served.create = StageStatus.FAIL
            return False
        if CANNOT in answer.text:
            self._witness.say_not_exercised(answer)
            return False
        if answer.lost:
            self._served.inconclusive = True
            return False
        records = self._witness.records()
        text = telling(answer, records)
        if answer.code == "INVALID_ARGUMENT" and any(answer.text.startswith(start) for start in ABOUT_VALUES):
            return True
        self._served.create = StageStatus.FAIL
        self._say(creation_failed.RULE, f"the graph loads, but cannot be created: {gist(text)}", answer, records)
        return False

    def served_one(self, probe: Probe, answer: Answer) -> bool:
        """Read one serving probe."""
        served = self._served
        if probe.kind is ProbeKind.REFUSED:
            self._last_refused = probe
        if answer.ok:
            if probe.kind not in (ProbeKind.STREAM, ProbeKind.REFUSED) and not isinstance(probe.request, HttpRequest):
                check_answer(self._witness, probe, answer)
            if probe.certain:
                self._say_once(refusal_missing.RULE, f"the {probe} was answered", answer, ())
            return True
        harm = bad_request_harms_server.RULE if probe.kind is ProbeKind.REFUSED else None
        if self._witness.gone(answer, harm or server_died_at_request.RULE, f"the {probe}"):
            if harm is None:
                served.serve = StageStatus.FAIL if not self._witness.ending.limit else None
            return False
        if answer.timed_out:
            self._silent(probe, answer)
            return False
        if answer.lost and CANNOT not in answer.text:
            served.inconclusive = True
            return False
        if CANNOT in answer.text:
            self._witness.say_not_exercised(answer)
        else:
            self._refused(probe, answer)
        return True

    def _silent(self, probe: Probe, answer: Answer) -> None:
        """No answer came within the deadline."""
        rule = _SILENCE.get(probe.kind, request_never_ends.RULE)
        if probe.guessed and never_begins(self._witness.graph) is None:
            reason = f"user code did not answer made-up values within {answer.seconds:.0f} s; give a sample"
            self._served.not_exercised.append(NotExercised(None, reason))
            return
        if rule.severity is Severity.ERROR:
            self._served.serve = StageStatus.FAIL
        self._say(rule, f"the {probe} was not answered within {answer.seconds:.0f} s", answer, self._witness.records())

    def _refused(self, probe: Probe, answer: Answer) -> None:
        """The server lives and said no."""
        if probe.kind in (ProbeKind.REFUSED, ProbeKind.REST):
            return  # as it must be; and REST is held against gRPC
        served = self._served
        if refused_for_its_key(answer):
            served.inconclusive = True
            reason = "not served: the server asks for another API key; give it with --api-key-file"
            served.not_exercised.append(NotExercised(None, reason))
            return
        records = self._witness.records()
        text = telling(answer, records)
        match probe.kind:
            case ProbeKind.FURTHER:
                # What another path of the node refuses, its model may not offer.
                served.not_exercised.append(NotExercised(None, f"the {probe} was refused: {gist(text)}"))
            case ProbeKind.BOUNDARY:
                if not excuse(text) and not self._runs_user_code():
                    self._say(boundary_request_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)
            case ProbeKind.STREAM:
                if not (probe.ours and excuse(text)):
                    self._say_once(stream_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)
            case ProbeKind.TOGETHER:
                if answer.code != _EXHAUSTED:
                    served.serve = StageStatus.FAIL
                    self._say(concurrent_requests_fail.RULE, f"of {probe} one failed: {gist(text)}", answer, records)
            case ProbeKind.AFTER:
                served.serve = StageStatus.FAIL
                message = f"the graph served a request, and failed it after the {self._last_refused}: {gist(text)}"
                self._say_once(refusal_leaves_damage.RULE, message, answer, records)
            case _ if _OPEN_FAILED.search(text):
                # Open runs beside the request that needs it; its failure is one of creation.
                served.create = StageStatus.FAIL
                message = f"the graph loads, but cannot be created: {gist(text)}"
                self._say(creation_failed.RULE, message, answer, records)
            case _ if probe.ours and self._at_the_door(answer, text):
                served.not_exercised.append(NotExercised(None, f"{_AT_THE_DOOR}; give a sample"))
            case _ if self._excused(probe, answer, records) and (reason := excuse(text) or _GUESSED):
                served.not_exercised.append(
                    NotExercised(self._witness.node_meant(answer, records), f"{reason}: {gist(text)}; give a sample")
                )
            case _:
                served.serve = StageStatus.FAIL
                self._say(request_failed.RULE, f"the {probe} failed: {gist(text)}", answer, records)

    def _at_the_door(self, answer: Answer, text: str) -> bool:
        """Whether only the server's counts tell of a refusal, and they say that no request came into the graph."""
        return answer.text == UNKNOWN_ERROR and text == str(answer) and refused_at_the_door(self._witness.counted)

    def _excused(self, probe: Probe, answer: Answer, records: Sequence[Record]) -> bool:
        """Whether the refusal may be about what was made up, and not about the graph."""
        text = telling(answer, records)
        if not probe.ours or not (excuse(text) or (probe.guessed and _IN_PROCESS in text)):
            return False
        return not self._witness.shows_broken_code(answer, records)

    def _say_once(self, rule: Rule, message: str, answer: Answer, records: Sequence[Record]) -> None:
        """Make a finding unless there is one of this rule: what comes after it is more of the same."""
        if all(finding.code != rule.code for finding in self._served.findings):
            self._say(rule, message, answer, records)

    def _runs_user_code(self) -> bool:
        """What a handler takes is its author's to say; a refusal of odd values is no mistake."""
        return any(node.calculator == PYTHON_NODE for node in self._witness.graph.nodes)

    def ended(self) -> None:
        """Read the end of a server that had answered everything."""
        answer = Answer("OK", "", 0.0)
        if self._witness.gone(answer, server_died_at_request.RULE, "the end of the last request"):
            self._served.serve = StageStatus.FAIL if not self._witness.ending.limit else None


def _left_out(exercise: Exercise) -> list[NotExercised]:
    """The probes there was no time or no port for, in a line each."""
    if exercise.unreachable:
        return [NotExercised(None, "not served: the server has no REST port to send a request to")]
    said = []
    if exercise.portless:
        said.append(NotExercised(None, f"left out, for no REST port is known: {_kinds(exercise.portless)}"))
    if exercise.left_out:
        said.append(NotExercised(None, f"left out, for the time given was over: {_kinds(exercise.left_out)}"))
    return said


def _kinds(probes: list[Probe]) -> str:
    return ", ".join(dict.fromkeys(str(probe.kind) for probe in probes))
