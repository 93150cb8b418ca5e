"""Nodes that differ in one thing or two from a sound one: for each calculator that makes checks of its own.

    python -m tests.rules.vary

writes `nodes/` anew: which nodes are judged, and what is said of them. Run it after a table of checks has changed, and
hold what it has changed against the facts of the calculator. It prints where MediaPipe's wheel, which has some of the
calculators too, makes something else of a node; whoever reviews says why (another build, a file that is missing).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

from google.protobuf.descriptor import FieldDescriptor

from graphval.catalog import Calculator
from graphval.rules.calculators import faults
from graphval.rules.calculators.checks import Options

from .framework import Framework
from .node_cases import EXTRA, START, STRANGERS, VALUES
from .nodes_in_short import BORDER, CATALOG, FIELDS, contract_of, is_read, node, said
from .test_contracts import agree, expected

NODES = Path(__file__).with_name("nodes")
TABLES = {
    "images": faults.IMAGES,
    "landmarks": faults.LANDMARKS,
    "openvino": faults.OPENVINO,
    "streams": faults.STREAMS,
    "tensors": faults.TENSORS,
    "vectors": faults.VECTORS,
}


class Variant:
    """The ports and options of a node."""

    def __init__(self, ports: Iterable[str], options: dict[str, str] | None = None) -> None:
        self.ports = tuple(sorted(ports, key=lambda port: ("><}{".index(port[0]), port)))
        self.options = dict(sorted((options or {}).items()))

    def __str__(self) -> str:
        settings = " ".join(f"{name}: {value}" for name, value in self.options.items())
        return (" ".join(self.ports) or "nothing") + (f" | {settings}" if settings else "")

    def plus(self, *ports: str) -> Variant:
        return Variant((*self.ports, *ports), self.options)

    def minus(self, port: str) -> Variant:
        left = list(self.ports)
        left.remove(port)
        return Variant(left, self.options)

    def set(self, **options: str) -> Variant:
        return Variant(self.ports, self.options | options)

    def unset(self, name: str) -> Variant:
        return Variant(self.ports, {key: value for key, value in self.options.items() if key != name})


def known_ports(calculator: str) -> list[str]:
    """All ports that may be connected, each once."""
    contract = contract_of(calculator)
    lists = contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets
    found = [
        kind + port.tag
        for kind, ports in zip(FIELDS, lists, strict=True)
        for port in ports
        if port.tag != "*" and "<" not in port.tag
    ]
    return list(dict.fromkeys([*found, *STRANGERS.get(calculator, ())]))


def required_ports(contract: Calculator) -> Iterator[str]:
    lists = contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets
    for kind, ports in zip(FIELDS, lists, strict=True):
        for port in ports:
            if not port.optional and port.tag != "*":
                yield from [kind + port.tag] * (1 if port.indexes == "single" else max(1, port.min_count))


def values(calculator: str, name: str) -> tuple[str, ...]:
    """What an option is set to."""
    if name in VALUES:
        return VALUES[name]
    message = CATALOG.message(contract_of(calculator).options_message or "")
    assert message is not None
    field = message.fields_by_name[name]
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return ("{ }",)
        case FieldDescriptor.CPPTYPE_ENUM:
            return tuple(value.name for value in field.enum_type.values)
        case FieldDescriptor.CPPTYPE_BOOL:
            return "true", "false"
        case FieldDescriptor.CPPTYPE_STRING:
            return ('"a"', '["a", "b"]') if field.label == field.LABEL_REPEATED else ('""', '"a"')
        case _ if field.label == field.LABEL_REPEATED:
            return "1", "[1, 2]"
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return "0", "1", "2"
        case _:
            return "-1", "0", "1", "2"


def judged_and_read(calculator: str, variants: list[Variant]) -> tuple[dict[str, str], set[str]]:
    """What is said of variants, and which options the checks looked at."""
    read: set[str] = set()
    item, has = Options.__getitem__, Options.has

    def recorded(method: Any) -> Any:
        def ask(options: Options, name: str) -> Any:
            read.add(name)
            return method(options, name)

        return ask

    with patch.object(Options, "__getitem__", recorded(item)), patch.object(Options, "has", recorded(has)):
        found = said(calculator, [str(variant) for variant in variants])
    return found, {name for name in read if name not in {"_", ""}}


def sound(calculator: str) -> tuple[Variant, set[str]]:
    """The node closest to what is required that no check complains of, and the options that checks have read."""
    ports, _, _ = START.get(calculator, "").partition(" | ")
    begun = Variant(ports.split() or required_ports(contract_of(calculator)))
    if " | " in START.get(calculator, ""):
        name, _, value = START[calculator].partition(" | ")[2].partition(": ")
        begun = begun.set(**{name: value})
    queue: list[tuple[int, int, str, Variant]] = []
    seen, options = set(), set[str]()
    fresh = [begun]
    for _ in range(400):
        found, read = judged_and_read(calculator, fresh)
        options |= read
        for variant in fresh:
            faults_left = len(found[str(variant)].splitlines())
            size = len(variant.ports) + len(variant.options)
            heapq.heappush(queue, (3 * faults_left + size, size, str(variant), variant))
        if not queue:
            break
        best = heapq.heappop(queue)
        if not judged_and_read(calculator, [best[3]])[0][best[2]]:
            return best[3], options
        seen.add(best[2])
        fresh = [v for v in moves(calculator, best[3], options) if str(v) not in seen and is_read(calculator, str(v))]
        seen.update(map(str, fresh))
    return begun, options  # such as a calculator that OVMS never accepts


def moves(calculator: str, variant: Variant, options: Iterable[str]) -> Iterator[Variant]:
    for port in known_ports(calculator):
        if port not in variant.ports:
            yield variant.plus(port)
    for name in sorted(options):
        if name not in variant.options:
            for value in values(calculator, name):
                yield variant.set(**{name: value})


def varied(calculator: str) -> dict[str, str]:
    """The variants of a calculator's node and what is said of each: all with one change, and those with two of which
    something else is said."""
    good, options = sound(calculator)
    ports = known_ports(calculator)
    more = [port for port in ports if port not in good.ports]
    around = [good.minus(port) for port in dict.fromkeys(good.ports)] + [good.plus(port) for port in ports]
    two = [good.minus(old).plus(new) for old, new in product(dict.fromkeys(good.ports), more)]
    two += [good.plus(*pair) for pair in combinations(more, 2)] + [good.plus(port, port) for port in ports]
    settings: list[tuple[str, str]] = []
    for _ in range(3):  # an option may be read only when another one is set
        settings = [(name, value) for name in sorted(options) for value in values(calculator, name)]
        tried = [good, *around, *two[:SOME], *(good.set(**{name: value}) for name, value in settings)]
        options |= judged_and_read(calculator, read_ones(calculator, tried))[1]
    one = [good, Variant(()), *around, *(good.set(**{name: value}) for name, value in settings)]
    one += [good.unset(name) for name in good.options]
    two += [good.set(**dict(pair)) for pair in combinations(settings, 2) if pair[0][0] != pair[1][0]]
    two += [node.set(**{name: value}) for node, (name, value) in product(around, settings)]
    found = said(calculator, [str(variant) for variant in read_ones(calculator, one)])
    found |= said(calculator, [v for v in EXTRA.get(calculator, ()) if is_read(calculator, v)])
    return found | new_ones(found, said(calculator, [str(v) for v in read_ones(calculator, spread(two, 4 * SOME))]))


def new_ones(found: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Of more variants those of which something is said that was not said yet, and some of those accepted."""
    known = {line for text in found.values() for line in text.splitlines()}
    room, chosen = 12, {}
    for variant, text in more.items():
        if variant not in found and (not set(text.splitlines()) <= known or (not text and room)):
            room -= not text
            known.update(text.splitlines())
            chosen[variant] = text
    return chosen


SOME = 120
"""Of variants, where there are many."""


def spread(found: list[Any], most: int) -> list[Any]:
    """At most that many, from all parts of the list."""
    step = -(-len(found) // most)
    return found[:: step or 1]


def read_ones(calculator: str, variants: list[Variant]) -> list[Variant]:
    """Each once, those left out that no parser takes (two fields of one oneof)."""
    each = {str(variant): variant for variant in variants}
    return [variant for text, variant in each.items() if is_read(calculator, text)]


def few(calculator: str, found: dict[str, str]) -> dict[str, str]:
    """For one more calculator with the same checks: a variant for each of a few things said."""
    first: dict[str, str] = {}
    for variant, text in found.items():
        first.setdefault(json.dumps(text), variant)
    return {variant: found[variant] for variant in list(first.values())[:5]}


def text_of(found: dict[str, str]) -> str:
    """Variants in groups of which the same is said."""
    groups: dict[str, list[str]] = {}
    for variant, text in found.items():
        groups.setdefault(text, []).append(variant)
    return "".join(
        "".join(f"  {line}\n" for line in (text or "accepted").splitlines()) + "".join(f"    {v}\n" for v in variants)
        for text, variants in groups.items()
    )


def variants_in(text: str) -> list[str]:
    """The variants of a section, in order."""
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def kept() -> dict[str, str]:
    """The reviewed sections by calculator."""
    found = {}
    for file in sorted(NODES.glob("*.txt")):
        for section in file.read_text(encoding="utf-8").split("== ")[1:]:
            calculator, _, text = section.partition("\n")
            found[calculator] = text
    return found


def write_all() -> None:
    NODES.mkdir(exist_ok=True)
    for name, table in TABLES.items():
        seen: set[str] = set()
        sections = []
        for calculator in table:
            found, contract = varied(calculator), contract_of(calculator)
            checks = repr((contract.contract_rules, contract.aborts, contract.open_checks, list(found)))
            alike = checks in seen
            seen.add(checks)
            sections.append(f"== {calculator}\n{text_of(few(calculator, found) if alike else found)}")
        (NODES / f"{name}.txt").write_text("".join(sections), encoding="utf-8")


def print_differences() -> None:
    with Framework() as framework:
        for calculator, text in kept().items():
            for variant in variants_in(text) if contract_of(calculator).in_wheel else ():
                graph = BORDER + node(calculator, variant)
                theirs, ours = framework.judge(graph), expected(graph)
                if not agree(theirs, ours):
                    print(f"{calculator} {variant}: they {theirs}, we {ours}")


if __name__ == "__main__":
    write_all()
    print_differences()
