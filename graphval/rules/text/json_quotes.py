"""A JSON string or key does not stand in double quotes.

## What it does

Looks for single quotes and bare keys in JSON files.

## Why it is bad

The server does not start with such a config.json (exit code 1). A subconfig is logged and ignored, so that its models
are missing.

## Bad

```json config.json
{'model_config_list': []}
```

```expect
error: GV153 at config.json:1
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Put strings and keys in double quotes. `graphval lint --fix` does it.

## Source

RapidJSON as OVMS `src/modelmanager.cpp` (2026.4) uses it.
"""

from __future__ import annotations

from graphval.findings import Phase
from graphval.rules.mechanism import text_rule

RULE = text_rule("GV153", "json-quotes", kinds=("json-quotes",), doc=__doc__, phase=Phase.PARSE)
