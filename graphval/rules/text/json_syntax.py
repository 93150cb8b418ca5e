"""A JSON file cannot be read.

## What it does

Reads config.json and subconfigs as strictly as OVMS does.

## Why it is bad

The server does not start with such a config.json (exit code 1). A subconfig is logged and ignored, so that its models
are missing.

## Bad

```json config.json
{"model_config_list": [}
```

```expect
error: GV150 at config.json:1
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Mend the text at the place; what comes behind it is judged once it can be read.

## Source

RapidJSON as OVMS `src/modelmanager.cpp` (2026.4) uses it.
"""

from __future__ import annotations

from graphval.findings import Phase
from graphval.rules.mechanism import text_rule

RULE = text_rule("GV150", "json-syntax", kinds=("json-syntax",), doc=__doc__, phase=Phase.PARSE)
