"""Which calculators of the server are executed by us."""

from __future__ import annotations

from graphval.rehearsal.nodes.inference import InferenceNode
from graphval.rehearsal.nodes.interface import Factory
from graphval.rehearsal.nodes.py_converter import ConverterNode
from graphval.rehearsal.nodes.python_executor import PythonExecutorNode
from graphval.rehearsal.nodes.session import SessionNode

_BRIDGED: dict[str, Factory] = {
    "OpenVINOInferenceCalculator": InferenceNode,
    "OpenVINOModelServerSessionCalculator": SessionNode,
    "PyTensorOvTensorConverterCalculator": ConverterNode,
    "PythonExecutorCalculator": PythonExecutorNode,
}


def bridged_calculator(name: str) -> Factory | None:
    """How to make a node of calculator ``name``, ``None`` if it is not one of ours."""
    return _BRIDGED.get(name)
