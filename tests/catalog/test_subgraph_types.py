"""What is known of the border of subgraphs is what MediaPipe says of them, and contracts have it."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType

import pytest

from graphval.catalog import load
from graphval.catalog.records import records

from .test_making import ROOT

KNOWN = records("subgraph_types.txt")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_subgraph_types", ROOT / "tools" / "make_subgraph_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_it_is_what_mediapipe_says(tool: ModuleType, name: str) -> None:
    contract = load().calculator(name)
    assert contract is not None
    assert json.loads(json.dumps(tool.facts(contract))) == KNOWN[name]


@pytest.mark.parametrize(
    ("name", "kind", "tag", "type_name", "optional"),
    [
        ("FaceDetectionShortRangeCpu", "inputs", "IMAGE", "OneOf<Image, ImageFrame>", False),
        ("FaceDetectionShortRangeCpu", "outputs", "DETECTIONS", "vector<Detection>", True),
        ("PoseDetectionToRoi", "inputs", "IMAGE_SIZE", "pair<int,int>", False),
        ("HandLandmarkCpu", "input_side_packets", "MODEL_COMPLEXITY", "int", True),
        ("HandLandmarkModelLoader", "output_side_packets", "MODEL", "TfLiteModelPtr", True),
        ("FaceDetection", "outputs", "DETECTIONS", "inferred after expansion", True),
    ],
)
def test_contracts_have_it(name: str, kind: str, tag: str, type_name: str, optional: bool) -> None:
    contract = load().calculator(name)
    assert contract is not None
    [port] = [port for port in getattr(contract, kind) if port.tag == tag]
    assert (port.type, port.optional) == (type_name, optional)


def test_no_subgraph_is_known_that_no_release_has() -> None:
    assert set(KNOWN) <= load().subgraphs
