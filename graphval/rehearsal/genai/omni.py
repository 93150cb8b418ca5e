"""``OMNI``: a model that sees and hears, and speaks its answers if it is asked to.

A visual pipeline and a talker of the same folder, one request at a time. Speech comes after the whole text, and not in
streams.
Source: OVMS ``src/llm/omni_model/legacy/servable_initializer.cpp``, ``servable.cpp``, its documentation of Omni models
(2026.4).
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from graphval.rehearsal.genai.generation import Generated, Generation, Prompt, ThreadedGeneration, token_streamer

SPOKEN_RATE = 24_000
"""Samples in a second of what such a model says."""
_TALKER = "openvino_talker_model.xml"


def is_omni(path: Path) -> bool:
    """Whether a folder holds such a model."""
    return (path / _TALKER).exists()


class Omni:
    """The loaded pipeline. Its construction raises RuntimeError as OpenVINO GenAI does."""

    def __init__(self, path: Path, device: str, properties: dict[str, Any]) -> None:
        import openvino_genai

        self._visual = openvino_genai.VLMPipeline(path, device, **properties)
        talker = openvino_genai.Talker(path, device, **properties)
        self._pipeline = openvino_genai.OmniPipeline(self._visual, talker)
        self._lock = threading.Lock()
        self.tokenizer = openvino_genai.Tokenizer(path)

    def settings(self) -> Any:
        return self._visual.get_generation_config()

    def generate(self, prompt: Prompt, settings: Any) -> Generation:
        def call(streamer: Any, *, aloud: bool = False) -> Any:
            return self._pipeline.generate(
                prompt.text,
                images=list(prompt.images),
                audios=list(prompt.sounds),
                text_config=settings,
                talker_speech_config=_speech(prompt.voice if aloud else None),
                streamer=streamer,
            )

        def complete() -> list[Generated]:
            tokens: list[int] = []
            result = call(token_streamer(tokens.extend, lambda: False), aloud=True)
            spoken = result.speech_result.waveforms if prompt.voice is not None else []
            return [Generated(tokens, "stop", [], spoken[0].data.flatten() if spoken else None)]

        return ThreadedGeneration(self._lock, call, complete)


def _speech(voice: str | None) -> Any:
    import openvino_genai

    wish = openvino_genai.OmniTalkerSpeechConfig()
    wish.return_audio = voice is not None
    if voice:
        wish.speaker = voice
    return wish
