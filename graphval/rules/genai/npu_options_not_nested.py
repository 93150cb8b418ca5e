"""NPU options of a model that reads images are not put apart.

## What it does

Looks at LLM nodes on NPU whose model reads images: options of the NPU pipeline (`MAX_PROMPT_LEN` and its like) stand
flat in `plugin_config`, with no `DEVICE_PROPERTIES` beside them.

## Why it is bad

Parts of such a model run on CPU and are handed the same settings: `Unsupported property MAX_PROMPT_LEN by CPU
plugin`. OVMS refuses the graph. In public threads people copied the flat form from the documentation of text models.

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
      device: "NPU"
      pipeline_type: VLM
      plugin_config: '{"MAX_PROMPT_LEN": 2048}'  # error: [GV776]
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
      device: "NPU"
      pipeline_type: VLM
      plugin_config: '{"DEVICE_PROPERTIES": {"NPU": {"MAX_PROMPT_LEN": 2048}}}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Put the NPU's properties under `DEVICE_PROPERTIES`, as the good example does.

## Source

OpenVINO GenAI `src/cpp/src/visual_language/pipeline.cpp` (2026.4); openvinotoolkit/openvino.genai issue 3366 and
openvinotoolkit/openvino issue 34167.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.genai.pipeline import AUTO, device_of, is_visual, pipeline_type
from graphval.rules.genai.plugin_config_key import NPU_PIPELINES
from graphval.rules.genai.plugin_settings import PER_DEVICE, plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV776",
    "npu-options-not-nested",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    prepared_as=("LLM",),
    written=("plugin_config",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    config = plugin_config_of(node, context)
    if options is None or config is None or device_of(options) != "NPU":
        return
    folder = model_folder_of(node, context)
    written = pipeline_type(options)
    if written != "VLM" and not (written == AUTO and folder is not None and is_visual(folder)):
        return
    settings = config.settings
    if any(setting.device for setting in settings):
        return  # with settings for each device there, OpenVINO GenAI hands nobody the flat ones
    for setting in settings:
        if setting.key in NPU_PIPELINES:
            yield Hit(
                config.key_place(setting.member),
                f'"{setting.key}" reaches the parts of the model that run on CPU, which do not have it',
                help=f'write {{"{PER_DEVICE}": {{"NPU": {{"{setting.key}": …}}}}}}',
                node=node,
            )
