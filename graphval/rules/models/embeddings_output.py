"""A model under an embeddings node gives no embeddings.

## What it does

Reads the outputs of the model from its IR: an embeddings node needs one with three dimensions (request, token,
number).

## Why it is bad

An exception escapes the loading (`No output with 3 dimensions found`): the graph is not registered, and every later
graph of the config.json is skipped. It is what happens to a rerank model under an embeddings node.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"  # error: [GV780]
    }
  }
}
```

```xml model/openvino_model.xml
<net>
  <layers>
    <layer id="0" name="input_ids" type="Parameter">
      <data shape="?,?" element_type="i64"/>
      <output><port id="0" precision="I64" names="input_ids"><dim>-1</dim><dim>-1</dim></port></output>
    </layer>
    <layer id="1" name="classifier" type="MatMul">
      <output><port id="0" precision="FP32" names="logits"><dim>-1</dim><dim>1</dim></port></output>
    </layer>
    <layer id="2" name="logits" type="Result">
      <input><port id="0" precision="FP32"><dim>-1</dim><dim>1</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="0"/>
  </edges>
</net>
```

```xml model/openvino_tokenizer.xml
<net></net>
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"
    }
  }
}
```

```xml model/openvino_model.xml
<net>
  <layers>
    <layer id="0" name="input_ids" type="Parameter">
      <data shape="?,?" element_type="i64"/>
      <output><port id="0" precision="I64" names="input_ids"><dim>-1</dim><dim>-1</dim></port></output>
    </layer>
    <layer id="1" name="encoder" type="MatMul">
      <output><port id="0" precision="FP32" names="last_hidden_state"><dim>-1</dim><dim>-1</dim><dim>384</dim></port></output>
    </layer>
    <layer id="2" name="last_hidden_state" type="Result">
      <input><port id="0" precision="FP32"><dim>-1</dim><dim>-1</dim><dim>384</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="0"/>
  </edges>
</net>
```

```xml model/openvino_tokenizer.xml
<net></net>
```

## How to fix

Use a model with an output of three dimensions: export it for feature extraction.

## Source

OVMS `src/embeddings/embeddings_servable.cpp` (2026.4); a rerank model was tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.deployment.served_model import signature_of
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.models.ir_operations import operations_of

_RANK = 3


@node_rule("GV780", "embeddings-output", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Embeddings",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    folder = model_folder_of(node, context)
    model = folder.main_model if folder is not None and folder.kind == "Embeddings" else None
    operations = operations_of(model) if model is not None else None
    if folder is None or model is None or operations is None or operations.pointer or not operations.complete:
        return
    signature = signature_of(model)
    if signature is None or any(output.shape is None for output in signature.outputs):
        yield Skip(f"the outputs of {model.name} are not told by its text", node)
    elif all(output.shape is None or len(output.shape) != _RANK for output in signature.outputs):
        ranks = ", ".join(f"{o.name} has {len(o.shape)}" for o in signature.outputs if o.shape is not None)
        yield Hit(
            folder.field.place,
            f"no output of the model has 3 dimensions: {ranks}",
            help="export it with --task feature-extraction, or use RerankCalculatorOV for a rerank model",
            node=node,
        )
