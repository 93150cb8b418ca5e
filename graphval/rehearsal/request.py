"""One unary request to a graph, step by step as OVMS takes it.

Source: OVMS ``src/mediapipe_internal/mediapipegraphexecutor.hpp`` (2026.4): the graph is created and started before the
request's tensors are looked at, and nothing has a time limit.
"""

from __future__ import annotations

from typing import Any

from graphval.kserve import messages
from graphval.rehearsal import deserialize
from graphval.rehearsal.death import hang
from graphval.rehearsal.expansion.run import GraphRun
from graphval.rehearsal.framework import AbslStatus, bindings
from graphval.rehearsal.graph_definition import OWN_SIDE_PACKETS, GraphDefinition
from graphval.rehearsal.journal import journal
from graphval.rehearsal.models import Models
from graphval.rehearsal.nodes.interface import Surroundings
from graphval.rehearsal.packets import Handles
from graphval.rehearsal.serialize import write_output
from graphval.rehearsal.status import NotExercised, refuse


def infer(
    definition: GraphDefinition, request: messages.ModelInferRequest, models: Models
) -> messages.ModelInferResponse:
    """Answer a request. Raises :class:`Refused` as OVMS would, :class:`NotExercised` where nobody can tell here."""
    journal.debug(f"Start unary KServe request mediapipe graph: {definition.name} execution")
    with new_run(definition, models, {}) as run:
        create(definition, run)
        values = deserialize.side_packets(request)
        start(definition, run, values)
        timestamp = push_inputs(definition, run, request)
        if definition.blockers:
            node, reason = definition.blockers[0]
            raise NotExercised(f'node "{node}": {reason}')
        expect(run.wait_until_idle(), "graph wait until idle")
        run.close()
        response = messages.ModelInferResponse(model_name=request.model_name, model_version="1", id=request.id)
        missing = collect(definition, run, response)
        expect(run.finish(), "graph wait until done")
        if missing:
            journal.debug("Mediapipe failed to execute. Failed to receive all output packets")
            raise refuse("MEDIAPIPE_EXECUTION_ERROR", "Unknown error during mediapipe execution")
        journal.debug(f"Received all output stream packets for graph: {definition.name}")
        response.parameters[deserialize.TIMESTAMP_PARAMETER].int64_param = timestamp
        return response


def new_run(definition: GraphDefinition, models: Models, side: dict[str, Any]) -> GraphRun:
    """A run of the graph, not yet created: with the side packets of the request and those that OVMS makes itself."""
    assert definition.plan is not None
    own = {name: definition.resources.get(name, {}) for name in OWN_SIDE_PACKETS}
    return GraphRun(definition.plan, Surroundings(definition.name, Handles(), {**side, **own}, models))


def create(definition: GraphDefinition, run: GraphRun) -> None:
    """``Initialize`` and the output pollers."""
    status = run.initialize()
    if not status.ok:
        journal.debug(f"failed initialization of MediaPipe graph: {definition.name} {status}")
        raise refuse("MEDIAPIPE_GRAPH_INITIALIZATION_ERROR", str(status))
    for border in definition.outputs:
        status = run.observe(border.name)
        if not status.ok:
            raise refuse("MEDIAPIPE_GRAPH_ADD_OUTPUT_STREAM_ERROR", str(status))


def start(definition: GraphDefinition, run: GraphRun, values: dict[str, Any]) -> None:
    """``StartRun`` with the side packets of the request; OVMS's own overwrite those of the same name."""
    run.add_side_packets({name: value for name, value in values.items() if name not in OWN_SIDE_PACKETS})
    status = run.start(real_side_packets(values))
    if not status.ok:
        journal.debug(f"start MediaPipe graph: {definition.name} {status}")
        raise refuse("MEDIAPIPE_GRAPH_START_ERROR", str(status))


def real_side_packets(values: dict[str, Any]) -> dict[str, Any]:
    """Packets of the framework for side packet values; OVMS's own are opaque to every standard calculator."""
    create_packet = bindings()._packet_creator
    made = {name: create_packet.create_packet_vector([]) for name in OWN_SIDE_PACKETS}
    for name, value in values.items():
        if name in made:
            continue
        match value:
            case bool():
                made[name] = create_packet.create_bool(value)
            case int():
                made[name] = create_packet.create_int64(value)
            case _:
                made[name] = create_packet.create_string(value)
    return made


def push_inputs(definition: GraphDefinition, run: GraphRun, request: messages.ModelInferRequest) -> int:
    """Deserialise and push input by input, in the request's order; the timestamp used."""
    timestamp = deserialize.timestamp(request)
    deserialize.check_coherency(request)
    pushed = 0
    for index, tensor in enumerate(request.inputs):
        border = definition.input_named(tensor.name)
        if border is None:
            journal.debug(
                f"[servable name: {request.model_name} version: {request.model_version}] "
                f"Unexpected input name: {tensor.name} is unexpected"
            )
            raise refuse("INVALID_UNEXPECTED_INPUT", f"{tensor.name} is unexpected")
        packet = deserialize.packet_of(border, request, index, run.handles)
        status = run.push(border.name, packet, timestamp)
        if not status.ok:
            journal.debug(f"failed to add packet to stream: {border.name} {status}")
            raise refuse("MEDIAPIPE_GRAPH_ADD_PACKET_INPUT_STREAM", str(status))
        pushed += 1
    if pushed < len(definition.inputs):
        journal.debug(
            f"Not all input packets created. Expected: {len(definition.inputs)}, Actual: {pushed}. "
            f"Aborting execution of mediapipe graph: {definition.name}"
        )
        raise refuse("INVALID_NO_OF_INPUTS", "Not all input packets created")
    return timestamp


def expect(status: AbslStatus, step: str) -> None:
    """Refuse the request if a wait ended with an error."""
    if status.ok:
        return
    journal.debug(f"{step} {status}")
    name = "MEDIAPIPE_PRECONDITION_FAILED" if status.code == "FAILED_PRECONDITION" else "MEDIAPIPE_EXECUTION_ERROR"
    raise refuse(name, str(status))


def collect(definition: GraphDefinition, run: GraphRun, response: messages.ModelInferResponse) -> bool:
    """The first packet of each output into the response; whether any output stayed empty.

    An output that is neither over nor holds a packet is waited for, without end.
    """
    missing = False
    for border in definition.outputs:
        journal.debug(f"Will wait for output stream: {border.name} packet")
        packets = run.emitted[border.name]
        if not packets:
            if not run.is_over(border.name):
                hang()
            missing = True
            continue
        journal.debug(f"Received packet from output stream: {border.name}")
        write_output(response, border, packets[0][1], run.handles)
    return missing
