"""A JSON file is nested too deeply.

## What it does

Reading stops at 100 levels.

## Why it is bad

The server does not start with such a config.json (exit code 1). A subconfig is logged and ignored, so that its models
are missing.

## Bad

```json config.json
{"model_config_list": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[}
```

```expect
error: GV155 at config.json:1
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Name the right file; no configuration is nested that deeply.

## Source

RapidJSON as OVMS `src/modelmanager.cpp` (2026.4) uses it.
"""

from __future__ import annotations

from graphval.findings import Phase
from graphval.rules.mechanism import text_rule

RULE = text_rule("GV155", "json-too-deep", kinds=("json-too-deep",), doc=__doc__, phase=Phase.PARSE)
