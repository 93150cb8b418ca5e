"""Samples as perf_analyzer, NumPy and cameras write them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from graphval.probe.sample_forms import read_samples
from graphval.probe.samples import Expected, Sample, SampleError
from graphval.probe.tensors import Tensor
from tests.probe.test_tensors import NUMPY

A = Tensor("a", "FP32", (1, 2), bytes(8))
B = Tensor("b", "INT64", (3,), bytes(24))
PICTURE = Tensor("p", "UINT8", (64, 64, 3), bytes(64 * 64 * 3))
WANTED = {"a": A, "b": B}


def read(file: Path, inputs: tuple[str, ...] = ("a", "b"), wanted: dict[str, Tensor] = WANTED) -> tuple[Sample, ...]:
    return read_samples(file, "g", inputs, wanted)


def write(folder: Path, document: object) -> Path:
    file = folder / "data.json"
    file.write_text(json.dumps(document))
    return file


def tensors(sample: Sample) -> dict[str, tuple[str, tuple[int, ...], list[Any]]]:
    request = sample.request
    return {
        t.name: (t.datatype, tuple(t.shape), np.frombuffer(raw, NUMPY[t.datatype]).tolist())
        for t, raw in zip(request.inputs, request.raw_input_contents, strict=True)
    }


# -- perf_analyzer -----------------------------------------------------------------------------------------------------


def test_steps_and_sequences_are_requests(tmp_path: Path) -> None:
    document = {
        "data": [{"a": [1, 2], "b": [1, 2, 3]}, [{"a": [3, 4], "b": [0, 0, 0]}, {"a": [5, 6], "b": [0, 0, 0]}]],
        "validation_data": [{"out": [7]}],
    }
    found = read(write(tmp_path, document))
    assert [sample.name for sample in found] == [f"data.json step {n}" for n in (1, 2, 3)]
    assert tensors(found[0]) == {"a": ("FP32", (1, 2), [1, 2]), "b": ("INT64", (3,), [1, 2, 3])}
    assert tensors(found[2])["a"] == ("FP32", (1, 2), [5, 6])
    assert found[0].expected == (Expected("out", (7,)),)
    assert found[1].expected == ()


@pytest.mark.parametrize(
    ("value", "shape", "values"),
    [
        ([1, 2], (1, 2), [1, 2]),
        ([[1, 2]], (1, 2), [1, 2]),
        ([1, 2, 3], (3,), [1, 2, 3]),
        ({"content": [1, 2, 3, 4], "shape": [2, 2]}, (2, 2), [1, 2, 3, 4]),
        ({"content": [1, 2]}, (1, 2), [1, 2]),
        ({"content": {"b64": base64.b64encode(np.array([1, 2], "<f4").tobytes()).decode()}}, (1, 2), [1, 2]),
        ({"b64": base64.b64encode(np.array([1, 2], "<f4").tobytes()).decode()}, (1, 2), [1, 2]),
    ],
)
def test_values_and_shapes(tmp_path: Path, value: object, shape: tuple[int, ...], values: list[float]) -> None:
    [sample] = read(write(tmp_path, {"data": [{"a": value}]}))
    assert sample.name == "data.json"
    assert tensors(sample)["a"] == ("FP32", shape, values)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"data": [7]}, "no JSON object"),
        ({"data": [{"unknown": [1]}]}, "datatype"),
        ({"data": [{"a": {"content": [1, 2], "shape": [3]}}]}, "has 3 values, its content has 2"),
        ({"data": [{"a": {"b64": "not base64!"}}]}, "no base64"),
        ({"data": [{"a": {"other": 1}}]}, "neither"),
        ({"data": [{"b": ["x"]}]}, "does not fit"),
        ({"data": 7}, 'no list "inputs"'),
    ],
)
def test_what_says_too_little_is_refused(tmp_path: Path, document: object, said: str) -> None:
    with pytest.raises(SampleError, match=said):
        read(write(tmp_path, document))


def test_a_kserve_request_says_what_it_expects(tmp_path: Path) -> None:
    request = {"inputs": [{"name": "a", "shape": [1], "datatype": "FP32", "data": [1]}]}
    outputs = [{"name": "out", "shape": [1], "datatype": "FP32", "data": [[2]]}, {"name": "other", "data": ["x"]}]
    [sample] = read(write(tmp_path, {**request, "expected": {"outputs": outputs, "tolerance": 0.5}}))
    assert sample.expected == (Expected("out", (2,), (1,), "FP32", 0.5), Expected("other", ("x",), None, None, 0.5))
    for wrong in (7, {}, {"outputs": [7]}, {"outputs": [{}]}, {"outputs": [], "tolerance": -1},
                  {"outputs": [{"name": "x", "shape": 1}]}):  # fmt: skip
        with pytest.raises(SampleError):
            read(write(tmp_path, {**request, "expected": wrong}))


# -- NumPy -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("datatype", sorted(NUMPY))
def test_arrays_of_every_type(tmp_path: Path, datatype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(NUMPY[datatype])
    np.save(tmp_path / "x.npy", array)
    [sample] = read(tmp_path / "x.npy", ("a",))
    assert tensors(sample) == {"a": (datatype, (2, 3), array.ravel().tolist())}


def test_an_archive_has_an_array_for_each_input(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", a=np.array([[1.5]], ">f4"), b=np.array(7, "<i8"))
    [sample] = read(tmp_path / "x.npz")
    assert tensors(sample) == {"a": ("FP32", (1, 1), [1.5]), "b": ("INT64", (), [7])}


def test_an_array_that_is_no_request_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "complex.npy", np.array([1j]))
    np.save(tmp_path / "object.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (tmp_path / "junk.npy").write_bytes(b"junk")
    (tmp_path / "junk.npz").write_bytes(b"PK\x03\x04 junk")
    for name in ("complex.npy", "object.npy", "junk.npy", "junk.npz", "missing.npy"):
        with pytest.raises(SampleError):
            read(tmp_path / name, ("a",))
    np.save(tmp_path / "good.npy", np.zeros(2))
    with pytest.raises(SampleError, match="2 inputs"):
        read(tmp_path / "good.npy")


# -- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".bmp"])
def test_a_picture_is_height_width_rgb(tmp_path: Path, suffix: str) -> None:
    pixels = np.zeros((5, 7, 3), np.uint8)
    pixels[..., 2] = 200  # OpenCV writes BGR: this is red
    cv2.imwrite(str(tmp_path / f"x{suffix}"), pixels)
    [sample] = read(tmp_path / f"x{suffix}", ("p", "a"), {"p": PICTURE, "a": A})
    datatype, shape, values = tensors(sample)["p"]
    assert (datatype, shape, values[:3]) == ("UINT8", (5, 7, 3), [200, 0, 0])
    assert tensors(sample)["a"] == ("FP32", (1, 2), [0, 0])


def test_a_picture_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "x.png"), np.zeros((2, 2, 3), np.uint8))
    (tmp_path / "junk.png").write_bytes(b"junk")
    cases = [
        ("x.png", ("a",), {"a": A}),
        ("x.png", ("p", "q"), {"p": PICTURE, "q": Tensor("q", "UINT8", (4, 4, 3), bytes(48))}),
        ("x.png", ("p", "unknown"), {"p": PICTURE}),
        ("junk.png", ("p",), {"p": PICTURE}),
    ]
    for name, inputs, wanted in cases:
        with pytest.raises(SampleError):
            read(tmp_path / name, inputs, wanted)
