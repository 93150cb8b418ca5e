"""A model of the deployment cannot be loaded.

## What it does

Looks at the files of each model: the folder, its version folders (1, 2, …), the versions that the policy asks for,
the model file, its weights, the end of the xml. Paths with `..` are refused by OVMS.

## Why it is bad

The server starts and the model is not available. Graphs with a session on it are AVAILABLE all the same, and their
requests fail.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
error: GV614 at config.json:2
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
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

Put right what the message says: the path, the version folder, or the model's files.

## Source

OVMS `src/modelmanager.cpp` (2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import is_file
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema_mistakes import is_mistaken
from graphval.rules.deployment.served_model import not_loaded
from graphval.rules.mechanism import Answer, deployment_rule


@deployment_rule("GV614", "model-does-not-load", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    if context.no_models:
        return
    folders_only = context.catalog.behaviour.get("model_version_directories_required") == "yes"
    for model in context.deployment.models:
        place = model.base_path_place or model.place
        if place is None or "graph_path" in model.config or is_mistaken(context, model.place):
            continue
        why, advice = model.problem, "it needs version folders: base_path/1/model.xml and model.bin"
        if ".." in model.base_path.parts:
            advice = "OVMS takes no path with .. in it: write where the model lies"
        if not why and folders_only and is_file(model.base_path):
            why = f"OVMS {context.catalog.version} takes no file for base_path"
        if why:
            yield not_loaded(context, model, place, f'the model "{model.name}" cannot be loaded: {why}', help=advice)
