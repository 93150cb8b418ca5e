"""A graph gives a model a tensor it does not take, or asks it for one it does not return.

## What it does

Follows each inference node to the model behind its session, turns the node's tags into tensor names as the node does
(`tag_to_input_tensor_names`, `tag_to_output_tensor_names`, `input_order_list`, `output_order_list`, else the tag
itself), and compares them with the names in the model's file.

## Why it is bad

The graph loads and is created. The node learns what the model takes and returns when it runs, so every request fails,
with a `RET_CHECK failure` that names no tensor.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "gauge" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "IN:in"
  output_stream: "OUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "IN" value: "level" }
      tag_to_output_tensor_names { key: "OUT" value: "litres" }  # error: [GV621]
    }
  }
}
```

```xml model/1/model.xml
<net name="gauge" version="11">
  <layers>
    <layer id="0" name="level" type="Parameter" version="opset1">
      <data shape="1,3" element_type="f32"/>
      <output><port id="0" precision="FP32" names="level"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="1" name="volume" type="ReLU" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
      <output><port id="1" precision="FP32" names="volume"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
    <edge from-layer="1" from-port="1" to-layer="2" to-port="0"/>
  </edges>
</net>
```

```text model/1/model.bin
0
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "gauge" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "IN:in"
  output_stream: "OUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "IN" value: "level" }
      tag_to_output_tensor_names { key: "OUT" value: "volume" }
    }
  }
}
```

```xml model/1/model.xml
<net name="gauge" version="11">
  <layers>
    <layer id="0" name="level" type="Parameter" version="opset1">
      <data shape="1,3" element_type="f32"/>
      <output><port id="0" precision="FP32" names="level"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="1" name="volume" type="ReLU" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
      <output><port id="1" precision="FP32" names="volume"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
    <edge from-layer="1" from-port="1" to-layer="2" to-port="0"/>
  </edges>
</net>
```

```text model/1/model.bin
0
```

## How to fix

Write the tensor's name as the model has it.

## Limits

Reads OpenVINO IR. What models of other formats take and return is seen when a server has loaded them.

## Source

MediaPipe `mediapipe/calculators/ovms/openvinoinferencecalculator.cc` and OVMS
`src/mediapipe_calculators/ovms/modelapiovmsadapter.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphval.findings import Effect, Phase
from graphval.graph import Node, TagMap
from graphval.rules.context import GraphContext
from graphval.rules.deployment.served_model import INFERENCE, INFERENCE_OPTIONS, ServedModel, model_behind
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest
from graphval.textproto import BoundMessage, Place

if TYPE_CHECKING:
    from graphval.deployment.signature import TensorSignature

_VECTORS = ("OVTENSORS", "TENSORS", "TFTENSORS", "TFLITE_TENSORS")


@node_rule("GV621", "tensor-not-in-model", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if node.registered_as != INFERENCE or context.no_models:
        return
    model = model_behind(node, context)
    if model is None:
        return
    options = node.options_of(INFERENCE_OPTIONS)
    given = _named(node.inputs, options, "tag_to_input_tensor_names", "input_order_list")
    asked = _named(node.outputs, options, "tag_to_output_tensor_names", "output_order_list")
    yield from _unknown(node, given, model.signature.inputs, model, "takes no input")
    yield from _unknown(node, asked, model.signature.outputs, model, "returns no output")
    if not any(_unknown(node, given, model.signature.inputs, model, "")):
        yield from _missing(node, given, model)


def _named(tags: TagMap, options: BoundMessage | None, map_field: str, order_field: str) -> list[tuple[str, Place]]:
    """The tensor name that each tag stands for, and where it is written."""
    renamed: dict[str, tuple[str, Place]] = {}
    for entry in options.messages(map_field) if options is not None else ():
        key, value = entry.first("key"), entry.first("value")
        if key is not None and value is not None:
            renamed[key.string] = value.string, value.place
    found: list[tuple[str, Place]] = []
    for connection in tags:
        if connection.tag.startswith(_VECTORS):
            if options is not None:
                found += [(field.string, field.place) for field in options.all(order_field)]
        elif connection.tag:
            found.append(renamed.get(connection.tag, (connection.tag, connection.place)))
    return found


def _unknown(
    node: Node, named: list[tuple[str, Place]], tensors: tuple[TensorSignature, ...], model: ServedModel, what: str
) -> Iterator[Hit]:
    known = {name for tensor in tensors for name in tensor.names}
    for name, place in named:
        if name not in known:
            near = nearest(name, known, cutoff=0.5)
            listed = ", ".join(f'"{tensor.name}"' for tensor in tensors)
            yield Hit(
                place,
                f'the model "{model.entry.name}" {what} "{name}"',
                help=f'did you mean "{near}"?' if near else f"it has {listed}",
                label=f"it has {listed}",
                node=node,
            )


def _missing(node: Node, given: list[tuple[str, Place]], model: ServedModel) -> Iterator[Hit]:
    if not given:
        return
    names = {name for name, _ in given}
    lacking = [tensor.name for tensor in model.signature.inputs if not names & set(tensor.names)]
    if lacking:
        listed = ", ".join(f'"{name}"' for name in lacking)
        yield Hit(
            node.calculator_place,
            f'the model "{model.entry.name}" also wants {listed}, which this node does not give it',
            help="add an input_stream for it, and its name to tag_to_input_tensor_names",
            node=node,
        )
