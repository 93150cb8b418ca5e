"""A node names an executor that the graph does not declare.

## What it does

Compares the `executor` of each node with the `executor` entries of the graph.

## Why it is bad

OVMS refuses the graph when it loads it: `The executor "x" is not declared in an ExecutorConfig.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" executor: "pool" }  # error: [GV532]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor { name: "pool" type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" executor: "pool" }
```

## How to fix

Declare the executor in the graph, or remove the node's `executor`.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule("GV532", "executor-not-declared", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    declared = {executor.name for executor in context.graph.executors}
    name = node.executor
    if not name or name in declared or name in ("default", "gpu") or name.startswith("__"):
        return
    contract = context.contract(node)
    if contract is not None and contract.kind == "subgraph" and node.registered_as != "InferenceCalculator":
        return  # dropped with the subgraph node
    near = nearest(name, declared)
    yield Hit(
        node.bound.place_of("executor"),
        f'the graph declares no executor "{name}"',
        node=node,
        help=f'did you mean "{near}"?'
        if near
        else f'add executor {{ name: "{name}" type: "ThreadPoolExecutor" … }}, or remove this line',
    )
