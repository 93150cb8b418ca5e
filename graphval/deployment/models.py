"""Inputs and outputs of a model, read with OpenVINO in a process of its own.

User models are untrusted input: reading one may crash, hang or eat memory, and must then cost a child process only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from graphval.deployment.signature import Dimension, ModelSignature, TensorSignature

DEADLINE = 60.0
MEMORY_MIB = 8192


@dataclass(frozen=True, slots=True)
class ModelProblem:
    """Why a model could not be read, in one line."""

    reason: str


def read_model(path: Path, *, timeout: float = DEADLINE) -> ModelSignature | ModelProblem:
    """The signature of the model file ``path`` (any format that OpenVINO reads). ``timeout`` is in seconds."""
    # -P: the current folder may hold handlers, and one of them be called like a module of Python.
    words = [sys.executable, "-P", "-m", "graphval.deployment.read_model", str(path.absolute()), str(MEMORY_MIB)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    try:
        run = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return ModelProblem(f"{path.name} could not be read within {timeout:g} s")
    if run.returncode != 0:
        last = (run.stderr.strip().splitlines() or [f"the reader ended with code {run.returncode}"])[-1]
        return ModelProblem(f"OpenVINO cannot read {path.name}: {last[:300]}")
    return signature_of(json.loads(run.stdout))


def signature_of(answer: dict[str, list[dict[str, object]]]) -> ModelSignature:
    """The signature in what :mod:`graphval.deployment.read_model` prints."""
    return ModelSignature(tuple(map(_tensor, answer["inputs"])), tuple(map(_tensor, answer["outputs"])))


def _tensor(entry: dict[str, object]) -> TensorSignature:
    shape = entry["shape"]
    names = entry["names"]
    assert isinstance(names, list)
    dimensions = None
    if isinstance(shape, list):
        dimensions = tuple(Dimension(low, high if high >= 0 else None) for low, high in shape)
    return TensorSignature(tuple(names), dimensions, str(entry["precision"]), str(entry["layout"]))
