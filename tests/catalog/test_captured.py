"""What a server lists becomes a catalog of its own, kept for that very build and for no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.catalog import UnknownRelease, load, newest, releases
from graphval.catalog.captured import Captured, CapturedCatalog, NothingListed, folder, keep, kept, read_log

ROOT = Path(__file__).resolve().parents[2]
LOG = """\
[2026-08-21 10:11:12.345][1][serving][info][server.cpp:1] OpenVINO Model Server {version}
[2026-08-21 10:11:12.345][1][modelmanager][debug][x.cpp:56] Registered Calculators: MyCalculator, a::B<c::D, 3>, Mine
[2026-08-21 10:11:12.345][1][modelmanager][debug][x.cpp:57] Registered Subgraphs: MySubgraph

[2026-08-21 10:11:12.345][1][modelmanager][debug][x.cpp:58] Registered InputStreamHandlers: MyHandler, OtherHandler
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def read(version: str = "2026.3", release: str | None = None) -> Captured:
    return read_log(LOG.format(version=version), "sha256:abc", release)


def test_a_log() -> None:
    captured = read()
    assert captured.source == "sha256:abc"
    assert captured.release == "2026.3"
    assert captured.calculators == ("Mine", "MyCalculator", "a::B<c::D, 3>")
    assert captured.subgraphs == ("MySubgraph",)
    assert captured.input_stream_handlers == ("MyHandler", "OtherHandler")
    # What it does not list is the release's.
    assert set(captured.output_stream_handlers) == load("2026.3").output_stream_handlers


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("2026.3", "2026.3"),
        ("2026.3.0.dev20260821", "2026.3"),
        ("2025.2", "2025.2.1"),
        ("2026.2", "2026.2.1"),
        ("2024.6", "2024.5"),
        ("2099.1", newest()),
        ("2020.1", releases()[0]),
    ],
)
def test_the_closest_release(version: str, release: str) -> None:
    assert read(version).release == load(release).version


def test_the_release_that_is_asked_for() -> None:
    assert read("2026.3", "2025.1").release == "2025.1"
    with pytest.raises(UnknownRelease):
        read("2026.3", "1.0")


@pytest.mark.parametrize(
    "log", ["", "Registered Calculators: \n", "nothing of the kind\n", "Registered Subgraphs: A\n"]
)
def test_a_log_that_lists_none(log: str) -> None:
    with pytest.raises(NothingListed):
        read_log(log, "sha256:abc")


def test_the_catalog_has_its_names_and_the_releases_contracts() -> None:
    captured = replace(read(), calculators=("MyCalculator", "PassThroughCalculator"))
    catalog = CapturedCatalog(captured)
    assert catalog.version == "2026.3"
    assert catalog.calculators == {"MyCalculator", "PassThroughCalculator"}
    assert catalog.subgraphs == {"MySubgraph"}
    assert catalog.calculator("PassThroughCalculator") == load("2026.3").calculator("PassThroughCalculator")
    assert catalog.calculator("MyCalculator") is None
    assert catalog.calculator("MergeCalculator") is None
    assert catalog.message("mediapipe.CalculatorGraphConfig") is not None


def test_it_is_kept_for_its_source_alone(tmp_path: Path) -> None:
    captured = read()
    assert kept("sha256:abc") is None
    file = keep(captured)
    assert file.is_relative_to(tmp_path / "cache")
    assert kept("sha256:abc") == captured
    assert kept("sha256:abcd") is None
    again = replace(captured, calculators=("Other",))
    assert keep(again) == file
    assert kept("sha256:abc") == again
    assert len(list(folder().iterdir())) == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"source": "sha256:abc"}', "\x00", '{"source": "sha256:abc", "release": "1.0"}']
)
def test_a_file_that_is_none(content: str) -> None:
    keep(read()).write_text(content, encoding="utf-8")
    assert kept("sha256:abc") is None


def test_a_file_of_another_source() -> None:
    file = keep(read())
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**told, "source": "other"}), encoding="utf-8")
    assert kept("sha256:abc") is None


def graphval(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "graphval", *words], capture_output=True, text=True, check=False)


def test_a_build_with_a_calculator_of_its_own(tmp_path: Path) -> None:
    # The rehearsal under OVMS's command line, telling one name more.
    script = tmp_path / "ovms"
    more = "s/Registered Calculators: /Registered Calculators: MyOwnCalculator, /"
    script.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT} {sys.executable} -m graphval.rehearsal "$@" | sed -u "{more}"\n', "utf-8"
    )
    script.chmod(0o755)
    graph = tmp_path / "g" / "graph.pbtxt"
    graph.parent.mkdir()
    graph.write_text(
        'input_stream: "in"\noutput_stream: "out"\n'
        'node { calculator: "MyOwnCalculator" input_stream: "in" output_stream: "out" }\n',
        encoding="utf-8",
    )
    binary = ["--binary", str(script)]
    before = graphval("check", str(graph.parent), "--engine", "binary", *binary)
    assert "MyOwnCalculator" in before.stdout
    assert "error[GV301]" in before.stdout
    assert "nothing was captured of it yet" in graphval("catalog", "show", *binary).stderr
    captured = graphval("catalog", "capture", *binary)
    assert captured.returncode == 0, captured.stderr
    assert f"{script}" in captured.stdout
    assert "  MyOwnCalculator\n" in graphval("catalog", "show", *binary).stdout
    assert "its contract is not known" in graphval("catalog", "show", "MyOwnCalculator", *binary).stdout
    after = graphval("check", str(graph.parent), "--engine", "binary", *binary)
    assert "error[GV301]" not in after.stdout
    os.utime(script, ns=(1, 1))
    # Another build, as far as can be told.
    assert "error[GV301]" in graphval("check", str(graph.parent), "--engine", "binary", *binary).stdout


def test_showing_a_release() -> None:
    shown = graphval("catalog", "show", "--ovms-version", "2025.1")
    assert shown.stdout.startswith("OVMS 2025.1\n")
    assert f"calculators ({len(load('2025.1').calculators)})" in shown.stdout
    one = graphval("catalog", "show", "SyncSetInputStreamHandler")
    assert "options: mediapipe.SyncSetInputStreamHandlerOptions" in one.stdout
    none = graphval("catalog", "show", "NoSuchThing")
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr == f"graphval: OVMS {newest()} has no NoSuchThing; graphval catalog show lists what it has\n"


def test_showing_a_calculator_says_what_it_checks_and_when() -> None:
    lines = graphval("catalog", "show", "TensorsToDetectionsCalculator").stdout.splitlines()
    assert lines[0] == "TensorsToDetectionsCalculator (calculator)"
    titles = ["at the first request, when it opens", "at a request, when packets come", "ends the process"]
    places = [lines.index(f"  {title}") for title in titles]
    assert places == sorted(places)
    assert "Open aborts when max_results == 0" in lines[places[2] + 1]
    models = graphval("catalog", "show", "HttpLLMCalculator").stdout
    assert "  options: mediapipe.LLMCalculatorOptions (required)\n    must have models_path\n" in models
    subgraph = graphval("catalog", "show", "TensorsToPoseLandmarksAndSegmentation").stdout
    assert "  consists of\n    GateCalculator\n" in subgraph
