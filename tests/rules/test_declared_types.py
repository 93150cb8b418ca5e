"""The packet types of every calculator whose contract leaves some of them to the node, as reviewed.

    python -m tests.rules.test_declared_types

writes `declared_types.txt` anew. Each such calculator has a node with all that its contract names, what may be there
more than once twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphval.catalog import Calculator, Port
from graphval.rules.calculators.ports import port_of
from graphval.rules.packet_types import Declared, declared_type

from .judging import context
from .nodes_in_short import CATALOG, node

KEPT = Path(__file__).with_name("declared_types.txt")
_LISTS = {">": "inputs", "<": "outputs", "}": "input_side_packets", "{": "output_side_packets"}
_OPTIONS = {
    "ConstantSidePacketCalculator": ("packet { int_value: 1 } packet { string_value: 'a' }", "packet { }"),
    "SplitTensorVectorCalculator": ("element_only: true", "element_only: true combine_outputs: true"),
}
_LEFT_TO_THE_NODE = ("SameAs(", "from options", "by tag prefix", "same type", " unless ", " with element_only")


def calculators() -> Iterator[Calculator]:
    for name in sorted(CATALOG.calculators):
        contract = CATALOG.calculator(name)
        ports = [port for list_ in _LISTS.values() for port in getattr(contract, list_)] if contract else []
        if contract is not None and any(mark in port.type for port in ports for mark in _LEFT_TO_THE_NODE):
            yield contract


def variants(contract: Calculator) -> Iterator[str]:
    """Nodes with every port, once with each of some options."""
    entries = " ".join(
        entry for kind, list_ in _LISTS.items() for port in getattr(contract, list_) for entry in _entries(kind, port)
    )
    yield entries
    yield from (f"{entries} | {settings}" for settings in _OPTIONS.get(contract.name, ()))


def _entries(kind: str, port: Port) -> list[str]:
    if "<" in port.tag:
        return [f"{kind}C0__A", f"{kind}C1__A"]
    tag = "A" if port.tag == "*" else port.tag
    return [f"{kind}{tag}"] * (1 if port.indexes == "single" else 2)


def told(contract: Calculator, variant: str) -> str:
    """The type of each connection: its kind, names and peers."""
    found = context(node(contract.name, variant)).graph
    [written] = found
    lines = [f"{contract.name} {variant}"]
    for kind, list_ in _LISTS.items():
        for connection in getattr(written, list_):
            port = port_of(getattr(contract, list_), connection)
            shown = "?" if port is None else _shown(declared_type(port, written, contract, connection))
            lines.append(f"  {kind}{connection.tag_index}: {shown}")
    return "\n".join(lines) + "\n"


def _shown(declared: Declared) -> str:
    peers = [f"{kind} {connection.tag_index}" for kind, connection in declared.peers]
    parts = [declared.kind.name.lower(), *sorted(declared.names), *peers, "later" if declared.later else ""]
    return " ".join(filter(None, parts))


def all_told() -> str:
    return "\n".join(told(contract, variant) for contract in calculators() for variant in variants(contract))


def test_the_types_are_as_reviewed() -> None:
    assert all_told() == KEPT.read_text(encoding="utf-8")


if __name__ == "__main__":
    KEPT.write_text(all_told(), encoding="utf-8")
