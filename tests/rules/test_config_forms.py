"""What is said of a config.json with one mistake of form, for every value in it, by release.

    python -m tests.rules.test_config_forms

writes `config_forms.txt` anew. Run it after the facts or the rule have changed, and hold what it has changed against
OVMS's `src/schema.cpp`.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest

from graphval.catalog import load as load_catalog
from graphval.catalog import releases
from graphval.deployment import load
from graphval.rules.run import judge

FORMS = Path(__file__).with_name("config_forms.txt")
SOUND: dict[str, Any] = {
    "model_config_list": [
        {
            "config": {
                "name": "a",
                "base_path": "a",
                "graph_path": "graph.pbtxt",
                "subconfig": "s.json",
                "batch_size": 1,
                "shape": {"x": "(1,2)"},
                "layout": {"x": "NCHW"},
                "nireq": 1,
                "target_device": "CPU",
                "plugin_config": {"TEXT": "t", "NUMBER": 1.5, "YES": True},
                "allow_cache": True,
                "model_version_policy": {"specific": {"versions": [1, 2]}},
                "custom_loader_options": {"loader_name": "l", "other": 1},
            }
        },
        {"config": {"name": "b", "batch_size": "auto", "shape": "auto", "layout": "NCHW"}},
        {"config": {"name": "c", "model_version_policy": {"latest": {"num_versions": 1}}}},
        {"config": {"name": "d", "model_version_policy": {"all": {}}}},
    ],
    "mediapipe_config_list": [{"name": "g", "base_path": "g", "graph_path": "graph.pbtxt", "subconfig": "s.json"}],
    "pipeline_config_list": [
        {
            "name": "p",
            "inputs": ["i"],
            "demultiply_count": -1,
            "nodes": [
                {
                    "name": "n",
                    "type": "DL model",
                    "model_name": "b",
                    "version": 1,
                    "inputs": [{"x": {"node_name": "request", "data_item": "i"}}],
                    "outputs": [{"data_item": "y", "alias": "z"}],
                    "demultiply_count": 10000,
                    "gather_from_node": "n",
                },
                {
                    "name": "m",
                    "type": "custom",
                    "library_name": "l",
                    "params": {"key": "value"},
                    "inputs": [{"x": {"node_name": "n", "data_item": "z"}}],
                    "outputs": [],
                },
            ],
            "outputs": [{"o": {"node_name": "n", "data_item": "z"}}],
        }
    ],
    "custom_loader_config_list": [
        {"config": {"loader_name": "l", "library_path": "l.so", "loader_config_file": "l.json"}}
    ],
    "custom_node_library_config_list": [{"name": "l", "base_path": "l.so"}],
    "monitoring": {"metrics": {"enable": True, "metrics_list": ["ovms_streams"]}},
}
"""Every key that the schema knows."""
OTHERS: tuple[Any, ...] = (None, True, 0, 1.5, "text", [], {})
"""One value of each kind, put in place of each value."""
NUMBERS = (-2, -1, 0, 1, 10000, 10001)


def changes(value: Any, path: str = "", like: Any = None) -> Iterator[tuple[str, str, Any]]:
    """Where, what, and the whole: every value but one as it is. Of what is ``like`` something before it, nothing."""
    if type(value) is not type(like):
        for other in (*OTHERS, *(NUMBERS if type(value) is int else ())):
            if (type(other), other) != (type(value), value):
                yield path, json.dumps(other), other
    if isinstance(value, dict):
        if like is None:
            yield path, "strange", {**value, "strange": "x"}
            yield path, "strange {}", {**value, "strange": {}}
        for key in value:
            before = like.get(key) if isinstance(like, dict) else None
            if before is None:
                yield f"{path}.{key}", "missing", {name: found for name, found in value.items() if name != key}
            for where, what, changed in changes(value[key], f"{path}.{key}", before):
                yield where, what, {**value, key: changed}
    if isinstance(value, list):
        for position, item in enumerate(value):
            before = value[0] if position else (like or [None])[0]
            for where, what, changed in changes(item, f"{path}[{position}]", before):
                yield where, what, [*value[:position], changed, *value[position + 1 :]]


def more() -> Iterator[tuple[str, str, Any]]:
    """Several keys at once, where one excludes the other."""
    policies = {"all": {}, "latest": {"num_versions": 1}, "specific": {"versions": [1]}}
    for one in policies:
        for other in policies:
            if one < other:
                yield "policy", f"{one} and {other}", _policy({one: policies[one], other: policies[other]})
    yield "policy", "latest 0", _policy({"latest": {"num_versions": 0}})
    yield "policy", "specific 0", _policy({"specific": {"versions": [0]}})
    yield "policy", "specific none", _policy({"specific": {"versions": []}})
    yield "policy", "all 1", _policy({"all": {"x": 1}})
    for node, key in ((0, "library_name"), (1, "model_name")):
        changed = copy.deepcopy(SOUND)
        changed["pipeline_config_list"][0]["nodes"][node][key] = "x"
        yield f"node {node}", f"with {key}", changed
    for key in ("inputs", "outputs"):
        changed = copy.deepcopy(SOUND)
        found = changed["pipeline_config_list"][0]["nodes"][0]["inputs"] if key == "inputs" else None
        found = changed["pipeline_config_list"][0]["outputs"] if found is None else found
        found[0]["second"] = {"node_name": "request", "data_item": "i"}
        yield key, "two connections in one", changed


def _policy(policy: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(SOUND)
    changed["model_config_list"][0]["config"]["model_version_policy"] = policy
    return changed


CASES = [("the whole", "as it is", SOUND), *changes(SOUND), *more()]
_KIND = re.compile(r", not (an? )?(null|boolean|number|string|array|object)$")


def said(changed: Any, what: str, release: str, folder: Path) -> str:
    """The messages, without the kind that was found, and where they point if that is not the changed value."""
    file = folder / "config.json"
    file.write_text(json.dumps(changed, indent=0), encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    found = judge(load(file), load_catalog(release), no_models=True).findings
    mistakes = [finding for finding in found if finding.code == "GV601"]
    return "; ".join(
        _KIND.sub("", f.message)
        + _pointed(lines[f.location.line - 1][f.location.column - 1 : f.location.end_column - 1], what)
        for f in sorted(mistakes, key=lambda f: (f.location.line, f.location.column, f.message))
    )


def _pointed(text: str, what: str) -> str:
    return "" if text == what else f" [{text}]"


Said: TypeAlias = dict[tuple[str, str], str]
"""What is said, by place and change."""
PARTS = 10
NEWEST, *OLDER = reversed(releases())


def cases(release: str) -> list[tuple[str, str, Any]]:
    """For older releases only what their schemas differ in."""
    few = ("the whole", ".model_config_list[0].config.base_path")
    return [case for case in CASES if release == NEWEST or case[0] in few]


def all_said(release: str, found: list[tuple[str, str, Any]], folder: Path) -> Said:
    return {(where, what): said(changed, what, release, folder) or "accepted" for where, what, changed in found}


def shown(release: str, found: Said) -> str:
    """Changes of one place of which the same is said stand in one line."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for (where, what), text in found.items():
        grouped.setdefault((where, text), []).append(what)
    lines = [f"{where}: {', '.join(whats)} -> {text}\n" for (where, text), whats in grouped.items()]
    return f"== {release}\n{''.join(lines)}"


def kept(release: str) -> Said:
    """The reviewed section of a release."""
    section = FORMS.read_text(encoding="utf-8").split(f"== {release}\n")[1].split("\n\n")[0]
    found: Said = {}
    for line in section.splitlines():
        where, _, rest = line.partition(": ")
        changed, _, text = rest.partition(" -> ")
        found |= {(where, what): text for what in changed.split(", ")}
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_said_of_a_mistake_of_form_is_as_reviewed(part: int, tmp_path: Path) -> None:
    reviewed = kept(NEWEST)
    found = all_said(NEWEST, cases(NEWEST)[part::PARTS], tmp_path)
    assert found == {key: reviewed[key] for key in found}


@pytest.mark.parametrize("release", OLDER)
def test_what_older_releases_refuse_is_as_reviewed(release: str, tmp_path: Path) -> None:
    assert all_said(release, cases(release), tmp_path) == kept(release)


def write_all() -> None:
    with TemporaryDirectory() as name:
        sections = [shown(release, all_said(release, cases(release), Path(name))) for release in (NEWEST, *OLDER)]
    FORMS.write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write_all())
