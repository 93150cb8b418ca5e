"""A JSON file begins with a byte order mark.

## What it does

Looks for U+FEFF at the beginning of JSON files.

## Why it is bad

The server does not start with such a config.json (exit code 1). A subconfig is logged and ignored, so that its models
are missing.

## Bad

```json config.json
﻿{"model_config_list": []}
```

```expect
error: GV154 at config.json:1
```

## Good

```json config.json
{"model_config_list": []}
```

## How to fix

Save the file as UTF-8 without byte order mark. `graphval lint --fix` does it.

## Source

RapidJSON as OVMS `src/modelmanager.cpp` (2026.4) uses it.
"""

from __future__ import annotations

from graphval.findings import Phase
from graphval.rules.mechanism import text_rule

RULE = text_rule("GV154", "json-byte-order-mark", kinds=("json-byte-order-mark",), doc=__doc__, phase=Phase.PARSE)
