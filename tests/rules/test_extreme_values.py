"""Every field of every options message at its extremes: findings or none, never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from graphval.catalog import Port, load

from .judging import judged
from .test_deployment_rules import Site

CATALOG = load()
WHOLE = {
    FieldDescriptor.CPPTYPE_INT32: ("0x7fffffff", "-0x80000000", "017", "0", "-1"),
    FieldDescriptor.CPPTYPE_INT64: ("9223372036854775807", "-9223372036854775808", "0x10", "0"),
    FieldDescriptor.CPPTYPE_UINT32: ("4294967295", "0x0", "017"),
    FieldDescriptor.CPPTYPE_UINT64: ("18446744073709551615", "0x0", "01"),
}
REALS = ("nan", "inf", "-inf", "1e39", "-0.0", "0")
TEXTS = (
    "",
    "9" * 5000,
    "²",
    "٣",
    "-1",
    "0x10",
    "nan",
    "é" * 200,
    "\\n",
    "\\001",
    ":",
    ":::",
    ",",
    "A:99999999999",
    "{}",
    "%n%s{0}",
    "../../..",
    "/",
    '{"a": 1e999}',
    "[[[[[[",
)
HEAD = 'input_stream: "in"\noutput_stream: "out"\n'
LISTS = {
    "inputs": "input_stream",
    "outputs": "output_stream",
    "input_side_packets": "input_side_packet",
    "output_side_packets": "output_side_packet",
}
AT_ONCE = 25


def written(message: Descriptor, depth: int = 0) -> Iterator[str]:
    """Each field of a message, and of the messages inside, with each of its extreme values."""
    for field in message.fields:
        match field.cpp_type:
            case FieldDescriptor.CPPTYPE_MESSAGE:
                yield f"{field.name} {{ }}"
                inner = written(field.message_type, depth + 1) if depth < 1 else ()
                yield from (f"{field.name} {{ {text} }}" for text in inner)
            case FieldDescriptor.CPPTYPE_BOOL:
                yield from (f"{field.name}: {value}" for value in ("true", "0"))
            case FieldDescriptor.CPPTYPE_ENUM:
                yield from (f"{field.name}: {value.number}" for value in field.enum_type.values)
            case FieldDescriptor.CPPTYPE_STRING:
                yield from (f"{field.name}: '{text}'" for text in TEXTS)
            case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
                yield from (f"{field.name}: {value}" for value in REALS)
            case whole:
                yield from (f"{field.name}: {value}" for value in WHOLE[whole])


def connections(calculator: str) -> str:
    """An entry for each port of a calculator."""
    contract = CATALOG.calculator(calculator)
    assert contract is not None
    lines = []
    for attribute, field in LISTS.items():
        ports: tuple[Port, ...] = getattr(contract, attribute)
        for number, port in enumerate(ports):
            tag = "" if port.tag in ("", "*") or "<" in port.tag else f"{port.tag}:"
            lines.append(f'{field}: "{tag}{attribute}_{number}"')
    return " ".join(lines)


def with_options() -> Iterator[tuple[str, Descriptor]]:
    for name in sorted(CATALOG.registered):
        contract = CATALOG.calculator(name)
        message = CATALOG.message(contract.options_message) if contract and contract.options_message else None
        if message is not None:
            yield name, message


CALCULATORS = dict(with_options())


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_options_at_their_extremes(calculator: str) -> None:
    message = CALCULATORS[calculator]
    ports = connections(calculator)
    nodes = [
        f'node {{ calculator: "{calculator}" name: "n{number}" {ports} '
        f"node_options {{ [type.googleapis.com/{message.full_name}] {{ {text} }} }} }}\n"
        for number, text in enumerate(written(message))
    ]
    for start in range(0, len(nodes), AT_ONCE):
        graph = judged(HEAD + "".join(nodes[start : start + AT_ONCE]), no_models=True)
        assert all(finding.message for finding in graph.findings)


@pytest.mark.parametrize("where", ["graph", "node"])
def test_fields_of_graphs_and_nodes_at_their_extremes(where: str) -> None:
    node = CATALOG.graph_config.nested_types_by_name["Node"]
    for text in written(CATALOG.graph_config if where == "graph" else node):
        line = f"{text}\n" if where == "graph" else f'node {{ calculator: "PassThroughCalculator" {text} }}\n'
        assert all(finding.message for finding in judged(HEAD + line, no_models=True).findings)


VALUES: tuple[Any, ...] = (
    *TEXTS,
    *(0, -1, 2**31, 2**63, 2**64, 10**400, 1.5, -0.0, 1e308, True, None),
    *([], {}, [[]], [{}], {"": ""}, {"level": 1}, {"level": {}}, {"level": "9" * 5000}, ["x"] * 50),
    *("(1,3)", "(,)", "(9:1,3)", f"({'9' * 5000})", "1:", ":1", "-1", "auto", "AUTO:", "HETERO:,,", "NCHW:" * 9),
    *({"all": 1}, {"latest": {"num_versions": 2**70}}, {"specific": {"versions": [0, -1, 2**70, "x", None]}}),
)
KEYS = {
    "model": sorted(CATALOG.config_json["model_config_list"]["config"]["keys"]),
    "graph": sorted(CATALOG.config_json["mediapipe_config_list"]["keys"]),
}


@pytest.mark.parametrize(("owner", "key"), [(owner, key) for owner, keys in KEYS.items() for key in keys])
def test_settings_at_their_extremes(owner: str, key: str, tmp_path: Path) -> None:
    site = Site(tmp_path)
    for value in VALUES:
        entry = site.model if owner == "model" else site.graph
        before = dict(entry)
        entry[key] = value
        assert all(finding.message for finding in site.findings())
        entry.clear()
        entry.update(before)
