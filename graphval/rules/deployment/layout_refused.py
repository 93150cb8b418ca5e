"""A model cannot have the layout that its settings give it.

## What it does

Reads `layout` as OVMS and OpenVINO do (`NCHW`, `NHWC:NCHW`, `N...`) and compares it with the inputs and outputs of the
model's file: letters, number of dimensions, names.

## Why it is bad

The model is not loaded (`Cannot change layout`). Graphs with a session on it are AVAILABLE all the same, and their
requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "layout": "NCHW"
    }}
  ],
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
  input_stream: "LEVEL:in"
  output_stream: "VOLUME:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "LEVEL" value: "level" }
      tag_to_output_tensor_names { key: "VOLUME" value: "volume" }
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
    <layer id="1" name="offset" type="Const" version="opset1">
      <data element_type="f32" shape="1,3" offset="0" size="12"/>
      <output><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="sum" type="Add" version="opset1">
      <data auto_broadcast="numpy"/>
      <input>
        <port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port>
        <port id="1" precision="FP32"><dim>1</dim><dim>3</dim></port>
      </input>
      <output><port id="2" precision="FP32" names="volume"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="3" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
  </edges>
</net>
```

```text model/1/model.bin
000000000000
```

```expect
error: GV632 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "layout": "NC"
    }}
  ],
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
  input_stream: "LEVEL:in"
  output_stream: "VOLUME:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "LEVEL" value: "level" }
      tag_to_output_tensor_names { key: "VOLUME" value: "volume" }
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
    <layer id="1" name="offset" type="Const" version="opset1">
      <data element_type="f32" shape="1,3" offset="0" size="12"/>
      <output><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="sum" type="Add" version="opset1">
      <data auto_broadcast="numpy"/>
      <input>
        <port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port>
        <port id="1" precision="FP32"><dim>1</dim><dim>3</dim></port>
      </input>
      <output><port id="2" precision="FP32" names="volume"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="3" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
  </edges>
</net>
```

```text model/1/model.bin
000000000000
```

## How to fix

Write a layout with one letter for each dimension of the model's input or output, or remove the setting.

## Source

OVMS `src/modelinstance.cpp` and `src/layout_configuration.cpp` (2026.4); OpenVINO `src/core/src/layout.cpp` (2026.4);
seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment import JsonNode, ModelEntry
from graphval.deployment.model_settings import Layout, fits_rank, is_layout, read_layout
from graphval.deployment.signature import ModelSignature, TensorSignature
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import files_served, loaded, not_loaded, signature_of
from graphval.rules.mechanism import Answer, Skip, deployment_rule
from graphval.rules.nearest import nearest


@deployment_rule("GV632", "layout-refused", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in loaded(context):
        layout = model.setting("layout")
        if layout is None:
            continue
        written = [layout] if layout.kind == "string" else [member.value for member in layout.members]
        wrong = [(text, why) for text in written if text.kind == "string" and (why := _misread(text.value))]
        for text, why in wrong:
            yield not_loaded(
                context,
                model,
                text.place,
                f'"{text.value}" is no layout: {why}',
                help="write it like NCHW or NHWC:NCHW",
            )
        if wrong or context.no_models:
            continue
        for file in files_served(model):
            signature = signature_of(file)
            if signature is None:
                yield Skip(f'whether "{model.name}" can have its layout setting: {file.name} does not tell its inputs')
            else:
                yield from _against(context, model, layout, signature)


def _misread(text: str) -> str:
    """Why OVMS or OpenVINO takes no such layout; empty where they do."""
    if not text:
        return ""
    layout = read_layout(text)
    if layout is None:
        return "it takes N, C, H, W, D, ? and ..., and one : between the tensor's and the model's"
    for word in (layout.tensor, layout.model):
        if not is_layout(word):
            return f"{word} has a letter twice or dots that are not one ..."
    return ""


def _against(
    context: DeploymentContext, model: ModelEntry, layout: JsonNode, signature: ModelSignature
) -> Iterator[Answer]:
    inputs = ", ".join(f'"{tensor.name}"' for tensor in signature.inputs)
    if layout.kind == "string":
        if not layout.value:
            return
        if len(signature.inputs) > 1:
            message = f'one layout for all inputs, but the model "{model.name}" has {len(signature.inputs)}: {inputs}'
            advice = f'write {{"{signature.inputs[0].name}": "{layout.value}"}}'
            yield not_loaded(context, model, layout.place, message, help=advice)
        else:
            yield from _fitted(context, model, layout, signature.inputs[0])
        return
    tensors = {name: tensor for tensor in (*signature.outputs, *signature.inputs) for name in tensor.names}
    for member in layout.members:
        tensor = tensors.get(member.key)
        if tensor is not None:
            yield from _fitted(context, model, member.value, tensor)
            continue
        near = nearest(member.key, tensors, cutoff=0.5)
        message = f'the model "{model.name}" has no input or output "{member.key}"'
        advice = f'did you mean "{near}"?' if near else f"its inputs are {inputs}"
        yield not_loaded(context, model, member.key_place, message, help=advice)


def _fitted(context: DeploymentContext, model: ModelEntry, text: JsonNode, tensor: TensorSignature) -> Iterator[Answer]:
    layout = read_layout(text.value) if text.kind == "string" else None
    why = _unfit(layout, tensor) if layout is not None else ""
    if why:
        yield not_loaded(
            context,
            model,
            text.place,
            f'the layout {text.value} does not fit "{tensor.name}" of "{model.name}"',
            label=why,
        )


def _unfit(layout: Layout, tensor: TensorSignature) -> str:
    if tensor.shape is None:
        return ""
    rank = len(tensor.shape)
    if not fits_rank(layout.model, rank):
        return f"it has {rank} dimension{'s' * (rank != 1)}"
    plain = not any(mark in layout.tensor + layout.model for mark in "?.")
    if plain and len(layout.tensor) == len(layout.model) and set(layout.tensor) != set(layout.model):
        return f"{layout.tensor} cannot be turned into {layout.model}: they have other letters"
    return ""
