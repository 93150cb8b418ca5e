"""The data are what ``tools/make_catalog.py`` makes, from made-up facts and from the reference facts where they are."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphval.catalog.records import DATA

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = [folder / "shared" / "reference" for folder in ROOT.parents]
REFERENCE = next((folder for folder in REFERENCES if (folder / "calculators.json").is_file()), None)


@pytest.fixture(scope="module")
def make() -> Callable[[Path], dict[str, str]]:
    spec = importlib.util.spec_from_file_location("make_catalog", ROOT / "tools" / "make_catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[Path], dict[str, str]] = module.make
    return made


@pytest.mark.skipif(REFERENCE is None, reason="the reference facts are not part of the project")
def test_from_the_reference_facts(make: Callable[[Path], dict[str, str]]) -> None:
    assert REFERENCE is not None
    made = make(REFERENCE)
    there = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()}
    assert set(made) <= there
    different = [name for name, text in made.items() if (DATA / name).read_text("utf-8") != text]
    assert different == []


FIELD = {"name": "period", "number": 1, "label": "optional", "type": "int64", "default": "1"}
NAMES: dict[str, Any] = {
    "calculators_unit_test_only": [],
    "subgraphs": [],
    "input_stream_handlers": ["DefaultInputStreamHandler"],
    "output_stream_handlers": [],
    "tool_parsers": None,
    "reasoning_parsers": None,
    "pipeline_types": None,
    "node_initializer_suffixes": [],
    "side_packets_provided": {"unary": [], "streaming": []},
    "graph_io_tags": {"prefixes": {}},
}


def facts(folder: Path) -> Path:
    """Made-up facts of two releases, of which the older lacks a field, a calculator and a message."""
    thin = {"syntax": "proto2", "file": "a.proto", "fields": [FIELD]}
    more = {"syntax": "proto2", "file": "a.proto", "fields": [FIELD, {**FIELD, "name": "more", "number": 2}]}
    base = {"syntax": "proto2", "file": "base.proto", "fields": []}
    node = {
        "syntax": "proto2",
        "file": "node.proto",
        "fields": [{"name": "o", "number": 3, "label": "repeated", "type": "message", "type_name": "mediapipe.A"}],
    }
    extension = {"field": "mediapipe.A.ext", "number": 20001, "extendee": "mediapipe.CalculatorOptions"}
    contents: dict[str, Any] = {
        "calculators.json": {
            "calculators": [
                {"name": "B", "kind": "calculator", "notes": "left out"},
                {"name": "A", "kind": "calculator"},
            ],
            "input_stream_handlers": [{"name": "DefaultInputStreamHandler"}],
            "executors": [{"name": ""}],
        },
        "ovms-status-codes.json": {"codes": [{"name": "OK", "message": "ü"}]},
        "ovms-log-signatures.json": {"formats": [{"id": "f"}], "signatures": [{"id": "s"}]},
        "releases/index.json": {
            "order": ["2025.0", "HEAD"],
            "files": {"HEAD": {"file": "head.json"}, "2025.0": {"file": "old.json"}},
            "aliases": {"latest": "HEAD", "2025": "2025.0"},
        },
        "releases/drift.json": {
            "entries": [
                {
                    "release": "HEAD",
                    "previous": "2025.0",
                    "subject": "A\tb",
                    "area": "x",
                    "kind": "added",
                    "advice": "A needs the development branch after 2026.3",
                }
            ]
        },
        "releases/head.json": {
            **NAMES,
            "calculators": ["A", "B"],
            "options": {
                "mediapipe.CalculatorOptions": base,
                "mediapipe.A": {**more, "extension": extension},
                "mediapipe.Node": node,
            },
        },
        "releases/old.json": {
            **NAMES,
            "calculators": ["A"],
            "options": {
                "mediapipe.CalculatorOptions": {"same_as": "HEAD"},
                "mediapipe.A": {**thin, "extension": extension},
            },
        },
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.fixture
def made(tmp_path: Path, make: Callable[[Path], dict[str, str]]) -> dict[str, str]:
    return make(facts(tmp_path))


def test_the_index(made: dict[str, str]) -> None:
    assert json.loads(made["index.json"]) == {
        "releases": ["2025.0", "2026.4"],
        "newest": "2026.4",
        "aliases": {"latest": "2026.4", "2025": "2025.0"},
    }


def test_records_are_sorted_lines(made: dict[str, str]) -> None:
    assert made["calculators.txt"] == ('A\t{"kind":"calculator","name":"A"}\nB\t{"kind":"calculator","name":"B"}\n')
    assert made["statuses.txt"] == 'OK\t{"message":"ü","name":"OK"}\n'
    assert made["executors.txt"] == '\t{"name":""}\n'
    assert made["drift.txt"].startswith('A b\t[{"advice":"A needs 2026.4",')


def test_releases_share_what_is_the_same(made: dict[str, str]) -> None:
    old = dict(line.split("\t", 1) for line in made["releases/2025.0.descriptors.txt"].splitlines())
    new = dict(line.split("\t", 1) for line in made["releases/2026.4.descriptors.txt"].splitlines())
    assert set(new) == {"a.proto", "base.proto", "node.proto"}
    assert set(old) == {"a.proto", "base.proto"}
    assert old["base.proto"] == "="
    assert old["a.proto"] != new["a.proto"]
    assert ",mediapipe.A.more," in new["a.proto"]
    assert ",mediapipe.A.more," not in old["a.proto"]


def test_what_is_made_can_be_used(made: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphval.catalog import records
    from graphval.catalog.descriptors import Descriptors

    for name, text in made.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(records, "DATA", tmp_path / "data")
    records.text_of.cache_clear()
    try:
        old, new = (Descriptors(version, "2026.4").whole_pool() for version in ("2025.0", "2026.4"))
        assert [f.name for f in old.FindMessageTypeByName("mediapipe.A").fields] == ["period"]
        assert [f.name for f in new.FindMessageTypeByName("mediapipe.A").fields] == ["period", "more"]
        assert new.FindMessageTypeByName("mediapipe.A").fields[0].default_value == 1
        assert new.FindMessageTypeByName("mediapipe.Node").fields[0].message_type.name == "A"
        assert old.FindExtensionByName("mediapipe.A.ext").number == 20001
        with pytest.raises(KeyError):
            old.FindMessageTypeByName("mediapipe.Node")
    finally:
        records.text_of.cache_clear()


def test_the_same_facts_give_the_same_data(
    tmp_path: Path, made: dict[str, str], make: Callable[[Path], dict[str, str]]
) -> None:
    assert make(tmp_path) == made
