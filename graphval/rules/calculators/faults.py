"""The faults of a node at one moment, from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from graphval.catalog import Catalog
from graphval.graph import Node, graph_schema
from graphval.rules.calculators.checks import Check, Fault, Moment, Options
from graphval.rules.calculators.connections import fits
from graphval.rules.calculators.table_images import TABLE as IMAGES
from graphval.rules.calculators.table_landmarks import TABLE as LANDMARKS
from graphval.rules.calculators.table_openvino import TABLE as OPENVINO
from graphval.rules.calculators.table_streams import TABLE as STREAMS
from graphval.rules.calculators.table_tensors import TABLE as TENSORS
from graphval.rules.calculators.table_vectors import TABLE as VECTORS
from graphval.rules.context import GraphContext, once
from graphval.textproto import Reading

_TABLES = (STREAMS, VECTORS, IMAGES, LANDMARKS, TENSORS, OPENVINO)


@cache
def checks_of(calculator: str) -> Mapping[Moment, tuple[Check, ...]]:
    """The checks a calculator makes, by the moment; only moments at which it makes any."""
    checks: dict[Moment, tuple[Check, ...]] = {}
    for table in _TABLES:
        for moment, more in table.get(calculator, {}).items():
            checks[moment] = (*checks.get(moment, ()), *more)
    return checks


def checking(moment: Moment) -> frozenset[str]:
    """The calculators that check something at that moment."""
    return frozenset([name for table in _TABLES for name, checks in table.items() if moment in checks])


def faults(node: Node, context: GraphContext, moment: Moment) -> Iterator[Fault]:
    """What the calculator of ``node`` would complain of at ``moment``."""
    asked = _asked(node, context)
    checks = asked.checks.get(moment) if asked is not None else None
    if asked is None or not checks:
        return
    options = asked.options
    for check in checks:
        for fault in check(node, options):
            # What a wrong tag entails is not said again; what is wrong with the options is.
            if moment is not Moment.CONTRACT or fits(node, context) or options.holds(fault.place):
                yield fault


class _Asked(NamedTuple):
    """What a calculator checks of a node, with the options it sees."""

    checks: Mapping[Moment, tuple[Check, ...]]
    options: Options


@once
def _asked(node: Node, context: GraphContext) -> _Asked | None:
    """``None`` where the calculator checks nothing, or is not even asked: that it is only when its tags could be read."""
    checks = checks_of(node.registered_as)
    contract = context.contract(node) if checks and context.registered_name(node) is not None else None
    if contract is None or not node.sound:
        return None
    message_type = contract.options_message
    return _Asked(checks, Options(node, message_type, lambda: _defaults(context.catalog, message_type)))


def _defaults(catalog: Catalog, message_type: str | None) -> Reading:
    descriptor = catalog.message(message_type or "google.protobuf.Any") or catalog.graph_config
    return Reading(graph_schema(catalog).message(descriptor))
