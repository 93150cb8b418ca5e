"""Streams of requests, made from a valid one: each is one call of ``ModelStreamInfer``.

One graph lives as long as the stream; side packets are read from the first message; a message may hold some of the
inputs only; a message that is wrong is answered within the stream, which goes on. Source: OVMS
``src/mediapipe_internal/mediapipegraphexecutor.hpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphval.kserve import messages

TIMESTAMP = "OVMS_MP_TIMESTAMP"
"""The request parameter that is no side packet but the packets' timestamp, in microseconds."""

_FIRST, _STEP = 1_000, 1_000
_OTHER = "graphval_another_graph"


@dataclass(frozen=True, slots=True, eq=False)
class StreamRequest:
    """Messages that go on one stream, in this order."""

    messages: tuple[messages.ModelInferRequest, ...]


def repeated(valid: messages.ModelInferRequest) -> StreamRequest:
    """The request twice; the second without the side packets, which are the first's to give."""
    return StreamRequest((valid, _next(valid)))


def further_streams(valid: messages.ModelInferRequest) -> Iterator[tuple[str, StreamRequest]]:
    """Other ways to send valid requests on a stream, each with a word on what it is.

    Not for a graph from a pool: its timestamps must grow for as long as it lives, so that those of a client's own would
    be too early, or make the next request's too early.
    """
    yield "with timestamps of its own", StreamRequest((_at(valid, _FIRST), _at(_bare(valid), _FIRST + _STEP)))
    if len(valid.inputs) > 1 and len(valid.raw_input_contents) == len(valid.inputs):
        yield "inputs one by one", StreamRequest(tuple(_one_by_one(valid)))


def misdirected(valid: messages.ModelInferRequest) -> StreamRequest:
    """A stream with a message to another graph between two valid ones; that message must be refused, and it alone."""
    other = _next(valid)
    other.model_name = _OTHER if valid.model_name != _OTHER else f"{_OTHER}_"
    return StreamRequest((valid, other, _next(valid)))


def _one_by_one(valid: messages.ModelInferRequest) -> Iterator[messages.ModelInferRequest]:
    """A message for each input, all of one timestamp."""
    for position, (tensor, raw) in enumerate(zip(valid.inputs, valid.raw_input_contents, strict=True)):
        message = messages.ModelInferRequest(model_name=valid.model_name)
        message.inputs.add().CopyFrom(tensor)
        message.raw_input_contents.append(raw)
        if position == 0:
            for name in valid.parameters:
                message.parameters[name].CopyFrom(valid.parameters[name])
        yield _at(message, _FIRST)


def _next(request: messages.ModelInferRequest) -> messages.ModelInferRequest:
    """The request as a later message: without side packets, and later where it says when it is."""
    copied = _bare(request)
    if TIMESTAMP in copied.parameters:
        copied.parameters[TIMESTAMP].int64_param += _STEP
    return copied


def _bare(request: messages.ModelInferRequest) -> messages.ModelInferRequest:
    """A copy without side packets."""
    copied = _copy(request)
    for name in list(copied.parameters):
        if name != TIMESTAMP:
            del copied.parameters[name]
    return copied


def _at(request: messages.ModelInferRequest, timestamp: int) -> messages.ModelInferRequest:
    copied = _copy(request)
    copied.parameters[TIMESTAMP].int64_param = timestamp
    return copied


def _copy(request: messages.ModelInferRequest) -> messages.ModelInferRequest:
    copied = messages.ModelInferRequest()
    copied.CopyFrom(request)
    return copied
