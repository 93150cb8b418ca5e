"""The checks that calculators make themselves, as small composable functions.

A port is written ``in:TAG``, ``out:TAG``, ``side:TAG`` (input side packet) or ``outside:TAG`` (output side packet); an
empty tag means the untagged entries. A check looks at one node and its options and yields a :class:`Fault` for each
mistake. What a check means for OVMS (when, and whether it refuses or dies) is said by the :class:`Moment` under which
it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any, NamedTuple, TypeAlias

from graphval.graph import Connection, Node, TagMap
from graphval.kept_property import kept_property
from graphval.textproto import BoundMessage, Place, Reading


class Moment(Enum):
    """When a calculator makes a check, and what then happens to the server."""

    CONTRACT = auto()  # GetContract: the graph is refused at load
    CONTRACT_ABORT = auto()  # GetContract: the process ends at load
    OPEN = auto()  # Open: every request fails
    OPEN_ABORT = auto()  # Open: the first request ends the process
    PROCESS = auto()  # Process: every request fails
    PROCESS_ABORT = auto()  # Process: the first packet ends the process


class Fault(NamedTuple):
    message: str
    place: Place
    help: str = ""


class Options:
    """The options a calculator would read: those written of its ``message_type``, or the ``defaults`` of that type. They
    are looked for when a check first asks; many checks never do."""

    def __init__(self, node: Node, message_type: str | None, defaults: Callable[[], Reading]) -> None:
        self._node = node
        self._message_type = message_type
        self._defaults = defaults

    @kept_property
    def bound(self) -> BoundMessage | None:
        """What is written."""
        return self._node.options_of(self._message_type) if self._message_type is not None else None

    @kept_property
    def _reading(self) -> Reading:
        return self.bound.reading if self.bound is not None else self._defaults()

    def __getitem__(self, name: str) -> Any:
        """The value of a field, its default where it is not set."""
        return self._reading[name]

    def has(self, name: str) -> bool:
        """Whether a field with presence is set, or a repeated one is not empty."""
        return self._reading.has(name)

    def place(self, name: str) -> Place:
        """Where a field is written; else the options; else the calculator's name."""
        return self.bound.place_of(name) if self.bound is not None else self._node.calculator_place

    def holds(self, place: Place) -> bool:
        """Whether a place lies in the written options."""
        return self.bound is not None and self.bound.start <= place.start <= self.bound.end


Check: TypeAlias = Callable[[Node, Options], Iterator[Fault]]
Predicate: TypeAlias = Callable[[Node, Options], bool]


def entries(node: Node, port: str) -> list[Connection]:
    """The connections of a port, by index."""
    kind, _, tag = port.partition(":")
    return tag_map(node, kind).of(tag)


def has(node: Node, port: str) -> bool:
    """Whether a port is connected, in a sound node: there every tag that is connected has an index 0."""
    kind, _, tag = port.partition(":")
    return tag_map(node, kind).get(tag) is not None


def tag_map(node: Node, kind: str) -> TagMap:
    found: TagMap = getattr(node, _LISTS[kind])
    return found


_LISTS = {"in": "inputs", "out": "outputs", "side": "input_side_packets", "outside": "output_side_packets"}
_KINDS = {"in": "input stream", "out": "output stream", "side": "input side packet", "outside": "output side packet"}


def spoken(port: str) -> str:
    """How messages name a port: ``input stream IMAGE``."""
    kind, _, tag = port.partition(":")
    return f"{_KINDS[kind]} {tag}" if tag else f"untagged {_KINDS[kind]}"


def _listed(ports: tuple[str, ...]) -> str:
    return ", ".join(spoken(port) for port in ports)


def exactly_one(*ports: str) -> Check:
    """One of the ports is connected, and no more than one."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        used = [port for port in ports if has(node, port)]
        if not used:
            yield Fault(
                f"{node.calculator} needs one of: {_listed(ports)}", node.calculator_place, "connect one of them"
            )
        elif len(used) > 1:
            place = entries(node, used[1])[0].place
            yield Fault(f"{node.calculator} takes only one of: {_listed(tuple(used))}", place, "keep one of them")

    return check


def at_most_one(*ports: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        used = [port for port in ports if has(node, port)]
        if len(used) > 1:
            place = entries(node, used[1])[0].place
            yield Fault(f"{node.calculator} takes only one of: {_listed(tuple(used))}", place, "keep one of them")

    return check


def at_least_one(*ports: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        if not any(has(node, port) for port in ports):
            yield Fault(
                f"{node.calculator} needs {'one of: ' if len(ports) > 1 else 'an '}{_listed(ports)}",
                node.calculator_place,
                "connect one",
            )

    return check


def together(first: str, second: str) -> Check:
    """Both ports are connected or neither."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        for one, other in ((first, second), (second, first)):
            if has(node, one) and not has(node, other):
                yield Fault(
                    f"{node.calculator} has {spoken(one)} but not {spoken(other)}",
                    entries(node, one)[0].place,
                    "connect both or neither",
                )

    return check


def requires(port: str, *needed: str) -> Check:
    """Where ``port`` is connected, all of ``needed`` are."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        for other in needed if has(node, port) else ():
            if not has(node, other):
                yield Fault(
                    f"{spoken(port)} of {node.calculator} needs {spoken(other)}",
                    entries(node, port)[0].place,
                    f"connect {spoken(other)}",
                )

    return check


def excludes(port: str, *others: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        for other in others if has(node, port) else ():
            if has(node, other):
                yield Fault(
                    f"{node.calculator} takes {spoken(port)} or {spoken(other)}, not both",
                    entries(node, other)[0].place,
                    "remove one of them",
                )

    return check


def unusable(*ports: str, why: str = "OVMS is built without GPU support") -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        for port in ports:
            for connection in entries(node, port):
                yield Fault(f"{spoken(port)} of {node.calculator} cannot be used: {why}", connection.place)

    return check


def same_count(first: str, second: str) -> Check:
    """Two ports have equally many connections."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        one, other = entries(node, first), entries(node, second)
        if len(one) != len(other):
            longer = max(one, other, key=len)
            yield Fault(
                f"{node.calculator} has {len(one)} of {spoken(first)} but {len(other)} of {spoken(second)}",
                longer[-1].place,
                "connect equally many",
            )

    return check


def count(kind: str, low: int, high: int | None = None) -> Check:
    """The node has between ``low`` and ``high`` entries (all tags together) of a kind."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        found = len(tag_map(node, kind))
        top = low if high is None else high
        if not low <= found <= top:
            wanted = str(low) if top == low else f"{low} to {top}"
            yield Fault(
                f"{node.calculator} takes exactly {wanted} {_KINDS[kind]}{'s' if top > 1 else ''}, not {found}",
                node.calculator_place,
            )

    return check


def option(name: str, wrong: Callable[[Any], bool], says: str) -> Check:
    """An option's value (its default where it is not written) is not ``wrong``; ``says`` completes ``name …``."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        if wrong(options[name]):
            yield Fault(f"{name} {says}, but is {options[name]}", options.place(name))

    return check


def option_set(name: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        if not options.has(name):
            yield Fault(f"{node.calculator} needs the option {name}", options.place(name), f"set {name}")

    return check


def one_of_options(*names: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        if not any(options.has(name) for name in names):
            yield Fault(
                f"{node.calculator} needs one of the options {', '.join(names)}",
                options.place(names[0]),
                f"set {names[0]}",
            )

    return check


def at_most_one_option(*names: str) -> Check:
    def check(node: Node, options: Options) -> Iterator[Fault]:
        used = [name for name in names if options.has(name)]
        if len(used) > 1:
            yield Fault(
                f"{node.calculator} takes only one of the options {', '.join(used)}",
                options.place(used[1]),
                "keep one of them",
            )

    return check


def fault_if(
    wrong: Predicate, message: str, *, field: str | None = None, port: str | None = None, help: str = ""
) -> Check:
    """A fault at ``field`` (or ``port``, or the calculator's name) where ``wrong`` holds."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        if not wrong(node, options):
            return
        place = node.calculator_place
        if field is not None:
            place = options.place(field)
        elif port is not None and has(node, port):
            place = entries(node, port)[0].place
        yield Fault(message, place, help)

    return check
