"""The trace log has no folder to be written into.

## What it does

Looks at `trace_log_path` of a `profiler_config` that traces and writes its log: the folder that it names must exist.
Without a path the log goes to `/tmp`. A path that does not begin with `/` is looked for in the server's working
directory, which is `/` in the images, where nobody but root may write.

## Why it is bad

The log is written when a request ends. Where that fails, so does the request, after all its work is done: `Could not
write binary GraphProfile to: …`.

## Bad

```json config.json
{"model_config_list": [], "mediapipe_config_list": [{"name": "echo"}]}
```

```pbtxt echo/graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 4
profiler_config {
  trace_enabled: true
  trace_log_path: "/no/such/folder/trace_"  # error: [GV543]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```json config.json
{"model_config_list": [], "mediapipe_config_list": [{"name": "echo"}]}
```

```pbtxt echo/graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 4
profiler_config {
  trace_enabled: true
  trace_log_path: "/tmp/trace_"
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Name a folder that the server may write into, as `/tmp` is.

## Limits

Whether the server may write into a folder that exists is not looked at. With a graph pool no run ends, so nothing is
written.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` (fork of OVMS 2026.4); seen on the framework.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from graphval.deployment.files import is_directory
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, Skip, graph_rule
from graphval.textproto import BoundMessage

_ALWAYS_THERE = PurePosixPath("/tmp")  # noqa: S108  (where the server writes, not this program)


@graph_rule("GV543", "trace-log-path", phase=Phase.SERVE, effect=Effect.REJECT, written=("trace_log_path",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    if context.pooled:
        return
    for profiler in context.graph.bound.messages("profiler_config"):
        path = profiler.first("trace_log_path")
        if path is None or not path.string or not _writes_log(profiler):
            continue
        folder = PurePosixPath(path.string + "0").parent  # a file is called after the path and a number
        if folder == _ALWAYS_THERE or (folder.is_absolute() and is_directory(str(folder))):
            continue
        if not folder.is_absolute():
            yield Hit(
                path.place,
                f'"{path.string}" is looked for in the server\'s working directory, where it may not write',
                help="name a folder under /tmp",
                severity=Severity.WARNING,
            )
        elif context.no_models:
            yield Skip(f"the folder {folder} for the trace log is not at hand")
        else:
            yield Hit(
                path.place,
                f"there is no folder {folder} to write the trace log into",
                help="name a folder under /tmp",
                label="every request fails when it ends",
            )


def _writes_log(profiler: BoundMessage) -> bool:
    traces, disabled = profiler.first("trace_enabled"), profiler.first("trace_log_disabled")
    return traces is not None and bool(traces.value) and (disabled is None or not disabled.value)
