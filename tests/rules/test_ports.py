"""What is looked up of a contract's ports at once is what going through them port by port tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from graphval.catalog import Port, Ports, load
from graphval.catalog.contract import NO_TYPE
from graphval.graph import TagMap
from graphval.graph import ports as one_by_one
from graphval.rules.calculators.ports import missing_ports, plainly_fit, port_of
from tests.rules.judging import context

CATALOG = load()


def in_catalog() -> Iterator[Ports]:
    for name in sorted(CATALOG.registered):
        contract = CATALOG.calculator(name)
        if contract is not None:
            yield from (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)


def port(
    tag: str, indexes: str = "single", at: int | None = None, kind: str = "int", *, optional: bool = False
) -> Port:
    return Port(tag, indexes, kind, optional, min_count=2, position=at)


MADE_UP = (
    Ports(),
    Ports([port("A"), port("A", at=1), port("A", at=1, kind="float")]),
    Ports([port("A", "repeated"), port("A", at=1)]),
    Ports([port("A", at=1), port("A", "any")]),
    Ports([port("A", kind=NO_TYPE), port("A")]),
    Ports([port("*"), port("A"), port("", "any")]),
    Ports([port("*", "any", optional=True), port("A", kind=NO_TYPE, optional=True)]),
    Ports([port(one_by_one.CHANNEL), port("SELECT", optional=True)]),
)
LISTS = (*dict.fromkeys(in_catalog()), *MADE_UP)


def connected(places: Iterable[tuple[str, int]]) -> TagMap:
    entries = (f'input_stream: "{f"{tag}:{index}:" if tag else ""}s_{at}"' for at, (tag, index) in enumerate(places))
    return context(f"node {{ {' '.join(entries)} }}").graph.nodes[0].inputs


def some_of(ports: Ports) -> list[tuple[str, int]]:
    tags = {"", "STRANGE", "C0__A", *(p.tag for p in ports if "<" not in p.tag and p.tag != "*")}
    return [(tag, index) for tag in sorted(tags) for index in range(3)]


def lacks(tag_map: TagMap, port: Port) -> bool:
    if port.optional or port.tag == "*":
        return False
    indexes = [port.position or 0] if port.indexes == "single" else range(max(1, port.min_count))
    return any(tag_map.get(port.tag, index) is None for index in indexes)


@pytest.mark.parametrize("ports", LISTS, ids=lambda ports: " ".join(p.tag or "-" for p in ports) or "none")
def test_looked_up_is_as_gone_through(ports: Ports) -> None:
    entries = connected(some_of(ports))
    going_to = {}
    for connection in entries:
        found = one_by_one.port_of(ports, connection)
        going_to[connection.tag, connection.index] = found if found is not None and found.type != NO_TYPE else None
        assert port_of(ports, connection) is going_to[connection.tag, connection.index]
    needed = [place for place in some_of(ports) if place in ports.required]
    for places in ([], needed, needed[1:], [*needed, ("STRANGE", 0)], list(going_to)):
        tag_map = connected(places)
        lacking = [port for port in ports if lacks(tag_map, port)]
        assert bool(list(missing_ports(ports, tag_map))) == bool(lacking)
        if plainly_fit(ports, tag_map):
            assert not lacking
            assert all(going_to[place] is not None for place in places)


def test_a_sound_node_fits_plainly() -> None:
    contract = CATALOG.calculator("HttpLLMCalculator")
    assert contract is not None
    sound = [("HTTP_REQUEST_PAYLOAD", 0), ("LOOPBACK", 0)]
    assert plainly_fit(contract.inputs, connected(sound))
    assert not plainly_fit(contract.inputs, connected(sound[:1]))
    assert not plainly_fit(contract.inputs, connected([*sound, ("STRANGE", 0)]))
