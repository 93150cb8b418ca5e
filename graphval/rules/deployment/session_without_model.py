"""A session asks for a model that the deployment does not have.

## What it does

Compares `servable_name` and `servable_version` of session nodes with the models of config.json and subconfigs and the
pipelines of config.json: the name exactly, the version among those that are served. Some subgraphs, like
`FaceDetectionShortRangeCpu`, have sessions inside, for models of fixed names.

## Why it is bad

The graph loads and is AVAILABLE. Every request fails; over gRPC the client sees `UNKNOWN: Unknown error` only.

## Bad

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: {
      servable_name: "Gauge"  # error: [GV620]
    }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
}
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "mediapipe_config_list": [{"name": "meter"}]
}
```

```pbtxt meter/graph.pbtxt
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: {
      servable_name: "gauge"
    }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
}
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

## How to fix

Add the model to the `config.json` or to the graph's subconfig, or write its name as it stands there.

## Source

MediaPipe `mediapipe/calculators/ovms/openvinomodelserversessioncalculator.cc` (fork of OVMS 2026.4); seen on the real
server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment import Kind
from graphval.deployment.versions import version_asked
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.deployment.pipelines import pipelines
from graphval.rules.deployment.schema_mistakes import models_unsure
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.nearest import nearest

OPTIONS = "mediapipe.OpenVINOModelServerSessionCalculatorOptions"


@node_rule("GV620", "session-without-model", phase=Phase.CREATE, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if context.is_subgraph(node):
        yield from _inside(node, context)
        return
    options = node.options_of(OPTIONS) if node.registered_as == "OpenVINOModelServerSessionCalculator" else None
    name = options.first("servable_name") if options is not None else None
    if options is None or name is None:
        return
    deployment = context.deployment
    if any(pipeline.name == name.string for pipeline in pipelines(deployment)):
        return
    if context.no_models or deployment.kind is Kind.FILE:
        yield Skip(f'whether the model "{name.string}" is served is not known without its config.json', node)
        return
    model = deployment.model(name.string)
    if model is None and models_unsure(context):
        return
    if model is None:
        yield Hit(name.place, f'no model is called "{name.string}"', help=_help(name.string, context), node=node)
        return
    version = options.first("servable_version")
    asked = version_asked(version.string) if version is not None else 0
    if model.problem:
        return  # said where the model is configured
    if version is not None and asked and asked not in model.loadable:
        served = ", ".join(map(str, model.loadable))
        yield Hit(
            version.place,
            f'version {asked} of "{name.string}" is not served, but {served}',
            help="remove servable_version to take the default",
            node=node,
        )


def _inside(node: Node, context: GraphContext) -> Iterator[Answer]:
    """The models that the sessions inside a subgraph ask for."""
    contract, deployment = context.contract(node), context.deployment
    wanted = contract.required_servables if contract is not None else ()
    known = {pipeline.name for pipeline in pipelines(deployment)} if wanted else ()
    missing = [name for name in wanted if name not in known and deployment.model(name) is None]
    if not missing or models_unsure(context):
        return
    if context.no_models or deployment.kind is Kind.FILE:
        yield Skip(f"whether the models of {node.calculator} are served is not known without its config.json", node)
        return
    names = " and ".join(f'"{name}"' for name in missing)
    yield Hit(
        node.calculator_place,
        f"{node.calculator} asks for the model{'s' if len(missing) > 1 else ''} {names}, which the deployment does not have",
        help="add what is missing to model_config_list, or to the graph's subconfig.json, under these names",
        node=node,
    )


def _help(name: str, context: GraphContext) -> str:
    if any(entry.name == name for entry in context.deployment.graphs):
        return f'"{name}" is a graph, and sessions take models only'
    near = nearest(name, [model.name for model in context.deployment.models])
    return f'did you mean "{near}"?' if near else "add it to model_config_list, or to the graph's subconfig.json"
