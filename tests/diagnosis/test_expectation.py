"""Answers against what a sample says of them."""

from __future__ import annotations

import math

import pytest

from graphval.diagnosis.expectation import differences
from graphval.findings import Effect, StageStatus
from graphval.kserve import messages
from graphval.probe.plan import Probe, ProbeKind
from graphval.probe.samples import Expected
from graphval.probe.tensors import pack
from tests.diagnosis.test_serving import PROVEN, answered, diagnosed


def response(datatype: str = "FP32", shape: tuple[int, ...] = (2,), values: tuple[object, ...] = (1.0, 2.0)) -> object:
    answer = messages.ModelInferResponse()
    answer.outputs.add(name="out", datatype=datatype, shape=shape)
    answer.raw_output_contents.append(pack(datatype, values))
    return answer


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        (Expected("out", (1.0, 2.0)), ""),
        (Expected("out", (1, 2), (2,), "FP32"), ""),
        (Expected("out", (1.0, 2.000001)), ""),
        (Expected("out", (1.0, 2.1)), "value 1 is 2.0, not 2.1"),
        (Expected("out", (1.0, 2.1), tolerance=0.1), ""),
        (Expected("out", (1.0,)), "it has 2 values, not 1"),
        (Expected("out", (1.0, 2.0), (1, 2)), "its shape is [2], not [1, 2]"),
        (Expected("out", (1.0, 2.0), None, "INT32"), "it is FP32, not INT32"),
        (Expected("other", (1.0, 2.0)), "the answer lacks it"),
        (Expected("out", (1.0, math.nan)), "value 1 is 2.0, not nan"),
        (Expected("out", ("a", "b")), "value 0 is 1.0, not 'a'; value 1 is 2.0, not 'b'"),
    ],
)
def test_differences(expected: Expected, wrong: str) -> None:
    assert differences([expected], response()) == ([(expected.name, wrong)] if wrong else [])


def test_texts_and_numbers_that_are_none() -> None:
    assert differences([Expected("out", ("a", "ü"))], response("BYTES", (2,), ("a", "ü"))) == []
    assert differences([Expected("out", (math.nan, math.inf))], response(values=(math.nan, math.inf))) == []


def test_of_many_wrong_values_a_few_are_shown() -> None:
    [(_, wrong)] = differences([Expected("out", (9,) * 10)], response("INT32", (10,), tuple(range(10))))
    assert wrong.count("value") == 3
    assert wrong.endswith("and 6 more")


def test_values_that_break_off_are_no_values() -> None:
    broken = messages.ModelInferResponse()
    broken.outputs.add(name="out", datatype="FP32", shape=(1,))
    assert differences([Expected("out", (1,))], broken) == [("out", "it has no values")]
    broken.raw_output_contents.append(b"123")
    [(_, wrong)] = differences([Expected("out", (1,))], broken)
    assert "cannot be read" in wrong


def test_a_wrong_answer_fails_the_graph() -> None:
    request = messages.ModelInferRequest(model_name="g")
    probe = Probe(ProbeKind.SAMPLE, request, "one.json", expected=(Expected("out", (5.0,)),))
    served = diagnosed(PROVEN, (probe, answered("out", "other")))
    [finding] = served.findings
    assert (finding.code, finding.effect, finding.location.line) == ("GV829", Effect.WRONG, 2)
    assert served.serve is StageStatus.FAIL
    assert served.create is StageStatus.PASS
