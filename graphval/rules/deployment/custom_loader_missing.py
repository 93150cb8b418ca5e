"""A model asks for a custom loader that config.json does not define.

## What it does

Looks `loader_name` of `custom_loader_options` up in `custom_loader_config_list`.

## Why it is bad

The model is not loaded (`Specified custom loader … not found`). Graphs with a session on it are AVAILABLE all the same, and
their requests fail.

## Bad

```json config.json
{
  "model_config_list": [{"config": {
    "name": "gauge",
    "base_path": "model",
    "custom_loader_options": {"loader_name": "vault"}
  }}],
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
error: GV638 at config.json:5
```

## Good

```json config.json
{
  "custom_loader_config_list": [{"config": {"loader_name": "vault", "library_path": "/ovms/lib/libvault.so"}}],
  "model_config_list": [{"config": {
    "name": "gauge",
    "base_path": "model",
    "custom_loader_options": {"loader_name": "vault"}
  }}],
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

Define the loader under this name, or remove `custom_loader_options`.

## Limits

Whether the library can be loaded is not known.

## Source

OVMS `src/modelmanager.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.served_model import loaded, not_loaded
from graphval.rules.mechanism import Answer, deployment_rule
from graphval.rules.nearest import nearest


@deployment_rule("GV638", "custom-loader-missing", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    document = context.deployment.config_document
    root = document.root if document is not None else None
    listed = root.get("custom_loader_config_list") if root is not None and root.kind == "object" else None
    configs = [entry.get("config") for entry in listed.items] if listed is not None else []
    known = {config.text("loader_name") or "" for config in configs if config is not None}
    for model in loaded(context):
        options = model.setting("custom_loader_options")
        name = options.get("loader_name") if options is not None else None
        if name is not None and name.kind == "string" and name.value not in known:
            near = nearest(name.value, known)
            yield not_loaded(
                context,
                model,
                name.place,
                f'no custom loader is called "{name.value}"',
                help=f'did you mean "{near}"?' if near else "add it to custom_loader_config_list",
            )
