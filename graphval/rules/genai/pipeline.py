"""Which pipeline of OpenVINO GenAI an LLM node gets.

Source: OVMS `src/llm/servable_initializer.cpp` ``determinePipelineType`` (2026.4), the names per release from its
proto: a model is a VLM by two files in its folder; left to OVMS, device NPU gets the pipelines without continuous
batching, every other device those with it.
"""

from __future__ import annotations

from graphval.rules.genai.model_folder import ModelFolder
from graphval.textproto import BoundMessage

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
    field = options.type.descriptor.fields_by_name.get("pipeline_type")
    if field is None:
        return AUTO
    value = field.enum_type.values_by_number.get(options.reading["pipeline_type"])
    return str(value.name) if value is not None else AUTO


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
    field = options.type.descriptor.fields_by_name.get("pipeline_type")
    known = field is not None and OMNI in field.enum_type.values_by_name
    return known and folder is not None and is_omni(folder)


def device_of(options: BoundMessage) -> str:
    """The device that is written, or this release's default (empty: chosen by OVMS)."""
    for name in ("device", "target_device"):
        if name in options.type.descriptor.fields_by_name:
            return str(options.reading[name])
    return ""


def batches(options: BoundMessage) -> bool | None:
    """Whether the node gets a pipeline with continuous batching; ``None`` for ``OMNI``, which is another kind."""
    written = pipeline_type(options)
    if written == OMNI:
        return None
    if written == AUTO:
        has_choice = "pipeline_type" in options.type.descriptor.fields_by_name
        return not (has_choice and device_of(options) == "NPU")
    return written in WITH_BATCHING
