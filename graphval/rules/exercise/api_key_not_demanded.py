"""The server answers on `/v3` without the API key that it should ask for.

## What it does

An API key was given (`--api-key-file`, or the variable `API_KEY` of the server), and the server was asked on `/v3` without a
key and with a wrong one. OVMS refuses both before it looks at anything else; this server went on.

## Why it is bad

Everybody who reaches the REST port can generate text with your models, and nothing in the server's answers shows that the
key has no effect.

## How to fix

Look at the first line of the key's file: if it is empty, OVMS asks for no key, and says so only in its log. A file counts
before `API_KEY`, even where it is empty. Releases before 2025.4 know no key. At an address of your own, see whether the key
was given to that very server.

The key guards `/v3` (and `/v1`) alone: over gRPC and `/v2` every graph is served without one, and so are `/v1/config` and
`/metrics`. Put a proxy in front of a port that others reach.

## Source

OVMS `src/http_rest_api_handler.cpp`, `src/config.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV901", "api-key-not-demanded", doc=__doc__ or "", phase=Phase.DEPLOY, effect=Effect.WRONG)
