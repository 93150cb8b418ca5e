"""Loading the graph ended the whole server process.

## What it does

The process ended by a signal while this graph was being loaded. The text of a failed check or of an uncaught
exception, if there was one, leads to the node.

## Why it is bad

Nothing of the deployment is served, however sound the other graphs are; a restart ends the same way.

## How to fix

Read the server's last words, in the finding's evidence, and change the node they name.

## Source

MediaPipe `mediapipe/framework/stream_handler/timestamp_align_input_stream_handler.cc` (fork of OVMS 2026.4), for one;
seen on the real server.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV803", "server-died-at-load", doc=__doc__ or "", phase=Phase.LOAD, effect=Effect.ABORT)
