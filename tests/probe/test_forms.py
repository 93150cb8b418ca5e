"""A request written down is the request."""

from __future__ import annotations

import json
import math
import shlex
from pathlib import Path

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from graphval.kserve import messages
from graphval.probe.forms import Form, rest_document, written
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Probe, ProbeKind
from graphval.probe.samples import read_kserve, set_parameter
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, pack, values

SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)


def probe(request: messages.ModelInferRequest | HttpRequest) -> Probe:
    return Probe(ProbeKind.SYNTHETIC, request)


@given(st.lists(st.tuples(st.sampled_from(sorted(ELEMENT_BYTES)), SHAPES), min_size=1, max_size=3), st.integers(0, 99))
def test_json_read_as_a_sample_is_the_same_request(inputs: list[tuple[str, tuple[int, ...]]], seed: int) -> None:
    tensors = [Tensor(f"t{n}", d, shape, values(d, shape, seed, str(n))) for n, (d, shape) in enumerate(inputs)]
    request = request_of("g", tensors)
    for name, value in (("flag", True), ("count", seed), ("word", 'it\'s "so"')):
        set_parameter(request, name, value)
    assert read_kserve(Path("x.json"), json.loads(written(probe(request), Form.JSON)), "g").request == request


def test_a_grpcurl_line_holds_the_very_message() -> None:
    request = request_of(
        "g", [Tensor("a", "FP16", (2,), pack("FP16", [math.nan, 1])), Tensor("b", "BYTES", (1,), pack("BYTES", ["'"]))]
    )
    set_parameter(request, "flag", False)
    set_parameter(request, "count", 7)
    set_parameter(request, "word", "x")
    words = shlex.split(written(probe(request), Form.GRPCURL).decode())
    message = json_format.Parse(words[words.index("-d") + 1], messages.ModelInferRequest())
    assert message == request
    assert words[-1] == "inference.GRPCInferenceService/ModelInfer"


def test_a_curl_line_holds_the_very_body() -> None:
    request = request_of("a model", [Tensor("a", "INT8", (1,), b"\xff")])
    words = shlex.split(written(probe(request), Form.CURL).decode())
    assert json.loads(words[words.index("-d") + 1]) == rest_document(request)
    assert "http://localhost:8000/v2/models/a%20model/infer" in words
    body = b'{"model": "it\'s"}'
    words = shlex.split(written(probe(HttpRequest("/v3/embeddings", body)), Form.CURL).decode())
    assert words[words.index("-d") + 1].encode() == body
    assert "http://localhost:8000/v3/embeddings" in words


def test_raw_is_what_goes_over_the_wire() -> None:
    request = request_of("g", [Tensor("a", "INT8", (1,), b"\xff")])
    assert messages.ModelInferRequest.FromString(written(probe(request), Form.RAW)) == request
    assert written(probe(HttpRequest("/x", b"\xff\x00")), Form.RAW) == b"\xff\x00"


@pytest.mark.parametrize(
    ("request_", "form"),
    [
        (request_of("g", [Tensor("a", "FP32", (1,), pack("FP32", [math.nan]))]), Form.JSON),
        (request_of("g", [Tensor("a", "FP32", (1,), pack("FP32", [math.inf]))]), Form.CURL),
        (request_of("g", [Tensor("a", "NO_TYPE", (1,), b"x")]), Form.JSON),
        (request_of("g", [Tensor("a", "FP32", (1,), b"xyz")]), Form.JSON),
        (HttpRequest("/x", b"\xff", "multipart/form-data; boundary=x"), Form.CURL),
        (HttpRequest("/x", b"\xff"), Form.JSON),
        (HttpRequest("/x", b"{}"), Form.GRPCURL),
    ],
)
def test_what_a_form_cannot_hold_is_refused(request_: messages.ModelInferRequest | HttpRequest, form: Form) -> None:
    with pytest.raises(ValueError, match=r"."):
        written(probe(request_), form)
