"""Which calculators of the server are executed by us."""

from __future__ import annotations

from graphval.rehearsal.nodes.embeddings import EmbeddingsNode
from graphval.rehearsal.nodes.http_llm import HttpLlmNode
from graphval.rehearsal.nodes.inference import InferenceNode
from graphval.rehearsal.nodes.interface import Factory
from graphval.rehearsal.nodes.py_converter import ConverterNode
from graphval.rehearsal.nodes.python_executor import PythonExecutorNode
from graphval.rehearsal.nodes.rerank import RerankNode
from graphval.rehearsal.nodes.session import SessionNode

_BRIDGED: dict[str, Factory] = {
    "EmbeddingsCalculatorOV": EmbeddingsNode,
    "HttpLLMCalculator": HttpLlmNode,
    "OpenVINOInferenceCalculator": InferenceNode,
    "OpenVINOModelServerSessionCalculator": SessionNode,
    "PyTensorOvTensorConverterCalculator": ConverterNode,
    "PythonExecutorCalculator": PythonExecutorNode,
    "RerankCalculatorOV": RerankNode,
}


def bridged_calculator(name: str) -> Factory | None:
    """How to make a node of calculator ``name``, ``None`` if it is not one of ours."""
    return _BRIDGED.get(name)
