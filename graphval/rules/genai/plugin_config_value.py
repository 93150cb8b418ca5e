"""A value in `plugin_config` is not one the property can have.

## What it does

Compares the values of properties that are one word of a few (`PERFORMANCE_HINT`, `EXECUTION_MODE_HINT`, …) with these
words, and `prompt_lookup` with true and false.

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

## Source

OpenVINO `src/inference/include/openvino/runtime/properties.hpp` and `src/plugins/intel_cpu/src/config.cpp` (2026.4);
the words were tried with the CPU plugin of OpenVINO 2026.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import DeviceProperties
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.genai.pipeline import device_of
from graphval.rules.genai.plugin_settings import Setting, plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule("GV773", "plugin-config-value", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None else None
    properties = context.catalog.device_properties
    if config is None or options is None or properties is None:
        return
    whole = device_of(options)
    for setting in config.settings():
        words = _words(setting, setting.device or whole, properties)
        if words and setting.value.value not in words:
            written = setting.value.value
            near = nearest(str(written), words)
            yield Hit(
                config.place_of(setting.value),
                f'{setting.key} is "{written}", which it cannot be',
                help=f"did you mean {near}?" if near else f"it is one of {', '.join(words)}",
                node=node,
            )


def _words(setting: Setting, device: str, properties: DeviceProperties) -> tuple[str, ...]:
    """The words that CPU takes for a property; empty where it is no choice, or the device is another."""
    entry = properties.get(setting.key)
    if device not in ("", "CPU") or entry is None or "CPU" not in entry.compile or entry.kind != "choice":
        return ()
    return tuple(word for word in entry.accepts if isinstance(word, str))
