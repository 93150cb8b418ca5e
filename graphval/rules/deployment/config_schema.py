"""The config.json does not have the form that OVMS demands.

## What it does

Compares config.json with the schema that the chosen OVMS release compiles in: known keys only, their types and
limits, `model_config_list` always there.

## Why it is bad

One such mistake keeps the whole server from starting (exit code 1). On a reload the old configuration stays.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config": []
}
```

```expect
error: GV601 at config.json:3
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Write the key or value as OVMS's schema wants it; the message says which.

## Source

OVMS `src/schema.cpp` and `src/modelmanager.cpp` (2026.4): `JSON schema parse error`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema_mistakes import schema_mistakes
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV601", "config-schema", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for mistake in schema_mistakes(context):
        yield Hit(mistake.place, mistake.message, help=mistake.help, label="the server does not start")
