"""Requests that a server must refuse, made from a valid one: what they show is that it lives and serves on.

Facts: ``ovms-graph-lifecycle.md`` 4.1 and 4.4 (OVMS 2026.4): names, counts, shapes and sizes are looked at before a
packet is made. None of these requests reaches a node as a packet of a type that the graph did not declare.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.kserve import messages

_HUGE = 1 << 30


def refusal_requests(valid: messages.ModelInferRequest) -> Iterator[tuple[str, messages.ModelInferRequest]]:
    """Broken variants of a request that has raw contents, each with a word on what is wrong with it."""
    if not valid.inputs or len(valid.raw_input_contents) != len(valid.inputs):
        return
    request = _copy(valid)
    del request.inputs[-1]
    del request.raw_input_contents[-1]
    yield f'without the input "{valid.inputs[-1].name}"', request

    if valid.raw_input_contents[0] and valid.inputs[0].datatype != "BYTES":
        request = _copy(valid)
        request.raw_input_contents[0] = valid.raw_input_contents[0][:-1]
        yield f'with a byte too few in "{valid.inputs[0].name}"', request

        request = _copy(valid)
        request.inputs[0].shape[:] = [_HUGE, *valid.inputs[0].shape]
        yield f'with a shape far beyond the values of "{valid.inputs[0].name}"', request

    request = _copy(valid)
    request.inputs[0].datatype = "NO_TYPE"
    yield f'with an unknown datatype for "{valid.inputs[0].name}"', request


def _copy(request: messages.ModelInferRequest) -> messages.ModelInferRequest:
    copied = messages.ModelInferRequest()
    copied.CopyFrom(request)
    return copied
