"""A graph or model has an empty name.

## What it does

Looks for empty names in config.json.

## Why it is bad

It is served under the empty name, which hardly any client can ask for.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "", "base_path": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
warning: GV617 at config.json:3
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

Give it a name.

## Source

OVMS `src/schema.cpp` (2026.4), which takes any text for a name; seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema_mistakes import is_mistaken
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV617", "name-empty", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    named = [(entry.name, entry.name_place) for entry in deployment.graphs]
    named += [(entry.name, entry.name_place) for entry in deployment.models]
    for name, place in named:
        if not name and place is not None and not is_mistaken(context, place):
            yield Hit(place, "the name is empty", help="write the name that clients ask for")
