"""Graph texts that several tests use."""

from __future__ import annotations

PASS_THROUGH = """
    input_stream: "in"
    output_stream: "out"
    node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""

_SESSION = "type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions"
_INFERENCE = "type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions"


def session(servable: str, version: str = "") -> str:
    return f"""
    node {{
      calculator: "OpenVINOModelServerSessionCalculator"
      output_side_packet: "SESSION:session"
      node_options: {{ [{_SESSION}]: {{ servable_name: "{servable}" servable_version: "{version}" }} }}
    }}
    """


def inference(inputs: str, outputs: str, options: str, handler: str = "") -> str:
    return f"""
    node {{
      calculator: "OpenVINOInferenceCalculator"
      input_side_packet: "SESSION:session"
      input_stream: "{inputs}"
      output_stream: "{outputs}"
      {handler}
      node_options: {{ [{_INFERENCE}]: {{ {options} }} }}
    }}
    """


def renames(source: str = "a", target: str = "b", tag: str = "OVTENSOR") -> str:
    return (
        f'tag_to_input_tensor_names {{ key: "{tag}" value: "{source}" }} '
        f'tag_to_output_tensor_names {{ key: "{tag}" value: "{target}" }}'
    )


def one_model(servable: str = "inc", options: str | None = None, handler: str = "") -> str:
    """Pass-through, then the model."""
    return f"""
    input_stream: "OVTENSOR:in"
    output_stream: "OVTENSOR:out"
    node {{ calculator: "PassThroughCalculator" input_stream: "in" output_stream: "mid" }}
    {session(servable)}
    {inference("OVTENSOR:mid", "OVTENSOR:out", options if options is not None else renames(), handler)}
    """


def handler(name: str, options: str = "") -> str:
    block = f"options {{ [mediapipe.{name}Options.ext] {{ {options} }} }}" if options else ""
    return f'input_stream_handler {{ input_stream_handler: "{name}" {block} }}'


def pass_through_under(handler_block: str, head: str = "") -> str:
    return f"""
    {head}
    input_stream: "in"
    output_stream: "out"
    node {{ calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" {handler_block} }}
    """


def container(*calculators: str) -> str:
    """A switch that passes one of several nodes on, the first at the beginning."""
    held = " ".join(f'contained_node {{ calculator: "{calculator}" }}' for calculator in calculators)
    return f"""
    input_stream: "IMAGE:in"
    output_stream: "TENSORS:out"
    node {{
      name: "switch"
      calculator: "SwitchContainer"
      input_stream: "IMAGE:in"
      output_stream: "TENSORS:out"
      options {{ [mediapipe.SwitchContainerOptions.ext] {{ select: 0 {held} }} }}
    }}
    """


def python_node(streams: str, extra: str = "", handler_path: str = "model.py", name: str = "py_node") -> str:
    return f"""
    node {{
      name: "{name}"
      calculator: "PythonExecutorCalculator"
      input_side_packet: "PYTHON_NODE_RESOURCES:py"
      {streams}
      {extra}
      node_options: {{
        [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {{ handler_path: "{handler_path}" }}
      }}
    }}
    """
