"""A stream or side packet entry does not have the form `TAG:index:name`.

## What it does

Checks every stream and side packet entry of nodes, and the graph inputs and outputs, against MediaPipe's form: an
optional tag in upper case letters, digits and `_`, an optional index without leading zeros, and a name in lower case
letters, digits and `_`. Of the graph's own side packets only the name is looked at: it must not be empty.

## Why it is bad

MediaPipe cannot make a tag map of the list; the graph is refused when OVMS loads it. A `SwitchContainer` reads its
entries with a fatal check: there the whole server process ends.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "image::copy"  # error: [GV202]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `name`, `TAG:name` or `TAG:index:name`: tags in capital letters, names in small ones.

## Source

MediaPipe `mediapipe/framework/tool/validate_name.cc` and `mediapipe/framework/tool/switch_container.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection, Node, TagMap, is_container
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNSOUND_LIST

_INDEX = re.compile("0*[0-9]{1,4}")
"""What can be meant for an index, leading zeros left out: below MediaPipe's limit of 10,000."""


def _hint(connection: Connection) -> str:
    """How the entry would have to be written, as far as that can be guessed."""
    parts = [part.strip() for part in connection.text.split(":") if part.strip()]
    if not parts:
        return 'write a name, like "frames", or a tag and a name, like "IMAGE:frames"'
    name = re.sub(r"[^a-z0-9_]", "_", parts[-1].lower())
    name = f"_{name}" if name[0].isdigit() else name
    tag = re.sub(r"[^A-Z0-9_]", "_", parts[0].upper()) if len(parts) > 1 else ""
    index = next((part for part in parts[1:-1] if _INDEX.fullmatch(part)), "")
    return "write " + '"' + ":".join(part for part in (tag, index.lstrip("0") or index[:1], name) if part) + '"'


def _malformed(entries: TagMap, node: Node | None) -> Iterator[Answer]:
    for connection in entries.malformed:
        if not connection.text and node is None:
            continue  # empty at the graph's border is worse, and a rule of its own
        yield Hit(
            connection.place,
            f'"{connection.text}" is not of the form "TAG:index:name"',
            help=_hint(connection),
            label="tags are upper case, names are lower case, both with digits and _ only",
            node=node,
            effect=Effect.ABORT if node is not None and is_container(node) else None,
        )


@graph_rule("GV202", "malformed-name", phase=Phase.LOAD, effect=Effect.REJECT, signs=(UNSOUND_LIST,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for entries in (graph.inputs, graph.outputs):
        yield from _malformed(entries, None)
    for connection in graph.input_side_packets:
        if connection.text and not connection.name:
            yield Hit(connection.place, f'"{connection.text}" names no side packet', help="write a name or remove it")
    for node in graph:
        for entries in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets):
            yield from _malformed(entries, node)
