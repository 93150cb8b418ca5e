"""Packets between the generative entry and a graph: a request goes in, texts come out.

Source: OVMS ``src/http_frontend/http_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graphval.rehearsal.death import check_failed
from graphval.rehearsal.expansion.run import GraphRun
from graphval.rehearsal.framework import bindings
from graphval.rehearsal.http_payload import HttpPayload
from graphval.rehearsal.packets import HTTP_PAYLOAD, STRING
from graphval.rehearsal.status import NotExercised, refuse

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition

INPUT = "input"
"""The graph input that this front end feeds; its tag does not matter."""


def push(definition: GraphDefinition, run: GraphRun, payload: HttpPayload, timestamp: int) -> None:
    """Give a graph its one packet. Raises :class:`Refused`, or :class:`NotExercised`."""
    status = run.push(INPUT, run.handles.make(HTTP_PAYLOAD, payload), timestamp)
    if not status.ok:
        raise refuse("MEDIAPIPE_GRAPH_ADD_PACKET_INPUT_STREAM", str(status))
    if len(definition.inputs) > 1:
        raise refuse("INVALID_NO_OF_INPUTS", "Not all input packets created")
    if definition.blockers:
        node, reason = definition.blockers[0]
        raise NotExercised(f'node "{node}": {reason}')


def read_string(run: GraphRun, packet: Any) -> bytes:
    """The text in an output packet. Ends the process where the packet holds anything else."""
    stored = run.handles.type_of(packet)
    if stored != STRING:
        check_failed(
            "packet.h", 818, f'Packet::Get() failed: The Packet stores "{stored}", but "std::string" was requested.'
        )
    return bytes(bindings()._packet_getter.get_bytes(packet))


def drain(definition: GraphDefinition, run: GraphRun) -> Iterator[str]:
    """What the graph's outputs hold, in the order of timestamps."""
    waiting = [
        (timestamp, number, packet)
        for number, border in enumerate(definition.outputs)
        for timestamp, packet in run.emitted[border.name]
    ]
    for packets in run.emitted.values():
        packets.clear()
    for _, _, packet in sorted(waiting, key=lambda item: item[:2]):
        yield read_string(run, packet).decode("utf-8", "replace")
