"""A model's `plugin_config` has a value that the device's plugin refuses.

## What it does

Compares each value with what the CPU plugin took when it was tried: true or false for switches, numbers in range, the
words of a choice in their exact spelling.

## Why it is bad

The model is not loaded (`Cannot compile model into target device`). Graphs with a session on it are AVAILABLE all the
same, and their requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "target_device": "CPU", "plugin_config": {"PERFORMANCE_HINT": "latency"}
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
error: GV635 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "target_device": "CPU", "plugin_config": {"PERFORMANCE_HINT": "LATENCY"}
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

Write a value that the property can have.

## Limits

Speaks of the CPU, and of switches and choices where no device is named: their values are the same on every device.

## Source

OVMS `src/json_parser.cpp` and `src/modelinstance.cpp` (2026.4); the CPU plugin of OpenVINO 2026.4.1, which was tried
with each value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graphval.catalog import DeviceProperties, DeviceProperty
from graphval.deployment.json_tree import JsonMember, JsonNode
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.plugin_properties import NO_DEVICE, devices_of, is_refused, written_as
from graphval.rules.deployment.served_model import loaded, not_loaded
from graphval.rules.mechanism import Answer, deployment_rule
from graphval.rules.nearest import nearest

_LISTED = 100
"""Values of one model; to list more helps nobody."""


@deployment_rule("GV635", "plugin-config-value", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    properties = context.catalog.device_properties
    for model in loaded(context) if properties is not None else ():
        config = model.setting("plugin_config")
        devices = devices_of(model.target_device)
        for member, found in islice(_refused(config, devices, properties), _LISTED):
            yield not_loaded(
                context,
                model,
                member.value.place,
                f"{member.key} does not take {member.value.place.text}",
                help=_help(found, member.value.value),
            )


def _refused(
    config: JsonNode | None, devices: frozenset[str], properties: DeviceProperties | None
) -> Iterator[tuple[JsonMember, DeviceProperty]]:
    """The settings whose values the plugin of the devices refuses."""
    for member in config.members if config is not None else ():
        found = properties.get(written_as(member)) if properties is not None else None
        if found is None or not found.settable("CPU") or not _judged(found, devices):
            continue
        if is_refused(found, member.value.value):
            yield member, found


def _judged(found: DeviceProperty, devices: frozenset[str]) -> bool:
    """Whether what the CPU plugin refuses is refused on these devices."""
    if devices == NO_DEVICE:
        return found.kind in ("boolean", "choice") and "f32" not in found.values
    return devices == {"CPU"}


def _help(found: DeviceProperty, value: object) -> str:
    match found.kind:
        case "boolean":
            return "write true or false"
        case "choice":
            near = nearest(str(value), found.values)
            return f'write "{near}"' if near else f"it takes {', '.join(found.values)}"
        case "integer" | "number":
            return "write a number" if not isinstance(value, int | float) else "the number is out of range"
        case _:
            return ""
