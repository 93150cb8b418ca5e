"""The metrics list names a family that does not exist, or one twice.

## What it does

Looks the entries of `monitoring.metrics.metrics_list` up among the families of OVMS.

## Why it is bad

The server does not start: `Metrics family name not supported`.

## Bad

```json config.json
{
  "model_config_list": [],
  "monitoring": {"metrics": {"enable": true, "metrics_list": ["ovms_speed"]}}
}
```

```expect
error: GV602 at config.json:3
```

## Good

```json config.json
{
  "model_config_list": [],
  "monitoring": {"metrics": {"enable": true, "metrics_list": ["ovms_streams"]}}
}
```

## How to fix

Name families that the release has, each once.

## Source

OVMS `src/metric_config.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.rules.nearest import nearest

FAMILIES = (
    "ovms_current_requests",
    "ovms_requests_success",
    "ovms_requests_fail",
    "ovms_request_time_us",
    "ovms_streams",
    "ovms_inference_time_us",
    "ovms_wait_for_infer_req_time_us",
    "ovms_current_graphs",
    "ovms_requests_accepted",
    "ovms_requests_rejected",
    "ovms_graph_error",
    "ovms_graph_processing_time_us",
    "ovms_responses",
    "ovms_infer_req_queue_size",
    "ovms_infer_req_active",
)

_LOOKED_UP = 100
"""Families of one list for which, if unknown, the one that was meant is looked for."""


@deployment_rule("GV602", "metrics-family", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    document = context.deployment.config_document
    node = document.root if document is not None and not document.problems else None
    for key in ("monitoring", "metrics", "metrics_list"):
        node = node.get(key) if node is not None and node.kind == "object" else None
    seen: set[str] = set()
    for item in node.items if node is not None else ():
        if item.kind != "string":
            continue
        name: str = item.value
        if name in seen:
            yield Hit(
                item.place, f"{name} is listed twice", help="remove one of them", label="the server does not start"
            )
        elif name not in FAMILIES:
            near = nearest(name, FAMILIES) if len(seen) < _LOOKED_UP else None
            yield Hit(
                item.place,
                f"OVMS has no metrics family {name}",
                help=f"did you mean {near}?" if near else "remove it",
                label="the server does not start",
            )
        seen.add(name)
