"""Speech to text and text to speech.

Source: OVMS ``src/audio/`` (2026.4), lifecycle facts 3.6 and 3.7.
"""

from __future__ import annotations

import json
from typing import Any

from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Escaped, refuse


def load_recognition(options: NodeOptions) -> Any:
    """The pipeline of a speech to text node; nothing guards its construction, so failures escape."""
    _expect(options, "mediapipe.S2tCalculatorOptions")
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        raise Escaped(f"Error during s2t node plugin_config option parsing to JSON: {error}") from error
    try:
        import openvino_genai

        return openvino_genai.WhisperPipeline(options.path(), str(options["target_device"] or "CPU"), **properties)
    except RuntimeError as error:
        raise Escaped(str(error)) from error


def load_synthesis(graph: str, node: str, options: NodeOptions) -> Any:
    """The pipeline of a text to speech node. Raises :class:`Refused`; a malformed model config escapes."""
    _expect(options, "mediapipe.T2sCalculatorOptions")
    low, high = options["speed_min"], options["speed_max"]
    if not low <= high:
        journal.error(
            f"TextToSpeech node name: {node} invalid speed bounds in graph {graph}: speed_min ({low:g}) must "
            f"be <= speed_max ({high:g}).",
            "modelmanager",
        )
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
    path = options.path()
    config = path / "config.json"
    if config.is_file():
        try:
            json.loads(config.read_bytes())
        except ValueError as error:
            raise Escaped(str(error)) from error
    try:
        for voice in options["voices"]:
            if not (options.path().parent / voice.path).exists():
                raise RuntimeError(f"Requested voice speaker embeddings file does not exist: {voice.path}")
        import openvino_genai

        return openvino_genai.Text2SpeechPipeline(
            path, str(options["target_device"] or "CPU"), **options.plugin_config()
        )
    except (RuntimeError, PluginConfigError) as error:
        journal.error(f"TextToSpeech node name: {node} initialization failed: {error}. ", "modelmanager")
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID") from error


def _expect(options: NodeOptions, type_name: str) -> None:
    if options.type_name != type_name:
        journal.error("Failed to unpack calculator options", "modelmanager")
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
