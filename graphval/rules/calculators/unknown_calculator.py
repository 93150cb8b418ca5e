"""OVMS has no calculator of that name.

## What it does

Looks every `calculator` up among the calculators and subgraphs that the chosen OVMS release registers. Names are
case-sensitive.

## Why it is bad

OVMS refuses the graph when it loads it: `Unable to find Calculator "X"`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassTroughCalculator"  # error: [GV301]
  input_stream: "in"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write the name as it is registered. A calculator of your own build is declared in the settings.

## Limits

An image built with calculators of its own knows more names. Judge by the catalog of that image.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graphval.catalog import Catalog
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest, respelt

_ENDING = "Calculator"
_SUGGESTIONS = {
    "EmbeddingsCalculator": "use EmbeddingsCalculatorOV, which loads the model itself",
    "RerankCalculator": "use RerankCalculatorOV, which loads the model itself",
    "LLMCalculator": "use HttpLLMCalculator",
    "LocalFileContentsCalculator": "use ResourceProviderCalculator",
}


@node_rule("GV301", "unknown-calculator", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if context.registered_name(node) is not None:
        return
    if not node.calculator:
        yield Hit(node.place.inside(0, 1), "the node names no calculator", help='write calculator: "…"', node=node)
        return
    catalog = context.catalog
    advice = next((drift.advice for drift in catalog.drift(node.registered_as, "calculators") if drift.advice), "")
    near = _near(node.calculator.rpartition(".")[2].rpartition(":")[2], catalog.registered)
    place = node.calculator_place
    yield Hit(
        place,
        f'OVMS {catalog.version} has no calculator "{node.calculator}"',
        help=_SUGGESTIONS.get(node.registered_as)
        or advice
        or (f"did you mean {near}?" if near else _unknown(node, catalog)),
        node=node,
        fix=() if node.registered_as in _SUGGESTIONS or advice else respelt(place, node.calculator, catalog.registered),
    )


def _near(name: str, known: Collection[str]) -> str | None:
    """The known name that is closest. That nearly all of them end alike brings none of them closer."""
    if not name.endswith(_ENDING):
        return nearest(name, known)
    by_stem = {one.removesuffix(_ENDING): one for one in known}
    stem = nearest(name.removesuffix(_ENDING), by_stem)
    return by_stem[stem] if stem is not None else None


def _unknown(node: Node, catalog: Catalog) -> str:
    if node.registered_as in catalog.calculators_of_tests:
        return "only the unit tests of OVMS have it, and no server does: use a calculator of MediaPipe or OVMS"
    return f"is {node.calculator} your own? capture the catalog of the image that holds it"
