"""The faults of a node at one moment, from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from graphval.graph import Node
from graphval.rules.calculators.checks import Check, Fault, Moment, Options
from graphval.rules.calculators.ports import fits
from graphval.rules.calculators.table_images import TABLE as IMAGES
from graphval.rules.calculators.table_landmarks import TABLE as LANDMARKS
from graphval.rules.calculators.table_openvino import TABLE as OPENVINO
from graphval.rules.calculators.table_streams import TABLE as STREAMS
from graphval.rules.calculators.table_tensors import TABLE as TENSORS
from graphval.rules.calculators.table_vectors import TABLE as VECTORS
from graphval.rules.context import GraphContext

_TABLES = (STREAMS, VECTORS, IMAGES, LANDMARKS, TENSORS, OPENVINO)


@cache
def checks_of(calculator: str) -> Mapping[Moment, tuple[Check, ...]]:
    """The checks a calculator makes, by the moment; only moments at which it makes any."""
    checks: dict[Moment, tuple[Check, ...]] = {}
    for table in _TABLES:
        for moment, more in table.get(calculator, {}).items():
            checks[moment] = (*checks.get(moment, ()), *more)
    return checks


def faults(node: Node, context: GraphContext, moment: Moment) -> Iterator[Fault]:
    """What the calculator of ``node`` would complain of at ``moment``."""
    made = checks_of(node.calculator.removeprefix("."))
    checks = made.get(moment) if made and context.registered_name(node) is not None else None
    if not checks:
        return
    contract = context.contract(node)
    maps = node.inputs, node.outputs, node.input_side_packets, node.output_side_packets
    if contract is None or not all(tag_map.sound for tag_map in maps):
        # A calculator is asked only when its tags could be read.
        return
    options = _options(node, context, contract.options_message)
    misconnected = moment is Moment.CONTRACT and not fits(node, contract)
    for check in checks:
        for fault in check(node, options):
            # What a wrong tag entails is not said again; what is wrong with the options is.
            if not misconnected or options.holds(fault.place):
                yield fault


def _options(node: Node, context: GraphContext, message_type: str | None) -> Options:
    """The options the calculator reads, or the defaults of its options message."""
    from google.protobuf.message_factory import GetMessageClass

    bound = node.options_of(message_type) if message_type is not None else None
    if bound is not None:
        return Options(node, bound, bound.message)
    descriptor = context.catalog.message(message_type or "google.protobuf.Any")
    if descriptor is None:
        descriptor = context.catalog.graph_config
    return Options(node, None, GetMessageClass(descriptor)())
