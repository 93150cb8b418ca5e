"""Which calculators of the server are executed by us."""

from __future__ import annotations

from graphval.rehearsal.nodes.embeddings import EmbeddingsNode
from graphval.rehearsal.nodes.http_llm import HttpLlmNode
from graphval.rehearsal.nodes.image_generation import ImageGenerationNode
from graphval.rehearsal.nodes.inference import InferenceNode
from graphval.rehearsal.nodes.interface import Factory
from graphval.rehearsal.nodes.openvino_converter import OpenVinoConverterNode
from graphval.rehearsal.nodes.py_converter import ConverterNode
from graphval.rehearsal.nodes.python_executor import PythonExecutorNode
from graphval.rehearsal.nodes.rerank import RerankNode
from graphval.rehearsal.nodes.session import SessionNode
from graphval.rehearsal.nodes.speech_to_text import SpeechToTextNode
from graphval.rehearsal.nodes.tensors_to_classification import TensorsToClassificationNode
from graphval.rehearsal.nodes.tensors_to_detections import TensorsToDetectionsNode
from graphval.rehearsal.nodes.text_to_speech import TextToSpeechNode

_BRIDGED: dict[str, Factory] = {
    "EmbeddingsCalculatorOV": EmbeddingsNode,
    "HttpLLMCalculator": HttpLlmNode,
    "ImageGenCalculator": ImageGenerationNode,
    "OpenVINOConverterCalculator": OpenVinoConverterNode,
    "OpenVINOInferenceCalculator": InferenceNode,
    "OpenVINOModelServerSessionCalculator": SessionNode,
    "OpenVINOTensorsToClassificationCalculator": TensorsToClassificationNode,
    "OpenVINOTensorsToDetectionsCalculator": TensorsToDetectionsNode,
    "PyTensorOvTensorConverterCalculator": ConverterNode,
    "PythonExecutorCalculator": PythonExecutorNode,
    "RerankCalculatorOV": RerankNode,
    "S2tCalculator": SpeechToTextNode,
    "T2sCalculator": TextToSpeechNode,
}


def bridged_calculator(name: str) -> Factory | None:
    """How to make a node of calculator ``name``, ``None`` if it is not one of ours."""
    return _BRIDGED.get(name)
