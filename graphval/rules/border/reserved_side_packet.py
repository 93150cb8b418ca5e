"""A node reads a side packet of OVMS as something it is not.

## What it does

Looks at side packets that OVMS supplies under fixed names (`py`, `llm`, `llm_ctx`, `pipes`, `embeddings_servable`,
`rerank_servable`, `s2t_servable`, `t2s_servable`), and at what the nodes that read them expect.

## Why it is bad

The names are taken: OVMS puts its own resources there, whatever a request says. Each request fails when the graph is
started: `Side packet "…" failed validation`. With a graph pool the graph is started at load, and the server process
ends.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:rerank_servable"  # error: [GV705]
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"
    }
  }
}
```

## How to fix

Give a side packet of your own another name; those of OVMS go to the calculators that expect them.

## Source

OVMS `src/mediapipe_internal/graph_side_packets.hpp`, `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_SUPPLIED = {
    "py": "PythonNodeResourcesMap",
    "llm": "GenAiServableMap",
    "llm_ctx": "GenAiExecutionContextMap",
    "pipes": "ImageGenerationPipelinesMap",
    "embeddings_servable": "EmbeddingsServableMap",
    "rerank_servable": "RerankServableMap",
    "s2t_servable": "SttServableMap",
    "t2s_servable": "TtsServableMap",
}


@node_rule(
    "GV705",
    "reserved-side-packet",
    phase=Phase.CREATE,
    effect=Effect.REJECT,
    start_run=True,
    written=("input_side_packet",),
    options_apart=True,
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for connection in node.input_side_packets:
        supplied = _SUPPLIED.get(connection.name)
        if supplied is None or connection.name not in context.catalog.side_packets_provided:
            continue
        if context.wiring.side_producers.get(connection.name):
            continue
        needed = context.flow.side_packet_needed(node, connection)
        if needed is None or needed.names is None or supplied in needed.names:
            continue
        meant = next((name for name, type_name in _SUPPLIED.items() if type_name in needed.names), "")
        tag = f"{connection.tag}:" if connection.tag else ""
        yield Hit(
            connection.place,
            f'OVMS supplies "{connection.name}" as {supplied}, and {node.calculator} needs {needed.text}',
            help=f'write "{tag}{meant}"' if meant else "the name is OVMS's own: choose another",
            fix=connection.place.rewritten(f'"{tag}{meant}"') if meant else (),
            effect=Effect.ABORT if context.pooled else None,
            node=node,
        )
