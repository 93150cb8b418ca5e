"""Creating the graph ended the whole server process.

## What it does

The process ended by a signal while it created the graph for a request.

## Why it is bad

The first request to this graph takes every other graph and model down with it.

## How to fix

Read the server's last words, in the finding's evidence, and change the node they name.

## Source

MediaPipe `mediapipe/framework/stream_handler/sync_set_input_stream_handler.cc` (fork of OVMS 2026.4), for one; seen on
the real server.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV811", "server-died-at-creation", doc=__doc__ or "", phase=Phase.CREATE, effect=Effect.ABORT)
