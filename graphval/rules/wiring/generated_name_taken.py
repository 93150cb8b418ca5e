"""A node is called what MediaPipe calls another one.

## What it does

MediaPipe numbers nodes that share a name: two unnamed `PassThroughCalculator` nodes are called
`PassThroughCalculator_1` and `PassThroughCalculator_2`. This looks for an explicit name equal to such a generated
one. The streams inside a subgraph are called after its node, in small letters: of two nodes of one subgraph the names
must differ in more than capitals.

## Why it is bad

The profiler checks that names are unique and ends the server process while OVMS loads the graph: `Calculator "…" has
already been added.` Streams of one name inside two subgraphs refuse the graph: `Output Stream "…" defined twice.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "a" }
node { calculator: "PassThroughCalculator" input_stream: "a" output_stream: "b" }
node {
  name: "PassThroughCalculator_2"  # error: [GV220]
  calculator: "PassThroughCalculator"
  input_stream: "b"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "a" }
node { calculator: "PassThroughCalculator" input_stream: "a" output_stream: "b" }
node { name: "last" calculator: "PassThroughCalculator" input_stream: "b" output_stream: "out" }
```

## How to fix

Give the node another name.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` and `mediapipe/framework/tool/name_util.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphval.findings import Effect, Phase
from graphval.graph import Node, numbered_names
from graphval.rules.calculators.subgraph_node_name import prefix_of
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import SEVERAL_NODES


@graph_rule("GV220", "generated-name-taken", phase=Phase.LOAD, effect=Effect.ABORT, signs=(SEVERAL_NODES,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    subgraphs = [node for node in context.graph if context.is_subgraph(node)]
    plain = [node for node in context.graph if node not in subgraphs] if subgraphs else context.graph.nodes
    first_of: dict[str, Node] = {}
    for node, name in zip(plain, numbered_names(plain), strict=True):
        first = first_of.setdefault(name, node)
        if first is node:
            continue
        given = node if node.name == name else first
        other = first if given is node else node
        yield Hit(
            given.bound.place_of("name"),
            f'"{name}" is also what MediaPipe calls another node',
            help="choose a name that does not end in a number",
            related=(("the other node", other.calculator_place),),
            node=given,
        )
    yield from _same_insides(subgraphs, context)


def _same_insides(subgraphs: Sequence[Node], context: GraphContext) -> Iterator[Hit]:
    """Nodes of one subgraph whose streams inside get the same names, since their own differ in nothing that counts."""
    first_of: dict[tuple[str, str], Node] = {}
    for node in subgraphs:
        contract = context.contract(node)
        if contract is None or len(contract.expands_to) < 2:
            continue  # there is no stream between nodes inside
        first = first_of.setdefault((contract.name, prefix_of(node.canonical_name)), node)
        if first is not node:
            given, other = (node, first) if node.name else (first, node)
            yield Hit(
                given.bound.place_of("name"),
                f'inside "{given.canonical_name}" streams are called as inside "{other.canonical_name}"',
                help="choose names that differ in more than capitals, dots and blanks, and do not end in a number",
                related=(("the other node", other.calculator_place),),
                effect=Effect.REJECT,
                node=given,
            )
