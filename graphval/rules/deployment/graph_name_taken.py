"""A graph has the name of a model or pipeline.

## What it does

Compares the names of graphs with those of models, subconfigs included, and of the pipelines in `pipeline_config_list`.

## Why it is bad

Models and pipelines are there first, even where they cannot be loaded: the graph is not registered, and requests for it reach the other one.

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

Rename the graph, or the model or pipeline.

## Source

OVMS `src/modelmanager.cpp` and `src/dags/pipeline_factory.cpp` (2026.4): `MEDIAPIPE_GRAPH_NAME_OCCUPIED`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.pipelines import pipelines
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV612", "graph-name-taken", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    kept = {pipeline.name: pipeline.name_place for pipeline in pipelines(deployment)}
    for entry in deployment.graphs:
        if entry.name_place is None:
            continue
        model, pipeline = deployment.model(entry.name), kept.get(entry.name)
        if model is not None or pipeline is not None:
            kind, taken = ("model", model.name_place) if model is not None else ("pipeline", pipeline)
            yield Hit(
                entry.name_place,
                f'"{entry.name}" is also the name of a {kind}, which wins',
                help=f"rename the graph or the {kind}",
                graph=entry.name,
                related=((f"the {kind}", taken),) if taken is not None else (),
            )
