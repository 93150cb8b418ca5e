"""The version directories of a classic model.

Source: OVMS `src/modelmanager.cpp`, `src/modelinstance.cpp`, `src/modelextensions.cpp`, `src/filesystem.hpp` (2026.4):
numeric folders above 0 are versions, the newest is served by default. Since 2026.3 a base path may name one file
instead, which is version 1. A folder without version folders holds no model. Versions are loaded one by one: one that
fails leaves the others served. What a custom loader reads from a version folder is its own affair.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from graphval.deployment.files import display, is_directory, is_file
from graphval.deployment.json_tree import JsonNode
from graphval.textproto.decode import LFS_POINTER

MODEL_SUFFIXES = (".xml", ".onnx", ".pdmodel", ".pdiparams", ".pb", ".tflite")
_FILES_OF_A_MODEL = ((".xml", ".bin"), (".onnx",), (".pdmodel", ".pdiparams"), (".pb",), (".tflite",))
"""What a version folder must hold, in OVMS's order of preference."""

_CLOUD = ("s3://", "gs://", "azfs://", "az://")
_POINTER = "is a Git LFS pointer, not the file itself: fetch it with git lfs pull"
_WELL_READ = 4 << 20
"""Bytes of XML up to which every tag is looked at, which takes some hundredths of a second."""
_OLDEST_IR = 10

# These patterns are not compiled here, since most runs of lint meet no models.
_IR_VERSION = rb'<net\b[^>]*?\sversion="([0-9]{1,9})"'
_LEADING_NUMBER = r"\s*[-+]?[0-9]+"
_WEIGHTS = rb'offset="([0-9]{1,19})"[^>]*?size="([0-9]{1,19})"'
_FEW_DIGITS = r"[0-9]{1,10}"

_INT64 = 2**63
_XML_LIMIT = 64 << 20


class ModelDirectory(NamedTuple):
    """``versions``: what exists. ``served``: what the version policy selects. ``problem``: why OVMS loads nothing.
    ``broken``: the versions it cannot load although it loads others, each with the reason."""

    versions: tuple[int, ...]
    served: tuple[int, ...]
    problem: str = ""
    broken: tuple[tuple[int, str], ...] = ()


FAR_AWAY = ModelDirectory((1,), (1,))
"""A model in an object store, of which nothing is known here."""


def model_directory(base: Path, policy: JsonNode | None, *, own_loader: bool = False) -> ModelDirectory:
    """What OVMS finds under a model's base path. ``own_loader``: a custom loader reads the files."""
    shown = display(base)
    if ".." in base.parts:
        return ModelDirectory((), (), f"path {base} leaves its folder with ..")
    if is_file(base) and base.suffix in MODEL_SUFFIXES:
        return ModelDirectory((1,), (1,), file_problem(base))
    if not is_directory(base):
        return ModelDirectory((), (), f"directory {shown} does not exist")
    try:
        folders = [entry.name for entry in os.scandir(base) if entry.is_dir()]
    except OSError as why:
        return ModelDirectory((), (), f"{shown} cannot be read: {why.strerror or why}")
    versions = sorted({version for name in folders if (version := version_of(name)) > 0})
    if not versions:
        loose = model_file(base)
        where = f"; move {loose.name} into {shown}/1" if loose is not None else ""
        return ModelDirectory((), (), f"{shown} holds no version folder (1, 2, …){where}")
    served = _served(versions, policy)
    if not served:
        return ModelDirectory(
            tuple(versions), (), f"the version policy selects none of {', '.join(map(str, versions))}"
        )
    if own_loader:
        return ModelDirectory(tuple(versions), served)
    broken = tuple((number, text) for number in served if (text := _folder_problem(base / str(number))))
    if len(broken) == len(served):
        return ModelDirectory(tuple(versions), served, broken[0][1])
    return ModelDirectory(tuple(versions), served, broken=broken)


def is_cloud(written: str) -> bool:
    """Whether a base path as it is written names an object store."""
    return written.startswith(_CLOUD)


def version_asked(text: str) -> int:
    """The version that the ``servable_version`` of a session asks for; 0, which is the default one, where it is no
    number or one beyond 32 bits."""
    return int(text) if re.fullmatch(_FEW_DIGITS, text) and int(text) < 2**32 else 0


def version_of(name: str) -> int:
    """The version that OVMS makes of a folder's name: the number it begins with (``1-old`` too), 0 if there is none."""
    match = re.match(_LEADING_NUMBER, name) if name.isascii() else None
    value = int(match[0]) if match is not None and len(match[0]) < 30 else 0
    return value if 0 < value < _INT64 else 0


def _served(versions: list[int], policy: JsonNode | None) -> tuple[int, ...]:
    if policy is not None and policy.kind == "object" and policy.members:
        if policy.get("all") is not None:
            return tuple(versions)
        specific = policy.get("specific")
        if specific is not None and (listed := specific.get("versions")) is not None:
            wanted = {item.value for item in listed.items}
            return tuple(version for version in versions if version in wanted)
        latest = policy.get("latest")
        count = latest.get("num_versions") if latest is not None else None
        if count is not None and isinstance(count.value, int) and count.value > 0:
            return tuple(versions[-count.value :])
    return tuple(versions[-1:])


def model_file(folder: Path) -> Path | None:
    """The model file of a version folder, in OVMS's order of preference; ``None`` where a needed file is missing."""
    return next((files[0] for files in model_files(folder)), None)


def model_files(folder: Path) -> list[list[Path]]:
    """The kinds of model that a version folder holds in full, each with all files of its first suffix."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except (OSError, ValueError):
        return []
    found = []
    for suffixes in _FILES_OF_A_MODEL:
        of_suffix = [[name for name in names if name.endswith(suffix)] for suffix in suffixes]
        if all(of_suffix):
            found.append([folder / name for name in of_suffix[0]])
    return found


def _folder_problem(folder: Path) -> str:
    if not is_directory(folder):
        return f"{display(folder)} does not exist"
    file = model_file(folder)
    if file is not None:
        return file_problem(file)
    alone = next(iter(sorted(folder.glob("*.xml"))), None)
    if alone is not None:
        return f"{display(alone.with_suffix('.bin'))} is missing"
    return f"{display(folder)} holds no model file"


def file_problem(file: Path) -> str:
    """What a look at a model file tells without OpenVINO: weights missing or short, file empty, xml cut off."""
    shown = display(file)
    try:
        if file.stat().st_size == 0:
            return f"{shown} is empty"
        if _is_pointer(file):
            return f"{shown} {_POINTER}"
        return _ir_problem(file) if file.suffix == ".xml" else ""
    except OSError as why:
        return f"{shown} cannot be read: {why.strerror or why}"


def _is_pointer(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(LFS_POINTER)) == LFS_POINTER


def _ir_problem(file: Path) -> str:
    """Whether an OpenVINO IR file is complete and its weights are there. Raises :class:`OSError`."""
    size = file.stat().st_size
    if size > _XML_LIMIT:
        return ""
    text = file.read_bytes()
    if not (text[:64].lstrip().startswith((b"<?xml", b"<net")) and text.rstrip().endswith(b"</net>")):
        problem = _no_ir(file, text)
        if problem:
            return problem
    old = re.search(_IR_VERSION, text[:4096])
    if old is not None and int(old[1]) < _OLDEST_IR:
        return f"{display(file)} is an IR of version {int(old[1])}, and OpenVINO reads those from {_OLDEST_IR} on"
    needed = max((int(offset) + int(length) for offset, length in re.findall(_WEIGHTS, text)), default=0)
    return _weights_problem(file.with_suffix(".bin"), needed) or _damage(file, text)


def _weights_problem(weights: Path, needed: int) -> str:
    if not is_file(weights):
        return f"{display(weights)} is missing" if needed else ""
    held = weights.stat().st_size
    if held >= needed:
        return ""
    return f"{display(weights)} " + (
        _POINTER if _is_pointer(weights) else f"is cut off: it has {held} bytes of {needed}"
    )


def _damage(file: Path, text: bytes) -> str:
    """Where the tags of an IR do not match. OpenVINO's reader is laxer than XML in other things, which are let be."""
    if len(text) > _WELL_READ:
        return ""
    from pyexpat import ExpatError, ParserCreate, errors  # only for a model that is whole so far

    try:
        ParserCreate().Parse(text, True)
    except ExpatError as why:
        if errors.messages[why.code] == errors.XML_ERROR_TAG_MISMATCH:
            return f"{display(file)} is damaged: its tags do not match in line {why.lineno}"
    return ""


def _no_ir(file: Path, text: bytes) -> str:
    """Why a text that does not look like an IR is none; empty if it is one after all (comments may surround it)."""
    from xml.etree import ElementTree as ET  # only for a file that is odd already

    try:
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError:
        begins = b"<net" in text
        return f"{display(file)} " + ("is cut off: it does not end in </net>" if begins else "is no OpenVINO model")
    return "" if root.tag == "net" else f"{display(file)} is no OpenVINO model"
