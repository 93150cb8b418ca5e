"""A path that was given holds nothing that can be judged.

## What it does

Takes note of paths that do not exist, cannot be read, or hold neither a graph nor a config.json, where other paths were
given that do. If no path can be judged, the run ends with exit code 2 instead.

## Why it is bad

What was meant to be checked was not.

## How to fix

Name a graph file, a graph directory, a `config.json`, or a folder that holds one.

## Source

graphval's own; OVMS 2026.4 is not asked.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import input_rule

RULE = input_rule("GV600", "path-not-judged", doc=__doc__ or "", phase=Phase.DEPLOY, effect=Effect.REJECT)
