"""The properties of OpenVINO's plugins are those of the OpenVINO that is installed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from graphval.catalog import load, newest, releases

LISTED = """
import json, openvino
core = openvino.Core()
devices = ("CPU", "AUTO", "MULTI", "HETERO", "BATCH")
print(json.dumps([openvino.__version__, {d: dict(core.get_property(d, "SUPPORTED_PROPERTIES")) for d in devices}]))
"""


def test_each_device_lists_what_its_plugin_lists() -> None:
    properties = load().device_properties
    assert properties is not None
    run = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, text=True, check=True)
    version, listed = json.loads(run.stdout)
    assert version.startswith(f"{properties.openvino}-")
    for device, expected in listed.items():
        found = {name: properties.get(name) for name in properties.supported_by(device)}
        assert {name: entry.devices[device] for name, entry in found.items() if entry is not None} == expected


@pytest.mark.parametrize(
    ("name", "kind", "taken", "refused"),
    [
        ("PERF_COUNT", "boolean", True, 1),
        ("NUM_STREAMS", "number", "AUTO", True),
        ("PERFORMANCE_HINT", "choice", "LATENCY", "latency"),
        ("CACHE_DIR", "text", "graphval", None),
        ("INFERENCE_NUM_THREADS", "integer", 4, -1),
    ],
)
def test_kinds_and_values_that_the_cpu_plugin_takes(name: str, kind: str, taken: object, refused: object) -> None:
    properties = load().device_properties
    entry = properties.get(name) if properties is not None else None
    assert entry is not None
    assert entry.kind == kind
    tried = [(type(value), value) for value in entry.accepts]
    assert (type(taken), taken) in tried
    assert (type(refused), refused) not in tried
    assert "CPU" in entry.compile


def test_what_can_be_set() -> None:
    properties = load().device_properties
    assert properties is not None
    name = properties.get("FULL_DEVICE_NAME")
    streams = properties.get("NUM_STREAMS")
    assert name is not None
    assert streams is not None
    assert not name.settable("CPU")
    assert streams.settable("CPU")
    assert not streams.settable("AUTO")
    assert properties.get("CPU_SPEED") is None
    assert properties.get("*") is None
    assert "*" not in properties.names


def test_releases_built_with_another_openvino_say_nothing() -> None:
    assert [version for version in releases() if load(version).device_properties is not None] == [newest()]
