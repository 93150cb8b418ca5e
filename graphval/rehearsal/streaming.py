"""ModelStreamInfer: one graph for a whole stream of requests.

Source: OVMS ``src/mediapipe_internal/mediapipegraphexecutor.hpp`` (2026.4). What is wrong with a message goes into the
stream and the stream goes on; what is wrong with the graph ends the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.kserve import messages
from graphval.rehearsal import deserialize
from graphval.rehearsal.answers import GRAPH_VERSION, model_version
from graphval.rehearsal.expansion.run import GraphRun
from graphval.rehearsal.graph_definition import GraphDefinition
from graphval.rehearsal.request import create, expect, new_run, start
from graphval.rehearsal.serialize import write_output
from graphval.rehearsal.servables import Servables
from graphval.rehearsal.status import NotExercised, Refused, refuse

_SAME_VERSIONS = ("", "0", GRAPH_VERSION)


def stream_infer(
    requests: Iterator[messages.ModelInferRequest], servables: Servables
) -> Iterator[messages.ModelStreamInferResponse]:
    """Answers to a stream of requests. Raises :class:`Refused` or :class:`NotExercised` as the call's end."""
    first = next(requests, None)
    if first is None:
        raise refuse("MEDIAPIPE_UNINITIALIZED_STREAM_CLOSURE")
    model_version(first.model_version)
    definition = servables.graphs.available(first.model_name)
    counted = servables.metrics.graph_request(definition.name, "KServe", "ModelInferStream", "gRPC")
    with counted, new_run(definition, servables.models, {}) as run:
        create(definition, run)
        start(definition, run, deserialize.side_packets(first))
        yield from _message(definition, run, first, "partial deserialization of first request")
        for request in requests:
            if request.model_name != definition.name:
                yield _error(refuse("MEDIAPIPE_INCORRECT_SERVABLE_NAME"), "validate subsequent requests")
                continue
            if request.model_version not in _SAME_VERSIONS:
                yield _error(refuse("MEDIAPIPE_INCORRECT_SERVABLE_VERSION"), "validate subsequent requests")
                continue
            yield from _message(definition, run, request, "partial deserialization of subsequent requests")
            if run.failed:
                break
        run.close()
        yield from _outputs(definition, run)
        expect(run.finish(), "graph wait until done")


def _message(
    definition: GraphDefinition, run: GraphRun, request: messages.ModelInferRequest, context: str
) -> Iterator[messages.ModelStreamInferResponse]:
    try:
        timestamp = deserialize.timestamp(request)
        deserialize.check_coherency(request)
        for index, tensor in enumerate(request.inputs):
            border = definition.input_named(tensor.name)
            if border is None:
                raise refuse("INVALID_UNEXPECTED_INPUT", f"{tensor.name} is unexpected")
            packet = deserialize.packet_of(border, request, index, run.handles)
            status = run.push(border.name, packet, timestamp)
            if not status.ok:
                raise refuse("MEDIAPIPE_GRAPH_ADD_PACKET_INPUT_STREAM", str(status))
    except Refused as refusal:
        yield _error(refusal, context)
        return
    if definition.blockers:
        node, reason = definition.blockers[0]
        raise NotExercised(f'node "{node}": {reason}')
    run.wait_until_idle()
    yield from _outputs(definition, run)


def _outputs(definition: GraphDefinition, run: GraphRun) -> Iterator[messages.ModelStreamInferResponse]:
    """Everything emitted since the last look, one packet a message, in the order of timestamps."""
    waiting = [
        (timestamp, number, border, packet)
        for number, border in enumerate(definition.outputs)
        for timestamp, packet in run.emitted[border.name]
    ]
    for packets in run.emitted.values():
        packets.clear()
    for timestamp, _, border, packet in sorted(waiting, key=lambda item: item[:2]):
        response = messages.ModelStreamInferResponse()
        response.infer_response.model_name = definition.name
        response.infer_response.model_version = GRAPH_VERSION
        write_output(response.infer_response, border, packet, run.handles)
        response.infer_response.parameters[deserialize.TIMESTAMP_PARAMETER].int64_param = timestamp
        yield response


def _error(refusal: Refused, context: str) -> messages.ModelStreamInferResponse:
    return messages.ModelStreamInferResponse(error_message=f"{refusal.status.text}; {context}")
