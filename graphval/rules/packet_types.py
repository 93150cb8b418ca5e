"""What a contract says about the type of one connection.

Contracts name C++ types, and a few words: ``Any``, ``None``, ``OneOf<a, b>``, ``SameAs(…)``, and descriptions of types
that options or tags decide. This module turns each into a :class:`Declared`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import cache
from typing import NamedTuple, TypeAlias

from graphval.catalog import Calculator, Port
from graphval.graph import Connection, Node
from graphval.textproto import BoundMessage, Reading

_PLAIN = {
    "int32_t": "int",
    "unsigned int": "uint32_t",
    "long": "int64_t",
    "unsigned long": "uint64_t",
    "Eigen::MatrixXf": "Matrix",
}
"""Names of one C++ type on Linux x86-64, as the catalog's legend has them."""

_BY_PREFIX = (
    ("OVTENSORS", "vector<ov::Tensor>"),
    ("OVTENSOR", "ov::Tensor"),
    ("TENSORS", "vector<Tensor>"),
    ("TENSOR", "Tensor"),
    ("TFTENSORS", "vector<tensorflow::Tensor>"),
    ("TFTENSOR", "tensorflow::Tensor"),
    ("TFLITE_TENSORS", "vector<TfLiteTensor>"),
    ("TFLITE_TENSOR", "TfLiteTensor"),
)
"""OpenVINOInferenceCalculator's order of tests (`mediapipe/calculators/ovms/openvinoinferencecalculator.cc`)."""

OF_PARAMETERS = frozenset({"std::string", "int64_t", "bool"})
"""What OVMS makes of request parameters of kind string, int64 and bool."""

_CONSTANTS = {
    "int_value": "int",
    "uint64_value": "uint64_t",
    "int64_value": "int64_t",
    "float_value": "float",
    "double_value": "double",
    "bool_value": "bool",
    "string_value": "std::string",
    "classification_list_value": "ClassificationList",
    "landmark_list_value": "LandmarkList",
    "time_series_header_value": "TimeSeriesHeader",
    "matrix_data_value": "Matrix",
    "string_vector_value": "vector<std::string>",
}

_OF_CHANNELS = {"input TAG": "in", "output TAG": "out", "side packet TAG": "side", "output side packet TAG": "outside"}
"""Where the switch calculators have the entry that ``C1__TAG`` of the other side belongs to."""
_CHANNEL = re.compile(r"^C[0-9]+__")

LATER = "later "
"""Before a type: what the packets must be when they come, which nobody compares when the graph is loaded."""

UNLESS = " unless "
"""After the type of an output side packet, before a tag: where that one is connected too, the contract types it alone."""


class Kind(Enum):
    TYPES = auto()  # one of the named types
    ANY = auto()  # takes or becomes whatever it is connected to
    SAME = auto()  # as its peers in the same node
    NOTHING = auto()  # carries no packets
    UNKNOWN = auto()  # the files do not tell


Peer: TypeAlias = tuple[str, Connection]
"""Kind of list (``in``, ``out``, ``side``, ``outside``) and connection."""


class Declared(NamedTuple):
    """``later``: the types are not compared at load."""

    kind: Kind
    names: frozenset[str] = frozenset()
    peers: tuple[Peer, ...] = ()
    later: bool = False


def declared_type(port: Port, node: Node, contract: Calculator, connection: Connection) -> Declared:
    """The type that the contract gives to ``connection``, which goes to ``port``."""
    text = port.type
    fixed = _fixed(text)
    if fixed is not None:
        return fixed
    if text == "by tag prefix":
        name = next((name for prefix, name in _BY_PREFIX if connection.tag.startswith(prefix)), "ov::Tensor")
        return _types(name)
    if text.startswith("SameAs("):
        peers = tuple(_peers(text[len("SameAs(") : -1], node, connection))
        return Declared(Kind.SAME, peers=peers) if peers else Declared(Kind.ANY)
    if text == "same type as the rect input":
        return Declared(Kind.SAME, peers=tuple(("in", c) for c in node.inputs if "RECT" in c.tag))
    if UNLESS in text:
        text, _, other = text.partition(UNLESS)
        return Declared(Kind.NOTHING) if node.output_side_packets.has(other) else _types(text)
    whole, comma, element = text.partition(", or ")
    if comma and element.endswith(" with element_only"):
        bound = _options(node, contract)
        only = bound is not None and one_element_each(bound.reading)
        return _types(element.removesuffix(" with element_only") if only else whole)
    return _constant(node, contract, connection)


@cache
def _fixed(text: str) -> Declared | None:
    """What the type of a port says of every connection; ``None`` where the node decides."""
    if text == "Any":
        return Declared(Kind.ANY)
    if text == "None":
        return Declared(Kind.NOTHING)
    if text.startswith(LATER):
        return _types(text.removeprefix(LATER))._replace(later=True)
    if text.startswith("OneOf<"):
        return _types(*_split(text[len("OneOf<") : -1]))
    if text.startswith(("SameAs(", "from options")) or text in ("by tag prefix", "same type as the rect input"):
        return None
    if UNLESS in text or text.endswith(" with element_only"):
        return None
    if text.startswith(("from ", "inferred ", "untyped")):
        return Declared(Kind.UNKNOWN)
    return _types(text)


def one_element_each(options: Reading) -> bool:
    """Whether a splitting calculator puts out elements: a combined output is a whole again, whatever else is set."""
    element_only: bool = options["element_only"]
    return element_only and not options["combine_outputs"]


@cache
def _types(*names: str) -> Declared:
    return Declared(Kind.TYPES, frozenset(_plain(name) for name in names))


def _plain(name: str) -> str:
    return re.sub(r"[A-Za-z_][\w: ]*", lambda m: _PLAIN.get(m[0].strip(), m[0]), name.strip())


def _split(names: str) -> Iterator[str]:
    """The parts of a comma list, commas inside angle brackets left alone."""
    depth, start = 0, 0
    for at, character in enumerate(names):
        depth += (character == "<") - (character == ">")
        if character == "," and depth == 0:
            yield names[start:at]
            start = at + 1
    yield names[start:]


def _options(node: Node, contract: Calculator) -> BoundMessage | None:
    return node.options_of(contract.options_message) if contract.options_message else None


def _constant(node: Node, contract: Calculator, connection: Connection) -> Declared:
    """ConstantSidePacketCalculator: the packet of the same index decides."""
    bound = _options(node, contract)
    packets = list(bound.messages("packet")) if bound is not None else []
    if connection.index >= len(packets):
        return Declared(Kind.UNKNOWN)
    chosen = packets[connection.index].reading.one_of("value")
    return _types(_CONSTANTS[chosen]) if chosen in _CONSTANTS else Declared(Kind.UNKNOWN)


def _peers(reference: str, node: Node, connection: Connection) -> Iterator[Peer]:
    """The connections of the same node that ``SameAs(reference)`` points to."""

    def one(kind: str, tag: str, index: int) -> Iterator[Peer]:
        entries = {
            "in": node.inputs,
            "out": node.outputs,
            "side": node.input_side_packets,
            "outside": node.output_side_packets,
        }[kind]
        found = entries.get(tag, index)
        if found is not None:
            yield kind, found

    match reference:
        case "input of the same tag and index" | "input side packet of the same tag and index":
            yield from one("side" if "side" in reference else "in", connection.tag, connection.index)
        case "untagged input i" | "input n":
            yield from one("in", "", connection.index)
        case "untagged input" | "input 0":
            yield from one("in", "", 0)
        case "data input":
            tag = "DATA" if node.inputs.has("DATA") else ""
            yield from one("in", tag, 0)
        case "side packet i":
            yield from one("side", "", connection.index)
        case "input side packet 0":
            yield from one("side", "", 0)
        case "output 0":
            yield from one("out", "", 0)
        case "DEFAULT_VALUE":
            yield from one("side", "DEFAULT_VALUE", 0)
        case "CLONE":
            yield from one("in", "CLONE", connection.index)
        case _ if reference in _OF_CHANNELS:
            yield from one(_OF_CHANNELS[reference], _CHANNEL.sub("", connection.tag), connection.index)
        case _:
            tag, _, index = reference.partition(":")
            if tag.isupper():
                yield from one("in", tag, int(index or 0))
