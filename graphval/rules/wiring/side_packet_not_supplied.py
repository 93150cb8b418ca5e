"""A node needs a side packet that nobody can supply.

## What it does

For each side packet that a node reads: is it written by a node, supplied by OVMS itself (`py`, `llm`, …), or of a
type that a request parameter can carry (string, int64, bool)? Requests over `/v3` and to a graph pool carry none. That a
node need not name a side packet does not mean that it starts without the one it names; where it does, see GV218.

## Why it is bad

The graph loads and is AVAILABLE, but each request fails when the graph is started: `Side packet "x" is required but
was not provided.` With a graph pool the server process dies at start.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "a", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "a" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:sesion"  # error: [GV212]
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
}
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "a", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "a" } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
}
```

## How to fix

Let a node or OVMS supply it: the server's own side packets have fixed names; all others come as parameters of the
request and must be listed as `input_side_packet` of the graph.

## Source

MediaPipe `mediapipe/framework/calculator_graph.cc` and OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp`
(2026.4); with a pool the real server ends at load with `std::bad_function_call`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.packet_types import OF_PARAMETERS
from graphval.rules.signs import UNMADE_SIDE_PACKET
from graphval.rules.wiring.parameters import not_a_parameter, why_not_carried
from graphval.rules.wiring.suggestion import meant_side_packet


@graph_rule(
    "GV212",
    "side-packet-not-supplied",
    phase=Phase.CREATE,
    effect=Effect.REJECT,
    start_run=True,
    signs=(UNMADE_SIDE_PACKET,),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    wiring, supplied = context.wiring, context.catalog.side_packets_provided
    refused = why_not_carried(context)
    declared = {connection.name for connection in context.graph.input_side_packets}
    for name, endpoints in wiring.side_consumers.items():
        if wiring.side_producers.get(name) or name in supplied:
            continue
        for endpoint in endpoints:
            if endpoint.node is None or not endpoint.connection.valid:
                continue
            needed = context.flow.side_packet_needed(endpoint.node, endpoint.connection)
            if needed is None:
                continue
            by_request = needed.names is None or bool(needed.names & OF_PARAMETERS)
            if by_request and not refused:
                if name not in declared:
                    yield Hit(
                        endpoint.connection.place,
                        f'every request must carry the parameter "{name}"',
                        help=f'declare it for readers: input_side_packet: "{name}" at the top of the graph',
                        severity=Severity.WARNING,
                        effect=Effect.ADVICE,
                        node=endpoint.node,
                    )
                continue
            near = meant_side_packet(context, name)
            yield Hit(
                endpoint.connection.place,
                f'nobody supplies the side packet "{name}"' + (refused if by_request else not_a_parameter(needed.text)),
                help=f'did you mean "{near}"?' if near else "let a node of this graph produce it",
                related=((f'"{near}" is produced here', wiring.side_producers[near][0].connection.place),)
                if near in wiring.side_producers
                else (),
                effect=Effect.ABORT if context.pooled else None,
                node=endpoint.node,
            )
