"""Answers that came, held against what the graph promises, what a sample says, and each other."""

from __future__ import annotations

from collections.abc import Sequence

from graphval.diagnosis.compose import blamed_finding
from graphval.diagnosis.expectation import differences
from graphval.diagnosis.places import Blame
from graphval.diagnosis.served import Witness
from graphval.findings import StageStatus
from graphval.graph import Graph
from graphval.probe.client import Answer
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Probe, ProbeKind
from graphval.rules.exercise import equal_requests_differ, output_missing, unexpected_answer

_COMPARED = (ProbeKind.SYNTHETIC, ProbeKind.SAMPLE, ProbeKind.REPEAT)


def check_answer(witness: Witness, probe: Probe, answer: Answer) -> None:
    """Note outputs that an answer lacks, and values that are not as the sample says."""
    _check_outputs(witness, probe, answer)
    _check_values(witness, probe, answer)


def compare_answers(witness: Witness, answers: Sequence[tuple[Probe, Answer]]) -> None:
    """Note where a request and its repetition got different values."""
    first: dict[int, Answer] = {}
    for probe, answer in answers:
        if probe.kind not in _COMPARED or not answer.ok or isinstance(probe.request, HttpRequest):
            continue
        differing = _differing(first.setdefault(id(probe.request), answer), answer)
        if differing:
            witness.served.findings.append(
                blamed_finding(
                    equal_requests_differ.RULE,
                    f'two equal requests got different values on "{differing}"',
                    _output(witness.graph, differing),
                    graph=witness.graph.name,
                )
            )
            return


def _check_outputs(witness: Witness, probe: Probe, answer: Answer) -> None:
    graph, findings = witness.graph, witness.served.findings
    got = {output.name for output in answer.response.outputs}
    if any(c.text.startswith("RESPONSE") for c in graph.outputs):
        return  # such a graph writes the whole response itself
    for output in graph.outputs:
        if output.name not in got and not any(f.code == output_missing.RULE.code for f in findings):
            findings.append(
                blamed_finding(
                    output_missing.RULE,
                    f'the answer to the {probe} lacks the output "{output.name}"',
                    Blame(output.place, None),
                    graph=graph.name,
                )
            )


def _check_values(witness: Witness, probe: Probe, answer: Answer) -> None:
    for name, wrong in differences(probe.expected, answer.response):
        witness.served.serve = StageStatus.FAIL
        witness.served.findings.append(
            blamed_finding(
                unexpected_answer.RULE,
                f'the {probe} was answered, but not as it says, "{name}": {wrong}',
                _output(witness.graph, name),
                graph=witness.graph.name,
            )
        )


def _output(graph: Graph, name: str) -> Blame:
    output = next((c for c in graph.outputs if c.name == name), None)
    return Blame(output.place if output is not None else graph.start, None)


def _differing(one: Answer, other: Answer) -> str:
    """The first output of which two answers have different values; empty if there is none."""
    for index, output in enumerate(one.response.outputs):
        raws = [a.response.raw_output_contents[index : index + 1] for a in (one, other)]
        if all(raws) and raws[0] != raws[1]:
            return str(output.name)
    return ""
