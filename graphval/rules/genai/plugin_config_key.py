"""A key in `plugin_config` is no property of the device.

## What it does

Looks each key of a node's `plugin_config` up among what OpenVINO's plugins say they can set, and what OpenVINO GenAI
takes for itself (`prompt_lookup`, for NPU also `MAX_PROMPT_LEN` and its like).

## Why it is bad

The model cannot be compiled: `NotFound: Unsupported property MAX_PROMPT_LEN by CPU plugin.` OVMS refuses the graph;
with embeddings, rerank and speech-to-text nodes an exception escapes, so that the graph is not registered and every
later graph of the config.json is skipped.

In public threads people gave `MAX_PROMPT_LEN`, an option of the NPU pipelines, to a node on CPU or GPU, or flat to a
model that reads images, parts of which run on CPU.

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
      plugin_config: '{"NUM_STREAM": 1}'  # error: [GV772]
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
      plugin_config: '{"NUM_STREAMS": 1}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write the property as the device's plugin knows it, or remove it.

## Limits

What GPU and NPU take depends on their drivers; keys for them are not judged. The properties are known for the
OpenVINO of the newest release.

## Source

OpenVINO `src/plugins/intel_cpu/src/config.cpp`, the properties of all plugins asked from OpenVINO 2026.4.1; an
unknown key was tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import DeviceProperties
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.genai.pipeline import batches, device_of
from graphval.rules.genai.plugin_settings import PER_DEVICE, Setting, plugin_config_of
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.nearest import nearest

_REWRITTEN = frozenset({"CPU_THROUGHPUT_STREAMS", "GPU_THROUGHPUT_STREAMS", "CPU_THREADS_NUM"})
"""Old names that OVMS itself replaces (`src/json_parser.cpp`)."""
_OF_GENAI = frozenset({"prompt_lookup", "enable_save_ov_model", "word_timestamps"})
_OF_SOME_PIPELINES = frozenset({"ATTENTION_BACKEND", "BLOB_PATH", "EXPORT_BLOB", "STATIC_PIPELINE"})
"""What pipelines other than those with continuous batching take out before a device sees it."""
NPU_PIPELINES = frozenset({"MAX_PROMPT_LEN", "MIN_RESPONSE_LEN", "PREFILL_HINT", "GENERATE_HINT", "PREFILL_CHUNK_SIZE"})
"""Options of OpenVINO GenAI's pipelines for NPU, no property of any device."""


@node_rule("GV772", "node-plugin-config-key", phase=Phase.LOAD, effect=Effect.REJECT, written=("plugin_config",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None else None
    if config is None or options is None or not config.settings:
        return
    properties = context.catalog.device_properties
    if properties is None:
        yield Skip(f"which properties the OpenVINO of {context.catalog.version} has is not known", node)
        return
    whole = device_of(options)
    for setting in config.settings:
        if setting.key in _OF_SOME_PIPELINES and not (config.kind == "LLM" and batches(options)):
            continue
        device = setting.device or whole
        message = _fault(setting, device, properties)
        if message:
            yield Hit(
                config.key_place(setting.member),
                message,
                help=_advice(setting, device, properties),
                node=node,
            )


def _fault(setting: Setting, device: str, properties: DeviceProperties) -> str:
    """Why OpenVINO would refuse a key for a device, empty where it takes it or the device decides elsewhere."""
    key, found = setting.key, properties.get(setting.key)
    if not setting.device and (key in _REWRITTEN or key in _OF_GENAI):
        return ""
    if setting.device and setting.device != "CPU":
        return ""  # not handed to a device that is not used, and what GPU and NPU take their drivers tell
    if device == "CPU":
        taken = found is not None and ("CPU" in found.compile or found.settable("CPU"))
        return "" if taken else f'the device CPU has no property "{key}" that can be set'
    if device in ("", "GPU") and key in NPU_PIPELINES:
        return f'"{key}" is for NPU, and the device is {device or "chosen between CPU and GPU"}'
    if device == "" and found is None:
        return f'no device of OpenVINO has a property "{key}"'
    return ""


def _advice(setting: Setting, device: str, properties: DeviceProperties) -> str:
    if setting.key in NPU_PIPELINES:
        return 'remove it, or write device: "NPU"'
    known = [name for name in properties.names if (entry := properties.get(name)) and "CPU" in entry.compile]
    near = nearest(setting.key, known if device == "CPU" else properties.names)
    if near:
        return f"did you mean {near}?"
    owners = [name for name in properties.devices if (entry := properties.get(setting.key)) and entry.settable(name)]
    return f"it is one of {' and '.join(owners)}: put it into {PER_DEVICE}" if owners else "remove it"
