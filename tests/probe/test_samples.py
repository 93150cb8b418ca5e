"""Requests of the user's own, and everything that may be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.probe.asking import ProbeSettings
from graphval.probe.samples import (
    Expected,
    Sample,
    SampleError,
    openai_files,
    read_document,
    read_kserve,
    sample_files,
    with_expected,
)

GOOD: dict[str, Any] = {
    "id": "7",
    "inputs": [{"name": "in", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2], [3.5, 4]]}],
    "parameters": {"flag": True, "count": 3, "word": "x"},
}


def write(folder: Path, document: object, name: str = "a.json") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def read_sample(file: Path, graph: str) -> Sample:
    return read_kserve(file, read_document(file), graph)


def changed(**fields: object) -> dict[str, Any]:
    return {**GOOD, "inputs": [{**GOOD["inputs"][0], **fields}]}


def test_a_sample_becomes_a_request(tmp_path: Path) -> None:
    sample = read_sample(write(tmp_path, GOOD), "g")
    request = sample.request
    assert (sample.name, request.model_name, request.id) == ("a.json", "g", "7")
    assert np.frombuffer(request.raw_input_contents[0], "<f4").tolist() == [1, 2, 3.5, 4]
    assert request.parameters["flag"].bool_param is True
    assert request.parameters["count"].int64_param == 3
    assert request.parameters["word"].string_param == "x"


@pytest.mark.parametrize(
    ("fields", "raw"),
    [
        ({"datatype": "BYTES", "shape": [2], "data": ["a", "bc"]}, b"\1\0\0\0a\2\0\0\0bc"),
        ({"datatype": "BOOL", "shape": [2], "data": [True, False]}, b"\1\0"),
        ({"datatype": "INT64", "shape": [1], "data": [-1]}, b"\xff" * 8),
        ({"datatype": "UINT8", "shape": [0], "data": []}, b""),
        ({"datatype": "FP32", "shape": [], "data": [0]}, b"\0" * 4),
        ({"datatype": "FP32", "shape": [1, 1], "data": 0}, b"\0" * 4),
    ],
)
def test_values_of_a_sample(tmp_path: Path, fields: dict[str, Any], raw: bytes) -> None:
    assert read_sample(write(tmp_path, changed(**fields)), "g").request.raw_input_contents[0] == raw


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "Expecting"),
        ("[1]", 'no list "inputs"'),
        ({"inputs": {}}, 'no list "inputs"'),
        ({"inputs": [7]}, "no JSON object"),
        (changed(name=7), "lacks name"),
        (changed(datatype=None), "lacks name"),
        (changed(shape="2"), "lacks name"),
        (changed(shape=[2, -1]), "whole numbers"),
        (changed(shape=[2, True]), "whole numbers"),
        (changed(shape=[2, 2.0]), "whole numbers"),
        (changed(shape=[3]), "has 3 values, data has 4"),
        (changed(data=None), "data has 0"),
        (changed(data={"a": 1}, shape=[1]), "does not fit"),
        (changed(datatype="FP8"), "FP8 is unknown"),
        (changed(datatype="INT8"), "does not fit INT8"),
        (changed(datatype="UINT8", data=[1, 2, 3, 256]), "does not fit UINT8"),
        ({**GOOD, "parameters": []}, "no JSON object"),
        ({**GOOD, "parameters": {"x": 1.5}}, "no string, whole number or bool"),
        ({**GOOD, "parameters": {"x": 1 << 63}}, "no string, whole number or bool"),
        ("[" * 100_000, ""),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(tmp_path: Path, document: object, said: str) -> None:
    with pytest.raises(SampleError) as refused:
        read_sample(write(tmp_path, document), "g")
    assert said in str(refused.value)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{")
    for file in (tmp_path / "none.json", tmp_path, tmp_path / "bytes.json"):
        with pytest.raises(SampleError):
            read_sample(file, "g")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(["inputs", "name", "shape", "datatype", "data", "parameters", "id"]), inner, max_size=4
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_json_is_a_request_or_refused(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    file = write(tmp_path_factory.mktemp("sample"), document)
    try:
        request = read_sample(file, "g").request
    except SampleError:
        return
    assert len(request.inputs) == len(request.raw_input_contents)


def test_where_samples_lie(tmp_path: Path) -> None:
    for name in ("d/g/b.json", "d/g/a.json", "d/g/chat.openai.json", "d/g/notes.txt", "g/c.json", "h/d.json"):
        write(tmp_path, GOOD, name)
    (tmp_path / "d" / "g" / "folder.json").mkdir()

    def found(deployment: str, graph: str, *folders: Path) -> list[str]:
        return [file.name for file in sample_files(ProbeSettings(folders or (tmp_path,)), deployment, graph)]

    assert found("d", "g") == ["a.json", "b.json"]
    assert found("other", "g") == ["c.json"]
    assert found("d", "nobody") == []
    assert found("d", "g", tmp_path / "missing", tmp_path) == ["a.json", "b.json"]
    assert list(sample_files(ProbeSettings(), "d", "g")) == []


def test_files_named_for_a_graph_count_instead(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "d/g/a.json")
    named = (tmp_path / "mine.npy", tmp_path / "talk.openai.json", tmp_path / "mine.npy.expected.json")
    settings = ProbeSettings((tmp_path,), named={"g": named, "h": ()})
    assert list(sample_files(settings, "d", "g", (".json", ".npy"))) == [named[0]]
    assert list(openai_files(settings, "d", "g")) == [named[1]]
    assert list(sample_files(settings, "d", "h")) == []
    assert [file.name for file in sample_files(settings, "d", "other")] == []


@pytest.mark.parametrize(
    ("fields", "raw"),
    [
        ({"datatype": "my_type", "shape": [7], "b64": "AP8="}, b"\0\xff"),
        ({"datatype": "INT16", "shape": [1], "b64": "AP8="}, b"\0\xff"),
    ],
)
def test_bytes_as_they_are(tmp_path: Path, fields: dict[str, Any], raw: bytes) -> None:
    request = read_sample(write(tmp_path, changed(**fields)), "g").request
    assert (request.inputs[0].datatype, request.raw_input_contents[0]) == (fields["datatype"], raw)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"b64": "AP8="}, "has other than 2 bytes"),
        ({"datatype": "my_type", "b64": "no!"}, "no base64"),
        ({"datatype": "my_type", "b64": 7}, "no base64"),
    ],
)
def test_bytes_that_are_none_or_too_few_are_refused(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(SampleError, match=said):
        read_sample(write(tmp_path, changed(**fields)), "g")


def test_what_is_expected_may_lie_beside(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    samples = (read_sample(file, "g"),)
    assert with_expected(samples, file) == samples
    beside = {"outputs": [{"name": "out", "data": [1.5]}], "tolerance": 0.1}
    write(tmp_path, beside, "a.json.expected.json")
    [sample] = with_expected(samples, file)
    assert sample.expected == (Expected("out", (1.5,), tolerance=0.1),)
    with pytest.raises(SampleError, match="is for one request, and there are 2"):
        with_expected(samples * 2, file)
    write(tmp_path, "[]", "a.json.expected.json")
    with pytest.raises(SampleError, match="no JSON object"):
        with_expected(samples, file)
