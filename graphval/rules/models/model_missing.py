"""The model folder of a node holds no model.

## What it does

Looks for the files that a model cannot do without: `openvino_model.xml` (for LLM nodes also
`openvino_language_model.xml`, and what reads the images where the model does), for image nodes `model_index.json` and
the parts that it names, for speech nodes encoder and decoder, and what else the kind of model needs.

## Why it is bad

OVMS cannot load the node: `Could not find a model in the directory`. With embeddings, rerank and speech-to-text nodes
the exception escapes, so that the graph is not registered and every later graph of the config.json is skipped.

A model that transcribes and has no `generation_config.json` is loaded; then each request fails.

In public threads this is a folder as the hub has it (PyTorch weights that were never exported to OpenVINO), one level
too high or too low, or a download that was broken off.

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
      models_path: "model"  # error: [GV721]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

```json model/config.json
{"model_type": "llama"}
```

```text model/model.safetensors
weights of PyTorch
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
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

```xml model/openvino_model.xml
<net><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>
```

```xml model/openvino_tokenizer.xml
<net></net>
```

```xml model/openvino_detokenizer.xml
<net></net>
```

```jinja model/chat_template.jinja
{{ messages[0]['content'] }}
```

## How to fix

Export the model into the folder, for example with `optimum-cli export openvino`, or correct `models_path`.

## Source

OpenVINO GenAI `src/cpp/src/continuous_batching/pipeline.cpp`, OVMS `src/sidepacket_servable.cpp`,
`src/image_gen/pipelines.cpp` (2026.4); an empty folder was tried on the real server for every kind of node, each file of
speech and image models was taken away from OpenVINO GenAI.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graphval.deployment.files import display, exists
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import (
    ENCODER_AND_DECODER,
    LANGUAGE_MODEL,
    MAIN_MODEL,
    ModelFolder,
    entries,
    model_folders_of,
)
from graphval.rules.genai.pipeline import is_visual
from graphval.rules.mechanism import Answer, Hit, node_rule

_INDEX = "model_index.json"
_GENERATION = "generation_config.json"
_VISION = "openvino_vision_embeddings_model.xml"
_FILES = {
    **{part: (f"{part}/{MAIN_MODEL}",) for part in ("unet", "transformer", "text_encoder", "text_encoder_2")},
    "vae": (f"vae_decoder/{MAIN_MODEL}",),
    "scheduler": ("scheduler/scheduler_config.json",),
}
"""What each part of an image model is loaded from, as far as pictures cannot be made without."""


@node_rule("GV721", "model-missing", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for folder in model_folders_of(node, context):
        missing = _missing(folder)
        if missing:
            yield Hit(
                folder.field.place,
                f"there is no {missing} in {display(folder.path)}",
                help=_advice(folder),
                node=node,
            )
        elif folder.kind == "SpeechToText" and not folder.holds(_GENERATION):
            yield Hit(
                folder.field.place,
                f"there is no {_GENERATION} in {display(folder.path)}, which tells the languages of the model",
                help="export the model again",
                label="every request fails",
                phase=Phase.SERVE,
                node=node,
            )


def _missing(folder: ModelFolder) -> str:
    match folder.kind:
        case "LLM" if folder.is_gguf:
            return ""
        case "LLM" if folder.main_model is None:
            return f"{MAIN_MODEL} or {LANGUAGE_MODEL}"
        case "LLM":
            return _first_missing(folder, (_VISION,)) if is_visual(folder) else ""
        case "Embeddings" | "Rerank":
            return MAIN_MODEL if folder.main_model is None else ""
        case "Image Gen" if not folder.holds(_INDEX):
            return _INDEX
        case "Image Gen":
            return _first_missing(folder, [file for part in folder.components() for file in _FILES.get(part, ())])
        case _ if not any(folder.path.glob("*.xml")):
            return "OpenVINO model (.xml)"
        case "SpeechToText":
            return _first_missing(folder, ENCODER_AND_DECODER)
        case "TextToSpeech" if not folder.holds("config.json"):
            return "config.json"
        case "TextToSpeech" if folder.is_speech_t5:
            return _first_missing(folder, (*ENCODER_AND_DECODER, "openvino_postnet.xml", "openvino_vocoder.xml"))
        case _:
            return ""


def _first_missing(folder: ModelFolder, names: Iterable[str]) -> str:
    return next((name for name in names if not folder.holds(name)), "")


def _advice(folder: ModelFolder) -> str:
    found = entries(folder.path)
    gguf = next((entry for entry in found if entry.suffix == ".gguf"), None)
    if gguf is not None and folder.kind == "LLM":
        return f"a GGUF model is named by its file: {folder.field.string.rstrip('/')}/{gguf.name}"
    wanted = _INDEX if folder.kind == "Image Gen" else MAIN_MODEL
    deeper = next((entry for entry in found if exists(entry / wanted)), None)
    if deeper is not None:
        return f"{deeper.name}/ in it has one"
    if any(_of_pytorch(entry) for entry in found):
        return "it holds a model of PyTorch: export it with optimum-cli export openvino"
    return "put the exported model there"


def _of_pytorch(file: Path) -> bool:
    return file.suffix == ".safetensors" or file.name.startswith("pytorch_model")
