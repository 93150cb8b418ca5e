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

## Source

OVMS `src/schema.cpp` and `src/modelmanager.cpp` (2026.4): `JSON schema parse error`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphval.deployment import JsonNode
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema import Mistake, compare, keys
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.textproto import Place


@deployment_rule("GV601", "config-schema", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    document = context.deployment.config_document
    if document is None or document.problems or document.root is None:
        return
    for mistake in _mistakes(document.root, context.catalog.config_json):
        yield Hit(mistake.place, mistake.message, help=mistake.help, label="the server does not start")


def _mistakes(root: JsonNode, facts: Mapping[str, Any]) -> Iterator[Mistake]:
    if root.kind != "object":
        yield Mistake(
            Place(root.source, root.start, root.start + 1),
            f"config.json must be an object, not an {root.kind}",
            'write {"model_config_list": […]}',
        )
        return
    yield from keys(root, facts["top_level"]["keys"], "config.json")
    for wrapper in _items(root, "model_config_list"):
        if wrapper.kind != "object" or wrapper.get("config") is None or len(wrapper.members) != 1:
            yield Mistake(
                Place(wrapper.source, wrapper.start, wrapper.start + 1),
                "an entry of model_config_list is an object with the one key config",
                'write {"config": {"name": …, "base_path": …}}',
            )
            continue
        config = wrapper.members[0].value
        if config.kind == "object":
            yield from keys(config, facts["model_config_list"]["config"]["keys"], "config")
        else:
            yield Mistake(config.place, "config must be an object")
    for name in ("mediapipe_config_list", "pipeline_config_list", "custom_node_library_config_list"):
        known = facts[name].get("keys", facts[name]) if name in facts else {}
        for entry in _items(root, name):
            if entry.kind != "object":
                yield Mistake(entry.place, f"an entry of {name} must be an object")
            else:
                yield from keys(entry, known, f"an entry of {name}")
    monitoring = root.get("monitoring")
    if monitoring is not None and monitoring.kind == "object" and "monitoring" in facts:
        yield from compare(monitoring, facts["monitoring"], "monitoring")


def _items(root: JsonNode, key: str) -> list[JsonNode]:
    found = root.get(key)
    return found.items if found is not None and found.kind == "array" else []
