"""A request over REST, held against what the same request got over gRPC.

REST goes the way that gRPC goes, with JSON before and after it, so that a difference is about the form of values, or
about an output that JSON does not carry (OVMS ``src/rest_parser.cpp``, ``src/rest_utils.cpp``, 2026.4).
"""

from __future__ import annotations

from collections.abc import Sequence

from graphval.diagnosis.compose import gist
from graphval.diagnosis.served import CANNOT, Witness
from graphval.findings import Severity
from graphval.probe.client import Answer
from graphval.probe.keys import refused_for_its_key
from graphval.probe.plan import Probe
from graphval.probe.rest import JSON_DATATYPES, RestOutput, grpc_outputs, rest_outputs
from graphval.rules.exercise import rest_answer_differs

_UNSUPPORTED = "Unsupported data precision detected"


def check_rest(witness: Witness, probe: Probe, answer: Answer, answers: Sequence[tuple[Probe, Answer]]) -> None:
    """Note where an answer over REST is not what gRPC gave; once for a graph."""
    if any(finding.code == rest_answer_differs.RULE.code for finding in witness.served.findings):
        return
    given = [grpc_outputs(one.response) for other, one in answers if other.request is probe.twin and _of_grpc(one)]
    if not given or CANNOT in answer.text or refused_for_its_key(answer):
        return
    if not answer.ok:
        _say_refused(witness, probe, answer, given[0])
        return
    wrong = _wrong(witness, answer, given)
    if wrong:
        _say(witness, f"the {probe} was answered otherwise than over gRPC: {wrong}", answer)


def _of_grpc(answer: Answer) -> bool:
    return answer.ok and hasattr(answer.response, "raw_output_contents")


def _wrong(witness: Witness, answer: Answer, given: Sequence[tuple[RestOutput, ...]]) -> str:
    if any(output.text.startswith("RESPONSE") for output in witness.graph.outputs):
        return ""  # such a graph writes the whole response itself, in whichever form
    try:
        got = rest_outputs(answer.response)
    except ValueError as why:
        return str(why)
    if got in given or len(set(given)) > 1:
        # A graph that keeps state may answer otherwise each time.
        return ""
    return f"{_listed(got)}, not {_listed(given[0])}"


def _say_refused(witness: Witness, probe: Probe, answer: Answer, given: tuple[RestOutput, ...]) -> None:
    """JSON has no form for some outputs; that is OVMS's doing, and still what a client meets."""
    unwritable = [output for output in given if output.datatype not in JSON_DATATYPES]
    if _UNSUPPORTED in answer.text and unwritable:
        output = unwritable[0]
        _say(
            witness,
            f'over REST "{output.name}" comes as binary data only, for JSON carries no {output.datatype}',
            answer,
            remark=True,
        )
        return
    _say(witness, f"the {probe} failed, though gRPC answered it: {gist(answer.text) or answer.code}", answer)


def _say(witness: Witness, message: str, answer: Answer, *, remark: bool = False) -> None:
    witness.say(rest_answer_differs.RULE, message, answer, ())
    if remark:
        findings = witness.served.findings
        findings[-1] = findings[-1]._replace(severity=Severity.INFO)


def _listed(outputs: Sequence[RestOutput]) -> str:
    return ", ".join(f"{one.name} {one.datatype} {list(one.shape)}" for one in outputs) or "no output"
