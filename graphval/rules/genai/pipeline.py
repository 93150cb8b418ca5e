"""Which pipeline of OpenVINO GenAI an LLM node gets.

Source: OVMS `src/llm/servable_initializer.cpp` ``determinePipelineType`` (2026.4), the names per release from its
proto: a model is a VLM by two files in its folder; left to OVMS, device NPU gets the pipelines without continuous
batching, every other device those with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from graphval.rules.genai.model_folder import ModelFolder
from graphval.textproto import BoundMessage
from graphval.textproto.schema import MessageType

AUTO = "AUTO"
WITHOUT_BATCHING = frozenset({"LM", "VLM"})
WITH_BATCHING = frozenset({"LM_CB", "VLM_CB"})
VISUAL = frozenset({"VLM", "VLM_CB"})
OMNI = "OMNI"

_TEXT_EMBEDDINGS = "openvino_text_embeddings_model.xml"
_VISION_EMBEDDINGS = "openvino_vision_embeddings_model.bin"
_TALKER = "openvino_talker_model.xml"


def pipeline_type(options: BoundMessage) -> str:
    """The ``pipeline_type`` that is written, or this release's default; ``AUTO`` where the release has no such field."""
    choice = _pipeline_types(options.type)
    return choice.get(options.reading["pipeline_type"], AUTO) if choice else AUTO


@cache
def _pipeline_types(kind: MessageType) -> Mapping[int, str]:
    """The values of ``pipeline_type`` by their numbers; none where options of this kind have no such field."""
    field = kind.descriptor.fields_by_name.get("pipeline_type")
    return {value.number: str(value.name) for value in field.enum_type.values} if field is not None else {}


def is_visual(folder: ModelFolder) -> bool:
    """Whether OVMS takes the model for one that reads images."""
    return folder.holds(_TEXT_EMBEDDINGS) and folder.holds(_VISION_EMBEDDINGS)


def is_omni(folder: ModelFolder) -> bool:
    return is_visual(folder) and folder.holds(_TALKER)


def becomes_omni(options: BoundMessage, folder: ModelFolder | None) -> bool:
    """Whether OVMS makes an ``OMNI`` pipeline of the model: told to, or left to itself in a release that has it."""
    written = pipeline_type(options)
    if written != AUTO:
        return written == OMNI
    known = OMNI in _pipeline_types(options.type).values()
    return known and folder is not None and is_omni(folder)


def device_of(options: BoundMessage) -> str:
    """The device that is written, or this release's default (empty: chosen by OVMS)."""
    field = _device_field(options.type)
    return str(options.reading[field]) if field is not None else ""


@cache
def _device_field(kind: MessageType) -> str | None:
    return next((name for name in ("device", "target_device") if name in kind.descriptor.fields_by_name), None)


def batches(options: BoundMessage) -> bool | None:
    """Whether the node gets a pipeline with continuous batching; ``None`` for ``OMNI``, which is another kind."""
    written = pipeline_type(options)
    if written == OMNI:
        return None
    if written == AUTO:
        return not (_pipeline_types(options.type) and device_of(options) == "NPU")
    return written in WITH_BATCHING
