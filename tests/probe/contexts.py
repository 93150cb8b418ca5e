"""Graphs and the models behind them, as a plan of probes sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphval.deployment.signature import Dimension
from graphval.probe.shapes import ModelInputs
from graphval.probe.tensors import TensorFacts, dimension
from graphval.rules.context import GraphContext
from tests.rules.judging import context as judged_context

SESSION = "type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions"
INFERENCE = "type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions"


def context(text: str, release: str | None = None) -> GraphContext:
    return judged_context(text, release=release)


def facts(name: str, datatype: str, shape: Iterable[int | Dimension], layout: str = "") -> TensorFacts:
    sizes = tuple(dimension(size) if isinstance(size, int) else size for size in shape)
    return TensorFacts(name, datatype, sizes, layout)


def models(known: Mapping[str, tuple[TensorFacts, ...]]) -> ModelInputs:
    """Models by name; any version is the same model, and what is not listed cannot be read."""
    return lambda name, version: known.get(name)


NO_MODELS = models({})


def session(servable: str = "m", side: str = "s", version: str = "") -> str:
    wanted = f'servable_version: "{version}"' if version else ""
    return f"""
    node {{
      calculator: "OpenVINOModelServerSessionCalculator"
      output_side_packet: "SESSION:{side}"
      node_options: {{ [{SESSION}]: {{ servable_name: "{servable}" {wanted} }} }}
    }}
    """


def inference(streams: str, options: str = "", side: str = "s", name: str = "infer") -> str:
    return f"""
    node {{
      name: "{name}"
      calculator: "OpenVINOInferenceCalculator"
      input_side_packet: "SESSION:{side}"
      {streams}
      node_options: {{ [{INFERENCE}]: {{ {options} }} }}
    }}
    """


def one_model(tag: str = "OVTENSOR", options: str | None = None, between: str = "", stream: str = "in") -> str:
    """A graph input of that tag, through ``between``, into a model."""
    mapped = f'tag_to_input_tensor_names {{ key: "{tag}" value: "a" }}' if options is None else options
    return f"""
    input_stream: "{tag}:in"
    output_stream: "{tag}:out"
    {between}
    {session()}
    {inference(f'input_stream: "{tag}:{stream}" output_stream: "{tag}:out"', mapped)}
    """
