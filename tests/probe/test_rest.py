"""REST's form of a request is the request, as the rehearsal's own reader reads it; its answers are looked at whole."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.kserve import messages
from graphval.probe.http import HttpRequest, HttpResponseBody
from graphval.probe.rest import (
    HEADER_LENGTH,
    JSON_DATATYPES,
    NoRestForm,
    RestOutput,
    binary_request,
    grpc_outputs,
    json_request,
    rest_outputs,
)
from graphval.probe.samples import set_parameter
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, pack, values
from graphval.rehearsal.rest_json import infer_request, infer_response
from graphval.rehearsal.tensors import CONTENTS_FIELD, DTYPES

SHAPES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
TENSORS = st.lists(st.tuples(st.sampled_from(sorted(ELEMENT_BYTES)), SHAPES), min_size=1, max_size=3)


def made(inputs: list[tuple[str, tuple[int, ...]]]) -> messages.ModelInferRequest:
    request = request_of("a/g", [Tensor(f"t{n}", d, s, values(d, s, 1, str(n))) for n, (d, s) in enumerate(inputs)])
    for name, value in (("flag", True), ("count", 7), ("word", 'it\'s "so"')):
        set_parameter(request, name, value)
    return request


def received(request: HttpRequest) -> messages.ModelInferRequest:
    assert request.path == "/v2/models/a%2Fg/infer"
    return infer_request("a/g", "", request.headers, request.body)[0]


@given(TENSORS)
def test_binary_data_is_read_as_the_same_raw_request(inputs: list[tuple[str, tuple[int, ...]]]) -> None:
    request = made(inputs)
    got = received(binary_request(request, ()))
    for tensor in got.inputs:
        del tensor.parameters["binary_data_size"]
    assert got == request


@given(TENSORS)
def test_json_is_read_as_contents_with_the_same_values(inputs: list[tuple[str, tuple[int, ...]]]) -> None:
    request = made(inputs)
    if any(datatype not in JSON_DATATYPES for datatype, _ in inputs):
        with pytest.raises(NoRestForm):
            json_request(request)
        return
    got = received(json_request(request))
    assert not got.raw_input_contents
    assert {name: got.parameters[name] for name in got.parameters} == {
        n: request.parameters[n] for n in request.parameters
    }
    for tensor, wanted, raw in zip(got.inputs, request.inputs, request.raw_input_contents, strict=True):
        assert (tensor.name, tensor.datatype, list(tensor.shape)) == (wanted.name, wanted.datatype, list(wanted.shape))
        contents = list(getattr(tensor.contents, CONTENTS_FIELD[tensor.datatype]))
        assert pack(tensor.datatype, contents) == raw


@pytest.mark.parametrize(
    ("tensor", "pictures", "why"),
    [
        (Tensor("a", "FP16", (1,), b"\0\0"), (), "FP16, which JSON does not carry"),
        (Tensor("a", "BF16", (1,), b"\0\0"), (), "BF16"),
        (Tensor("a", "my_type", (1,), b"\0\0"), (), "my_type"),
        (Tensor("a", "FP32", (1,), pack("FP32", [math.nan])), (), "no numbers"),
        (Tensor("a", "INT64", (1,), pack("INT64", [1 << 31])), (), "more than 32 bits"),
        (Tensor("a", "UINT64", (1,), pack("UINT64", [1 << 32])), (), "more than 32 bits"),
        (Tensor("a", "UINT8", (1, 1, 1), b"\0"), ("a",), "a picture"),
        (Tensor("a", "FP32", (0,), b""), (), "has no values"),
        (Tensor("a", "FP32", (1,), b"xyz"), (), "no whole number"),
    ],
)
def test_what_json_does_not_carry_is_said_and_goes_as_binary_data(
    tensor: Tensor, pictures: tuple[str, ...], why: str
) -> None:
    request = request_of("a/g", [tensor])
    with pytest.raises(NoRestForm, match=why):
        json_request(request, pictures=pictures)
    assert list(received(binary_request(request, ())).raw_input_contents) == [tensor.data]


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1])
def test_a_parameter_of_more_than_32_bits_goes_over_grpc_only(number: int) -> None:
    request = request_of("g", [Tensor("a", "UINT8", (1,), b"\0")])
    set_parameter(request, "OVMS_MP_TIMESTAMP", number)
    for form in (lambda: json_request(request), lambda: binary_request(request, ())):
        with pytest.raises(NoRestForm, match="OVMS_MP_TIMESTAMP"):
            form()


# -- answers ----------------------------------------------------------------------------------------------------------


def response(**outputs: tuple[str, tuple[int, ...]]) -> messages.ModelInferResponse:
    made = messages.ModelInferResponse(model_name="g", model_version="1")
    for name, (datatype, shape) in outputs.items():
        made.outputs.add(name=name, datatype=datatype, shape=shape)
        made.raw_output_contents.append(bytes(math.prod(shape) * DTYPES[datatype].itemsize))
    return made


@pytest.mark.parametrize("binary", [frozenset(), frozenset({"b"}), frozenset({"a", "b"})])
def test_an_answer_names_the_same_outputs_in_every_form(binary: frozenset[str]) -> None:
    answer = response(a=("FP32", (2, 3)), b=("INT64", ()))
    reply = infer_response(answer, binary)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    body = HttpResponseBody(reply.code, reply.content_type, reply.body, headers=headers)
    assert rest_outputs(body) == grpc_outputs(answer)
    assert rest_outputs(body)[0] == RestOutput("a", "FP32", (2, 3))


def output(**fields: Any) -> dict[str, Any]:
    return {"name": "a", "datatype": "FP32", "shape": [2], "data": [1, 2], **fields}


def behind(size: object) -> dict[str, Any]:
    return {"name": "a", "datatype": "FP32", "shape": [2], "parameters": {"binary_data_size": size}}


@pytest.mark.parametrize(
    ("document", "tail", "why"),
    [
        ("[]", b"", "no JSON object"),
        ("{", b"", "no JSON object"),
        ({"outputs": 1}, b"", "no JSON object"),
        ({"outputs": ["a"]}, b"", "no JSON object"),
        ({"outputs": [output(name=1)]}, b"", "lacks name"),
        ({"outputs": [output(shape=["x"])]}, b"", "is no number"),
        ({"outputs": [output(data=[1])]}, b"", "has 1 values"),
        ({"outputs": [output(data=1)]}, b"", "has no values"),
        ({"outputs": [{**output(), "data": None}]}, b"", "has no values"),
        ({"outputs": [output()]}, b"x", "1 bytes too many"),
        ({"outputs": [behind(8)]}, b"x" * 7, "1 bytes too few"),
        ({"outputs": [behind("8")]}, b"", "is no number"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_of_the_form(document: object, tail: bytes, why: str) -> None:
    head = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    body = HttpResponseBody(200, "application/json", head + tail, headers={HEADER_LENGTH.lower(): str(len(head))})
    with pytest.raises(ValueError, match=why):
        rest_outputs(body)


@pytest.mark.parametrize("length", ["x", "-1", "999"])
def test_a_length_that_cannot_be_is_said(length: str) -> None:
    with pytest.raises(ValueError, match="the header"):
        rest_outputs(HttpResponseBody(200, "application/json", b"{}", headers={HEADER_LENGTH.lower(): length}))
