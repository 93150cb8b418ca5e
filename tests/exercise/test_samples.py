"""Requests of the user's own in each form, named for a graph: sent to the rehearsal, held against what they expect."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from graphval.engines.rehearsal import RehearsalEngine
from graphval.findings import Verdict
from graphval.probe.plan import Depth
from graphval.run.terms import default_terms
from tests.exercise.running import Checked, check, deployment
from tests.faults.case import graph, passes

ROW = np.array([[1.5, -2, 0.25]], np.float32)
KSERVE = {"inputs": [{"name": "in", "shape": [1, 3], "datatype": "FP32", "data": [[1.5, -2, 0.25]]}]}
CUSTOM = {"inputs": [{"name": "in", "shape": [2], "datatype": "my_type", "b64": base64.b64encode(b"hi").decode()}]}
RIGHT = {
    "outputs": [{"name": "out", "shape": [1, 3], "datatype": "FP32", "data": [1.5, -2, 0.2501]}],
    "tolerance": 1e-3,
}
WRONG = {**RIGHT, "tolerance": 1e-6}


def write(folder: Path) -> dict[str, Path]:
    """A sample of each form, the last ones with another answer than comes."""
    texts = {
        "kserve.json": {**KSERVE, "expected": RIGHT},
        "perf.json": {"data": [{"in": [1.5, -2, 0.25]}], "validation_data": [{"out": [1.5, -2, 0.25]}]},
        "array.npy.expected.json": RIGHT,
        "custom.json": CUSTOM,
        "photo.png.expected.json": {"outputs": [{"name": "out", "data": [255, 0, 0] * 4}]},
        "off.json": {**KSERVE, "expected": WRONG},
        "off.npz.expected.json": WRONG,
    }
    for name, document in texts.items():
        (folder / name).write_text(json.dumps(document))
    np.save(folder / "array.npy", ROW)
    np.savez(folder / "off.npz", **{"in": ROW})
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[..., 2] = 255
    cv2.imwrite(str(folder / "photo.png"), picture)
    return {name: folder / name for name in ("kserve.json", "perf.json", "array.npy", "off.json", "off.npz")} | {
        "custom.json": folder / "custom.json",
        "photo.png": folder / "photo.png",
    }


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("samples")
    files = write(folder)
    tags = {"photo.png": "IMAGE:", "custom.json": "OVMS_PY_TENSOR:"}
    graphs = {name: graph([f"{tags.get(name, '')}in"], [f"{tags.get(name, '')}out"], passes()) for name in files}
    (folder / "deployment").mkdir()
    path = deployment(folder / "deployment", {name.replace(".", "-"): text for name, text in graphs.items()})
    named = {name.replace(".", "-"): (file,) for name, file in files.items()}
    with pytest.MonkeyPatch.context() as patch:
        return check(patch, path, RehearsalEngine(), default_terms(probes=Depth.QUICK, named=named))


@pytest.mark.parametrize("name", ["kserve-json", "perf-json", "array-npy", "photo-png", "custom-json"])
def test_each_form_is_sent_and_its_answer_is_right(checked: Checked, name: str) -> None:
    assert checked.graph(name).verdict is Verdict.PASS
    assert checked.findings(name) == []
    assert checked.graph(name).not_exercised == ()


@pytest.mark.parametrize("name", ["off-json", "off-npz"])
def test_another_answer_than_expected_is_a_finding(checked: Checked, name: str) -> None:
    [finding] = checked.findings(name)
    assert finding.code == "GV829"
    assert "value 2 is 0.25, not 0.2501" in finding.message
    assert checked.graph(name).verdict is Verdict.FAIL
