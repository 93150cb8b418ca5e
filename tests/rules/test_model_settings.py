"""The settings of a model beside each other, and beside models that are not at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.rules.run import judge

from .test_deployment_rules import MODEL, Site

CANNOT = 'the model "gauge" cannot take the shape (1,8)'


def told(folder: Path, *, no_models: bool = False, **settings: Any) -> list[str]:
    """Code and message of all findings about the sound deployment with these settings on its model."""
    site = Site(folder)
    site.model |= settings
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(folder / "config.json"), load_catalog(), no_models=no_models)
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    return [f"{finding.code} {finding.message}" for finding in found]


@pytest.mark.parametrize(
    ("layout", "refused"),
    [
        (None, True),
        ("NC", True),
        ("NC:NC", True),
        ("CN:NC", False),  # the dimensions are turned round before, and what comes of it is not followed
        ({"level": "NC"}, True),
        ({"level": "CN:NC"}, False),
        ({"volume": "CN:NC"}, False),
    ],
)
@pytest.mark.parametrize("shape", ["(1,8)", {"level": "(1,8)"}])
def test_shapes_beside_layouts(layout: Any, refused: bool, shape: Any, tmp_path: Path) -> None:
    settings = {"shape": shape} | ({"layout": layout} if layout is not None else {})
    assert told(tmp_path, **settings) == ([f"GV631 {CANNOT}"] if refused else [])


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"shape": "(1,8)"}, []),
        ({"shape": {"x": "(1,3)"}}, []),
        ({"batch_size": 2, "layout": "CH"}, []),
        ({"layout": "NCHW"}, []),
        ({"layout": {"x": "NC"}}, []),
        ({"layout": "NN"}, ['GV632 "NN" is no layout: NN has a letter twice or dots that are not one ...']),
        ({"target_device": "TPU"}, ['GV618 OpenVINO has no device "TPU"']),
    ],
)
def test_what_is_said_without_looking_at_the_model(settings: Any, found: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, no_models=True, **settings) == found
    assert told(tmp_path, **settings) != []


LAYOUTS = [
    ("", ""),
    ("NC", ""),
    ("nc", ""),
    ("N?", ""),
    ("N...", ""),
    ("...", ""),
    ("...C", ""),
    ("N:C", "it has 2 dimensions"),
    ("NC:N?", ""),
    ("NC:...", ""),
    ("NCH", "it has 2 dimensions"),
    ("N", "it has 2 dimensions"),
    ("NCH...", "it has 2 dimensions"),
    ("NCH:NC", ""),  # other lengths: OVMS finds out when it turns the tensor
    ("NH:NC", "NH cannot be turned into NC: they have other letters"),
]


@pytest.mark.parametrize(("layout", "why"), LAYOUTS)
@pytest.mark.parametrize("named", [False, True])
def test_layouts_against_the_tensor(layout: str, why: str, named: bool, tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.model["layout"] = {"level": layout} if named else layout
    found = [(f.code, f.message, f.label) for f in site.findings()]
    assert found == ([("GV632", f'the layout {layout} does not fit "level" of "gauge"', why)] if why else [])


@pytest.mark.parametrize(
    ("layout", "why"),
    [
        ("XY", "it takes N, C, H, W, D, ? and ..., and one : between the tensor's and the model's"),
        ("N:C:H", "it takes N, C, H, W, D, ? and ..., and one : between the tensor's and the model's"),
        (":", "it takes N, C, H, W, D, ? and ..., and one : between the tensor's and the model's"),
        ("NN:NC", "NN has a letter twice or dots that are not one ..."),
        ("NC:CC", "CC has a letter twice or dots that are not one ..."),
        ("N.", "N. has a letter twice or dots that are not one ..."),
        ("...N...", "...N... has a letter twice or dots that are not one ..."),
    ],
)
def test_texts_that_are_no_layout(layout: str, why: str, tmp_path: Path) -> None:
    assert told(tmp_path, layout=layout) == [f'GV632 "{layout}" is no layout: {why}']
    assert told(tmp_path, layout={"level": layout}) == [f'GV632 "{layout}" is no layout: {why}']


def two_inputs(site: Site) -> None:
    parameter = MODEL[MODEL.index('    <layer id="0"') : MODEL.index('    <layer id="1"')]
    second = parameter.replace('id="0" name="level"', 'id="9" name="gain"', 1).replace('names="level"', 'names="gain"')
    site.replace("net/1/model.xml", parameter, parameter + second)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (
            {"shape": "(1,3)"},
            ['GV631 one shape for all inputs, but the model "gauge" has 2: "level", "gain"; write {"level": "(1,3)"}'],
        ),
        ({"shape": "auto"}, []),
        ({"shape": {"level": "(1,3)", "gain": "(1,3)"}}, []),
        (
            {"shape": {"level": "(1,3)", "gian": "(1,3)", "x": "(1,3)"}},
            [
                'GV631 the model "gauge" has no input "gian"; did you mean "gain"?',
                'GV631 the model "gauge" has no input "x"; it has "level", "gain"',
            ],
        ),
        (
            {"layout": "NC"},
            ['GV632 one layout for all inputs, but the model "gauge" has 2: "level", "gain"; write {"level": "NC"}'],
        ),
        ({"layout": ""}, []),
        ({"layout": {"gain": "NC", "volume": "NC"}}, []),
        (
            {"layout": {"gian": "NC", "x": "NC", "volume": "NCH"}},
            [
                'GV632 the model "gauge" has no input or output "gian"; did you mean "gain"?',
                'GV632 the model "gauge" has no input or output "x"; its inputs are "level", "gain"',
                'GV632 the layout NCH does not fit "volume" of "gauge"; ',
            ],
        ),
    ],
)
def test_a_model_of_two_inputs(settings: dict[str, Any], found: list[str], tmp_path: Path) -> None:
    site = Site(tmp_path)
    two_inputs(site)
    site.model |= settings
    assert [f"{f.code} {f.message}; {f.help}" for f in site.findings() if f.code != "GV621"] == found
