"""Speech to text and text to speech.

Source: OVMS ``src/audio/`` (2026.4).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Escaped, refuse


@dataclass(frozen=True, slots=True)
class SpeechRecognition:
    """What the side packet of a speech to text node holds."""

    pipeline: Any
    word_timestamps: bool
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class SpeechSynthesis:
    """What the side packet of a text to speech node holds; ``voices`` are speaker embeddings by name."""

    pipeline: Any
    voices: Mapping[str, Any]
    lock: threading.Lock = field(default_factory=threading.Lock)


def load_recognition(options: NodeOptions) -> SpeechRecognition:
    """The pipeline of a speech to text node; nothing guards its construction, so failures escape."""
    _expect(options, "mediapipe.S2tCalculatorOptions")
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        raise Escaped(f"Error during s2t node plugin_config option parsing to JSON: {error}") from error
    try:
        # The kind of model is read from here first.
        json.loads((options.path() / "config.json").read_bytes())
        import openvino_genai

        words = bool(options["enable_word_timestamps"])
        if words:
            properties = {**properties, "word_timestamps": True}
        pipeline = openvino_genai.WhisperPipeline(options.path(), str(options["target_device"] or "CPU"), **properties)
        return SpeechRecognition(pipeline, words)
    except (RuntimeError, OSError, ValueError) as error:
        raise Escaped(str(error)) from error


def load_synthesis(graph: str, node: str, options: NodeOptions) -> SpeechSynthesis:
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
        voices = {voice.name: _voice(options.resolve(voice.path)) for voice in options["voices"]}
        import openvino_genai

        pipeline = openvino_genai.Text2SpeechPipeline(
            path, str(options["target_device"] or "CPU"), **options.plugin_config()
        )
        return SpeechSynthesis(pipeline, voices)
    except (RuntimeError, PluginConfigError) as error:
        journal.error(f"TextToSpeech node name: {node} initialization failed: {error}. ", "modelmanager")
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID") from error


def _voice(file: Path) -> Any:
    """A speaker embedding: floats, as many as the file holds. Raises RuntimeError."""
    if not file.exists():
        raise RuntimeError(f"Requested voice speaker embeddings file does not exist: {file}")
    import numpy as np
    import openvino

    values = np.frombuffer(file.read_bytes(), np.float32) if file.stat().st_size % 4 == 0 else np.empty(0, np.float32)
    if values.size == 0:
        raise RuntimeError(f"Invalid speaker embeddings file: {file}")
    return openvino.Tensor(values.reshape(1, -1).copy())


def _expect(options: NodeOptions, type_name: str) -> None:
    if options.type_name != type_name:
        journal.error("Failed to unpack calculator options", "modelmanager")
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
