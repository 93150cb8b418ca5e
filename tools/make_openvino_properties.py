"""Make ``graphval/catalog/data/openvino_properties.txt`` from the OpenVINO that is installed beside this interpreter.

    python tools/make_openvino_properties.py [--into graphval/catalog/data]

One record a property (``name<TAB>json``):

``devices``   who lists it in SUPPORTED_PROPERTIES, and whether it can be set there (``RO``, ``RW``, ``WO``)
``compile``   who takes it in ``compile_model``, of those that were tried (CPU); OpenVINO's core takes some itself
``kind``      ``boolean``, ``integer``, ``number``, ``choice``, ``text``, ``object`` or empty where nothing tells it
``values``    the words of a ``choice``
``accepts``   JSON values that were tried and taken (CPU), of those in ``CANDIDATES`` and the words of its type

The record ``*`` names the release, the devices that were asked, and those whose list depends on a driver that is not
here (``partial``). Sources: the plugins themselves, and the C++ headers in the wheel
(``openvino/include/openvino/runtime/**/properties.hpp``) for types and words. The GPU plugin answers without a GPU, but
wants ``libOpenCL.so.1`` (Debian: ``ocl-icd-libopencl1``).

Each trial has a process of its own, forked before OpenVINO has started any thread: some settings stay with a process.
They run in a folder that is thrown away, since some write there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import openvino

DEVICES = ("CPU", "GPU", "NPU", "AUTO", "MULTI", "HETERO", "BATCH")
PARTIAL = ("NPU",)
"""Devices whose plugin lists more once it has found its driver."""

NONSENSE = "graphval"
CANDIDATES: tuple[Any, ...] = (
    *(True, False, "YES", "NO", "true", "false", "TRUE", "yes", "ON", "OFF"),
    *(-2, -1, 0, 1, 2, 4, 64, "-1", "0", "1", "4", -0.5, 0.0, 0.5, 1.5, "0.5", "1.5"),
    *("AUTO", "STATIC", "NUMA", "", NONSENSE),
    *("f32", "f16", "bf16", "i8", "u8", "i4", "u4", "u3", "dynamic", "undefined", "FP32", "FP16", "BF16", "U8"),
)
_OWN_ENVIRONMENT = "No CPU resources available"
"""What the CPU plugin says of the machine rather than of the value."""

_DECLARED = re.compile(r'static constexpr Property<([^;{]*?)>\s+\w+\s*\{\s*"(\w+)"\s*\}')
_PRINTED = re.compile(r"operator<<\(std::ostream& \w+, const (\w+)& \w+\) \{(.*?)\n\}", re.DOTALL)
_WORD = re.compile(r'<< "(\w+)"')
_KINDS = {
    "bool": "boolean",
    "int32_t": "integer",
    "int64_t": "integer",
    "uint32_t": "integer",
    "uint64_t": "integer",
    "size_t": "integer",
    "unsigned int": "integer",
    "float": "number",
    "double": "number",
    "std::string": "text",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent.parent / "graphval/catalog/data")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        records = make()
    text = "".join(f"{name}\t{json.dumps(records[name], sort_keys=True)}\n" for name in sorted(records))
    (arguments.into / "openvino_properties.txt").write_text(text, encoding="utf-8")


def make() -> dict[str, dict[str, Any]]:
    """All records by name."""
    declared = _declarations()
    listed = {device: _in_child(_supported, device) for device in DEVICES}
    missing = [device for device, found in listed.items() if not isinstance(found, dict)]
    if missing:
        sys.exit(f"no answer from {', '.join(missing)}: {listed[missing[0]]}")
    records: dict[str, dict[str, Any]] = {
        "*": {
            "openvino": openvino.__version__.partition("-")[0],
            "devices": list(DEVICES),
            "partial": list(PARTIAL),
        }
    }
    for name in sorted({*declared, *(name for found in listed.values() for name in found)}):
        devices = {device: found[name] for device, found in listed.items() if name in found}
        kind, words = declared.get(name, ("", ()))
        record: dict[str, Any] = {"devices": devices, "kind": kind}
        accepts = _accepted(name, words)
        if accepts:
            record |= {"compile": ["CPU"], "accepts": accepts}
            record["kind"] = _kind(accepts) if kind in ("", "choice") else kind
            words = (
                [word for word in accepts if isinstance(word, str) and word] if record["kind"] == "choice" else words
            )
        if record["kind"] == "choice":
            record["values"] = list(words)
        records[name] = record
    return records


def _declarations() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Kind and words of each property that the headers declare."""
    folder = Path(openvino.__file__).parent / "include/openvino/runtime"
    texts = [path.read_text("utf-8") for path in sorted(folder.rglob("properties.hpp"))]
    words = {m[1]: tuple(dict.fromkeys(_WORD.findall(m[2]))) for text in texts for m in _PRINTED.finditer(text)}
    found = {}
    for text in texts:
        for match in _DECLARED.finditer(text):
            written = match[1].replace("\n", " ").partition(", PropertyMutability")[0]
            kind = written.removeprefix("std::set<").rstrip(">").rpartition("::")[2]
            if written == "element::Type":
                found[match[2]] = "choice", ()
            elif written in _KINDS:
                found[match[2]] = _KINDS[written], ()
            else:
                found[match[2]] = ("choice", words[kind]) if words.get(kind) else ("", ())
    return found


def _supported(device: str) -> dict[str, str] | str:
    try:
        return {str(k): str(v) for k, v in openvino.Core().get_property(device, "SUPPORTED_PROPERTIES").items()}
    except RuntimeError as why:
        return str(why)


def _accepted(name: str, words: tuple[str, ...]) -> list[Any]:
    """The values that the CPU plugin takes for a property; none where it does not know the property."""
    if "Unsupported property" in str(_in_child(_compile, name, NONSENSE)):
        return []
    accepts = []
    candidates: list[Any] = [*CANDIDATES, *words, *(word.lower() for word in words)]
    for value in {(type(v), v): v for v in candidates}.values():
        answer = str(_in_child(_compile, name, value))
        if _OWN_ENVIRONMENT in answer:
            sys.exit(f"{name}: {answer}")
        if not answer:
            accepts.append(value)
    return accepts


def _compile(name: str, value: Any) -> str:
    """Empty where a model compiles for the CPU with this property, else what OpenVINO says."""
    from openvino import opset13

    parameter = opset13.parameter([1, 4], openvino.Type.f32)
    model = openvino.Model([opset13.relu(parameter)], [parameter])
    try:
        openvino.Core().compile_model(model, "CPU", {name: value})
    except (RuntimeError, TypeError) as why:
        return str(why) or repr(why)
    return ""


def _kind(accepts: list[Any]) -> str:
    kinds = {type(value) for value in accepts}
    if NONSENSE in accepts:
        return "text"
    if bool in kinds:
        return "boolean"
    if 0.5 in accepts:
        return "number"
    return "integer" if int in kinds else "choice"


def _in_child(function: Any, *arguments: Any) -> Any:
    """The function's answer from a process of its own; how that ended, as text, where it has none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            with os.fdopen(writing, "w") as stream:
                json.dump(function(*arguments), stream)
        finally:
            os._exit(0)  # the child must never run on as the parent
    os.close(writing)
    with os.fdopen(reading) as stream:
        text = stream.read()
    _, status = os.waitpid(child, 0)
    return json.loads(text) if text else f"ended with {status}"


if __name__ == "__main__":
    main()
