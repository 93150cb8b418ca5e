"""A model asks for a device that does not exist.

## What it does

Checks the form of `target_device`: CPU, GPU, GPU.0, NPU, AUTO, HETERO, MULTI and BATCH with their lists, in upper
case.

## Why it is bad

The model is not loaded: `Device with "X" name is not registered in the OpenVINO Runtime`.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model", "target_device": "cpu"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

```expect
error: GV618 at config.json:2
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model", "target_device": "CPU"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

## How to fix

Write a device that OpenVINO has, in capital letters: `CPU`, `GPU`, `NPU`, `AUTO`.

## Source

OVMS `src/schema.cpp` (2026.4), which takes any text for a device; the device names of OpenVINO Runtime 2026.4; tried
on the real server (`TPU`, `cpu`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import loaded, not_loaded
from graphval.rules.mechanism import Answer, deployment_rule

_DEVICE = re.compile(r"-?(CPU|GPU|NPU|TEMPLATE)(\.\d+)*(\(\d+\))?", re.ASCII)
_META = ("AUTO", "HETERO", "MULTI", "BATCH")


@deployment_rule("GV618", "device-name", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in loaded(context):
        wrong = _wrong(model.target_device)
        device = model.setting("target_device")
        if wrong is not None and device is not None:
            upper = wrong.upper()
            known = _wrong(upper) is None
            yield not_loaded(
                context,
                model,
                device.place,
                f'OpenVINO has no device "{wrong}"',
                help=f"write {upper}" if known else "it has CPU, GPU, NPU, AUTO, HETERO, MULTI and BATCH",
            )


def _wrong(device: str) -> str | None:
    """The first device name of a setting that OpenVINO does not know; ``None`` if all are fine."""
    head, colon, rest = device.partition(":")
    if not device or (head in _META and (colon == "" or rest)):
        devices = [part.strip() for part in rest.split(",")] if colon else []
    else:
        devices = [device]
    return next((part for part in devices if part and _DEVICE.fullmatch(part) is None), None)
