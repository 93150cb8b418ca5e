"""Streams of requests: what each message holds, and which of them the rehearsal's server takes."""

from __future__ import annotations

import pytest

from graphval.kserve import messages
from graphval.probe.samples import set_parameter
from graphval.probe.streams import TIMESTAMP, further_streams, misdirected, repeated
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import Tensor


def valid(inputs: int = 2, **parameters: object) -> messages.ModelInferRequest:
    request = request_of("g", [Tensor(f"t{n}", "UINT8", (1,), bytes([n])) for n in range(inputs)])
    for name, value in {"open": True, **parameters}.items():
        set_parameter(request, name, value)
    return request


def parameters(message: messages.ModelInferRequest) -> dict[str, object]:
    return {name: getattr(value, value.WhichOneof("parameter_choice")) for name, value in message.parameters.items()}


def test_side_packets_are_the_first_messages_to_give() -> None:
    request = valid()
    stream = repeated(request)
    assert [parameters(message) for message in stream.messages] == [{"open": True}, {}]
    assert stream.messages[0] == request
    assert all(message.raw_input_contents == request.raw_input_contents for message in stream.messages)


def test_a_sample_that_says_when_it_is_goes_on_in_time() -> None:
    first, second = repeated(valid(**{TIMESTAMP: 5})).messages
    assert parameters(first)[TIMESTAMP] == 5
    assert parameters(second) == {TIMESTAMP: 1005}


def test_timestamps_of_its_own_grow_and_come_with_every_message() -> None:
    streams = dict(further_streams(valid()))
    stamps = [parameters(message)[TIMESTAMP] for message in streams["with timestamps of its own"].messages]
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 2


def test_inputs_one_by_one_are_together_the_request() -> None:
    request = valid(3)
    stream = dict(further_streams(request))["inputs one by one"]
    assert [[tensor.name for tensor in message.inputs] for message in stream.messages] == [["t0"], ["t1"], ["t2"]]
    assert [raw for message in stream.messages for raw in message.raw_input_contents] == list(
        request.raw_input_contents
    )
    assert {parameters(message)[TIMESTAMP] for message in stream.messages} == {1000}
    assert ["open" in parameters(message) for message in stream.messages] == [True, False, False]


def test_one_input_has_no_parts() -> None:
    assert [note for note, _ in further_streams(valid(1))] == ["with timestamps of its own"]


@pytest.mark.parametrize("name", ["g", "graphval_another_graph"])
def test_a_misdirected_message_stands_between_two_valid_ones(name: str) -> None:
    request = valid()
    request.model_name = name
    first, other, last = misdirected(request).messages
    assert first.model_name == last.model_name == name
    assert other.model_name != name
    assert first.raw_input_contents == last.raw_input_contents
