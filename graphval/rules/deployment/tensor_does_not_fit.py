"""What one model returns does not fit what the next one takes.

## What it does

Follows a stream from an inference node to the next one and compares the tensor that the first model returns with the one
that the second takes: element type, number of dimensions, and dimensions that can never be equal. It also warns of an
`OpenVINOConverterCalculator` that hands the bytes of a picture to a model of another element type: it makes numbers of
them only with `enable_normalization: true`.

## Why it is bad

The graph loads and is created. OVMS checks the tensor when the second node asks for an inference, so every request fails.

## Bad

```json config.json
{
  "model_config_list": [
    {"config": {"name": "gauge", "base_path": "model"}},
    {"config": {"name": "sign", "base_path": "sign"}}
  ],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:gauge"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "gauge" } }
}
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:sign"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "sign" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:gauge"
  input_stream: "LEVEL:in"
  output_stream: "VOLUME:litres"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "LEVEL" value: "level" }
      tag_to_output_tensor_names { key: "VOLUME" value: "volume" }
    }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:sign"
  input_stream: "TEXT:litres"  # error: [GV622]
  output_stream: "SHOWN:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "TEXT" value: "level" }
      tag_to_output_tensor_names { key: "SHOWN" value: "volume" }
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

```xml sign/1/model.xml
<net name="gauge" version="11">
  <layers>
    <layer id="0" name="level" type="Parameter" version="opset1">
      <data shape="1,4" element_type="f32"/>
      <output><port id="0" precision="FP32" names="level"><dim>1</dim><dim>4</dim></port></output>
    </layer>
    <layer id="1" name="offset" type="Const" version="opset1">
      <data element_type="f32" shape="1,4" offset="0" size="16"/>
      <output><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></output>
    </layer>
    <layer id="2" name="sum" type="Add" version="opset1">
      <data auto_broadcast="numpy"/>
      <input>
        <port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port>
        <port id="1" precision="FP32"><dim>1</dim><dim>4</dim></port>
      </input>
      <output><port id="2" precision="FP32" names="volume"><dim>1</dim><dim>4</dim></port></output>
    </layer>
    <layer id="3" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>4</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
  </edges>
</net>
```

```text sign/1/model.bin
0000000000000000
```

## Good

```json config.json
{
  "model_config_list": [
    {"config": {"name": "gauge", "base_path": "model"}},
    {"config": {"name": "sign", "base_path": "sign"}}
  ],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:gauge"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "gauge" } }
}
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:sign"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "sign" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:gauge"
  input_stream: "LEVEL:in"
  output_stream: "VOLUME:litres"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "LEVEL" value: "level" }
      tag_to_output_tensor_names { key: "VOLUME" value: "volume" }
    }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:sign"
  input_stream: "TEXT:litres"
  output_stream: "SHOWN:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "TEXT" value: "level" }
      tag_to_output_tensor_names { key: "SHOWN" value: "volume" }
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

```xml sign/1/model.xml
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

```text sign/1/model.bin
000000000000
```

## How to fix

Put a converting calculator between the two, or use models that fit each other.

## Limits

Reads OpenVINO IR. Models with a `shape`, `batch_size`, `layout` or `precision` setting are not compared, and neither are
streams that pass another calculator on the way.

## Source

OVMS `src/capi_frontend/capi_request_utils.cpp` and `src/predict_request_validation_utils_impl.cpp` (2026.4):
`INVALID_PRECISION`, `INVALID_SHAPE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Connection, Endpoint, Node
from graphval.rules.context import GraphContext
from graphval.rules.deployment.served_model import INFERENCE, INFERENCE_OPTIONS, ServedModel, model_behind
from graphval.rules.mechanism import Answer, Hit, node_rule

if TYPE_CHECKING:
    from graphval.deployment.signature import Dimension, TensorSignature

_CONVERTER = "OpenVINOConverterCalculator"
_CONVERTER_OPTIONS = "mediapipe.OpenVINOConverterCalculatorOptions"
_SETTINGS = ("shape", "batch_size", "layout", "precision")
_OTHER_TENSORS = ("OVTENSORS", "TENSOR", "TFTENSOR", "TFLITE_TENSOR")
"""Tags of vectors, and of packets of another type than ``ov::Tensor``."""


@node_rule("GV622", "tensor-does-not-fit", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if node.registered_as != INFERENCE or context.no_models:
        return
    for connection in node.inputs:
        producer = context.wiring.producer(connection.name)
        if producer is None or producer.node is None:
            continue
        if producer.node.registered_as == _CONVERTER:
            yield from _bytes(node, connection, producer, context)
        if producer.node.registered_as != INFERENCE:
            continue
        taken = _tensor(node, connection, context, "tag_to_input_tensor_names")
        given = _tensor(producer.node, producer.connection, context, "tag_to_output_tensor_names")
        if taken is None or given is None:
            continue
        why = _unfit(given, taken)
        if why:
            yield Hit(
                connection.place,
                f'"{connection.name}" does not fit the input "{taken.name}": {why}',
                help="convert it on the way, or export one of the models anew",
                node=node,
                related=(("it is made here", producer.connection.place),),
            )


def _bytes(node: Node, connection: Connection, producer: Endpoint, context: GraphContext) -> Iterator[Answer]:
    """A picture whose bytes are handed on as they are. One of other elements may come in, so this is no error."""
    maker = producer.node
    converter = maker.options_of(_CONVERTER_OPTIONS) if maker is not None else None
    options = node.options_of(INFERENCE_OPTIONS)
    order = options.first("input_order_list") if options is not None else None
    model = model_behind(node, context)
    if (
        model is None
        or maker is None
        or order is None
        or not connection.tag.startswith("OVTENSORS")
        or "precision" in model.entry.config
        or (converter is not None and converter.reading["enable_normalization"])
    ):
        return
    taken = _named(model, order.string, "input_order_list")
    if taken is not None and taken.precision not in ("UINT8", "UNKNOWN"):
        yield Hit(
            maker.calculator_place,
            f'a picture of bytes does not fit the input "{taken.name}", which takes {taken.precision}',
            help="write enable_normalization: true into the options of the converter",
            node=maker,
            severity=Severity.WARNING,
            related=(("it is taken here", connection.place),),
        )


def _tensor(node: Node, connection: Connection, context: GraphContext, field: str) -> TensorSignature | None:
    """The tensor of a model that a tag stands for; ``None`` where that is not certain."""
    model = model_behind(node, context)
    if (
        model is None
        or connection.tag.startswith(_OTHER_TENSORS)
        or any(key in model.entry.config for key in _SETTINGS)
    ):
        return None
    options = node.options_of(INFERENCE_OPTIONS)
    name = connection.tag
    for entry in options.messages(field) if options is not None else ():
        key, value = entry.first("key"), entry.first("value")
        if key is not None and value is not None and key.string == connection.tag:
            name = value.string
    return _named(model, name, field)


def _named(model: ServedModel, name: str, field: str) -> TensorSignature | None:
    tensors = model.signature.inputs if "input" in field else model.signature.outputs
    return next((tensor for tensor in tensors if name in tensor.names), None)


def _unfit(given: TensorSignature, taken: TensorSignature) -> str:
    if "UNKNOWN" not in (given.precision, taken.precision) and given.precision != taken.precision:
        return f"{given.precision} comes in, {taken.precision} is taken"
    if given.shape is None or taken.shape is None or not given.shape:
        return ""
    if len(given.shape) != len(taken.shape):
        return f"{len(given.shape)} dimensions come in, {len(taken.shape)} are taken"
    for position, (left, right) in enumerate(zip(given.shape, taken.shape, strict=True)):
        if _apart(left, right):
            return f"dimension {position} is {_spoken(left)} where {_spoken(right)} is taken"
    return ""


def _spoken(dimension: Dimension) -> str:
    if dimension.fixed:
        return str(dimension.low)
    return f"{dimension.low} or more" if dimension.high is None else f"{dimension.low} to {dimension.high}"


def _apart(a: Dimension, b: Dimension) -> bool:
    """Whether two dimensions can never be equal."""
    return (a.high is not None and a.high < b.low) or (b.high is not None and b.high < a.low)
