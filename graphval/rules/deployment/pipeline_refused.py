"""A pipeline of config.json cannot be loaded.

## What it does

Goes through each entry of `pipeline_config_list` as OVMS does: its name, the libraries and models of its nodes, what is
connected to what, names of tensors against the files of the models, loops. Says the first mistake of each pipeline,
where OVMS stops.

## Why it is bad

The server starts and the pipeline is not available (`Validation of pipeline definition: … failed`). A graph with a session
on it is AVAILABLE all the same, and its requests fail.

## Bad

```json config.json
{
  "model_config_list": [],
  "pipeline_config_list": [{
    "name": "plant",
    "inputs": ["level"],
    "nodes": [{
      "name": "gauge", "type": "DL model", "model_name": "gauge",
      "inputs": [{"level": {"node_name": "request", "data_item": "level"}}],
      "outputs": [{"data_item": "volume", "alias": "volume"}]
    }],
    "outputs": [{"volume": {"node_name": "gauge", "data_item": "volume"}}]
  }]
}
```

```expect
error: GV640 at config.json:7
```

## Good

```json config.json
{
  "model_config_list": [{"config": {"name": "gauge", "base_path": "model"}}],
  "pipeline_config_list": [{
    "name": "plant",
    "inputs": ["level"],
    "nodes": [{
      "name": "gauge", "type": "DL model", "model_name": "gauge",
      "inputs": [{"level": {"node_name": "request", "data_item": "level"}}],
      "outputs": [{"data_item": "volume", "alias": "volume"}]
    }],
    "outputs": [{"volume": {"node_name": "gauge", "data_item": "volume"}}]
  }]
}
```

```xml model/1/model.xml
<net></net>
```

```text model/1/model.bin
0
```

## How to fix

Name models, nodes and data items as they are called where they are defined, and connect each input once.

## Limits

Shapes and precisions of connected tensors are not compared, nor is the order of demultiplying and gathering nodes. What
a library takes and returns is not known.

## Source

OVMS `src/dags/pipelinedefinition.cpp` and `src/dags/pipeline_config_parser.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from graphval.deployment import JsonNode, ModelEntry
from graphval.deployment.model_settings import AUTO
from graphval.findings import Effect, Phase
from graphval.rules.context import DeploymentContext
from graphval.rules.deployment.pipelines import ENTRY, EXIT, Pipeline, Source, data_items, nodes_of, pipelines, sources
from graphval.rules.deployment.schema_mistakes import schema_mistakes
from graphval.rules.deployment.served_model import file_of, sessions_on, signature_of
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphval.deployment.signature import ModelSignature


class _Judged(NamedTuple):
    """A pipeline with all that its mistakes are looked for in. ``given`` is what each node gives to others; the node of
    requests gives the pipeline's inputs."""

    context: DeploymentContext
    pipeline: Pipeline
    nodes: Mapping[str, JsonNode]
    given: Mapping[str, Mapping[str, JsonNode]]


@deployment_rule("GV640", "pipeline-refused", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    seen: set[str] = set()
    for pipeline in pipelines(context.deployment) if not schema_mistakes(context) else ():
        if pipeline.name in seen:
            continue
        seen.add(pipeline.name)
        nodes = {node.text("name") or "": node for node in nodes_of(pipeline)}
        given = {name: data_items(node) for name, node in nodes.items()}
        entry = pipeline.node.get("inputs")
        given[ENTRY] = {item.value: item for item in entry.items} if entry is not None else {}
        judged = _Judged(context, pipeline, nodes, given)
        if any(_said(context, node) for node in nodes.values()):
            continue
        mistakes = (mistake for look in (_name, _libraries, _node_names, _nodes, _order) for mistake in look(judged))
        first = next(mistakes, None)
        if first is not None:
            needed = tuple(("this session needs it", place) for place in sessions_on(context, pipeline.name))
            yield first._replace(related=(*first.related, *needed))


def _said(context: DeploymentContext, node: JsonNode) -> bool:
    """Whether a node's model is not loaded for a reason that is said where the model is configured."""
    model = context.deployment.model(node.text("model_name") or "")
    return model is not None and bool(model.problem)


def _name(judged: _Judged) -> Iterator[Hit]:
    pipeline = judged.pipeline
    model = judged.context.deployment.model(pipeline.name)
    if model is not None:
        yield Hit(
            pipeline.name_place,
            f'"{pipeline.name}" is also the name of a model, which wins',
            help="rename the pipeline or the model",
            related=(("the model", model.name_place),) if model.name_place is not None else (),
        )


def _libraries(judged: _Judged) -> Iterator[Hit]:
    document = judged.context.deployment.config_document
    root = document.root if document is not None else None
    listed = root.get("custom_node_library_config_list") if root is not None else None
    known = {entry.text("name") or "" for entry in listed.items} if listed is not None else set()
    for node in judged.nodes.values():
        library = node.get("library_name")
        if library is not None and library.value not in known:
            yield _unknown(library, f'no library is called "{library.value}"', known, "custom_node_library_config_list")


def _unknown(written: JsonNode, message: str, known: Iterable[str], where: str) -> Hit:
    near = nearest(written.value, known)
    return Hit(written.place, message, help=f'did you mean "{near}"?' if near else f"add it to {where}")


def _node_names(judged: _Judged) -> Iterator[Hit]:
    taken = {ENTRY, EXIT}
    for node in nodes_of(judged.pipeline):
        name = node.get("name")
        if name is not None and name.value in taken:
            why = "every pipeline has" if name.value in (ENTRY, EXIT) else "there already is"
            yield Hit(name.place, f'{why} a node called "{name.value}"', help="rename this one")
        elif name is not None:
            taken.add(name.value)


def _nodes(judged: _Judged) -> Iterator[Hit]:
    for node in nodes_of(judged.pipeline):
        yield from _gathered(judged, node)
        yield from _fed(judged, node)
    for source in sources(judged.pipeline.node.get("outputs")):
        yield from _source(judged, source)


def _gathered(judged: _Judged, node: JsonNode) -> Iterator[Hit]:
    gathered = node.get("gather_from_node")
    if gathered is None:
        return
    source = judged.pipeline.node if gathered.value == ENTRY else judged.nodes.get(gathered.value)
    if source is None:
        yield _unknown(gathered, f'no node is called "{gathered.value}"', judged.nodes, "nodes")
    elif source.get("demultiply_count") is None:
        yield Hit(
            gathered.place,
            f'nothing can be gathered from "{gathered.value}", which has no demultiply_count',
            help="name the node that splits its outputs, or give that one a demultiply_count",
        )


def _fed(judged: _Judged, node: JsonNode) -> Iterator[Hit]:
    """What is wrong with a node's model and its inputs."""
    signature = None
    written = node.get("model_name")
    if written is not None:
        model = judged.context.deployment.model(written.value)
        if model is None:
            yield _no_model(judged, written)
            return
        yield from _model(judged, node, model, written)
        signature = _signature(judged, node)
    fed: set[str] = set()
    for source in sources(node.get("inputs")):
        if signature is not None:
            known = {name for tensor in signature.inputs for name in tensor.names}
            if source.name not in known:
                near = nearest(source.name, known, cutoff=0.5)
                listed = ", ".join(f'"{tensor.name}"' for tensor in signature.inputs)
                advice = f'did you mean "{near}"?' if near else f"it has {listed}"
                yield Hit(source.place, f'the model of the node has no input "{source.name}"', help=advice)
        if source.name in fed:
            yield Hit(source.place, f'the input "{source.name}" is connected twice', help="remove one of them")
        fed.add(source.name)
        yield from _source(judged, source)
    for tensor in signature.inputs if signature is not None else ():
        name = node.get("name")
        if name is not None and not fed & set(tensor.names):
            yield Hit(
                name.place,
                f'the input "{tensor.name}" of its model is not connected',
                help=f'add {{"{tensor.name}": {{"node_name": …, "data_item": …}}}} to its inputs',
            )


def _no_model(judged: _Judged, written: JsonNode) -> Hit:
    deployment = judged.context.deployment
    message = f'no model is called "{written.value}"'
    if any(entry.name == written.value for entry in deployment.graphs):
        return Hit(written.place, message, help=f'"{written.value}" is a graph, and nodes take models only')
    return _unknown(written, message, [model.name for model in deployment.models], "model_config_list")


def _model(judged: _Judged, node: JsonNode, model: ModelEntry, written: JsonNode) -> Iterator[Hit]:
    version = node.get("version")
    if version is not None and not judged.context.no_models and version.value not in model.loadable:
        served = ", ".join(map(str, model.loadable))
        message = f'version {version.value} of "{model.name}" is not served, but {served}'
        yield Hit(version.place, message, help="remove version to take the default")
    shape = model.setting("shape")
    set_to = (
        [shape, *(member.value for member in shape.members)] if shape is not None else [model.setting("batch_size")]
    )
    for setting in set_to:
        if setting is not None and setting.value == AUTO:
            yield Hit(
                written.place,
                f'"{model.name}" chooses its shape for each request, which no model of a pipeline may do',
                help="write dimensions as -1 or 1:16 there instead of auto",
                related=(("the setting", setting.place),),
            )


def _signature(judged: _Judged, node: JsonNode) -> ModelSignature | None:
    model = judged.context.deployment.model(node.text("model_name") or "")
    if judged.context.no_models or model is None or model.own_loader or not model.loadable:
        return None
    version = node.get("version")
    file = file_of(model, version.value if version is not None else max(model.loadable))
    return signature_of(file) if file is not None else None


def _source(judged: _Judged, source: Source) -> Iterator[Hit]:
    """What is wrong with where an input comes from."""
    name, item = source.node_name.value, source.data_item.value
    given = judged.given.get(name)
    if given is None:
        if name == EXIT:
            yield Hit(source.node_name.place, f'nothing comes from "{EXIT}", where a pipeline ends')
        else:
            yield _unknown(source.node_name, f'no node is called "{name}"', judged.given, "nodes")
        return
    if item not in given:
        near = nearest(item, given)
        listed = ", ".join(f'"{known}"' for known in given)
        advice = f'did you mean "{near}"?' if near else f"it gives {listed}" if given else "it gives nothing"
        yield Hit(source.data_item.place, f'the node "{name}" gives no "{item}"', help=advice)
        return
    node = judged.nodes.get(name)
    signature = _signature(judged, node) if node is not None else None
    if signature is None:
        return
    known = {tensor_name for tensor in signature.outputs for tensor_name in tensor.names}
    tensor = given[item]
    if tensor.value not in known:
        near = nearest(tensor.value, known, cutoff=0.5)
        listed = ", ".join(f'"{output.name}"' for output in signature.outputs)
        advice = f'did you mean "{near}"?' if near else f"it has {listed}"
        yield Hit(tensor.place, f'the model of the node has no output "{tensor.value}"', help=advice)


def _order(judged: _Judged) -> Iterator[Hit]:
    """Loops, and nodes from which nothing leads to the response."""
    inputs = {name: [source.node_name for source in sources(node.get("inputs"))] for name, node in judged.nodes.items()}
    begun: set[str] = set()
    done: set[str] = {ENTRY}
    waiting = [source.node_name for source in sources(judged.pipeline.node.get("outputs"))]
    while waiting:
        written = waiting[-1]
        name = written.value
        if name in begun or name in done:
            waiting.pop()
            done.add(name)
            begun.discard(name)
            continue
        begun.add(name)
        for source in inputs[name]:
            if source.value in begun:
                yield Hit(
                    source.place, f'the node "{source.value}" waits for what it gives itself', help="break the loop"
                )
            elif source.value not in done:
                waiting.append(source)
    for name, node in judged.nodes.items():
        place = node.get("name")
        if name not in done and place is not None:
            yield Hit(place.place, f'nothing leads from the node "{name}" to the response', help="connect or remove it")
