"""Language models.

Source: OVMS ``src/llm/`` (2026.4).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graphval import catalog
from graphval.rehearsal.genai.chat_request import ChatLimits
from graphval.rehearsal.genai.chat_template import parsers_of
from graphval.rehearsal.genai.generation import ContinuousBatching, OneAtATime, TextPipeline
from graphval.rehearsal.genai.language_model import LanguageModel, model_length
from graphval.rehearsal.genai.omni import Omni, is_omni
from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.genai.output_parser import OutputParser
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


def load(graph: str, options: NodeOptions) -> LanguageModel:
    """The model of a node. Raises :class:`Refused`, or :class:`Escaped` for a malformed generation config."""
    try:
        return _load(options)
    except Refused as refusal:
        if refusal.status.name == _STATE_FAILED:
            journal.error(f"Error during LLM node resources initialization: {refusal.status.text}", "modelmanager")
        journal.error(f"Failed to process LLM node graph {graph}", "modelmanager")
        raise


def _load(options: NodeOptions) -> LanguageModel:
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
        what = "omni model" if kind == "OMNI" else "llm"
        journal.error(
            f"Error during {what} node initialization for models_path: {path} exception: {error}", "modelmanager"
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
    if visual and is_omni(options.path()):
        return "OMNI"
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


def _build(path: Path, kind: str, options: NodeOptions, properties: dict[str, Any]) -> LanguageModel:
    """The pipeline itself. Raises RuntimeError as OpenVINO GenAI does, :class:`Escaped` where OVMS has no guard."""
    import openvino_genai

    device = str(options["device"] or "CPU")
    scheduler = _scheduler(options, "")
    speculative = "prompt_lookup" if properties.get("prompt_lookup") is True else ""
    if options["draft_models_path"]:
        draft = options.path("draft_models_path")
        if not draft.exists():
            raise RuntimeError(f"Draft model path: {draft} does not exist")
        speculative = "draft"
        properties = {
            **properties,
            "draft_model": openvino_genai.draft_model(
                draft, options["draft_device"] or device, scheduler_config=_scheduler(options, "draft_")
            ),
        }
    visual = kind.startswith("VLM") or kind == "OMNI"
    pipeline: TextPipeline
    match kind:
        case "VLM":
            pipeline = OneAtATime(openvino_genai.VLMPipeline(path, device, **properties), visual=True)
        case "LM":
            pipeline = OneAtATime(openvino_genai.LLMPipeline(path, device, **properties), visual=False)
        case "OMNI":
            pipeline = Omni(path, device, properties)
        case _:
            made = openvino_genai.ContinuousBatchingPipeline(
                path, scheduler, device, properties, {"PERFORMANCE_HINT": "THROUGHPUT"}
            )
            pipeline = ContinuousBatching(made, visual=visual)
    _check_template(pipeline.tokenizer, options)
    limit = int(options["max_tokens_limit"]) if options.has("max_tokens_limit") else None
    limits = ChatLimits(limit, int(options["best_of_limit"]), model_length(path), hears=kind == "OMNI")
    parser = _parser(options, str(pipeline.tokenizer.chat_template or ""))
    return LanguageModel(pipeline, limits, visual, speculative, parser)


def _parser(options: NodeOptions, template: str) -> OutputParser:
    """The parsers that the options name, and what they do not say by the chat template; ``none`` is a name for none."""
    told = parsers_of(template)
    parser = OutputParser(str(options["tool_parser"] or told.tool), str(options["reasoning_parser"] or told.reasoning))
    journal.debug(f'Tool parser: "{parser.tool}", reasoning parser: "{parser.reasoning}"', "modelmanager")
    return parser


def _scheduler(options: NodeOptions, prefix: str) -> Any:
    """The scheduler's settings; those of a draft model fall back to the main model's."""
    import openvino_genai

    scheduler = openvino_genai.SchedulerConfig()
    for name in ("max_num_batched_tokens", "cache_size", "max_num_seqs", "dynamic_split_fuse"):
        setattr(scheduler, name, options[prefix + name] if options.has(prefix + name) else options[name])
    scheduler.enable_prefix_caching = options["enable_prefix_caching"]
    if prefix:
        return scheduler
    if options.has("cache_interval_multiplier"):
        scheduler.cache_interval_multiplier = options["cache_interval_multiplier"]
    if options.has("cache_eviction_config"):
        scheduler.use_cache_eviction = True
        try:
            scheduler.cache_eviction_config = _eviction(options["cache_eviction_config"])
        except RuntimeError as error:
            raise Escaped(str(error)) from error
    if options.has("sparse_attention_config"):
        scheduler.use_sparse_attention = True
        scheduler.sparse_attention_config = _sparse(options["sparse_attention_config"])
    return scheduler


def _eviction(written: Any) -> Any:
    import openvino_genai

    modes = openvino_genai.AggregationMode
    mode = written.DESCRIPTOR.fields_by_name["aggregation_mode"].enum_type.values_by_number[written.aggregation_mode]
    return openvino_genai.CacheEvictionConfig(
        written.start_size,
        written.recent_size,
        written.max_cache_size,
        getattr(modes, mode.name, modes.NORM_SUM),
        written.apply_rotation,
        written.snapkv_window_size,
    )


def _sparse(written: Any) -> Any:
    import openvino_genai

    modes = openvino_genai.SparseAttentionMode
    mode = written.DESCRIPTOR.fields_by_name["mode"].enum_type.values_by_number[written.mode]
    given = {field.name: value for field, value in written.ListFields() if field.name != "mode"}
    return openvino_genai.SparseAttentionConfig(getattr(modes, mode.name, modes.TRISHAPE), **given)


def _check_template(tokenizer: Any, options: NodeOptions) -> None:
    """What is wrong with a chat template is only said; the graph becomes available all the same."""
    if not tokenizer.chat_template:
        journal.error("Chat template was not found in model files.", "modelmanager")
        return
    try:
        tokenizer.apply_chat_template([{"role": "user", "content": "hello"}], add_generation_prompt=True)
    except (RuntimeError, ValueError) as error:
        if options.word("chat_template_mode") == "MINJA":
            journal.error(f"Chat template is not compatible with minja: {error}", "modelmanager")
        else:
            journal.warning(
                "Warning: Chat template has not been loaded properly. Servable will not respond to "
                f"/chat/completions endpoint. {error}",
                "modelmanager",
            )
