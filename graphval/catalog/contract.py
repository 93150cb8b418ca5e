"""Contracts: what a calculator takes, gives and checks."""

from functools import cached_property
from typing import Any, NamedTuple

NO_TYPE = "untyped"
"""A port that a contract names but never types: connecting it is refused like an unknown one."""


class Port(NamedTuple):
    """One entry of a contract.

    ``tag``: empty for untagged, ``*`` for any tag. ``indexes``: ``single`` (one stream), ``repeated`` (0, 1, …) or
    ``any``. ``position``: the index, where a tag has several single ports. ``type``: the packet type as C++ writes it
    without ``std::`` where that is plain, or one of the words explained in ``graphval.rules.packet_types``. ``after``:
    the tags of the inputs that this output of a subgraph waits for, where it does not wait for all.
    ``needed_once_connected``: a side packet that may be left out, but without which no graph starts that names it.
    """

    tag: str
    indexes: str
    type: str
    optional: bool
    min_count: int = 0
    position: int | None = None
    note: str = ""
    after: tuple[str, ...] | None = None
    needed_once_connected: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Whether a graph starts without the side packet that is connected here. A port of any tag takes none away."""
        return self.optional and self.tag != "*" and not self.needed_once_connected


class Ports(tuple[Port, ...]):  # noqa: SLOT001 - what is worked out is kept in it
    """The ports of one list of a contract: all its inputs, for one."""

    @cached_property
    def required(self) -> frozenset[tuple[str, int]]:
        """The tags and indexes that MediaPipe asks for."""
        found: set[tuple[str, int]] = set()
        for port in self:
            if port.optional or port.tag == "*":
                continue
            if port.indexes == "single":
                found.add((port.tag, port.position or 0))
            else:
                found.update((port.tag, index) for index in range(max(1, port.min_count)))
        return frozenset(found)

    @cached_property
    def single(self) -> dict[tuple[str, int], Port]:
        """The ports that take one connection each, by tag and index, without those to which nothing may go."""
        several = {port.tag for port in self if port.indexes != "single"}
        found: dict[tuple[str, int], Port] = {}
        for port in self:
            if port.tag not in several:
                found.setdefault((port.tag, port.position or 0), port)
        return {at: port for at, port in found.items() if port.type != NO_TYPE}


class Calculator(NamedTuple):
    """A registered calculator or subgraph and its contract.

    The texts of ``contract_rules`` (checked at load), ``open_checks``, ``process_checks`` and ``aborts`` are for
    reading. ``source_node``: a node of it may have outputs and no inputs. ``input_policy`` is the stream handler it
    asks for, or ``default``. ``in_wheel``: the mediapipe 0.10.21 wheel registers it too. ``expands_to``: the
    calculators of a subgraph.
    """

    name: str
    kind: str
    inputs: Ports
    outputs: Ports
    input_side_packets: Ports
    output_side_packets: Ports
    options_message: str | None
    options_accepts: str
    options_required: bool
    options_required_fields: tuple[str, ...]
    contract_rules: tuple[str, ...]
    open_checks: tuple[str, ...]
    process_checks: tuple[str, ...]
    aborts: tuple[str, ...]
    input_policy: str
    source_node: bool
    in_wheel: bool
    required_servables: tuple[str, ...]
    expands_to: tuple[str, ...]


class HandlerFacts(NamedTuple):
    """An input stream handler: its options message, meaning, and whether the wheel registers it."""

    name: str
    options_message: str | None
    semantics: str
    in_wheel: bool


def read_calculator(record: dict[str, Any]) -> Calculator:
    """A calculator of ``calculators.txt``."""

    def ports(key: str) -> Ports:
        return Ports(
            Port(
                entry["tag"],
                entry["index"],
                entry["type"],
                bool(entry.get("optional")),
                entry.get("min_count") or 0,
                entry.get("position"),
                entry.get("note") or "",
                tuple(entry["after"]) if "after" in entry else None,
                bool(entry.get("needed_once_connected")),
            )
            for entry in record.get(key, ())
        )

    def texts(key: str) -> tuple[str, ...]:
        return tuple(record.get(key, ()))

    return Calculator(
        name=record["name"],
        kind=record["kind"],
        inputs=ports("inputs"),
        outputs=ports("outputs"),
        input_side_packets=ports("input_side_packets"),
        output_side_packets=ports("output_side_packets"),
        options_message=record.get("options_message"),
        options_accepts=record.get("options_accepts", "none"),
        options_required=bool(record.get("options_required")),
        options_required_fields=texts("options_required_fields"),
        contract_rules=texts("contract_rules"),
        open_checks=texts("open_checks"),
        process_checks=texts("process_checks"),
        aborts=texts("aborts"),
        input_policy=record.get("input_policy", "default"),
        source_node=bool(record.get("source_node")),
        in_wheel=bool(record.get("in_wheel_0_10_21")),
        required_servables=texts("required_servables"),
        expands_to=texts("expands_to_calculators"),
    )


def with_border_types(record: dict[str, Any], border: dict[str, Any] | None) -> dict[str, Any]:
    """The record of a subgraph with what ``subgraph_types.txt`` knows of its ports: packet types, which are needed."""
    if border is None:
        return record
    changed = {}
    for kind, known in border.items():
        ports = [dict(entry) for entry in record.get(kind, ())]
        for entry in ports:
            facts = known.get(entry["tag"], {})
            entry["type"] = facts.get("type") or entry["type"]
            entry["optional"] = not facts.get("required", False)
            if "after" in facts:
                entry["after"] = facts["after"]
        changed[kind] = ports
    return record | changed


def server_calculator(name: str, tags: dict[str, Any]) -> Calculator:
    """A calculator of an older release of which only the tags are known (``contracts`` of the release's facts)."""

    def ports(required: str, optional: str) -> Ports:
        return Ports(
            Port(tag, "single", "Any", optional=key == optional)
            for key in (required, optional)
            for tag in tags.get(key, ())
        )

    return Calculator(
        name=name,
        kind="calculator",
        inputs=ports("inputs", "optional_inputs"),
        outputs=ports("outputs", "optional_outputs"),
        input_side_packets=ports("side_packets", "optional_side_packets"),
        output_side_packets=Ports(),
        options_message=None,
        options_accepts="node_options",
        options_required=False,
        options_required_fields=(),
        contract_rules=(),
        open_checks=(),
        process_checks=(),
        aborts=(),
        input_policy="default",
        source_node=False,
        in_wheel=False,
        required_servables=(),
        expands_to=(),
    )
