"""A graph entry carries settings that only models have.

## What it does

Looks for model settings (`batch_size`, `shape`, `target_device`, …) on entries of `model_config_list` that are
graphs.

## Why it is bad

OVMS accepts and ignores them.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "meter", "base_path": "meter", "batch_size": 4}}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
warning: GV615 at config.json:2
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "meter", "base_path": "meter"}}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the keys, or move the entry to `model_config_list` if it is a model.

## Source

OVMS `src/schema.cpp` and `src/modelmanager.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment import Listed
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule

_OF_GRAPHS = ("name", "base_path", "graph_path", "subconfig")


@deployment_rule("GV615", "graph-entry-keys", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    document = context.deployment.config_document
    listed = document.root.get("model_config_list") if document is not None and document.root is not None else None
    graphs = {
        entry.place.start
        for entry in context.deployment.graphs
        if entry.place is not None and entry.listed is Listed.MODEL_LIST
    }
    for wrapper in listed.items if listed is not None else ():
        config = wrapper.get("config")
        if config is None or config.start not in graphs:
            continue
        for member in config.members:
            if member.key not in _OF_GRAPHS:
                yield Hit(
                    member.key_place,
                    f"{member.key} means nothing for a graph",
                    help="set it on the model in the subconfig",
                )
