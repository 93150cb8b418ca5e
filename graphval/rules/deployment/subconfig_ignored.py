"""A subconfig holds something that OVMS ignores.

## What it does

Looks for graphs, unknown keys and unreadable JSON in subconfigs.

## Why it is bad

OVMS reads models from a subconfig and nothing else; what it ignores it mostly does not mention.

## Bad

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

```json meter/subconfig.json
{
  "model_config_list": [],
  "mediapipe_config_list": []
}
```

```expect
warning: GV616 at meter/subconfig.json:3
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

```json meter/subconfig.json
{"model_config_list": []}
```

## How to fix

Move what is ignored into the `config.json`, or mend the file.

## Source

OVMS `src/modelmanager.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV616", "subconfig-ignored", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    known = context.catalog.config_json["model_config_list"]["config"]["keys"]
    extra = context.catalog.config_json.get("subconfig", {}).get("extra_model_keys_understood", ())
    for document in deployment.documents:
        root = document.root
        if document is deployment.config_document or root is None or root.kind != "object":
            continue
        for member in root.members:
            if member.key != "model_config_list":
                yield Hit(
                    member.key_place,
                    f"OVMS ignores {member.key} in a subconfig",
                    help="put it into config.json" if member.key.endswith("_list") else "remove it",
                )
        listed = root.get("model_config_list")
        for wrapper in listed.items if listed is not None else ():
            config = wrapper.get("config")
            for member in config.members if config is not None else ():
                if member.key not in known and member.key not in extra:
                    yield Hit(member.key_place, f"OVMS does not know the key {member.key}", help="remove it")
