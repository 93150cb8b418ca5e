"""Image generation.

Source: OVMS ``src/image_gen/`` (2026.4).
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphval.rehearsal.genai.lora import Adapters, load_adapters
from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Refused, refuse

_OPTIONS = "mediapipe.ImageGenCalculatorOptions"
_WRONG_SIZE = "INVALID_ARGUMENT: size field is not in correct format - WxH"
_STATIC_ONLY, _DYNAMIC_ONLY = ("num_images_per_prompt", "guidance_scale"), ("max_resolution",)
Size: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ImageGeneration:
    """What the side packet of a node holds: the pipelines the model's folder allows, and the options' bounds."""

    from_text: Any
    from_image: Any
    inpainting: Any
    greatest: Size
    default_size: Size | None
    steps: int
    most_steps: int
    most_images: int
    adapters: Adapters = field(default_factory=Adapters)
    lock: threading.Lock = field(default_factory=threading.Lock)


def load(graph: str, options: NodeOptions) -> ImageGeneration:
    """The pipelines of a node. Raises :class:`Refused`."""
    if options.type_name != _OPTIONS:
        journal.error("Failed to unpack calculator options", "modelmanager")
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
    try:
        properties = _arguments(options)
    except Refused as refusal:
        journal.error(
            f"Failed to prepare Image Gen pipeline args for node: {graph}. Error: {refusal.status.text}", "modelmanager"
        )
        raise
    try:
        adapters = load_adapters(options)
        from_text, from_image, inpainting = _pipelines(options, {**properties, **adapters.properties()})
    except RuntimeError as error:
        journal.error(f"Failed to create Image Generation pipelines: {graph}. Error: {error}", "modelmanager")
        raise refuse("INTERNAL_ERROR") from error
    default = str(options["default_resolution"] or "")
    return ImageGeneration(
        from_text,
        from_image,
        inpainting,
        _size(str(options["max_resolution"])),
        _size(default) if default else None,
        int(options["default_num_inference_steps"]),
        int(options["max_num_inference_steps"]),
        int(options["max_num_images_per_prompt"]),
        adapters,
    )


def _pipelines(options: NodeOptions, properties: dict[str, Any]) -> tuple[Any, Any, Any]:
    """From text, from an image, into a mask. Those that cannot be made are ``None``; with none at all RuntimeError.

    Each is made of another one and shares its parts where that can be done, else of the files.
    """
    import openvino_genai

    path, problems = options.path(), ["no pipeline could be made"]

    def first(kind: Any, *sources: Any) -> Any:
        for source in (*(made for made in sources if made is not None), None):
            try:
                if source is not None:
                    return kind(source)
                pipeline = kind(path)
                _compile(pipeline, options, properties)
                return pipeline
            except RuntimeError as error:
                problems.append(str(error))
                journal.warning(f"Failed to create {kind.__name__}: {error}")
        return None

    inpainting = first(openvino_genai.InpaintingPipeline)
    from_image = first(openvino_genai.Image2ImagePipeline, inpainting)
    from_text = first(openvino_genai.Text2ImagePipeline, from_image, inpainting)
    if from_text is None and from_image is None and inpainting is None:
        journal.error(f"Failed to create any image generation pipeline from: {path}")
        raise RuntimeError(f"Failed to create any image generation pipeline from: {path}\n{problems[-1]}")
    return from_text, from_image, inpainting


def _compile(pipeline: Any, options: NodeOptions, properties: dict[str, Any]) -> None:
    """Give the shapes that are fixed, then compile; three devices are for the text, the picture and its pixels."""
    import openvino_genai

    fixed = [_size(word) for word in str(options["resolution"] or "").split()]
    if len(fixed) == 1:
        usual = openvino_genai.ImageGenerationConfig()
        number = options["num_images_per_prompt"] if options.has("num_images_per_prompt") else None
        guidance = options["guidance_scale"] if options.has("guidance_scale") else usual.guidance_scale
        pipeline.reshape(number or usual.num_images_per_prompt, *fixed[0], guidance)
    pipeline.compile(*(str(options["device"] or "").split() or ["CPU"]), **properties)


def _arguments(options: NodeOptions) -> dict[str, Any]:
    path = options.path()
    if not path.exists() or ".." in path.parts:
        journal.error(f"Models path does not exist: {path}", "modelmanager")
        raise refuse("PATH_INVALID")
    devices = str(options["device"] or "CPU").split()
    if len(devices) not in (1, 3):
        raise refuse("DEVICE_WRONG_FORMAT")
    fixed = [_size(word) for word in str(options["resolution"] or "").split()]
    if len(set(fixed)) != len(fixed):
        raise refuse("SHAPE_WRONG_FORMAT")
    if "NPU" in devices and len(fixed) != 1:
        raise refuse("SHAPE_DYNAMIC_BUT_NPU_USED")
    if (fixed and any(options.has(n) for n in _DYNAMIC_ONLY)) or (
        not fixed and any(options.has(n) for n in _STATIC_ONLY)
    ):
        raise refuse("STATIC_RESOLUTION_MISUSE")
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        journal.error(f"Error during image_gen node plugin_config option parsing to JSON: {error}", "modelmanager")
        raise refuse("PLUGIN_CONFIG_WRONG_FORMAT") from error
    greatest = _size(str(options["max_resolution"]))
    if options["default_resolution"]:
        _check_default(_size(str(options["default_resolution"])), greatest, fixed)
    return properties


def _size(text: str) -> Size:
    match = re.fullmatch(r"(\d{1,9})x(\d{1,9})", text)
    if match is None:
        journal.error(f"Failed to parse resolution: {_WRONG_SIZE}", "modelmanager")
        journal.error(f"Failed to parse resolution: {text}", "modelmanager")
        raise refuse("SHAPE_WRONG_FORMAT", _WRONG_SIZE)
    return int(match[1]), int(match[2])


def _check_default(size: Size, greatest: Size, fixed: list[Size]) -> None:
    if size[0] > greatest[0] or size[1] > greatest[1]:
        journal.error(
            f"Default resolution exceeds maximum allowed resolution: ({size[0]}x{size[1]}) > "
            f"({greatest[0]}x{greatest[1]})",
            "modelmanager",
        )
        raise refuse("DEFAULT_EXCEEDS_MAXIMUM_ALLOWED_RESOLUTION")
    if fixed and size not in fixed:
        raise refuse("SHAPE_WRONG_FORMAT")
