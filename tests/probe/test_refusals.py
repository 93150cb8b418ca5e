"""Broken requests: each is wrong in one way only, and said to be OVMS's to refuse only where OVMS does."""

from __future__ import annotations

import pytest

from graphval.kserve import messages
from graphval.probe.http import HttpRequest
from graphval.probe.refusals import Broken, refusal_requests
from graphval.probe.streams import StreamRequest
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, values
from graphval.rehearsal.deserialize import check_coherency, packet_of
from graphval.rehearsal.packets import Handles
from graphval.rehearsal.status import Refused
from graphval.rehearsal.stream_types import Border, PacketType

PREFIXES = {"OVTENSOR": PacketType.OVTENSOR, "TENSOR": PacketType.TENSOR, "TFTENSOR": PacketType.TFTENSOR,
            "IMAGE": PacketType.IMAGE, "OVMS_PY_TENSOR": PacketType.OVMS_PY_TENSOR,
            "REQUEST": PacketType.REQUEST}  # fmt: skip


def valid(datatype: str = "FP32", shape: tuple[int, ...] = (4, 5, 3)) -> messages.ModelInferRequest:
    tensors = [Tensor(name, datatype, shape, values(datatype, shape, 1, name)) for name in ("a", "b")]
    return request_of("g", tensors)


def broken(datatype: str = "FP32", prefix: str = "OVTENSOR", **more: tuple[int, ...]) -> list[Broken]:
    return list(refusal_requests(valid(datatype, **more), {"a": prefix, "b": prefix}))


def test_each_kind_of_mistake_is_there() -> None:
    notes = [one.note for one in broken()]
    assert notes == [
        'without the input "b"',
        'with "b" under another name',
        'with a byte too few in "a"',
        'with a shape far beyond the values of "a"',
        'with INT32 instead of FP32 in "a"',
        'with an unknown datatype for "a"',
        "to another graph, within a stream",
        "with its JSON cut off",
    ]
    assert [type(one.request) for one in broken()][-2:] == [StreamRequest, HttpRequest]


def test_the_valid_request_stays_as_it_is() -> None:
    request, before = valid(), valid()
    for one in refusal_requests(request, {}):
        assert one.request != before
    assert request == before


@pytest.mark.parametrize(
    ("prefix", "datatype"),
    [(prefix, "UINT8") for prefix in sorted(PREFIXES)]
    + [(prefix, datatype) for prefix in ("OVTENSOR", "TFTENSOR", "OVMS_PY_TENSOR") for datatype in ("FP32", "BOOL")],
)
def test_what_is_certain_is_refused_before_a_packet_is_made(prefix: str, datatype: str) -> None:
    """Held against the rehearsal's own reading of requests, which follows OVMS's checks."""
    border = {name: Border(name, name, PREFIXES[prefix]) for name in "ab"}
    for one in broken(datatype, prefix):
        request = one.request
        if not isinstance(request, messages.ModelInferRequest) or not one.certain:
            continue
        refused = any(tensor.name not in border for tensor in request.inputs)
        try:
            check_coherency(request)
            for index, tensor in enumerate(request.inputs):
                if tensor.name in border:
                    packet_of(border[tensor.name], request, index, Handles())
        except Refused:
            refused = True
        assert refused, one.note


@pytest.mark.parametrize(
    ("prefix", "certain"),
    [
        ("OVTENSOR", {"unknown": True, "instead": False, "byte": True}),
        ("TENSOR", {"unknown": True, "instead": True, "byte": True}),
        ("IMAGE", {"unknown": True, "instead": True, "byte": True}),
        ("OVMS_PY_TENSOR", {"unknown": False, "instead": False, "byte": True}),
        ("REQUEST", {}),
    ],
)
def test_what_a_node_may_take_is_not_certain(prefix: str, certain: dict[str, bool]) -> None:
    found = {
        word: one.certain
        for one in broken("UINT8", prefix)
        for word in ("unknown", "instead", "byte")
        if word in one.note
    }
    assert found == certain


def test_an_input_may_be_missing_where_a_server_was_told_so() -> None:
    assert not broken()[0].certain


@pytest.mark.parametrize("datatype", sorted(ELEMENT_BYTES))
def test_another_datatype_has_the_same_size(datatype: str) -> None:
    [other] = [one.request for one in broken(datatype) if "instead" in one.note]
    assert isinstance(other, messages.ModelInferRequest)
    assert other.inputs[0].datatype != datatype
    assert ELEMENT_BYTES[other.inputs[0].datatype] == ELEMENT_BYTES[datatype]


def test_no_tensor_is_asked_for_that_the_server_would_make_room_for_first() -> None:
    [beyond] = [one.request for one in broken("UINT8", "TENSOR") if "far beyond" in one.note]
    assert isinstance(beyond, messages.ModelInferRequest)
    assert list(beyond.inputs[0].shape) == [8, 5, 3]


@pytest.mark.parametrize(
    ("tensors", "count"),
    [([], 0), ([Tensor("a", "UINT8", (0,), b"")], 6), ([Tensor("a", "BYTES", (1,), b"\1\0\0\0x")], 5)],
)
def test_small_requests_are_broken_where_they_can_be(tensors: list[Tensor], count: int) -> None:
    assert len(list(refusal_requests(request_of("g", tensors), {}))) == count


def test_a_request_without_raw_contents_is_left_alone() -> None:
    request = messages.ModelInferRequest(model_name="g")
    request.inputs.add(name="a", datatype="FP32", shape=(1,))
    assert list(refusal_requests(request, {})) == []
