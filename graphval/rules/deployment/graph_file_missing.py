"""The graph file that config.json means does not exist.

## What it does

Resolves `base_path` (by default the folder of the graph's name beside config.json) and `graph_path` (by default
`graph.pbtxt`) and looks for the file. Before 2025.1 a graph in `model_config_list` is taken for a model, in 2025.1 its
`graph_path` is not read.

## Why it is bad

In `mediapipe_config_list` the graph is refused. In `model_config_list` the entry silently becomes a classic model
that is not found, even when `graph_path` is given.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```expect
error: GV610 at config.json:3
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

Put the file there, or correct `base_path` or `graph_path`; both are relative to the `config.json`.

## Source

OVMS `src/mediapipe_internal/mediapipegraphconfig.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment import Listed
from graphval.deployment.files import display, is_file
from graphval.deployment.load import GRAPH_FILE
from graphval.deployment.model import GraphEntry
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema_mistakes import is_mistaken
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV610", "graph-file-missing", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    for entry in context.deployment.graphs:
        if entry.source is None and entry.place is not None and not is_mistaken(context, entry.place):
            yield Hit(
                entry.name_place or entry.place,
                f'the graph "{entry.name}" has no readable file: {entry.unreadable}',
                help=_advice(entry),
                graph=entry.name,
            )
    yield from _not_of_this_release(context)
    for model in context.deployment.models:
        if "graph_path" in model.config and model.place is not None:
            yield Hit(
                model.place,
                f'graph_path of "{model.name}" does not resolve, so that OVMS takes it for a classic model',
                help=f"it was looked for as {display(model.base_path / str(model.config['graph_path']))}",
                related=(("base_path", model.base_path_place),) if model.base_path_place is not None else (),
            )


def _advice(entry: GraphEntry) -> str:
    if any(part != part.strip() for part in entry.file.parts):
        return "a path has a blank at its end"
    if is_file(entry.file.parent / "1" / GRAPH_FILE):
        return f"OVMS looks into the folder 1 for graphs in model_config_list only: move {GRAPH_FILE} out of it"
    return "check base_path and graph_path"


def _not_of_this_release(context: DeploymentContext) -> Iterator[Answer]:
    """Graphs in ``model_config_list``, which older releases take for models or read from ``graph.pbtxt`` only."""
    behaviour, version = context.catalog.behaviour, context.catalog.version
    for entry in context.deployment.graphs:
        place = entry.name_place or entry.place
        if entry.listed is not Listed.MODEL_LIST or place is None or is_mistaken(context, entry.place):
            continue
        if behaviour.get("graph_in_model_config_list") is False:
            why = f'OVMS {version} takes "{entry.name}" in model_config_list for a classic model'
        elif behaviour.get("graph_path_honoured_in_model_config_list") is False and entry.file.name != GRAPH_FILE:
            why = f'OVMS {version} ignores the graph_path of "{entry.name}" in model_config_list'
        else:
            continue
        yield Hit(place, why, help="list the graph in mediapipe_config_list", graph=entry.name)
