"""The throw-away server hit a limit that graphval set on it.

## What it does

The process was ended because it used more memory or CPU time than the limits of this run allow. That says nothing
about the graph; its verdict is inconclusive.

## Why it is bad

What lies behind this point was not shown. Give the run more with `--memory` and `--cpu-seconds`, or use a smaller
model.

## How to fix

Give the exercise more, if the graph needs it in production too.

## Source

`graphval/engines/interface.py`, `Limits`; OVMS 2026.4 has no such limits of its own.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV840",
    "engine-limit-reached",
    doc=__doc__ or "",
    phase=Phase.DEPLOY,
    effect=Effect.ADVICE,
    severity=Severity.WARNING,
)
