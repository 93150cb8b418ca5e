"""Generating text: one object per request, whichever pipeline the options selected.

Continuous batching keeps many requests in one pipeline that is stepped; each of ours steps it while it waits for its
own tokens, where OVMS has a thread for it. The other pipelines (``LM``, ``VLM``) take one request at a time.
Source: OVMS ``src/llm/continuous_batching/``, ``src/llm/language_model/legacy/`` (2026.4).
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: a text and its tokens, and beside it images and sounds as tensors.

    ``voice`` is the name of the voice that is to speak the answer, empty for the model's own, ``None`` for no speech.
    """

    text: str
    tokens: Any
    images: Sequence[Any] = ()
    sounds: Sequence[Any] = ()
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """One finished sequence: token numbers, why it ended (``stop``, ``length``), log probabilities if asked for.

    ``spoken`` are the samples of its speech, if there is any.
    """

    tokens: list[int]
    finish_reason: str
    log_probs: list[float]
    spoken: Any = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens of a stream, perhaps none. ``finish_reason`` is set on the last ones."""

    tokens: list[int]
    finish_reason: str | None = None


class Generation(Protocol):
    """The work for one request. Any method may raise RuntimeError as OpenVINO GenAI does."""

    def complete(self) -> list[Generated]:
        """Everything at once."""

    def next_piece(self) -> Piece:
        """The next piece of a stream."""

    def cancel(self) -> None:
        """Give up; safe at any time."""


class TextPipeline(Protocol):
    """A loaded pipeline."""

    @property
    def tokenizer(self) -> Any: ...

    def settings(self) -> Any:
        """A fresh copy of the model's generation settings."""

    def generate(self, prompt: Prompt, settings: Any) -> Generation:
        """Begin."""


def finish_reason(reason: Any) -> str:
    """Why OpenVINO GenAI ended an answer, in OVMS's words."""
    return {"STOP": "stop", "LENGTH": "length"}.get(reason.name, "unknown")


class ContinuousBatching:
    """``LM_CB`` and ``VLM_CB``."""

    def __init__(self, pipeline: Any, visual: bool) -> None:
        self._pipeline = pipeline
        self._visual = visual
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.tokenizer = pipeline.get_tokenizer()

    def settings(self) -> Any:
        return self._pipeline.get_config()

    def generate(self, prompt: Prompt, settings: Any) -> Generation:
        with self._lock:
            number = next(self._numbers)
            if self._visual:
                handle = self._pipeline.add_request(number, prompt.text, list(prompt.images), settings)
            else:
                handle = self._pipeline.add_request(number, prompt.tokens, settings)
        return _BatchedGeneration(self, handle)

    def step_until(self, ready: Callable[[], bool]) -> None:
        """Step the pipeline until ``ready`` or until nothing is left to do."""
        while not ready():
            with self._lock:
                if ready() or not self._pipeline.has_non_finished_requests():
                    return
                self._pipeline.step()


class _BatchedGeneration:
    def __init__(self, pipeline: ContinuousBatching, handle: Any) -> None:
        self._pipeline = pipeline
        self._handle = handle

    def complete(self) -> list[Generated]:
        self._pipeline.step_until(lambda: self._handle.get_status().name != "RUNNING")
        outputs = self._handle.read_all()
        return [
            Generated(list(o.generated_ids), finish_reason(o.finish_reason), list(o.generated_log_probs))
            for o in outputs
        ]

    def next_piece(self) -> Piece:
        self._pipeline.step_until(self._handle.can_read)
        if not self._handle.can_read():
            return Piece([], "unknown")
        (output,) = self._handle.read().values()
        ended = output.finish_reason.name != "NONE"
        return Piece(list(output.generated_ids), finish_reason(output.finish_reason) if ended else None)

    def cancel(self) -> None:
        self._handle.cancel()


class OneAtATime:
    """``LM`` and ``VLM``: the pipelines that hold one conversation."""

    def __init__(self, pipeline: Any, visual: bool) -> None:
        self._pipeline = pipeline
        self._visual = visual
        self._lock = threading.Lock()
        self.tokenizer = pipeline.get_tokenizer()

    def settings(self) -> Any:
        return self._pipeline.get_generation_config()

    def generate(self, prompt: Prompt, settings: Any) -> Generation:
        def call(streamer: Any) -> Any:
            if self._visual:
                return self._pipeline.generate(prompt.text, list(prompt.images), settings, streamer)
            return self._pipeline.generate(prompt.tokens, settings, streamer)

        return ThreadedGeneration(self._lock, call, lambda: self._complete(call))

    def _complete(self, call: Callable[[Any], Any]) -> list[Generated]:
        result = call(None)
        if hasattr(result, "tokens"):
            # Both of OVMS's legacy servables say "stop", however it ended.
            return [Generated(list(tokens), "stop", []) for tokens in result.tokens]
        return [Generated(self._encode(text), "stop", []) for text in result.texts]

    def _encode(self, text: str) -> list[int]:
        return [int(t) for t in self.tokenizer.encode(text, add_special_tokens=False).input_ids.data.flat]


class ThreadedGeneration:
    """One call of a pipeline that blocks; for a stream it runs on a thread of its own and hands its tokens over.

    ``call`` takes a streamer; ``complete`` answers at once. Only one of all that share the lock runs at a time.
    """

    def __init__(
        self, lock: threading.Lock, call: Callable[[Any], Any], complete: Callable[[], list[Generated]]
    ) -> None:
        self._lock = lock
        self._call = call
        self._complete = complete
        self._pieces: queue.SimpleQueue[Piece | Exception] | None = None
        self._cancelled = False

    def complete(self) -> list[Generated]:
        with self._lock:
            return self._complete()

    def next_piece(self) -> Piece:
        if self._pieces is None:
            self._pieces = queue.SimpleQueue()
            threading.Thread(target=self._run, args=(self._pieces,), name="generation", daemon=True).start()
        piece = self._pieces.get()
        if isinstance(piece, Exception):
            raise piece
        return piece

    def cancel(self) -> None:
        self._cancelled = True

    def _run(self, pieces: queue.SimpleQueue[Piece | Exception]) -> None:
        try:
            with self._lock:
                self._call(token_streamer(lambda tokens: pieces.put(Piece(tokens)), lambda: self._cancelled))
        except RuntimeError as error:
            pieces.put(error)
            return
        pieces.put(Piece([], "stop"))


def token_streamer(take: Callable[[list[int]], None], cancelled: Callable[[], bool]) -> Any:
    """What a pipeline hands its tokens to as they come."""
    import openvino_genai

    class Streamer(openvino_genai.StreamerBase):  # type: ignore[misc]  # the wheel has no types
        def write(self, token: int | Sequence[int]) -> Any:
            take([token] if isinstance(token, int) else list(token))
            status = openvino_genai.StreamingStatus
            return status.CANCEL if cancelled() else status.RUNNING

        def end(self) -> None:
            """The pipeline's return says the same."""

    return Streamer()
