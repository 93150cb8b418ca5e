"""A subconfig holds something that OVMS ignores.

## What it does

Looks for graphs, unknown keys and unreadable JSON in subconfigs, for subconfigs without the list of models, and for
ones that an entry names and that do not exist.

## Why it is bad

OVMS reads models from a subconfig and nothing else; what it ignores it mostly does not mention. The graph is AVAILABLE
all the same, and fails when it asks for a model that is not there.

## Bad

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

```json meter/subconfig.json
{
  "model_config_list": [],
  "mediapipe_config_list": []
}
```

```expect
warning: GV616 at meter/subconfig.json:3
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

```json meter/subconfig.json
{"model_config_list": []}
```

## How to fix

Move what is ignored into the `config.json`, or mend the file.

## Source

OVMS `src/modelmanager.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from graphval.deployment import JsonDocument
from graphval.deployment.files import is_file
from graphval.deployment.json_tree import JsonNode, walk
from graphval.deployment.load import CONFIG_FILE, graph_in_model_list
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, Skip, deployment_rule
from graphval.textproto import Place


@deployment_rule("GV616", "subconfig-ignored", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    deployment = context.deployment
    known = context.catalog.config_json["model_config_list"]["config"]["keys"]
    extra = context.catalog.config_json.get("subconfig", {}).get("extra_model_keys_understood", ())
    for document in deployment.documents:
        root = document.root
        if document is deployment.config_document or root is None or document.problems:
            continue
        listed = root.get("model_config_list") if root.kind == "object" else None
        if listed is None or listed.kind != "array":
            if not _of_a_model(document):
                yield Hit(
                    listed.place if listed is not None else root.place,
                    "OVMS takes no models from a subconfig without the list model_config_list",
                    help='write {"model_config_list": [ … ]}',
                )
            continue
        for member in root.members:
            if member.key != "model_config_list":
                yield Hit(
                    member.key_place,
                    f"OVMS ignores {member.key} in a subconfig",
                    help="put it into config.json" if member.key.endswith("_list") else "remove it",
                )
        for wrapper in listed.items:
            config = wrapper.get("config")
            if config is None:
                yield Hit(
                    Place(wrapper.source, wrapper.start, wrapper.start + 1),
                    "OVMS takes no model from an entry without the key config",
                    help='write {"config": {"name": …, "base_path": …}}',
                )
            elif config.kind == "object":
                yield from _graph(config, document)
            for member in config.members if config is not None else ():
                if member.key not in known and member.key not in extra:
                    yield Hit(member.key_place, f"OVMS does not know the key {member.key}", help="remove it")
    yield from _missing(context)


def _graph(config: JsonNode, document: JsonDocument) -> Iterator[Answer]:
    """That an entry is a graph: OVMS finds it, and loads only the graphs of config.json."""
    if graph_in_model_list(config, Path(document.source.file).parent) is not None:
        place = next((found.place for key in ("graph_path", "name") if (found := config.get(key))), config.place)
        yield Hit(place, "OVMS loads no graph from a subconfig", help="put its entry into config.json")


def _of_a_model(document: JsonDocument) -> bool:
    """Whether it is the ``config.json`` of a model that lies beside its graph, where OVMS looks for a subconfig too."""
    return PurePath(document.source.file).name == CONFIG_FILE and '"model_type"' in document.source.text


def _missing(context: DeploymentContext) -> Iterator[Answer]:
    """Subconfigs that entries name and that are not there: OVMS does not even mention them."""
    document = context.deployment.config_document
    if document is None or document.root is None:
        return
    files = {graph.place: graph.subconfig for graph in context.deployment.graphs}
    for entry in walk(document.root):
        file = files.get(entry.place) if entry.kind == "object" else None
        written = entry.get("subconfig") if file is not None else None
        if file is None or written is None or is_file(file):
            continue
        if context.no_models:
            yield Skip(f"the subconfig {written.value} is not at hand")
        else:
            yield Hit(
                written.place,
                f"the subconfig {written.value} does not exist, so no models come from it"
                if written.value
                else "an empty subconfig is the folder of the graph, so no models come from it",
                help="write its path relative to the base_path of the graph, or remove the key",
            )
