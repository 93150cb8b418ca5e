"""The inputs of the models behind a graph, as their files tell them: for requests that are made without a server."""

from __future__ import annotations

from pathlib import Path

from graphval.deployment.ir import read_ir
from graphval.deployment.model import Deployment
from graphval.deployment.models import ModelProblem, read_model
from graphval.deployment.signature import ModelSignature
from graphval.probe.model_settings import facts_of, served_file
from graphval.probe.tensors import TensorFacts


class FileModels:
    """Reads each model's file once: the text of an IR, anything else with OpenVINO in a process of its own."""

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
        file = served_file(model, version) if model is not None else None
        if model is None or file is None:
            return None
        signature = _signature(file)
        return facts_of(signature, model) if signature is not None else None


def _signature(file: Path) -> ModelSignature | None:
    """From the text of the file where that tells it, else by OpenVINO."""
    try:
        told = read_ir(file)
    except OSError:
        return None
    read = told or read_model(file)
    return None if isinstance(read, ModelProblem) else read
