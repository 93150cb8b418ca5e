"""Two graphs or two models have the same name.

## What it does

Compares the names of graphs among themselves, of models among themselves, subconfigs included, and of pipelines.

## Why it is bad

Only the first one is loaded; the second is ignored with a warning in the log.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [
    {"name": "meter"},
    {"name": "meter", "base_path": "meter"}
  ]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
warning: GV611 at config.json:5
```

## Good

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Give each a name of its own.

## Source

OVMS `src/modelmanager.cpp` (2026.4): `Duplicated mediapipe names`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.pipelines import pipelines
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.textproto import Place


@deployment_rule("GV611", "name-twice", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    of_kind = (
        ("graph", deployment.graphs),
        ("model", deployment.models),
        ("pipeline", tuple(pipelines(deployment))),
    )
    for kind, entries in of_kind:
        first_of: dict[str, Place] = {}
        for entry in entries:
            if entry.name_place is None:
                continue
            first = first_of.setdefault(entry.name, entry.name_place)
            if first is not entry.name_place:
                yield Hit(
                    entry.name_place,
                    f'there are two {kind}s called "{entry.name}", and only the first is loaded',
                    help="rename one of them",
                    related=(("the first one", first),),
                )
