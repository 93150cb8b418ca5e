"""Every release loads and answers; one that nobody knows is refused with the list."""

from __future__ import annotations

import re

import pytest

from graphval.catalog import Catalog, UnknownRelease, load, newest, releases
from graphval.catalog.records import json_of, names

RELEASES = releases()


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_they_are_in_order_and_the_newest_is_the_default() -> None:
    assert list(RELEASES) == sorted(RELEASES, key=number)
    assert newest() == RELEASES[-1]
    assert load().version == newest()
    assert len(RELEASES) >= 12


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_answers(version: str) -> None:
    catalog = load(version)
    assert catalog.version == version
    assert repr(catalog) == f"Catalog({version!r})"
    assert load(version) is catalog
    for registered in (
        catalog.calculators,
        catalog.subgraphs,
        catalog.input_stream_handlers,
        catalog.output_stream_handlers,
        catalog.side_packets_provided,
    ):
        assert registered
        assert all(name and name == name.strip() for name in registered)
    assert not catalog.calculators & catalog.subgraphs
    # An executor without a type is a pool of threads.
    assert catalog.executors == {"", "ApplicationThreadExecutor", "ThreadPoolExecutor"}
    assert "PassThroughCalculator" in catalog.calculators
    assert {"DefaultInputStreamHandler", "SyncSetInputStreamHandler"} <= catalog.input_stream_handlers
    assert {tag.prefix for tag in catalog.graph_io_tags} >= {"IMAGE", "OVTENSOR"}
    assert catalog.node_initializers


@pytest.mark.parametrize("version", RELEASES)
def test_facts_of_the_server(version: str) -> None:
    catalog = load(version)
    assert {"port", "rest_port", "config_path", "model_path", "log_level"} <= set(catalog.cli_flags["flags"])
    for facts in (catalog.config_json, catalog.env, catalog.http_endpoints, catalog.behaviour):
        assert facts


@pytest.mark.parametrize("alias", sorted(json_of("index.json")["aliases"]))
def test_other_ways_to_write_a_release(alias: str) -> None:
    assert load(alias).version in RELEASES
    assert load(alias) is load(load(alias).version)


@pytest.mark.parametrize("version", ["", "1.0", "2026.99", "latest?", " 2026.3", "2026.3 ", "../index", "\x00"])
def test_a_release_that_nobody_knows(version: str) -> None:
    with pytest.raises(UnknownRelease, match=re.escape(f"no catalog for OVMS {version}; known releases: ")) as refused:
        load(version)
    assert str(refused.value).endswith(", ".join(RELEASES))


@pytest.mark.parametrize("version", RELEASES)
def test_every_contract_is_found(version: str) -> None:
    catalog = load(version)
    known = [name for name in sorted(catalog.calculators | catalog.subgraphs) if catalog.calculator(name) is not None]
    # What older releases alone register has no contract; what the newest registers has.
    if version == newest():
        assert set(known) == catalog.calculators | catalog.subgraphs
    assert "PassThroughCalculator" in known
    for name in known:
        contract = catalog.calculator(name)
        assert contract is not None
        assert contract.name == name
        ports = (*contract.inputs, *contract.outputs, *contract.input_side_packets, *contract.output_side_packets)
        assert all(port.indexes in ("single", "repeated", "any") and port.type for port in ports), name
        if contract.options_message is not None:
            assert catalog.message(contract.options_message) is not None or version != newest(), name


@pytest.mark.parametrize("version", RELEASES)
def test_every_handler_is_found(version: str) -> None:
    catalog = load(version)
    for name in catalog.input_stream_handlers:
        handler = catalog.handler(name)
        assert handler is not None, name
        assert handler.name == name
        if handler.options_message is not None:
            assert catalog.message(handler.options_message) is not None, name


@pytest.mark.parametrize(
    "name", ["", "NoSuchCalculator", "PassThrough", "passthroughcalculator", "PassThroughCalculator\t"]
)
def test_what_is_not_registered(name: str) -> None:
    catalog = load()
    assert catalog.calculator(name) is None
    assert catalog.handler(name) is None
    assert catalog.message(name) is None
    assert catalog.extension(name) is None


def test_what_another_release_registers() -> None:
    oldest, latest = load(RELEASES[0]), load()
    added = latest.calculators - oldest.calculators
    assert added
    assert all(oldest.calculator(name) is None for name in added)


def test_initializers_match_as_the_server_does() -> None:
    for initializer in load().node_initializers:
        assert initializer.applies_to(initializer.name)
        assert initializer.applies_to(f"My{initializer.name}") is (initializer.match == "suffix")
        assert not initializer.applies_to(f"{initializer.name}2")


def test_drift_is_told_oldest_first() -> None:
    subjects = names("drift.txt")
    assert subjects
    for subject in subjects:
        changes = load().drift(subject)
        assert [c.release for c in changes] == sorted((c.release for c in changes), key=number), subject
        assert all(c.release in RELEASES and number(c.previous) < number(c.release) for c in changes)
        for area in {c.area for c in changes}:
            assert load().drift(subject, area) == tuple(c for c in changes if c.area == area)
    assert load().drift("nothing of this name") == ()


def test_catalogs_do_not_share_what_they_find() -> None:
    one, other = Catalog(newest()), Catalog(newest())
    assert one.pool is not other.pool
    assert one.graph_config.full_name == other.graph_config.full_name == "mediapipe.CalculatorGraphConfig"


PORTS = [
    # The release before a port came, the first one with it, the calculator, the list and the tag.
    ("2026.1", "2026.2", "HttpLLMCalculator", "input_side_packets", "LLM_NODE_EXECUTION_CONTEXTS"),
    ("2026.1", "2026.2", "S2tCalculator", "inputs", "LOOPBACK"),
    ("2026.1", "2026.2", "S2tCalculator", "outputs", "LOOPBACK"),
    ("2024.5", "2025.0", "ImageToTensorCalculator", "outputs", "TENSOR"),
    ("2024.5", "2025.0", "InferenceCalculator", "inputs", "TENSOR"),
    ("2024.4", "2025.0", "InferenceCalculatorCpu", "outputs", "TENSOR"),
    ("2024.4", "2025.0", "InferenceCalculatorCpu", "input_side_packets", "IO_CONFIG"),
    ("2024.5", "2025.0", "TensorsToSegmentationCalculator", "inputs", "TENSOR"),
    ("2024.5", "2025.0", "SidePacketToStreamCalculator", "outputs", "AT_FIRST_TICK"),
    ("2024.5", "2025.0", "AnnotationOverlayCalculator", "inputs", "UIMAGE"),
    ("2024.5", "2025.0", "AnnotationOverlayCalculator", "outputs", "UIMAGE"),
    ("2024.5", "2025.0", "LandmarkProjectionCalculator", "inputs", "IMAGE_DIMENSIONS"),
]


@pytest.mark.parametrize(("before", "since", "calculator", "kind", "tag"), PORTS)
def test_ports_that_came_with_a_release(before: str, since: str, calculator: str, kind: str, tag: str) -> None:
    there = [tag in {port.tag for port in getattr(load(x).calculator(calculator), kind)} for x in (before, since)]
    assert there == [False, True]


@pytest.mark.parametrize(
    ("calculator", "kind"),
    [
        ("ImageToTensorCalculator", "outputs"),
        ("InferenceCalculator", "inputs"),
        ("InferenceCalculatorCpu", "outputs"),
        ("TensorsToSegmentationCalculator", "inputs"),
    ],
)
def test_what_was_needed_before_there_was_another_way(calculator: str, kind: str) -> None:
    needed = [
        next(port for port in getattr(load(version).calculator(calculator), kind) if port.tag == "TENSORS").optional
        for version in ("2024.5", "2025.0")
    ]
    assert needed == [False, True]
