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

## Source

OVMS `src/schema.cpp` (2026.4), which takes any text for a device; the device names of OpenVINO Runtime 2026.4; tried
on the real server (`TPU`, `cpu`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.deployment.json_text import walk
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.textproto import Place

_DEVICE = re.compile(r"-?(CPU|GPU|NPU|TEMPLATE)(\.\d+)*(\(\d+\))?", re.ASCII)
_META = ("AUTO", "HETERO", "MULTI", "BATCH")


@deployment_rule("GV618", "device-name", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for model in context.deployment.models:
        wrong = _wrong(model.target_device)
        if wrong is not None and model.place is not None:
            place = _value(context, model.place, "target_device") or model.place
            upper = wrong.upper()
            yield Hit(
                place,
                f'OpenVINO has no device "{wrong}"',
                help=f"write {upper}"
                if _wrong(upper) is None
                else "it has CPU, GPU, NPU, AUTO, HETERO, MULTI and BATCH",
            )


def _wrong(device: str) -> str | None:
    """The first device name of a setting that OpenVINO does not know; ``None`` if all are fine."""
    head, colon, rest = device.partition(":")
    if not device or (head in _META and (colon == "" or rest)):
        devices = [part.strip() for part in rest.split(",")] if colon else []
    else:
        devices = [device]
    return next((part for part in devices if part and _DEVICE.fullmatch(part) is None), None)


def _value(context: DeploymentContext, place: Place, key: str) -> Place | None:
    """The value of a key in the JSON object that begins at ``place``."""
    for document in context.deployment.documents:
        if document.source is place.source and document.root is not None:
            node = next((n for n in walk(document.root) if n.start == place.start and n.kind == "object"), None)
            found = node.get(key) if node is not None else None
            return found.place if found is not None else None
    return None
