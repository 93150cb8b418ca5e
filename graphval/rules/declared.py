"""The contract of a calculator that the settings declare, as far as they tell it."""

from __future__ import annotations

from graphval.catalog import Calculator, Port, Ports
from graphval.catalog.contract import server_calculator
from graphval.settings import DeclaredCalculator

ANYTHING = Ports((Port("*", "any", "Any", optional=True), Port("", "any", "Any", optional=True)))
"""A side of which nothing is said."""


def declared_contract(declared: DeclaredCalculator) -> Calculator | None:
    """Tags without packet types; ``None`` where no tags are declared either, so that no rule asks for any."""
    if not declared.has_tags:
        return None
    return server_calculator(declared.name, {})._replace(
        inputs=_ports(declared.inputs),
        outputs=_ports(declared.outputs),
        input_side_packets=_ports(declared.input_side_packets),
        output_side_packets=_ports(declared.output_side_packets),
        options_message=declared.options or None,
    )


def _ports(tags: tuple[str, ...] | None) -> Ports:
    if tags is None:
        return ANYTHING
    return Ports(
        Port(tag.rstrip("?*"), "repeated" if tag.endswith("*") else "single", "Any", optional=tag.endswith("?"))
        for tag in tags
    )
