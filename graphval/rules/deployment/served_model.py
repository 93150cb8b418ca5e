"""The models of a deployment as its graphs use them, as far as files tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from graphval.deployment.files import is_file
from graphval.deployment.model import ModelEntry
from graphval.deployment.versions import model_file, version_asked
from graphval.findings import Phase, Severity
from graphval.graph import Node
from graphval.rules.context import DeploymentContext, GraphContext
from graphval.rules.deployment.schema_mistakes import is_mistaken
from graphval.rules.mechanism import Hit
from graphval.textproto import Place

if TYPE_CHECKING:
    from graphval.deployment.signature import ModelSignature

SESSION = "OpenVINOModelServerSessionCalculator"
SESSION_OPTIONS = f"mediapipe.{SESSION}Options"
INFERENCE = "OpenVINOInferenceCalculator"
INFERENCE_OPTIONS = f"mediapipe.{INFERENCE}Options"


class ServedModel(NamedTuple):
    """A model of the deployment and what its file says of its inputs and outputs."""

    entry: ModelEntry
    signature: ModelSignature


def model_behind(node: Node, context: GraphContext) -> ServedModel | None:
    """The model whose session reaches ``node``, or ``None`` where that or its signature is not known from the files."""
    side = node.input_side_packets.get("SESSION")
    producer = context.wiring.side_producer(side.name) if side is not None else None
    session = producer.node if producer is not None else None
    options = session.options_of(SESSION_OPTIONS) if session is not None and session.registered_as == SESSION else None
    name = options.first("servable_name") if options is not None else None
    if options is None or name is None:
        return None
    entry = context.deployment.model(name.string)
    if entry is None or entry.problem or entry.own_loader or not entry.loadable:
        return None
    asked = options.first("servable_version")
    version = version_asked(asked.string) if asked is not None else 0
    file = file_of(entry, version or max(entry.loadable))
    signature = signature_of(file) if file is not None else None
    return ServedModel(entry, signature) if signature is not None else None


def file_of(entry: ModelEntry, version: int) -> Path | None:
    """The model file of one version."""
    return entry.base_path if is_file(entry.base_path) else model_file(entry.base_path / str(version))


def loaded(context: DeploymentContext) -> Iterator[ModelEntry]:
    """The models that OVMS tries to load: of several with one name only the first, none whose files are amiss, and none
    whose entry in config.json has not the right form."""
    for model in context.deployment.models:
        first = context.deployment.model(model.name) is model
        if first and not model.problem and "graph_path" not in model.config and not is_mistaken(context, model.place):
            yield model


def files_served(model: ModelEntry) -> Iterator[Path]:
    """The files of the versions that are served, as far as they lie on this machine."""
    for version in model.loadable if not model.own_loader else ():
        file = file_of(model, version)
        if file is not None:
            yield file


def not_loaded(
    context: DeploymentContext, model: ModelEntry, place: Place, message: str, help: str = "", label: str = ""
) -> Hit:
    """That OVMS cannot load a model, said where the mistake is.

    A model of config.json fails when the server starts, and OVMS counts that as a failed load. One of a subconfig fails
    without a word, and only the requests of graphs with a session on it show it; without such a graph nobody is hurt.
    """
    sessions = tuple(sessions_on(context, model.name))
    hit = Hit(
        place,
        message,
        help=help,
        label=label,
        graph=model.subconfig_of,
        related=tuple(("this session needs it", session) for session in sessions),
    )
    if model.subconfig_of is None:
        return hit
    return hit._replace(phase=Phase.CREATE) if sessions else hit._replace(severity=Severity.WARNING)


def sessions_on(context: DeploymentContext, name: str) -> Iterator[Place]:
    """Where sessions name the model or pipeline ``name``."""
    for graph in context.graphs:
        for node in graph.graph:
            options = node.options_of(SESSION_OPTIONS) if node.registered_as == SESSION else None
            wanted = options.first("servable_name") if options is not None else None
            if wanted is not None and wanted.string == name:
                yield wanted.place


def signature_of(file: Path) -> ModelSignature | None:
    """Inputs and outputs of a model file; ``None`` where its text does not tell them."""
    try:
        facts = file.stat()
        return _signature(file, facts.st_mtime_ns, facts.st_size)
    except OSError:
        # Whether it can be read is another rule's question.
        return None


@lru_cache(maxsize=256)
def _signature(file: Path, _changed: int, _size: int) -> ModelSignature | None:
    from graphval.deployment.ir import read_ir  # XML is read only where a graph has a model

    return read_ir(file)
