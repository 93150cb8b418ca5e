"""A model's `plugin_config` has a key that its device does not know.

## What it does

Looks the keys of `plugin_config` up among the properties that the plugin of `target_device` lists (OVMS compares them
before it loads the model), and finds those that can only be read.

## Why it is bad

The model is not loaded (`Plugin config key: X not found in supported config keys for device`). Graphs with a session
on it are AVAILABLE all the same, and their requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "plugin_config": {"CPU_SPEED": "FAST"}
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
error: GV634 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "plugin_config": {"PERFORMANCE_HINT": "LATENCY"}
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

Write the property as the device's plugin knows it, or remove it.

## Limits

For releases whose OpenVINO was not asked, and for devices whose driver adds properties (NPU), nothing is said. Without
`target_device` a key counts as known if the CPU's or the GPU's plugin lists it.

## Source

OVMS `src/ov_utils.cpp` (2026.4): `validatePluginConfiguration`; the plugins of OpenVINO 2026.4; seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from graphval.catalog import DeviceProperties
from graphval.deployment.json_tree import JsonMember
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.plugin_properties import devices_of, known_keys, written_as
from graphval.rules.deployment.served_model import loaded, not_loaded
from graphval.rules.mechanism import Answer, Skip, deployment_rule
from graphval.rules.nearest import nearest

_LISTED = 100
"""Keys of one model; to list more helps nobody."""


@deployment_rule("GV634", "plugin-config-key", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in loaded(context):
        config = model.setting("plugin_config")
        if config is None or not config.members:
            continue
        properties = context.catalog.device_properties
        devices = devices_of(model.target_device)
        if properties is None or not devices <= set(properties.devices) or devices & set(properties.partial):
            yield Skip(f'whether the device of "{model.name}" knows its plugin_config is not known to this catalog')
            continue
        known = known_keys(devices, properties)
        settable = [key for key in known if any(_settable(key, device, properties) for device in devices)]
        told = ((member, _why_not(member, devices, properties, known, settable)) for member in config.members)
        refused = ((member, *why) for member, why in told if why is not None)
        for member, message, advice in islice(refused, _LISTED):
            yield not_loaded(context, model, member.key_place, message, help=advice)


def _why_not(
    member: JsonMember,
    devices: frozenset[str],
    properties: DeviceProperties,
    known: frozenset[str],
    settable: Sequence[str],
) -> tuple[str, str] | None:
    """Message and help for a key that OVMS or the plugin refuses. ``known`` are those that OVMS lets pass."""
    name, shown = written_as(member), " and ".join(sorted(devices))
    if name not in known:
        found = properties.get(name)
        near = nearest(name, settable)
        if name == "CACHE_DIR":
            advice = "start the server with --cache_dir"
        elif found is not None and found.devices:
            advice = f"it is a property of {', '.join(found.devices)}"
        else:
            advice = f'did you mean "{near}"?' if near else f"it knows {', '.join(sorted(settable))}"
        return f'the plugin of {shown} does not list the property "{member.key}"', advice
    if devices == {"CPU"} and name != "ENABLE_MMAP" and not _settable(name, "CPU", properties):
        return f'the property "{member.key}" can only be read', "remove it"
    return None


def _settable(name: str, device: str, properties: DeviceProperties) -> bool:
    found = properties.get(name)
    return found is not None and found.settable(device)
