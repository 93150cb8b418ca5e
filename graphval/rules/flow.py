"""How packet types travel through a graph.

Two questions are answered. *Do the types agree?* That is what MediaPipe asks at load: types are unified along streams
and side packets through the contracts. *What is really in a packet?* That is what OVMS never
asks, and dies of: the type that the producing node emits, followed through nodes that hand packets on.

Source: MediaPipe `framework/validated_graph_config.cc` and `framework/packet_type.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graphval.catalog import Calculator, Ports
from graphval.graph import CHOOSING, Connection, Endpoint, Graph, Node, TagMap, Wiring, is_container
from graphval.rules.calculators.ports import port_of
from graphval.rules.containers import Handed, handed_on, same_entry, switched_from_nothing
from graphval.rules.contracts import Contracts
from graphval.rules.graph_border import Border
from graphval.rules.packet_types import Declared, Kind, Peer, declared_type

UNTYPED = "of no type"
_NO_PORTS = Ports()


class Mismatch(NamedTuple):
    """A reader that takes other packets than its writer makes. ``side``: it is about a side packet. ``held``: the node
    inside a container that reads or writes, where the container's own connection stands for it."""

    side: bool
    producer: Endpoint
    consumer: Endpoint
    produced: str
    wanted: str
    held: Node | None = None


class Wanted(NamedTuple):
    """What a reader takes: the acceptable types."""

    types: frozenset[str]
    endpoint: Endpoint

    @property
    def text(self) -> str:
        """How messages say it."""
        return _spoken(self.types)


class Needed(NamedTuple):
    """A side packet that must be there; ``names`` is ``None`` where any type will do."""

    names: frozenset[str] | None

    @property
    def text(self) -> str:
        """How messages say the types, where there are any."""
        return _spoken(self.names) if self.names else ""


class PacketFlow:
    """Packet types of one graph. Built once per graph, on demand."""

    def __init__(
        self,
        graph: Graph,
        wiring: Wiring,
        border: Border,
        contracts: Contracts,
        contained: Iterable[tuple[Node, Node]] = (),
    ) -> None:
        """``contained``: nodes inside others, each after the container that it is directly in."""
        self._wiring = wiring
        self._border = border
        self._contracts = contracts
        self._tied_to: dict[Connection, Connection] = {}
        """Union-find: connections that have one type, each but the first of them tied to another."""
        self._domain: dict[Connection, frozenset[str]] = {}
        """The types that are possible, of those that are tied to no other; none where any is."""
        self._said: dict[Connection, Declared] = {}
        """What contracts say of the connections by themselves."""
        self._unknown: set[Connection] = set()
        self._peers: list[tuple[Connection, bool, tuple[Peer, ...]]] = []
        """Connections that have the type of others of their node, and whether they are side packets."""
        self._emitted: dict[str, str | None] = {}
        self._held: dict[int, list[Node]] = {}
        """The nodes directly inside a container, by its position."""
        self._handed: list[Handed] = []
        self.mismatches: list[Mismatch] = []
        for node in graph.nodes:
            self._declare(node)
        for container, inner in contained:
            self._declare(inner)
            self._held.setdefault(container.position, []).append(inner)
            self._handed += handed_on(container, inner)
        for side in (False, True):
            self._unify(side=side)

    # -- the two questions -------------------------------------------------------------------------------------------

    def emitted(self, stream: str) -> str | None:
        """The type really found in the packets of a stream, or ``None`` where the contracts do not tell."""
        if stream in self._emitted:
            return self._emitted[stream]
        own = self._own_type(stream)
        if isinstance(own, str):
            self._emitted[stream] = own
            return own
        pending, seen = [stream], dict[str, None]()
        line: list[str] = []  # streams that have only one way to their answer
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen[name] = None
            if not pending:
                line.append(name)
            found = self._emitted[name] or () if name in self._emitted else self._own_type(name)
            if isinstance(found, str):
                self._emitted.update(dict.fromkeys((stream, *line), found))
                return found
            pending.extend(reversed(found))  # the first peer that tells counts
        self._emitted.update(seen)
        return None

    def wanted_of_input(self, stream: str) -> Wanted | None:
        """What the readers of a graph input take: the first one whose own contract names types, else the first one
        that hands the packets on to such a reader."""
        passing_on: Wanted | None = None
        for endpoint in self._wiring.consumers.get(stream, ()):
            if endpoint.node is None:
                continue
            domain = self._solved(endpoint.connection)
            if not domain:
                continue
            wanted = Wanted(domain, endpoint)
            if self._said[endpoint.connection].kind is Kind.TYPES:
                return wanted
            passing_on = passing_on or wanted
        return passing_on

    def side_packet_needed(self, node: Node, connection: Connection) -> Needed | None:
        """What a node must be given as this side packet; ``None`` where it starts without or nothing is known."""
        contract = self._contracts.of(node)
        if contract is None:
            return None
        if is_container(node):  # all but what chooses is connected to a SwitchDemuxCalculator, which wants it
            return Needed(self._solved(connection)) if connection.tag not in CHOOSING else None
        if contract.kind == "subgraph":
            return None
        port = port_of(contract.input_side_packets, connection)
        if port is None or port.may_be_empty:
            return None
        return Needed(self._solved(connection))

    def taken(self, connection: Connection) -> frozenset[str]:
        """The types that the contract of its own node names for an input, which MediaPipe holds each packet against;
        none where it names none."""
        declared = self._said.get(connection)
        return (
            declared.names
            if declared is not None and declared.kind is Kind.TYPES and not declared.later
            else frozenset()
        )

    def never_typed(self, node: Node, connection: Connection) -> bool:
        """Whether the contract of ``node`` gives no type to one of its output side packets."""
        contract = self._contracts.of(node)
        if contract is None:
            return False
        ports = contract.output_side_packets
        return self._declared(node, contract, "outside", ports, connection).kind is Kind.NOTHING

    # -- types as contracts declare them -----------------------------------------------------------------------------

    def _declare(self, node: Node) -> None:
        contract = self._contracts.of(node)
        for kind, ports, entries in _lists(node, contract):
            if not entries:
                continue
            if contract is None or not entries.sound:
                self._unknown.update(entries)
                continue
            for connection in entries:
                declared = self._said[connection] = self._declared(node, contract, kind, ports, connection)
                what = declared.kind
                if what is Kind.TYPES or what is Kind.NOTHING:
                    self._domain[connection] = declared.names
                    if declared.later:
                        self._unknown.add(connection)
                elif what is Kind.UNKNOWN:
                    self._unknown.add(connection)
                elif declared.peers:  # tied to each other when all ports are known
                    self._peers.append((connection, kind in ("side", "outside"), declared.peers))

    def _declared(self, node: Node, contract: Calculator, kind: str, ports: Ports, connection: Connection) -> Declared:
        port = port_of(ports, connection)
        if port is None:
            # An output side packet nobody typed matches nothing; other lists are refused before types matter.
            return Declared(Kind.NOTHING if kind == "outside" else Kind.UNKNOWN)
        declared = declared_type(port, node, contract, connection)
        if kind == "outside" and declared.kind is Kind.ANY and switched_from_nothing(node, port, connection):
            return Declared(Kind.NOTHING)
        return declared

    def _unify(self, *, side: bool) -> None:
        self._tie_peers(side=side)
        wiring = self._wiring
        consumers = wiring.side_consumers if side else wiring.consumers
        producers = wiring.side_producers if side else wiring.producers
        if not producers and not self._handed:
            return  # there is nothing that could disagree
        connected = self._connected(producers, consumers)
        handed = [one for one in self._handed if one.side == side and self._unknown.isdisjoint((one.written, one.read))]
        for producer, consumer in connected:
            self._join(producer.connection, consumer.connection)
        for one in handed:
            self._join(one.written, one.read)
        for producer, consumer in connected:
            apart = self._apart(producer.connection, consumer.connection, side=side)
            if apart is not None:
                self.mismatches.append(Mismatch(side, producer, consumer, *apart))
        told: set[Connection] = set()
        for one in handed:
            apart = self._apart(one.written, one.read, side=side)
            border = one.border
            if apart is not None and border not in told:  # once for all nodes inside
                told.add(border)
                producer = next(iter(producers.get(border.name, ())), Endpoint(one.container, border))
                self.mismatches.append(Mismatch(side, producer, Endpoint(one.container, border), *apart, one.inner))

    def _connected(
        self, producers: Mapping[str, Sequence[Endpoint]], consumers: Mapping[str, Sequence[Endpoint]]
    ) -> list[tuple[Endpoint, Endpoint]]:
        """What writes and what reads the same packets, where the two have to agree on a type. A graph input has none of
        its own, so that only several readers of it have to agree; a graph output takes any."""
        found = []
        for name, readers in consumers.items():
            if name not in producers:
                continue
            producer = producers[name][0]
            if len(readers) == 1 and (producer.node is None or readers[0].node is None):
                continue
            if producer.connection not in self._unknown:
                known = [one for one in readers if one.node is not None and one.connection not in self._unknown]
                found += [(producer, consumer) for consumer in known]
        return found

    def _apart(self, written: Connection, read: Connection, *, side: bool) -> tuple[str, str] | None:
        """What is made and what is taken, where the two have nothing in common; what they have is all that is left."""
        written, read = self._root(written), self._root(read)
        if written is read:
            return None
        made, taken = self._domain[written], self._domain[read]
        common = made & taken
        if common or (not made and not taken):
            self._domain[written] = self._domain[read] = common
            return None
        return UNTYPED if side and not made else _spoken(made), _spoken(taken)

    def _tie_peers(self, *, side: bool) -> None:
        for connection, of_side, peers in self._peers:
            if of_side == side:
                for _, peer in peers:
                    if peer not in self._unknown:
                        self._tie(connection, peer)

    def _root(self, connection: Connection) -> Connection:
        tied_to = self._tied_to
        while (other := tied_to.get(connection)) is not None:
            further = tied_to.get(other)
            if further is None:
                return other
            tied_to[connection] = connection = further
        return connection

    def _solved(self, connection: Connection) -> frozenset[str] | None:
        return self._domain.get(self._root(connection))

    def _join(self, written: Connection, read: Connection) -> None:
        """Tie two connections where one of them takes or becomes what the other is."""
        if self._solved(written) is None or self._solved(read) is None:
            self._tie(written, read)

    def _tie(self, one: Connection, other: Connection) -> None:
        first, second = self._root(one), self._root(other)
        if first is second:
            return
        ours, theirs = self._domain.get(first), self._domain.get(second)
        self._tied_to[second] = first
        if theirs is not None:
            self._domain[first] = theirs if ours is None else ours & theirs or ours

    # -- what is really in a packet ----------------------------------------------------------------------------------

    def _own_type(self, stream: str) -> str | tuple[str, ...]:
        """The type that the producer of a stream gives to its packets, or the streams whose packets it may hand on."""
        producer = self._wiring.producer(stream)
        if producer is None:
            return ()
        if producer.node is None:
            border = self._border
            return () if border.refused(producer.connection) else border.input_types(producer.connection)[0]
        held = self._held.get(producer.node.position)
        if held is not None:  # whichever is chosen
            answers = {
                self._given(output) for inner in held if (output := same_entry(inner.outputs, producer.connection))
            }
            return answers.pop() if len(answers) == 1 else ()
        return self._given(producer.connection)

    def _given(self, output: Connection) -> str | tuple[str, ...]:
        """See :meth:`_own_type`."""
        declared = self._said.get(output)
        if declared is None:
            return ()
        if declared.kind is Kind.TYPES and len(declared.names) == 1:
            return next(iter(declared.names))
        if declared.kind is Kind.SAME:
            return tuple(peer.name for kind, peer in declared.peers if kind == "in")
        return ()


def _lists(node: Node, contract: Calculator | None) -> tuple[tuple[str, Ports, TagMap], ...]:
    return (
        ("in", contract.inputs if contract is not None else _NO_PORTS, node.inputs),
        ("out", contract.outputs if contract is not None else _NO_PORTS, node.outputs),
        ("side", contract.input_side_packets if contract is not None else _NO_PORTS, node.input_side_packets),
        ("outside", contract.output_side_packets if contract is not None else _NO_PORTS, node.output_side_packets),
    )


def _spoken(types: frozenset[str]) -> str:
    """How messages say a set of types."""
    return " or ".join(sorted(types)) if types else "no packets"
