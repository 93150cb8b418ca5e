"""The version directories of a classic model.

Source: OVMS `src/modelmanager.cpp` (2026.4): numeric folders above 0 are versions, the newest is served by default;
since 2026.3 a folder or file without version folders is version 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphval.deployment.json_text import JsonNode

MODEL_SUFFIXES = (".xml", ".onnx", ".pdmodel", ".pdiparams", ".pb", ".tflite")
_CLOUD = ("s3://", "gs://", "azfs://", "az://")


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """``versions``: what exists. ``served``: what the version policy selects. ``problem``: why OVMS loads nothing."""

    versions: tuple[int, ...]
    served: tuple[int, ...]
    problem: str = ""


def model_directory(base: Path, policy: JsonNode | None) -> ModelDirectory:
    """What OVMS finds under a model's base path."""
    text = str(base)
    if any(scheme[:-1] in text for scheme in _CLOUD):
        return ModelDirectory((1,), (1,))
    if ".." in base.parts:
        return ModelDirectory((), (), f"path {base} leaves its folder with ..")
    if base.is_file() and base.suffix in MODEL_SUFFIXES:
        return ModelDirectory((1,), (1,), file_problem(base))
    if not base.is_dir():
        return ModelDirectory((), (), f"directory {base} does not exist")
    versions = sorted(int(entry.name) for entry in base.iterdir() if entry.is_dir() and _is_version(entry.name))
    if not versions:
        if model_file(base) is not None:
            return ModelDirectory((1,), (1,), _folder_problem(base))
        return ModelDirectory((), (), f"{base} holds no version folder (1, 2, …) and no model file")
    served = _served(versions, policy)
    if not served:
        return ModelDirectory(
            tuple(versions), (), f"the version policy selects none of {', '.join(map(str, versions))}"
        )
    problems = [problem for version in served if (problem := _folder_problem(base / str(version)))]
    return ModelDirectory(tuple(versions), served, problems[0] if len(problems) == len(served) else "")


def _is_version(name: str) -> bool:
    return name.isdecimal() and name.isascii() and int(name) > 0 and str(int(name)) == name


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
    """The model file of a version folder, in OVMS's order of preference."""
    for suffix in MODEL_SUFFIXES:
        found = sorted(folder.glob(f"*{suffix}"))
        if found:
            return found[0]
    return next(iter(sorted(folder.glob("saved_model.pb"))), None)


def _folder_problem(folder: Path) -> str:
    file = model_file(folder)
    return f"{folder} holds no model file" if file is None else file_problem(file)


def file_problem(file: Path) -> str:
    """What a look at a model file tells without OpenVINO: weights missing, file empty, xml cut off."""
    try:
        size = file.stat().st_size
    except OSError as why:
        return f"{file} cannot be read: {why.strerror or why}"
    if size == 0:
        return f"{file} is empty"
    if file.suffix == ".xml":
        weights = file.with_suffix(".bin")
        if not weights.is_file():
            return f"{weights} is missing"
        return _xml_problem(file)
    return ""


def _xml_problem(file: Path) -> str:
    """Whether an OpenVINO IR file is complete: its end closes the document (only its ends are read)."""
    try:
        with file.open("rb") as stream:
            head = stream.read(256)
            stream.seek(max(0, file.stat().st_size - 64))
            tail = stream.read().rstrip()
    except OSError as why:
        return f"{file} cannot be read: {why.strerror or why}"
    if b"<net" not in head and b"<?xml" not in head:
        return f"{file} is no OpenVINO model"
    return "" if tail.endswith(b"</net>") else f"{file} is cut off: it does not end in </net>"
