"""A key is given twice.

## What it does

Looks for repeated keys in objects of config.json and subconfigs.

## Why it is bad

OVMS takes the first one and ignores the second, without a word.

## Bad

```json config.json
{
  "model_config_list": [],
  "model_config_list": []
}
```

```expect
warning: GV603 at config.json:3
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Keep one of the two.

## Source

OVMS `src/schema.cpp` and `src/modelmanager.cpp` (2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.json_tree import JsonMember, walk
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV603", "key-twice", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for document in context.deployment.documents:
        for node in walk(document.root) if document.root is not None else ():
            first_of: dict[str, JsonMember] = {}
            for member in node.members:
                first = first_of.setdefault(member.key, member)
                if first is not member:
                    yield Hit(
                        member.key_place,
                        f'"{member.key}" is given twice, and the first one counts',
                        help="remove one of them",
                        related=(("the first one", first.key_place),),
                    )
