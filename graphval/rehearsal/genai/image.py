"""Image generation.

Source: OVMS ``src/image_gen/`` (2026.4), lifecycle facts 3.5.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Refused, refuse

_OPTIONS = "mediapipe.ImageGenCalculatorOptions"
_WRONG_SIZE = "INVALID_ARGUMENT: size field is not in correct format - WxH"
_STATIC_ONLY, _DYNAMIC_ONLY = ("num_images_per_prompt", "guidance_scale"), ("max_resolution",)
Size: TypeAlias = tuple[int, int]


def load(graph: str, options: NodeOptions) -> Any:
    """The pipeline of a node. Raises :class:`Refused`."""
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
        import openvino_genai

        device = str(options["device"] or "CPU").split(" ")[0]
        return openvino_genai.Text2ImagePipeline(options.path(), device, **properties)
    except RuntimeError as error:
        journal.error(f"Failed to create Image Generation pipelines: {graph}. Error: {error}", "modelmanager")
        raise refuse("INTERNAL_ERROR") from error


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
