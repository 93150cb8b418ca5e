"""A JSON file has a comment.

## What it does

Looks for `//`, `/* */` and `#` in JSON files.

## Why it is bad

The server does not start with such a config.json (exit code 1). A subconfig is logged and ignored, so that its models
are missing.

## Bad

```json config.json
{
  // models
  "model_config_list": []
}
```

```expect
error: GV152 at config.json:2
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Remove the comment, or keep it in a file beside the JSON.

## Source

RapidJSON as OVMS `src/modelmanager.cpp` (2026.4) uses it.
"""

from __future__ import annotations

from graphval.findings import Phase
from graphval.rules.mechanism import text_rule

RULE = text_rule("GV152", "json-comment", kinds=("json-comment",), doc=__doc__, phase=Phase.PARSE)
