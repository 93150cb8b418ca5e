"""Language models.

Source: OVMS ``src/llm/`` (2026.4), lifecycle facts 3.2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graphval import catalog
from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Escaped, Refused, refuse

_OPTIONS = "mediapipe.LLMCalculatorOptions"
_VLM_FILES = ("openvino_text_embeddings_model.xml", "openvino_vision_embeddings_model.bin")
_DRAFT_OPTIONS = (
    "draft_device",
    "draft_max_num_batched_tokens",
    "draft_cache_size",
    "draft_block_size",
    "draft_max_num_seqs",
    "draft_dynamic_split_fuse",
)
_STATE_FAILED = "LLM_NODE_RESOURCE_STATE_INITIALIZATION_FAILED"


def load(graph: str, options: NodeOptions) -> Any:
    """The pipeline of a node. Raises :class:`Refused`, or :class:`Escaped` for a malformed generation config."""
    try:
        return _load(options)
    except Refused as refusal:
        if refusal.status.name == _STATE_FAILED:
            journal.error(f"Error during LLM node resources initialization: {refusal.status.text}", "modelmanager")
        journal.error(f"Failed to process LLM node graph {graph}", "modelmanager")
        raise


def _load(options: NodeOptions) -> Any:
    if options.type_name != _OPTIONS:
        journal.error("LLM node requires models_path to be set.", "modelmanager")
        raise refuse("INTERNAL_ERROR")
    path = _models_path(options)
    visual = all((path / name).exists() for name in _VLM_FILES)
    kind = _pipeline_type(options, visual)
    _read_generation_config(path)
    for field in ("tool_parser", "reasoning_parser"):
        _check_parser(field, str(options[field] or ""))
    if not options["draft_models_path"] and any(options.has(name) for name in _DRAFT_OPTIONS):
        journal.error("Draft model path is not provided, but draft scheduler options are set.", "modelmanager")
        raise refuse(_STATE_FAILED)
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        journal.error(f"Error during llm node plugin_config option parsing to JSON: {error}", "modelmanager")
        raise refuse("PLUGIN_CONFIG_WRONG_FORMAT") from error
    journal.info(f"Initializing {_spoken(kind)} servable", "modelmanager")
    try:
        return _build(path, kind, options, properties)
    except RuntimeError as error:
        journal.error(
            f"Error during llm node initialization for models_path: {path} exception: {error}", "modelmanager"
        )
        raise refuse(_STATE_FAILED) from error


def _models_path(options: NodeOptions) -> Path:
    path = options.path()
    if not options["models_path"]:
        journal.error(f"LLM node models_path: {path} is empty. ", "modelmanager")
        raise refuse("LLM_NODE_DIRECTORY_DOES_NOT_EXIST")
    if not path.exists():
        journal.error(f"LLM node models_path: {path} does not exist. ", "modelmanager")
        raise refuse("LLM_NODE_DIRECTORY_DOES_NOT_EXIST")
    if not path.is_dir() and path.suffix != ".gguf":
        journal.error(f"LLM node models_path: {path} is not a directory nor GGUF file", "modelmanager")
        raise refuse("LLM_NODE_PATH_DOES_NOT_EXIST_AND_NOT_GGUFFILE")
    return path


def _pipeline_type(options: NodeOptions, visual: bool) -> str:
    written = options.word("pipeline_type")
    if options.has("pipeline_type") and written != "AUTO":
        if visual and written in ("LM", "LM_CB"):
            journal.error(
                "Models directory content indicates VLM pipeline, but pipeline type is set to non-VLM type.",
                "modelmanager",
            )
            raise refuse("INTERNAL_ERROR")
        if not visual and written in ("VLM", "VLM_CB"):
            journal.error(
                "Models directory content indicates non-VLM pipeline, but pipeline type is set to VLM type.",
                "modelmanager",
            )
            raise refuse("INTERNAL_ERROR")
        return written
    if options["device"] == "NPU":
        return "VLM" if visual else "LM"
    return "VLM_CB" if visual else "LM_CB"


def _spoken(kind: str) -> str:
    return {
        "LM": "Language Model Legacy",
        "VLM": "Visual Language Model Legacy",
        "LM_CB": "Language Model Continuous Batching",
        "VLM_CB": "Visual Language Model Continuous Batching",
    }.get(kind, kind)


def _read_generation_config(path: Path) -> None:
    """OVMS parses it outside any guard, so that a mistake in it escapes."""
    file = path / "generation_config.json"
    if not file.is_file():
        return
    try:
        json.loads(file.read_bytes())
    except ValueError as error:
        raise Escaped(str(error)) from error


def _check_parser(field: str, value: str) -> None:
    release = catalog.load()
    names = release.tool_parsers if field == "tool_parser" else release.reasoning_parsers
    if value and value != names.disable and value not in names.values:
        journal.error(
            f'Unsupported {field} "{value}" specified in graph configuration. Supported are: {", ".join(names.values)}',
            "modelmanager",
        )
        raise refuse(_STATE_FAILED)


def _build(path: Path, kind: str, options: NodeOptions, properties: dict[str, Any]) -> Any:
    """The pipeline itself. Raises RuntimeError as OpenVINO GenAI does."""
    import openvino_genai

    if options["draft_models_path"]:
        draft = options.path("draft_models_path")
        if not draft.exists():
            raise RuntimeError(f"Draft model path: {draft} does not exist")
        properties = {
            **properties,
            "draft_model": openvino_genai.draft_model(draft, options["draft_device"] or options["device"] or "CPU"),
        }
    device = str(options["device"] or "CPU")
    if kind == "VLM":
        return openvino_genai.VLMPipeline(path, device, **properties)
    if kind == "LM":
        return openvino_genai.LLMPipeline(path, device, **properties)
    if kind == "OMNI":
        raise RuntimeError("Models directory holds no omni model")
    scheduler = openvino_genai.SchedulerConfig()
    scheduler.max_num_batched_tokens = options["max_num_batched_tokens"]
    scheduler.cache_size = options["cache_size"]
    scheduler.max_num_seqs = options["max_num_seqs"]
    scheduler.dynamic_split_fuse = options["dynamic_split_fuse"]
    scheduler.enable_prefix_caching = options["enable_prefix_caching"]
    return openvino_genai.ContinuousBatchingPipeline(path, scheduler, device, properties)
