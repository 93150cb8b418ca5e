"""What a constant side packet holds, where a graph has it from ``ConstantSidePacketCalculator``.

Source: MediaPipe ``mediapipe/calculators/core/constant_side_packet_calculator.cc`` and
``side_packet_to_stream_calculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from graphval.rules.context import GraphContext
from graphval.textproto import BoundField


def constant_side_packet(context: GraphContext, name: str, field: str) -> BoundField | None:
    """The ``field`` (``int_value``, ``bool_value`` …) that a side packet always is; ``None`` where it is anything else."""
    origin = context.wiring.side_producer(name)
    if origin is None or origin.node is None or origin.node.registered_as != "ConstantSidePacketCalculator":
        return None
    options = origin.node.options_of("mediapipe.ConstantSidePacketCalculatorOptions")
    packets = list(options.messages("packet")) if options is not None else []
    index = origin.connection.index
    return packets[index].first(field) if index < len(packets) else None


def constant_stream(context: GraphContext, name: str, field: str) -> BoundField | None:
    """The same of a stream whose packets are all one constant side packet."""
    producer = context.wiring.producer(name)
    if producer is None or producer.node is None or producer.node.registered_as != "SidePacketToStreamCalculator":
        return None
    source = producer.node.input_side_packets.get("", producer.connection.index)
    return constant_side_packet(context, source.name, field) if source is not None else None
