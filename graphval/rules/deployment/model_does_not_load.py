"""A model of the deployment cannot be loaded.

## What it does

Looks at the files of each model: the folder, its version folders (1, 2, …), the versions that the policy asks for,
the model file, its weights, the tags of the xml and the version of its format. Paths with `..` are refused by OVMS.
Where one version fails and another does not, this is a warning: the others are served. Before 2026.3 settings of stateful
models (`max_sequence_number` and others) keep a model that is none from being loaded.

## Why it is bad

The server starts and the model is not available. Graphs with a session on it are AVAILABLE all the same, and their
requests fail.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```expect
error: GV614 at config.json:2
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

## How to fix

Put right what the message says: the path, the version folder, the version policy, or the model's files.

## Source

OVMS `src/modelmanager.cpp` (2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import exists, is_file
from graphval.deployment.model import ModelEntry
from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.schema_mistakes import is_mistaken
from graphval.rules.deployment.served_model import not_loaded
from graphval.rules.mechanism import Answer, Hit, deployment_rule


@deployment_rule("GV614", "model-does-not-load", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    if context.no_models:
        return
    folders_only = context.catalog.behaviour.get("model_version_directories_required") == "yes"
    for model in context.deployment.models:
        place = model.base_path_place or model.place
        if place is None or "graph_path" in model.config or is_mistaken(context, model.place):
            continue
        why, advice = model.problem, _advice(model)
        if not why and folders_only and is_file(model.base_path):
            why, advice = f"OVMS {context.catalog.version} takes no file for base_path", _VERSION_FOLDERS
        if not why and context.catalog.behaviour.get("stateful_models"):
            yield from _of_stateful(context, model)
        if why:
            yield not_loaded(context, model, place, f'the model "{model.name}" cannot be loaded: {why}', help=advice)
        for version, reason in model.broken:
            yield Hit(
                place,
                f'version {version} of "{model.name}" cannot be loaded: {reason}',
                help=_FILES,
                label="the other versions are served",
                graph=model.subconfig_of,
                severity=Severity.WARNING,
            )


def _of_stateful(context: DeploymentContext, model: ModelEntry) -> Iterator[Answer]:
    """A setting that only stateful models may have (OVMS ``src/modelconfig.cpp``, 2026.2)."""
    members = model.node.members if model.node is not None else ()
    wrong = next((member for member in members if member.key in _STATEFUL_ONLY), None)
    if wrong is not None and model.config.get("stateful") is not True:
        message = f'the model "{model.name}" cannot be loaded: {wrong.key} is for stateful models, and it is none'
        yield not_loaded(context, model, wrong.key_place, message, help='remove it, or add "stateful": true')


_STATEFUL_ONLY = ("low_latency_transformation", "idle_sequence_cleanup", "max_sequence_number")
_VERSION_FOLDERS = "it needs version folders: base_path/1/model.xml and model.bin"
_FILES = "put the whole model into its version folder, for instance model.xml and model.bin"


def _advice(model: ModelEntry) -> str:
    if ".." in model.base_path.parts:
        if ".." in str(model.config.get("base_path", "")):
            return "OVMS takes no path with .. in it: write where the model lies"
        return "OVMS takes no path with .. in it, and this one comes from subconfig: write that without .."
    if not exists(model.base_path):
        if str(model.config.get("base_path", "")).startswith("/"):
            return "it is looked for on this machine: --no-models leaves it out where the server has other folders"
        return "a base_path that is not absolute starts from the folder of the file that it stands in"
    if not model.versions:
        return _VERSION_FOLDERS
    if not model.served:
        return "ask for one of them in model_version_policy, or add the version folder"
    return _FILES
