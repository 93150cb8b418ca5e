"""A model cannot take the shape that its settings ask for.

## What it does

Compares `shape` with the inputs of the model's file: one shape for all inputs is for models with one input, names
must be those of inputs, and the operations that follow the inputs must be able to take the new shapes.

## Why it is bad

The model is not loaded (`Model could not be reshaped with requested shape`). Graphs with a session on it are
AVAILABLE all the same, and their requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "shape": "(1,8)"
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
error: GV631 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "shape": "(5,3)"
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

Write a shape that the model can take, or remove the setting.

## Limits

Reads OpenVINO IR, and carries shapes through the operations it knows (element-wise ones, `MatMul`, convolutions,
`Concat`). A shape that another operation refuses is seen when a server has loaded the model.

## Source

OVMS `src/modelinstance.cpp` (2026.4): `RESHAPE_ERROR`, `ANONYMOUS_FIXED_SHAPE_NOT_ALLOWED`,
`CONFIG_SHAPE_IS_NOT_IN_MODEL`; seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.deployment import JsonNode, ModelEntry
from graphval.deployment.model_settings import AUTO, read_layout, read_shape
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import files_served, loaded, not_loaded, signature_of
from graphval.rules.mechanism import Answer, Skip, deployment_rule
from graphval.rules.nearest import nearest

if TYPE_CHECKING:
    from graphval.deployment.signature import Dimension, ModelSignature


@deployment_rule("GV631", "shape-refused", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    if context.no_models:
        return
    for model in loaded(context):
        shape = model.setting("shape")
        if shape is None:
            continue
        for file in files_served(model):
            signature = signature_of(file)
            if signature is None:
                yield Skip(f'whether "{model.name}" can take its shape setting: {file.name} does not tell its inputs')
            else:
                yield from _against(context, model, shape, signature, file)


def _against(
    context: DeploymentContext, model: ModelEntry, shape: JsonNode, signature: ModelSignature, file: Path
) -> Iterator[Answer]:
    names = [tensor.name for tensor in signature.inputs]
    listed = ", ".join(f'"{name}"' for name in names)
    if shape.kind == "string":
        dimensions = read_shape(shape.value) if shape.value != AUTO else None
        if dimensions is not None and len(names) > 1:
            message = f'one shape for all inputs, but the model "{model.name}" has {len(names)}: {listed}'
            yield not_loaded(context, model, shape.place, message, help=f'write {{"{names[0]}": "{shape.value}"}}')
            return
        wanted = {name: (dimensions, shape) for name in names if dimensions is not None}
    else:
        known = {name: tensor.name for tensor in signature.inputs for name in tensor.names}
        unknown = [member for member in shape.members if member.key not in known]
        for member in unknown:
            near = nearest(member.key, known, cutoff=0.5)
            message = f'the model "{model.name}" has no input "{member.key}"'
            advice = f'did you mean "{near}"?' if near else f"it has {listed}"
            yield not_loaded(context, model, member.key_place, message, help=advice)
        if unknown:
            return
        texts = [(known[member.key], member.value) for member in shape.members if member.value.kind == "string"]
        wanted = {name: (read, text) for name, text in texts if (read := read_shape(text.value)) is not None}
    yield from _reshaped(context, model, wanted, file)


def _reshaped(
    context: DeploymentContext,
    model: ModelEntry,
    wanted: Mapping[str, tuple[tuple[Dimension, ...], JsonNode]],
    file: Path,
) -> Iterator[Answer]:
    from graphval.deployment.reshape import refusal  # reads the whole model, and only for a model with such a setting

    if not wanted or _turned(model):
        return
    try:
        why = refusal(file, {name: dimensions for name, (dimensions, _) in wanted.items()})
    except OSError:
        return  # whether the file can be read is another rule's question
    if why is not None:
        _, text = next(iter(wanted.values()))
        yield not_loaded(
            context,
            model,
            text.place,
            f'the model "{model.name}" cannot take the shape {text.value}',
            help="leave shape out, or export the model with dynamic dimensions",
            label=f'{why.kind} "{why.operation}": {why.reason}',
        )


def _turned(model: ModelEntry) -> bool:
    """Whether a layout setting turns the dimensions round before the shape is applied."""
    layout = model.setting("layout")
    values = [] if layout is None else [layout, *(member.value for member in layout.members)]
    read = [read_layout(value.value) for value in values if value.kind == "string"]
    return any(entry is not None and entry.tensor != entry.model for entry in read)
