"""A value in `plugin_config` is not one the property can have.

## What it does

Holds the values of a node's `plugin_config` against what the CPU plugin took when each property was tried: words of a
choice (`PERFORMANCE_HINT`, `EXECUTION_MODE_HINT`, …), true and false, numbers and their ranges.

## Why it is bad

The model cannot be compiled: `Wrong value … for property key PERFORMANCE_HINT`. OVMS refuses the graph; with
embeddings, rerank and speech-to-text nodes an exception escapes, so that the graph is not registered and every later
graph of the config.json is skipped.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "model"
      device: "CPU"
      plugin_config: '{"PERFORMANCE_HINT": "FAST"}'  # error: [GV773]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "model"
      device: "CPU"
      plugin_config: '{"PERFORMANCE_HINT": "LATENCY"}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write a value that the property can have.

## Source

OpenVINO `src/inference/include/openvino/runtime/properties.hpp` and `src/plugins/intel_cpu/src/config.cpp` (2026.4);
the values were tried with OpenVINO 2026.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import DeviceProperty
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.deployment.plugin_properties import is_refused
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.genai.pipeline import device_of
from graphval.rules.genai.plugin_settings import plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule("GV773", "node-plugin-config-value", phase=Phase.LOAD, effect=Effect.REJECT, written=("plugin_config",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None else None
    properties = context.catalog.device_properties
    if config is None or options is None or properties is None:
        return
    whole = device_of(options)
    for setting in config.settings:
        found = properties.get(setting.key)
        value = setting.value.value
        if found is None or not _judged(found, setting.device or whole) or not is_refused(found, value):
            continue
        yield Hit(
            config.place_of(setting.value),
            f"{setting.key} does not take {setting.value.place.text}",
            help=_advice(found, value),
            node=node,
        )


def _judged(found: DeviceProperty, device: str) -> bool:
    """Whether what the CPU plugin refuses is refused here: on CPU, and of words that are the same everywhere also where
    OVMS chooses between CPU and GPU."""
    if "CPU" not in found.compile:
        return False
    return device == "CPU" or (device == "" and found.kind in ("boolean", "choice") and "f32" not in found.values)


def _advice(found: DeviceProperty, value: object) -> str:
    match found.kind:
        case "boolean":
            return "write true or false"
        case "choice":
            near = nearest(str(value), found.values)
            return f"did you mean {near}?" if near else f"it takes {', '.join(found.values)}"
        case "integer" | "number":
            return "the number is out of range" if isinstance(value, int | float) else "write a number"
        case _:
            return ""
