"""Version folders, policies, and what a look at a model's files tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.deployment.json_text import read_json
from graphval.deployment.json_tree import JsonNode
from graphval.deployment.versions import file_problem, is_cloud, model_directory, model_file, version_asked, version_of
from graphval.textproto import Source

IR = '<?xml version="1.0"?>\n<net name="m" version="11"><layers/></net>\n'
WEIGHTED = '<net version="11"><layers><layer type="Const"><data offset="4" size="8"/></layer></layers></net>'


def model(base: Path, *folders: str) -> Path:
    for folder in folders:
        (base / folder).mkdir(parents=True)
        (base / folder / "model.xml").write_text(IR)
        (base / folder / "model.bin").write_text("")
    return base


def policy(text: str) -> JsonNode | None:
    return read_json(Source("config.json", text)).root if text else None


@pytest.mark.parametrize(
    ("name", "version"),
    [
        *(("1", 1), ("12", 12), ("01", 1), ("+1", 1), (" 1", 1), ("1-old", 1), ("1.5", 1), ("2_new", 2)),
        *(
            ("0", 0),
            ("-1", 0),
            ("v1", 0),
            ("", 0),
            ("one", 0),
            ("١", 0),
            ("9" * 19, 0),
            ("9" * 40, 0),
            ("1" * 18, int("1" * 18)),
        ),
    ],
)
def test_the_version_of_a_folder_is_the_number_it_begins_with(name: str, version: int) -> None:
    assert version_of(name) == version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        *(("1", 1), ("12", 12), ("007", 7), ("4294967295", 2**32 - 1), ("0", 0), ("", 0)),
        *(("4294967296", 0), ("-1", 0), ("+1", 0), ("1.0", 0), (" 1", 0), ("one", 0), ("١", 0), ("²", 0)),
        ("9" * 5000, 0),
    ],
)
def test_the_version_that_a_session_asks_for(text: str, version: int) -> None:
    """A version that is no unsigned number of 32 bits is silently the default one (seen on the real server)."""
    assert version_asked(text) == version


@pytest.mark.parametrize(
    ("folders", "written", "versions", "served"),
    [
        (("1",), "", (1,), (1,)),
        (("1", "2", "10"), "", (1, 2, 10), (10,)),
        (("1", "0", "v2", "-3"), "", (1,), (1,)),
        (("1", "2", "3"), '{"all": {}}', (1, 2, 3), (1, 2, 3)),
        (("1", "2", "3"), '{"latest": {"num_versions": 2}}', (1, 2, 3), (2, 3)),
        (("1", "2", "3"), '{"latest": {"num_versions": 9}}', (1, 2, 3), (1, 2, 3)),
        (("1", "2", "3"), '{"specific": {"versions": [3, 1]}}', (1, 2, 3), (1, 3)),
        (("1", "2"), '{"specific": {"versions": [2, 7]}}', (1, 2), (2,)),
        (("1", "2"), "{}", (1, 2), (2,)),
        (("1", "2"), '{"latest": {"num_versions": "x"}}', (1, 2), (2,)),
        (("1", "2"), "[]", (1, 2), (2,)),
    ],
)
def test_versions_and_policies(
    tmp_path: Path, folders: tuple[str, ...], written: str, versions: tuple[int, ...], served: tuple[int, ...]
) -> None:
    found = model_directory(model(tmp_path / "m", *folders), policy(written))
    assert (found.versions, found.served, found.problem) == (versions, served, "")


@pytest.mark.parametrize("written", ['{"specific": {"versions": [7]}}', '{"specific": {"versions": []}}'])
def test_a_policy_that_selects_nothing(tmp_path: Path, written: str) -> None:
    found = model_directory(model(tmp_path / "m", "1", "2"), policy(written))
    assert (found.served, found.problem) == ((), "the version policy selects none of 1, 2")


def test_base_paths_that_hold_no_model(tmp_path: Path) -> None:
    model(tmp_path / "flat", ".")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    model(tmp_path / "zero", "0", "v1")
    problems = {
        name: model_directory(tmp_path / name, None).problem.replace(f"{tmp_path}/", "")
        for name in ("gone", "empty", "flat", "zero", "file.txt", "x/../gone", "x" * 300, "a\0b", "1-old")
    }
    assert problems["gone"] == "directory gone does not exist"
    assert problems["empty"] == "empty holds no version folder (1, 2, …)"
    assert problems["flat"] == "flat holds no version folder (1, 2, …); move model.xml into flat/1"
    assert problems["zero"] == "zero holds no version folder (1, 2, …)"
    assert problems["file.txt"] == "directory file.txt does not exist"
    assert problems["x/../gone"] == "path x/../gone leaves its folder with .."
    assert "does not exist" in problems["x" * 300]
    assert "does not exist" in problems["a\0b"]


def test_a_folder_that_only_begins_with_a_number_is_looked_for_under_the_number(tmp_path: Path) -> None:
    found = model_directory(model(tmp_path / "m", "1-old"), None)
    assert (found.versions, found.problem) == ((1,), f"{tmp_path}/m/1 does not exist")


@pytest.mark.parametrize(
    ("written", "far"),
    [
        *((word, True) for word in ("s3://bucket/m", "gs://bucket/m", "az://c/m", "azfs://c/m")),
        *((word, False) for word in ("s3:/bucket/m", "S3://bucket/m", "gcs://bucket/m", "m/s3://x", "", "/s3/m")),
    ],
)
def test_what_an_object_store_is_called(written: str, far: bool) -> None:
    assert is_cloud(written) is far


def test_versions_are_loaded_one_by_one(tmp_path: Path) -> None:
    base = model(tmp_path / "m", "1", "2", "3")
    (base / "2/model.bin").unlink()
    (base / "2/model.xml").write_text(WEIGHTED)
    found = model_directory(base, policy('{"all": {}}'))
    assert (found.served, found.problem) == ((1, 2, 3), "")
    assert found.broken == ((2, f"{base}/2/model.bin is missing"),)


def test_what_a_custom_loader_reads_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "m/1").mkdir(parents=True)
    found = model_directory(tmp_path / "m", None, own_loader=True)
    assert (found.served, found.problem) == ((1,), "")


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize("name", ["m.xml", "m.onnx", "m.bin"])
def test_pointers_of_git_lfs(name: str, tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(WEIGHTED.replace('size="8"', 'size="800"'))
    (tmp_path / name).write_text(LFS)
    file = tmp_path / ("m.xml" if name == "m.bin" else name)
    advice = "fetch it with git lfs pull"
    assert file_problem(file) == f"{tmp_path / name} is a Git LFS pointer, not the file itself: {advice}"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<layers/>", "<layers><layer></layers>", " is damaged: its tags do not match in line 2"),
        ("<layers/>", "<layers></layer>", " is damaged: its tags do not match in line 2"),
        ("<layers/>", "<layers></layers>", ""),
        ('name="m"', 'name="a<b"', ""),
        ('name="m"', 'name="&#1;"', ""),
    ],
)
def test_tags_that_do_not_match(old: str, new: str, problem: str, tmp_path: Path) -> None:
    """What OpenVINO's reader takes although it is no XML counts as sound."""
    file = tmp_path / "m.xml"
    file.write_text(IR.replace(old, new))
    assert file_problem(file) == (f"{file}{problem}" if problem else "")


@pytest.mark.parametrize(("version", "old"), [("7", True), ("9", True), ("10", False), ("11", False)])
def test_old_versions_of_the_format(version: str, old: bool, tmp_path: Path) -> None:
    file = tmp_path / "m.xml"
    file.write_text(IR.replace('version="11"', f'version="{version}"'))
    assert file_problem(file) == (
        f"{file} is an IR of version {version}, and OpenVINO reads those from 10 on" if old else ""
    )


def test_a_base_path_may_name_one_file(tmp_path: Path) -> None:
    model(tmp_path, "m")
    found = model_directory(tmp_path / "m/model.xml", None)
    assert (found.versions, found.served, found.problem) == ((1,), (1,), "")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (("a.xml", "a.bin"), "a.xml"),
        (("a.xml", "weights.bin"), "a.xml"),
        (("a.xml", "a.onnx"), "a.onnx"),
        (("a.onnx", "a.xml", "a.bin"), "a.xml"),
        (("a.pdmodel",), None),
        (("a.pdmodel", "a.pdiparams"), "a.pdmodel"),
        (("saved_model.pb",), "saved_model.pb"),
        (("a.tflite", "frozen.pb"), "frozen.pb"),
        (("a.tflite",), "a.tflite"),
        (("a.XML", "a.bin"), None),
        (("a.xml",), None),
        ((), None),
    ],
)
def test_which_file_is_the_model(tmp_path: Path, names: tuple[str, ...], chosen: str | None) -> None:
    for name in names:
        (tmp_path / name).write_text(IR)
    found = model_file(tmp_path)
    assert (found.name if found is not None else None) == chosen


def test_a_served_version_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "m/1").mkdir(parents=True)
    assert model_directory(tmp_path / "m", None).problem.endswith("m/1 holds no model file")
    (tmp_path / "m/1/a.xml").write_text(IR)
    assert model_directory(tmp_path / "m", None).problem.endswith("m/1/a.bin is missing")


def test_one_broken_version_of_two_is_no_reason_to_serve_none(tmp_path: Path) -> None:
    base = model(tmp_path / "m", "1", "2")
    (base / "1/model.xml").write_text("")
    assert model_directory(base, policy('{"all": {}}')).problem == ""
    assert model_directory(base, policy('{"specific": {"versions": [1]}}')).problem.endswith("model.xml is empty")


@pytest.mark.parametrize(
    ("text", "weights", "problem"),
    [
        (IR, b"", ""),
        (IR, None, ""),
        (WEIGHTED, b"x" * 12, ""),
        (WEIGHTED, b"x" * 100, ""),
        (WEIGHTED, b"x" * 11, "is cut off: it has 11 bytes of 12"),
        (WEIGHTED, b"", "is cut off: it has 0 bytes of 12"),
        (WEIGHTED, None, "model.bin is missing"),
        (f"<!-- a licence -->\n{IR.partition('?>')[2]}", b"", ""),
        (f"{IR}<!-- the end -->", b"", ""),
        (IR[:-8], b"", "is cut off: it does not end in </net>"),
        ("", b"", "is empty"),
        ("hello", b"", "is no OpenVINO model"),
        ("<html></html>", b"", "is no OpenVINO model"),
    ],
)
def test_what_a_look_at_an_ir_tells(tmp_path: Path, text: str, weights: bytes | None, problem: str) -> None:
    (tmp_path / "model.xml").write_text(text)
    if weights is not None:
        (tmp_path / "model.bin").write_bytes(weights)
    found = file_problem(tmp_path / "model.xml")
    assert found.endswith(problem)
    assert bool(found) == bool(problem)


def test_other_formats_are_only_looked_at_for_being_empty(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"\x08\x07")
    assert file_problem(tmp_path / "a.onnx") == ""
    (tmp_path / "a.onnx").write_bytes(b"")
    assert file_problem(tmp_path / "a.onnx").endswith("a.onnx is empty")
    assert "cannot be read" in file_problem(tmp_path / "gone.onnx")
