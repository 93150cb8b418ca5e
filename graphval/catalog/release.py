"""One OVMS release, loaded lazily."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from graphval.catalog.contract import (
    Calculator,
    HandlerFacts,
    read_calculator,
    server_calculator,
    with_border_types,
)
from graphval.catalog.descriptors import Descriptors
from graphval.catalog.openvino import DeviceProperties, device_properties
from graphval.catalog.records import json_of, names, record

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor
    from google.protobuf.descriptor_pool import DescriptorPool

_KINDS = {
    "PythonExecutorCalculator": "Python",
    "LLMCalculator": "LLM",
    "ImageGenCalculator": "Image Gen",
    "EmbeddingsCalculatorOV": "Embeddings",
    "RerankCalculatorOV": "Rerank",
    "S2tCalculator": "SpeechToText",
    "T2sCalculator": "TextToSpeech",
}
"""How OVMS's messages name the kind of a node initialiser (``src/mediapipe_internal/node_initializer.cpp``, 2026.4)."""


class UnknownRelease(Exception):
    """A release that no catalog exists for; the text lists those that do."""


class NameList(NamedTuple):
    """Names that an option accepts in a release, and what a wrong one does."""

    field: str
    values: tuple[str, ...]
    disable: str | None
    bad_value_phase: str


class NodeInitializer(NamedTuple):
    """Nodes for which OVMS prepares resources at load. ``match`` is ``exact`` or ``suffix``."""

    match: str
    name: str
    kind: str
    side_packet: str
    options: str

    def applies_to(self, calculator: str) -> bool:
        return calculator == self.name if self.match == "exact" else calculator.endswith(self.name)


class IoTag(NamedTuple):
    """A tag prefix at the border of a graph and the packet type OVMS makes or reads for it."""

    prefix: str
    packet: str
    note: str


class Drift(NamedTuple):
    """One change between releases. ``advice`` is meant for the user whose graph crosses it."""

    release: str
    previous: str
    area: str
    kind: str
    detail: str
    advice: str
    severity: str


@cache
def _index() -> Any:
    return json_of("index.json")


def releases() -> tuple[str, ...]:
    """The releases that have a catalog, oldest first."""
    return tuple(_index()["releases"])


def newest() -> str:
    """The newest release that has a catalog."""
    return str(_index()["newest"])


def load(version: str | None = None) -> Catalog:
    """The catalog of a release, the newest by default. Raises :class:`UnknownRelease`."""
    known = _index()
    wanted = known["aliases"].get(version, version) if version is not None else known["newest"]
    if wanted not in known["releases"]:
        raise UnknownRelease(f"no catalog for OVMS {version}; known releases: {', '.join(known['releases'])}")
    return _load(wanted)


@cache
def _load(version: str) -> Catalog:
    return Catalog(version)


class Catalog:
    """What OVMS ``version`` can run. Everything is looked up when first asked for."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._names: dict[str, Any] = json_of(f"releases/{version}.json")
        self._contracts: dict[str, Calculator | None] = {}
        self._handlers: dict[str, HandlerFacts | None] = {}
        self._initializers: dict[str, NodeInitializer | None] = {}

    def __repr__(self) -> str:
        return f"Catalog({self.version!r})"

    # -- registered names --------------------------------------------------------------------------------------------

    @cached_property
    def calculators(self) -> frozenset[str]:
        return frozenset(self._names["calculators"])

    @cached_property
    def calculators_of_tests(self) -> frozenset[str]:
        """Calculators that only OVMS's own unit tests have: graphs are copied from there, and no server knows them."""
        return frozenset(self._names["calculators_unit_test_only"])

    @cached_property
    def subgraphs(self) -> frozenset[str]:
        return frozenset(self._names["subgraphs"])

    @cached_property
    def registered(self) -> frozenset[str]:
        """Everything a node may name: calculators and subgraphs."""
        return self.calculators | self.subgraphs

    @cached_property
    def input_stream_handlers(self) -> frozenset[str]:
        return frozenset(self._names["input_stream_handlers"])

    @cached_property
    def output_stream_handlers(self) -> frozenset[str]:
        return frozenset(self._names["output_stream_handlers"])

    @cached_property
    def executors(self) -> frozenset[str]:
        return frozenset(names("executors.txt"))

    # -- contracts ---------------------------------------------------------------------------------------------------

    def calculator(self, name: str) -> Calculator | None:
        """The contract of a calculator or subgraph of this release."""
        if name not in self._contracts:
            self._contracts[name] = self._read_calculator(name)
        return self._contracts[name]

    def _read_calculator(self, name: str) -> Calculator | None:
        if name not in self.calculators and name not in self.subgraphs:
            return None
        found = record("calculators.txt", name)
        if found is not None and name in self.subgraphs:
            found = with_border_types(found, record("subgraph_types.txt", name))
        tags = self._names["contracts"].get("server_calculators", {}).get(name)
        if found is None:
            return server_calculator(name, tags or {}) if tags is not None else None
        if tags is not None and self.version != newest():
            found = _of_tags(found, tags)
        return read_calculator(_with_ports(found, self._names["contracts"].get("ports", {}).get(name, {})))

    def handler(self, name: str) -> HandlerFacts | None:
        """An input stream handler of this release."""
        if name not in self._handlers:
            self._handlers[name] = self._read_handler(name)
        return self._handlers[name]

    def _read_handler(self, name: str) -> HandlerFacts | None:
        found = record("handlers.txt", name) if name in self.input_stream_handlers else None
        if found is None:
            return None
        return HandlerFacts(
            name, found.get("options_message"), found.get("semantics", ""), bool(found.get("in_wheel_0_10_21"))
        )

    # -- options -----------------------------------------------------------------------------------------------------

    @cached_property
    def _descriptors(self) -> Descriptors:
        return Descriptors(self.version, newest())

    @cached_property
    def pool(self) -> DescriptorPool:
        """The descriptors of everything this release links, for protobuf's own parser, beside which ours is tested and
        measured; linting looks single ones up."""
        return self._descriptors.whole_pool()

    @cached_property
    def graph_config(self) -> Descriptor:
        """``mediapipe.CalculatorGraphConfig``, what a graph file is."""
        found = self.message("mediapipe.CalculatorGraphConfig")
        assert found is not None, "every release has it"
        return found

    def message(self, full_name: str) -> Descriptor | None:
        return self._descriptors.message(full_name)

    def extension(self, full_name: str) -> FieldDescriptor | None:
        return self._descriptors.extension(full_name)

    @cached_property
    def options_messages(self) -> frozenset[str]:
        return self._descriptors.messages()

    @cached_property
    def extensions(self) -> frozenset[str]:
        return self._descriptors.extensions()

    # -- names and facts of OVMS itself ------------------------------------------------------------------------------

    @cached_property
    def tool_parsers(self) -> NameList:
        return _name_list(self._names["tool_parsers"])

    @cached_property
    def reasoning_parsers(self) -> NameList:
        return _name_list(self._names["reasoning_parsers"])

    @cached_property
    def node_initializers(self) -> tuple[NodeInitializer, ...]:
        return tuple(
            NodeInitializer(e["match"], e["name"], _KINDS.get(e["name"], e["name"]), e["side_packet"], e["options"])
            for e in self._names["node_initializer_suffixes"]
        )

    def node_initializer(self, calculator: str) -> NodeInitializer | None:
        """The initialiser that runs at load for nodes of a calculator, ``None`` if there is none."""
        try:
            return self._initializers[calculator]
        except KeyError:
            fitting = (entry for entry in self.node_initializers if entry.applies_to(calculator))
            found = self._initializers[calculator] = next(fitting, None)
            return found

    @cached_property
    def side_packets_provided(self) -> frozenset[str]:
        """Side packets that OVMS supplies to every graph of a unary request."""
        return frozenset(self._names["side_packets_provided"]["unary"])

    @cached_property
    def graph_io_tags(self) -> tuple[IoTag, ...]:
        prefixes = self._names["graph_io_tags"]["prefixes"]
        return tuple(IoTag(prefix, e["packet"], e.get("note", "")) for prefix, e in prefixes.items())

    @cached_property
    def _facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json_of(f"releases/{self.version}.facts.json")
        return found

    @property
    def cli_flags(self) -> Mapping[str, Any]:
        return self._facts["cli_flags"] or {}

    @property
    def config_json(self) -> Mapping[str, Any]:
        return self._facts["config_json"] or {}

    @property
    def env(self) -> Mapping[str, Any]:
        return self._facts["env"] or {}

    @property
    def http_endpoints(self) -> Mapping[str, Any]:
        return self._facts["http_endpoints"] or {}

    @property
    def behaviour(self) -> Mapping[str, Any]:
        return self._facts["behaviour"] or {}

    @cached_property
    def device_properties(self) -> DeviceProperties | None:
        """What ``plugin_config`` can set; ``None`` for a release that is built with another OpenVINO than was asked."""
        found = device_properties()
        return found if found.openvino.startswith(f"{self.version}.") else None

    def drift(self, subject: str, area: str | None = None) -> tuple[Drift, ...]:
        """What changed about a name between releases, oldest change first; ``area`` narrows it."""
        return tuple(
            Drift(
                e["release"],
                e["previous"],
                e["area"],
                e["kind"],
                e.get("detail") or "",
                e.get("advice") or "",
                e.get("severity") or "",
            )
            for e in record("drift.txt", subject) or ()
            if area is None or e["area"] == area
        )


def _name_list(entry: dict[str, Any] | None) -> NameList:
    entry = entry or {}
    return NameList(
        entry.get("field") or "",
        tuple(entry.get("values") or ()),
        entry.get("disable_value"),
        entry.get("bad_value_phase") or "",
    )


_TAGS = {
    "inputs": ("inputs", "optional_inputs"),
    "outputs": ("outputs", "optional_outputs"),
    "input_side_packets": ("side_packets", "optional_side_packets"),
}


def _of_tags(record: dict[str, Any], tags: dict[str, list[str]]) -> dict[str, Any]:
    """The record of one of OVMS's own calculators without what its release, which has these tags, does not expect."""
    allowed = {kind: {tag for key in keys for tag in tags.get(key, ())} for kind, keys in _TAGS.items()}
    return record | {kind: [p for p in record.get(kind, ()) if p["tag"] in allowed[kind]] for kind in _TAGS}


def _with_ports(record: dict[str, Any], apart: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """The record of a calculator that lacks ports which later releases added, and needs some that are optional now."""
    lacks, needs = apart.get("lacks", {}), apart.get("needs", {})
    return record | {
        kind: [
            port | {"optional": False} if port["tag"] in needs.get(kind, ()) else port
            for port in record.get(kind, ())
            if port["tag"] not in lacks.get(kind, ())
        ]
        for kind in {*lacks, *needs}
    }
