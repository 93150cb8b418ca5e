"""A model cannot take the batch size that its settings ask for.

## What it does

Sets the batch dimension of the model's input as OVMS does (the `N` of its layout, by default the first one) and looks
whether the operations that follow can take it. A batch size needs a layout with `N`.

## Why it is bad

The model is not loaded. Graphs with a session on it are AVAILABLE all the same, and their requests fail.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "batch_size": 4, "layout": "CH"
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
error: GV633 at config.json:6
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {
      "name": "gauge",
      "base_path": "model",
      "batch_size": 4
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

Write a batch size that the model can take, or remove the setting.

## Limits

Reads OpenVINO IR, and carries shapes through the operations it knows. A batch size that another operation refuses is
seen when a server has loaded the model.

## Source

OVMS `src/modelinstance.cpp` (2026.4): `configureBatchSize`; OpenVINO `ov::set_batch` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.deployment import JsonNode, ModelEntry
from graphval.deployment.model_settings import AUTO, read_batch_size, read_layout
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import files_served, loaded, not_loaded, signature_of
from graphval.rules.mechanism import Answer, deployment_rule

if TYPE_CHECKING:
    from graphval.deployment.signature import Dimension, ModelSignature, TensorSignature

_BY_DEFAULT = "N..."


@deployment_rule("GV633", "batch-size-refused", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    if context.no_models:
        return
    for model in loaded(context):
        setting = model.setting("batch_size")
        if setting is None or model.setting("shape") is not None:
            continue
        batch = _dimension(setting)
        if batch is None:
            continue
        for file in files_served(model):
            signature = signature_of(file)
            if signature is not None:
                yield from _against(context, model, setting, batch, signature, file)


def _dimension(setting: JsonNode) -> Dimension | None:
    """The batch size that is set; ``None`` where it is left to the model or to each request, or cannot be read."""
    text = setting.value if setting.kind == "string" else str(setting.value)
    return read_batch_size(text) if text not in (AUTO, "0") else None


def _against(
    context: DeploymentContext,
    model: ModelEntry,
    setting: JsonNode,
    batch: Dimension,
    signature: ModelSignature,
    file: Path,
) -> Iterator[Answer]:
    from graphval.deployment.reshape import refusal  # reads the whole model, and only for a model with such a setting

    layouts = {tensor.name: _layout(model, tensor) for tensor in signature.inputs}
    if not any("N" in layout for layout in layouts.values()):
        yield not_loaded(
            context,
            model,
            setting.place,
            f'no input of the model "{model.name}" has a batch dimension',
            help="write a layout with N, or leave batch_size out",
            label=f"the layout is {next(iter(layouts.values()))}",
        )
        return
    wanted = {}
    for tensor in signature.inputs:
        position = _position(layouts[tensor.name], tensor)
        if tensor.shape is not None and position is not None:
            wanted[tensor.name] = (*tensor.shape[:position], batch, *tensor.shape[position + 1 :])
        elif "N" in layouts[tensor.name]:
            return
    try:
        why = refusal(file, wanted)
    except OSError:
        return  # whether the file can be read is another rule's question
    if why is not None:
        yield not_loaded(
            context,
            model,
            setting.place,
            f'the model "{model.name}" cannot take the batch size {setting.value}',
            help="leave batch_size out, or export the model with a dynamic batch",
            label=f'{why.kind} "{why.operation}": {why.reason}',
        )


def _layout(model: ModelEntry, tensor: TensorSignature) -> str:
    """The layout of an input as OVMS sees it: the setting's, the file's own, else ``N...`` (a scalar has none)."""
    setting = model.setting("layout")
    if setting is not None and setting.kind == "object":
        setting = next((found for name in tensor.names if (found := setting.get(name)) is not None), None)
    layout = read_layout(setting.value) if setting is not None and setting.kind == "string" else None
    if layout is not None:
        return layout.tensor
    own = tensor.layout.strip("[]").replace(",", "")
    return own or ("" if tensor.shape == () else _BY_DEFAULT)


def _position(layout: str, tensor: TensorSignature) -> int | None:
    """Where the batch dimension of an input is; ``None`` where it has none or that is not certain."""
    before, dots, after = layout.partition("...")
    if "N" in before:
        return before.index("N")
    if not dots or "N" not in after or tensor.shape is None:
        return None
    return len(tensor.shape) - len(after) + after.index("N")
