"""A node names a device that OpenVINO does not have.

## What it does

Reads the devices in `device`, `draft_device` and `target_device`: CPU, GPU, NPU (GPU.1 for the second one), or AUTO,
HETERO, MULTI and BATCH, which take others behind a colon. Names are case-sensitive. An image node may name three,
parted by blanks.

## Why it is bad

The model cannot be compiled: `Device with "cpu" name is not registered in the OpenVINO Runtime`. OVMS refuses the
graph; with embeddings, rerank and speech-to-text nodes an exception escapes, so that the graph is not registered and
every later graph of the config.json is skipped.

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
      device: "cpu"  # error: [GV770]
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
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write a device that OpenVINO has, in capital letters.

## Limits

Whether a device is there is for the machine to tell.

## Source

OpenVINO `src/inference/src/dev/core_impl.cpp` and its plugins (2026.4); `FOO` and `cpu` were tried on the real server
for every kind of node, the lists with OpenVINO 2026.4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest

_FIELDS = ("device", "draft_device", "target_device")
_DEVICE = re.compile(r"-?(CPU|GPU|NPU|TEMPLATE)(\.\w+)*(\(\d+\))?", re.ASCII)
_OVER_OTHERS = ("AUTO", "HETERO", "MULTI", "BATCH")
_KNOWN = ("CPU", "GPU", "NPU", *_OVER_OTHERS)


@node_rule("GV770", "node-device", phase=Phase.LOAD, effect=Effect.REJECT, written=_FIELDS)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None and initializer.kind != "Python" else None
    if initializer is None or options is None:
        return
    for name in _FIELDS:
        field = options.first(name)
        if field is None or field.string in _KNOWN:
            continue
        named = field.string.split() if initializer.kind == "Image Gen" else [field.string]
        wrong = next((found for device in named if (found := _wrong(device))), None)
        if wrong is not None:
            near = nearest(wrong.strip(), _KNOWN)
            yield Hit(
                field.place,
                f'OpenVINO has no device "{wrong}"',
                help=f"write {near}" if near else f"it has {', '.join(_KNOWN)}",
                fix=field.place.rewritten(f'"{wrong.strip().upper()}"')
                if field.string == wrong and _wrong(wrong.strip().upper()) is None
                else (),
                node=node,
            )


def _wrong(device: str) -> str | None:
    """What of a device's name OpenVINO refuses; ``None`` if nothing.

    AUTO and HETERO go on with those devices of their list that exist, so that a list is wrong where all of it is.
    """
    head, _, rest = device.partition(":")
    if head not in _OVER_OTHERS:
        return device if device and _DEVICE.fullmatch(device) is None else None
    others = [part.strip() for part in rest.split(",") if part.strip()]
    wrong = [part for part in others if _DEVICE.fullmatch(part) is None]
    return wrong[0] if others and len(wrong) == len(others) else None
