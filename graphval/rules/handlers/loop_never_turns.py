"""A loop waits for its own result.

## What it does

Looks for nodes that read a stream back from themselves (directly or through others) where the handler in force makes
them wait for all inputs together: the default handler, or a sync set that holds the back edge and the node's other
inputs. The first packet of the back edge can only come after the node has run once.

## Why it is bad

The graph is AVAILABLE, the node never runs, and every request hangs for ever.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "stream"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  input_stream: "LOOPBACK:loop"  # error: [GV513]
  output_stream: "OUTPUT:out"
  output_stream: "LOOPBACK:loop"
  input_stream_info { tag_index: "LOOPBACK" back_edge: true }
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" } }
}
```

```python model.py
class OvmsPythonModel:
    def execute(self, inputs):
        yield inputs
```

## Good

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "stream"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  input_stream: "LOOPBACK:loop"
  output_stream: "OUTPUT:out"
  output_stream: "LOOPBACK:loop"
  input_stream_info { tag_index: "LOOPBACK" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" } }
}
```

```python model.py
class OvmsPythonModel:
    def execute(self, inputs):
        yield inputs
```

## How to fix

Put the stream that comes back into a sync set of its own, as the good example does.

## Source

MediaPipe `mediapipe/framework/stream_handler/default_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from graphval.findings import Effect, Phase
from graphval.graph import Connection, Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import sync_sets
from graphval.rules.mechanism import Answer, Hit, graph_rule

_WAIT_FOR_ALL = (
    "default",  # as contracts call the handler of calculators that choose none
    "DefaultInputStreamHandler",
    "FixedSizeInputStreamHandler",
    "BarrierInputStreamHandler",
    "EarlyCloseInputStreamHandler",
)


@graph_rule("GV513", "loop-never-turns", phase=Phase.SERVE, effect=Effect.REJECT, written=("back_edge",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for node in context.graph:
        contract = context.contract(node)
        if contract is None or contract.kind == "subgraph":
            continue
        for connection in node.inputs:
            if not context.wiring.is_back_edge(node, connection) or not feeds_itself(context, node, connection.name):
                continue
            if not _waits_with_others(context, node, connection, contract.input_policy):
                continue
            handler = context.handler(node)
            forced = handler if handler is not None and handler is context.graph.handler else None
            yield Hit(
                connection.place,
                f'"{node.display}" waits for {connection.tag_index}, which comes only after it has run',
                help="give the back edge a sync set of its own: SyncSetInputStreamHandler with "
                f'sync_set {{ tag_index: "{connection.tag_index}" }}',
                label="every request hangs for ever",
                related=(("the handler of the graph is put on every node", forced.name_place),) if forced else (),
                node=node,
            )
            break


def _waits_with_others(context: GraphContext, node: Node, connection: Connection, policy: str) -> bool:
    """Whether the handler, by default the one of the calculator's ``policy``, waits for all inputs together, or for the
    back edge together with an input that is none."""
    handler = context.handler(node)
    name = handler.name if handler is not None else policy
    if name in _WAIT_FOR_ALL:
        return True
    if name != "SyncSetInputStreamHandler":
        return False
    sets = [[parse_tag_index(entry.string) for entry in s.tag_indexes] for s in sync_sets(node, context)]
    listed, known = set(chain.from_iterable(sets)), node.inputs.at
    if not listed <= known.keys() or len(listed) < sum(map(len, sets)) or not all(sets):
        return False  # such a handler is never built, so nothing waits
    here = (connection.tag, connection.index)
    own = set(next((places for places in sets if here in places), known.keys() - listed))
    return any(place in own and not context.wiring.is_back_edge(node, other) for place, other in known.items())


def feeds_itself(context: GraphContext, node: Node, stream: str) -> bool:
    """Whether packets of ``stream`` depend on this node having run: some way back from its producer leads here."""
    seen: set[int] = set()
    waiting = [stream]
    while waiting:
        producer = context.wiring.producer(waiting.pop())
        if producer is None or producer.node is None:
            continue
        if producer.node is node:
            return True
        if producer.node.position not in seen:
            seen.add(producer.node.position)
            waiting += [connection.name for connection in producer.node.inputs]
    return False
