"""A graph has the name of a model.

## What it does

Compares the names of graphs with those of models, subconfigs included.

## Why it is bad

Models are loaded first: the graph is not registered, and requests for it reach the model.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "meter", "base_path": "model"}}],
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
error: GV612 at config.json:3
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

Rename the graph or the model.

## Source

OVMS `src/modelmanager.cpp` (2026.4): `MEDIAPIPE_GRAPH_NAME_OCCUPIED`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV612", "graph-name-taken", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    for entry in deployment.graphs:
        model = deployment.model(entry.name)
        if model is not None and entry.name_place is not None:
            yield Hit(
                entry.name_place,
                f'"{entry.name}" is also the name of a model, which wins',
                help="rename the graph or the model",
                graph=entry.name,
                related=(("the model", model.name_place),) if model.name_place is not None else (),
            )
