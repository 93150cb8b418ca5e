"""A tool or reasoning parser of that name does not exist.

## What it does

Looks `tool_parser` and `reasoning_parser` up among the names that the chosen OVMS release accepts.

## Why it is bad

From 2026.3 on OVMS refuses the graph when it loads it: `Unsupported tool_parser "…" specified in graph
configuration`; before, the graph is AVAILABLE and requests fail. In public threads tool calls were no longer parsed
after an upgrade: the name `qwen3` stopped being a tool parser, and is `hermes3` now.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "model"
      tool_parser: "llama9"  # error: [GV724]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "model"
      tool_parser: "llama3"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write one of the parsers that the release has.

## Source

OVMS `src/llm/servable_initializer.cpp` (2026.4), the names in `src/llm/io_processing` of each release; tried on the
real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import NameList
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.drift import advice_on_change
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest, respelt


@node_rule("GV724", "parser-name", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    if options is None:
        return
    catalog = context.catalog
    fields: dict[str, list[tuple[str, NameList]]] = {}  # one release has one field for both kinds
    for kind, names in (("tool parser", catalog.tool_parsers), ("reasoning parser", catalog.reasoning_parsers)):
        if names.field in options.by_name:
            fields.setdefault(names.field, []).append((kind, names))
    for name, lists in fields.items():
        field = options.first(name)
        known = [value for _, names in lists for value in (*names.values, *([names.disable] if names.disable else []))]
        if field is None or not field.value or field.value in known:
            continue
        advice = next(
            (
                found
                for kind, _ in lists
                if (found := advice_on_change(field.string, catalog, area="parsers", detail=kind))
            ),
            "",
        )
        near = nearest(field.string, known)
        at_load = lists[0][1].bad_value_phase == "load"
        yield Hit(
            field.place,
            f'OVMS {catalog.version} has no {name.replace("_", " ")} "{field.string}"',
            help=advice or (f"did you mean {near}?" if near else f"it has {', '.join(dict.fromkeys(known))}"),
            phase=Phase.LOAD if at_load else Phase.SERVE,
            node=node,
            fix=() if advice else respelt(field.place, field.string, names.values),
        )
