"""The model behind an inference node, as far as files tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.deployment.model import ModelEntry
from graphval.deployment.versions import model_file
from graphval.graph import Node
from graphval.rules.context import GraphContext

if TYPE_CHECKING:
    from graphval.deployment.models import ModelSignature

SESSION = "OpenVINOModelServerSessionCalculator"
SESSION_OPTIONS = f"mediapipe.{SESSION}Options"
INFERENCE = "OpenVINOInferenceCalculator"
INFERENCE_OPTIONS = f"mediapipe.{INFERENCE}Options"


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model of the deployment and what its file says of its inputs and outputs."""

    entry: ModelEntry
    signature: ModelSignature


def model_behind(node: Node, context: GraphContext) -> ServedModel | None:
    """The model whose session reaches ``node``, or ``None`` where that or its signature is not known from the files."""
    side = node.input_side_packets.get("SESSION")
    producer = context.wiring.side_producer(side.name) if side is not None else None
    session = producer.node if producer is not None else None
    options = session.options_of(SESSION_OPTIONS) if session is not None and session.calculator == SESSION else None
    name = options.first("servable_name") if options is not None else None
    if options is None or name is None:
        return None
    entry = context.deployment.model(name.string)
    if entry is None or entry.problem or not entry.served:
        return None
    asked = options.first("servable_version")
    version = int(asked.string) if asked is not None and asked.string.isdecimal() else 0
    folder = entry.base_path / str(version or max(entry.served))
    file = model_file(folder if folder.is_dir() else entry.base_path)
    signature = _signature(file) if file is not None else None
    return ServedModel(entry, signature) if signature is not None else None


@lru_cache(maxsize=256)
def _signature(file: Path) -> ModelSignature | None:
    from graphval.deployment.ir import read_ir  # XML is read only where a graph has a model

    try:
        return read_ir(file)
    except OSError:
        # Whether it can be read is another rule's question.
        return None
