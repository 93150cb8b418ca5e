"""A model asks for more inference requests than OVMS allows.

## What it does

Compares `nireq` of each model with OVMS's limit of 100 000.

## Why it is bad

The model is not loaded (`Exceeded allowed nireq value`). Graphs with a session on it are AVAILABLE all the same, and their
requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "nireq": 1000000
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
error: GV636 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "nireq": 4
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

Write a number that OVMS allows, or remove the setting and let OVMS choose.

## Source

OVMS `src/modelinstance.cpp` (2026.4): `INVALID_NIREQ`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import loaded, not_loaded
from graphval.rules.mechanism import Answer, deployment_rule

_MOST = 100_000


@deployment_rule("GV636", "nireq-too-high", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in loaded(context):
        nireq = model.setting("nireq")
        if nireq is not None and isinstance(nireq.value, int) and nireq.value > _MOST:
            message = f'"{model.name}" asks for {nireq.value} inference requests, and {_MOST} are allowed'
            yield not_loaded(context, model, nireq.place, message, help="leave nireq out: OpenVINO chooses a number")
