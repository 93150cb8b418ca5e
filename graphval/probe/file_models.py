"""The inputs of the models behind a graph, as their files tell them: for requests that are made without a server."""

from __future__ import annotations

from pathlib import Path

from graphval.deployment.model import Deployment, ModelEntry
from graphval.deployment.models import ModelProblem, read_model
from graphval.deployment.signature import TensorSignature
from graphval.deployment.versions import model_file
from graphval.probe.tensors import Dimension, TensorFacts


class FileModels:
    """Reads each model's file once, with OpenVINO in a process of its own."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._known: dict[tuple[str, str], tuple[TensorFacts, ...] | None] = {}

    def inputs_of(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        """The inputs of a model; ``None`` where there is none of that name and version, or it cannot be read."""
        key = (name, version)
        if key not in self._known:
            self._known[key] = self._read(name, version)
        return self._known[key]

    def _read(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        model = self._deployment.model(name)
        file = _file(model, version) if model is not None else None
        if file is None:
            return None
        signature = read_model(file)
        if isinstance(signature, ModelProblem) or any(one.shape is None for one in signature.inputs):
            return None
        return tuple(map(_facts, signature.inputs))


def _file(model: ModelEntry, version: str) -> Path | None:
    """The file of the version that OVMS would serve under this wish: the one named, else the highest."""
    served = model.served
    if not served or (version and int(version) not in served):
        return None
    if model.base_path.is_file():
        return model.base_path
    folder = model.base_path / (version or str(max(served)))
    return model_file(folder if folder.is_dir() else model.base_path)


def _facts(tensor: TensorSignature) -> TensorFacts:
    layout = tensor.layout.strip("[]").replace(",", "")
    shape = tuple(Dimension(size.low, size.high) for size in tensor.shape or ())
    return TensorFacts(tensor.name, tensor.precision, shape, layout if layout.isalpha() else "", source="file")
