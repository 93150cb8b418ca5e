"""Small networks made with OpenVINO, saved as IR."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from openvino import opset13 as op

FLOAT = openvino.Type.f32


def parameter(shape: Any, name: str = "x", kind: Any = FLOAT, layout: str = "") -> Any:
    node = op.parameter(openvino.PartialShape(shape), kind, name=name)
    node.output(0).set_names({name})
    if layout:
        node.set_layout(openvino.Layout(layout))
    return node


def constant(*shape: int) -> Any:
    return op.constant(np.ones(shape, np.float32))


def named(node: Any, *names: str) -> Any:
    node.output(0).set_names(set(names))
    return node


def saved(folder: Path, outputs: Sequence[Any], inputs: Sequence[Any]) -> Path:
    """``folder/model.xml`` with its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.xml"
    openvino.serialize(openvino.Model(list(outputs), list(inputs), "net"), file)
    return file
