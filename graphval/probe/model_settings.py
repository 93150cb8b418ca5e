"""A model's inputs as its file tells them, under the settings of its entry in config.json.

Source: OVMS ``src/modelinstance.cpp`` (2026.4): the layout turns the dimensions round, then ``shape`` or, without it,
``batch_size`` is applied to what requests see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphval.deployment.model import ModelEntry
from graphval.deployment.model_settings import AUTO, Layout, read_batch_size, read_layout, read_shape
from graphval.deployment.signature import ModelSignature, TensorSignature
from graphval.deployment.versions import model_file
from graphval.probe.tensors import TensorFacts


def served_file(model: ModelEntry, version: str) -> Path | None:
    """The file of the version that OVMS would serve under this wish: the one named, else the highest."""
    served = model.loadable
    if not served or (version and int(version) not in served):
        return None
    if model.base_path.is_file():
        return model.base_path
    folder = model.base_path / (version or str(max(served)))
    return model_file(folder if folder.is_dir() else model.base_path)


def facts_of(signature: ModelSignature, model: ModelEntry) -> tuple[TensorFacts, ...] | None:
    """What requests must hold for each input; ``None`` where the file does not tell a shape."""
    if any(tensor.shape is None for tensor in signature.inputs):
        return None
    return tuple(_configured(_facts(tensor), model.config) for tensor in signature.inputs)


def _facts(tensor: TensorSignature) -> TensorFacts:
    layout = tensor.layout.strip("[]").replace(",", "")
    shape = tensor.shape or ()
    return TensorFacts(tensor.name, tensor.precision, shape, layout if layout.isalpha() else "")


def _configured(facts: TensorFacts, config: Mapping[str, Any]) -> TensorFacts:
    layout = read_layout(text) if (text := _setting(config.get("layout"), facts.name)) else None
    if layout is not None and _is_permutation(layout, len(facts.shape)):
        turned = tuple(facts.shape[layout.model.index(letter)] for letter in layout.tensor)
        facts = replace(facts, shape=turned, layout=layout.tensor)
    text = _setting(config.get("shape"), facts.name)
    shape = read_shape(text) if text and text != AUTO else None
    if shape is not None:
        return replace(facts, shape=shape)
    batch = read_batch_size(str(config["batch_size"])) if "batch_size" in config and "shape" not in config else None
    if batch is not None and batch.low > 0 and facts.shape:
        at = max(0, facts.layout.find("N"))
        return replace(facts, shape=(*facts.shape[:at], batch, *facts.shape[at + 1 :]))
    return facts


def _setting(written: object, name: str) -> str:
    """A setting that is one text for all inputs, or a text for each by name."""
    found = written.get(name) if isinstance(written, Mapping) else written
    return found if isinstance(found, str) else ""


def _is_permutation(layout: Layout, rank: int) -> bool:
    return len(layout.tensor) == rank and layout.tensor.isalpha() and sorted(layout.tensor) == sorted(layout.model)


def bounded(told: TensorFacts, file: tuple[TensorFacts, ...]) -> TensorFacts:
    """What a server told of an input, with the bounds and the layout that it leaves out: for it a size is fixed or
    open."""
    known = next((facts for facts in file if facts.name == told.name), None)
    if known is None or len(known.shape) != len(told.shape):
        return told
    shape = tuple(
        one if one.fixed or other.fixed else other for one, other in zip(told.shape, known.shape, strict=True)
    )
    return replace(told, shape=shape, layout=told.layout or known.layout)
