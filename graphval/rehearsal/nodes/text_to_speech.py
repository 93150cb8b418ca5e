"""``T2sCalculator``: an audio file of a text.

Source: OVMS ``src/audio/text_to_speech/t2s_calculator.cc`` (2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai.audio import wav_of
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.speech import SpeechSynthesis
from graphval.rehearsal.nodes.http_node import REQUEST, RESPONSE, payload_of, resource
from graphval.rehearsal.nodes.interface import Call, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.T2sCalculatorOptions"
_FILE = "src/audio/text_to_speech/t2s_calculator.cc"


class TextToSpeechNode:
    """Answers a request with its text spoken."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        options = node.options_of(OPTIONS)
        message: Any = options.message if options is not None else None
        self._slowest = float(message.speed_min) if message is not None else 0.25
        self._fastest = float(message.speed_max) if message is not None else 4.0

    def open(self) -> None:
        if not self._slowest <= self._fastest:
            raise invalid(
                f"Invalid T2sCalculatorOptions: speed_min ({self._slowest:g}) must be <= speed_max ({self._fastest:g})"
            )

    def process(self, call: Call) -> None:
        found = resource(self._node, self._surroundings, SpeechSynthesis, "TTS_NODE_RESOURCES", "TTS", _FILE)
        payload = payload_of(call, REQUEST, self._surroundings)
        if payload is None:
            return
        if not payload.uri.removeprefix("/v3/").removeprefix("/v1/").startswith("audio/speech"):
            raise invalid(f"Unsupported URI: {payload.uri}")
        text, voice, settings = self._read(payload.document)
        speaker = None
        if voice is not None:
            if voice not in found.voices:
                raise invalid(f"Requested voice '{voice}' not found in available voices")
            speaker = found.voices[voice]
        try:
            with found.lock:
                result = found.pipeline.generate(text, speaker, **settings)
        except RuntimeError as error:
            raise invalid(str(error)) from error
        samples = np.array(result.speeches[0].data).reshape(-1)
        content = wav_of(samples, int(result.output_sample_rate))
        call.emit(RESPONSE, bindings()._packet_creator.create_string(content), call.timestamp)

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, document: Any) -> tuple[str, str | None, dict[str, Any]]:
        """Text, voice and settings of a request. Raises :class:`NodeError`."""
        if document is None:
            raise invalid("Failed to parse JSON")
        if not isinstance(document, dict):
            raise invalid("JSON body must be an object")
        if "input" not in document:
            raise invalid("input field is missing in JSON body")
        if "stream_format" in document:
            raise invalid("streaming is not supported")
        for name in ("input", "voice", "language"):
            if not isinstance(document.get(name, ""), str):
                raise invalid(f"{name} field is not a string")
        settings: dict[str, Any] = {}
        speed = document.get("speed")
        if speed is not None:
            if not isinstance(speed, int | float) or isinstance(speed, bool):
                raise invalid("speed field is not a number")
            if not self._slowest <= speed <= self._fastest:
                raise invalid(f"speed must be in range [{self._slowest:g}, {self._fastest:g}]")
            settings["speed"] = float(speed)
        if "language" in document:
            settings["language"] = document["language"]
        return document["input"], document.get("voice"), settings
