"""A graph is not loaded because one before it in config.json fails.

## What it does

Looks for graphs whose preparation throws an exception: embeddings, rerank and speech-to-text nodes whose model, tokenizer,
device or plugin settings fail, speaking models whose config.json is no JSON, language models with such cache settings or
generation_config.json. Those that come later are named; the graphs of `mediapipe_config_list` come before those of
`model_config_list`.

## Why it is bad

No graph after such a one is loaded, without a word about them: the server is ready, and they are not found. Without a
mistake of their own they are served again as soon as the one before them loads.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "embed"}, {"name": "meter"}]
}
```

```pbtxt embed/graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embed"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: { models_path: "gone" }  # error: [GV720]
  }
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
warning: GV613 at config.json:3
```

## Good

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Mend the graph before it, which the finding names.

## Source

OVMS `src/modelmanager.cpp` (2026.4): the exception is caught around the loop over all graphs, `Failed to process
mediapipe graph config`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext, GraphContext
from graphval.rules.genai import (
    cache_eviction,
    device,
    models_path,
    plugin_config,
    plugin_config_key,
    plugin_config_value,
)
from graphval.rules.genai.initialised import initialised
from graphval.rules.mechanism import Answer, Hit, Rule, deployment_rule
from graphval.rules.models import (
    embeddings_output,
    generation_config,
    model_file_broken,
    model_json,
    model_missing,
    tokenizer_missing,
)

_UNGUARDED = ("Embeddings", "Rerank", "SpeechToText")
_THROW: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    *((r.RULE, _UNGUARDED) for r in (models_path, model_missing, model_file_broken, device)),
    (model_json.RULE, (*_UNGUARDED, "TextToSpeech", "LLM")),
    *((r.RULE, _UNGUARDED) for r in (plugin_config_key, plugin_config_value)),
    (plugin_config.RULE, ("SpeechToText",)),
    (embeddings_output.RULE, ("Embeddings",)),
    (tokenizer_missing.RULE, ("Embeddings", "Rerank")),
    (cache_eviction.RULE, ("LLM",)),
    (generation_config.RULE, ("LLM",)),
)
"""Mistakes of which an exception escapes the loading, and the nodes where it does."""


@deployment_rule("GV613", "graph-skipped", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    if len(context.deployment.graphs) < 2:
        return
    contexts = {id(graph.entry): graph for graph in context.graphs}
    first: str | None = None
    for entry in context.deployment.graphs:
        graph = contexts.get(id(entry))
        if first is None and graph is not None and _throws(graph):
            first = entry.name
        elif first is not None and entry.name_place is not None:
            yield Hit(
                entry.name_place,
                f'"{entry.name}" is not loaded as long as "{first}" before it fails',
                help=f'mend "{first}", or list it last',
                graph=entry.name,
            )


def _throws(graph: GraphContext) -> bool:
    for node, initializer in initialised(graph):
        for rule, kinds in _THROW:
            if initializer.kind not in kinds or rule.check is None:
                continue
            hits = (hit for hit in rule.check(node, graph) if isinstance(hit, Hit))
            if any(
                (h.phase or rule.phase) is Phase.LOAD
                and (h.severity or rule.severity) is Severity.ERROR
                and _unguarded(h, rule, initializer.kind)
                for h in hits
            ):
                return True
    return False


def _unguarded(hit: Hit, rule: Rule, kind: str) -> bool:
    """Whether nobody catches what is thrown: of a language model's JSON files only one is read before the pipeline is
    made, which is guarded."""
    read = PurePath(hit.place.source.file).name
    return rule is not model_json.RULE or kind != "LLM" or read == "generation_config.json"
