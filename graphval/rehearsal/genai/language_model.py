"""A loaded language model: what its node's requests are answered with.

Source: OVMS ``src/llm/servable.cpp``, ``src/llm/io_processing/base_generation_config_builder.cpp`` (2026.4).
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphval.rehearsal.genai.answer_text import AnswerText
from graphval.rehearsal.genai.audio import AudioError, mono_of
from graphval.rehearsal.genai.chat_request import ChatLimits, ChatRequest, Endpoint, Sound
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.generation import Generation, Prompt, TextPipeline
from graphval.rehearsal.genai.output_parser import OutputParser
from graphval.rehearsal.genai.parsers.delta import Parsed, joined
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import NotExercised

_LENGTH_FIELDS = ("max_position_embeddings", "n_positions", "seq_len", "seq_length", "n_ctx", "sliding_window")
_URL = re.compile(r"(?:http|https|ftp|sftp|)://.*", re.DOTALL)


def model_length(path: Path) -> int | None:
    """How many tokens the model's ``config.json`` says it can hold, ``None`` if it does not say."""
    file = path / "config.json"
    try:
        document = json.loads(file.read_bytes()) if file.is_file() else {}
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    return next((document[f] for f in _LENGTH_FIELDS if isinstance(document.get(f), int) and document[f] >= 0), None)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """``speculative`` says which way of guessing ahead the options chose, empty for none."""

    pipeline: TextPipeline
    limits: ChatLimits
    visual: bool
    speculative: str = ""
    parser: OutputParser = field(default_factory=OutputParser)

    def begin(self, request: ChatRequest) -> tuple[Generation, int]:
        """Start generating; also the number of prompt tokens. Raises :class:`NodeError`, or RuntimeError from below."""
        prompt = request.full_prompt = self._prompt(request)
        tokens = self._encode(request, prompt)
        count = int(tokens.size)
        images = [_image(place) for place in request.images] if self.visual else []
        sounds = [_sound(sound) for sound in request.sounds]
        voice = request.speech.voice if request.speech is not None and self.limits.hears else None
        return self.pipeline.generate(Prompt(prompt, tokens, images, sounds, voice), self._settings(request)), count

    def decode(self, tokens: list[int], request: ChatRequest) -> str:
        return str(self.pipeline.tokenizer.decode(tokens, skip_special_tokens=request.skip_special_tokens))

    def answer(self, request: ChatRequest) -> AnswerText:
        """The text of an answer as its tokens come; that to a chat is taken apart."""
        chat = request.endpoint is Endpoint.CHAT
        reader = self.parser.read(request.tools, request.full_prompt) if chat else None
        return AnswerText(self.pipeline.tokenizer, reader, special=not request.skip_special_tokens)

    def parse(self, tokens: list[int], request: ChatRequest) -> Parsed:
        """A whole answer to a chat, taken apart."""
        text = self.answer(request)
        return joined([*text.write(tokens), *text.end()])

    def tokenize(self, document: Any) -> str:
        """The body that answers a request to the tokenize endpoint. Raises :class:`NodeError`."""
        return tokenize(self.pipeline.tokenizer, document)

    def _prompt(self, request: ChatRequest) -> str:
        if request.endpoint is Endpoint.COMPLETIONS:
            return request.prompt
        try:
            text = self.pipeline.tokenizer.apply_chat_template(
                request.messages,
                add_generation_prompt=True,
                tools=request.tools or None,
                extra_context=request.template_context or None,
            )
        except (RuntimeError, TypeError, ValueError) as error:
            journal.debug(f"Failed to apply chat template: {error}", "llm_calculator")
            raise invalid(
                "Failed to apply chat template. The model either does not have chat template or has an invalid one."
            ) from error
        if not text:
            raise invalid("Final prompt after applying chat template is empty")
        return str(text)

    def _encode(self, request: ChatRequest, prompt: str) -> Any:
        special = request.endpoint is Endpoint.COMPLETIONS
        tokens = self.pipeline.tokenizer.encode(prompt, add_special_tokens=special).input_ids
        size, longest, more = int(tokens.size), self.limits.model_length, request.max_tokens
        if longest is not None:
            if size > longest:
                raise invalid(f"Number of prompt tokens: {size} exceeds model max length: {longest}")
            if more is not None and size + more > longest:
                raise invalid(
                    f"Number of prompt tokens: {size} + max tokens value: {more} exceeds model max length: {longest}"
                )
        return tokens

    def _settings(self, request: ChatRequest) -> Any:
        settings = self.pipeline.settings()
        settings.apply_chat_template = False  # the prompt is what a template has made already
        if request.max_tokens is not None:
            settings.max_new_tokens = request.max_tokens
        if self.limits.model_length is not None:
            settings.max_length = self.limits.model_length
        settings.num_beams, settings.num_beam_groups = request.best_of, 1
        settings.num_return_sequences = request.number
        for name, value in request.settings.items():
            setattr(settings, name, value)
        settings.do_sample = settings.temperature > 0.0 and settings.num_beams == 1
        if request.logprobs:
            settings.logprobs = 1
        if self.speculative == "draft" and not settings.num_assistant_tokens:
            settings.num_assistant_tokens = 5
        if self.speculative == "prompt_lookup":
            settings.num_assistant_tokens = settings.num_assistant_tokens or 5
            settings.max_ngram_size = settings.max_ngram_size or 3
        return settings


def tokenize(tokenizer: Any, document: Any) -> str:
    """Source: OVMS ``src/tokenize/tokenize_parser.cpp`` (2026.4). Raises :class:`NodeError`."""
    if not isinstance(document, dict):
        raise invalid("Received json is not an object")
    if "text" not in document:
        raise invalid("text field is required")
    written = document["text"]
    texts = [written] if isinstance(written, str) else written
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise invalid("text should be string or array of strings")
    options: dict[str, Any] = {}
    for name, kind, objection in (
        ("max_length", int, "max_length should be integer"),
        ("pad_to_max_length", bool, "pad_to_max_length should be boolean"),
        ("padding_side", str, "padding_side should be string, either left or right"),
        ("add_special_tokens", bool, "add_special_tokens should be boolean"),
    ):
        value = document.get(name)
        if value is None:
            continue
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise invalid(objection)
        options[name] = value
    if options.get("padding_side", "left") not in ("left", "right"):
        raise invalid("padding_side should be either left or right")
    tokens = tokenizer.encode(texts, **options)
    rows = [
        [int(t) for t, kept in zip(row, mask, strict=True) if kept or options.get("pad_to_max_length")]
        for row, mask in zip(tokens.input_ids.data, tokens.attention_mask.data, strict=True)
    ]
    return json.dumps({"tokens": rows[0] if isinstance(written, str) else rows})


def _sound(sound: Sound) -> Any:
    """The tensor of a sound given as base64, at its own rate. Raises :class:`NodeError`.

    Source: OVMS ``src/llm/io_processing/input_processors/audio_decoding_processor.cpp`` (2026.4).
    """
    import openvino

    if not sound.data:
        raise invalid("input_audio data field is empty")
    try:
        content = base64.b64decode(sound.data, validate=True)
    except binascii.Error as error:
        raise invalid("Invalid base64 string in input_audio data") from error
    try:
        return openvino.Tensor(mono_of(content, sound.form))
    except AudioError as error:
        raise invalid(f"Audio decoding failed: {error}") from error


def _image(place: str) -> Any:
    """The tensor of an image given as base64. Raises :class:`NodeError`."""
    _, found, text = place.partition("base64,")
    if not found:
        if _URL.fullmatch(place):
            raise invalid("Given url does not match any allowed domain from allowed_media_domains")
        raise invalid("Loading images from local filesystem is disabled.")
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise invalid("Invalid base64 string in request") from error
    return image_tensor(content)


def image_tensor(content: bytes) -> Any:
    """A ``[1, H, W, 3]`` tensor of the bytes of an image file. Raises :class:`NodeError`."""
    try:
        from PIL import Image
    except ModuleNotFoundError as error:
        raise NotExercised("a request with an image: Pillow is not installed") from error
    import numpy as np
    import openvino

    try:
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise invalid(f"Image parsing failed: {error}") from error
    return openvino.Tensor(np.ascontiguousarray(pixels[np.newaxis]))
