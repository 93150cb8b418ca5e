"""A shape or batch size of a model cannot be read, and OVMS ignores it.

## What it does

Reads `shape` and `batch_size` of each model as OVMS does: `(1,3,-1,200:300)` or `auto`, and `8`, `-1`, `1:16` or
`auto`. Also finds a batch size beside a shape, which OVMS drops.

## Why it is bad

The model is loaded with the shape of its file. The server only logs `There was an error parsing shape`.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "shape": "(1,3"
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
warning: GV630 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "shape": "(1,3)"
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

Write the value in a form that OVMS reads, such as `(1,3,-1,200:300)` or `auto`; give a shape or a batch size, not both.

## Source

OVMS `src/modelconfig.cpp` and `src/shape.cpp` (2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment import JsonNode
from graphval.deployment.model_settings import AUTO, read_batch_size, read_shape
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule

_LABEL = "OVMS ignores it"


@deployment_rule("GV630", "setting-ignored", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in context.deployment.models:
        shape, batch = model.setting("shape"), model.setting("batch_size")
        for text in _texts(shape):
            if text.value != AUTO and read_shape(text.value) is None:
                yield Hit(
                    text.place,
                    f'"{text.value}" is no shape',
                    help="write it like (1,3,224,224), a dimension as 8, -1 (any) or 1:16, or auto",
                    label=_LABEL,
                )
        if batch is None:
            continue
        if batch.kind == "string" and batch.value != AUTO and read_batch_size(batch.value) is None:
            yield Hit(
                batch.place, f'"{batch.value}" is no batch size', help="write 8, -1 (any), 1:16 or auto", label=_LABEL
            )
        elif batch.value not in (0, "0") and any(
            text.value == AUTO or read_shape(text.value) for text in _texts(shape)
        ):
            yield Hit(batch.place, "batch_size has no effect beside shape", help="remove one of them", label=_LABEL)


def _texts(shape: JsonNode | None) -> list[JsonNode]:
    """The texts of a shape setting: one for all inputs, or one for each that is named."""
    if shape is None:
        return []
    return [value for value in (shape, *(member.value for member in shape.members)) if value.kind == "string"]
