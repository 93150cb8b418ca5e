"""``S2tCalculator``: the words in an audio file.

Source: OVMS ``src/audio/speech_to_text/s2t_calculator.cc`` (2026.4).
"""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING, Any

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai.audio import AudioError, samples_of
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.speech import SpeechRecognition
from graphval.rehearsal.http_payload import HttpPayload, Multipart
from graphval.rehearsal.nodes.http_node import REQUEST, RESPONSE, payload_of, resource
from graphval.rehearsal.nodes.interface import Call, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

LOOPBACK = ("LOOPBACK", 0)
_FILE = "src/audio/speech_to_text/s2t_calculator.cc"
_TRANSCRIPTIONS, _TRANSLATIONS = "audio/transcriptions", "audio/translations"


class SpeechToTextNode:
    """Transcribes or translates the sound of a request, at once or piece by piece."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._pieces: queue.SimpleQueue[str | Exception | None] | None = None
        self._said = ""
        self._timestamp = 0

    def open(self) -> None:
        """What was loaded is looked up at each request, not here."""

    def process(self, call: Call) -> None:
        payload = payload_of(call, REQUEST, self._surroundings)
        if payload is not None:
            self._timestamp = call.timestamp
            self._begin(payload, call)
        if self._pieces is not None:
            self._go_on(self._pieces, call)

    def close(self) -> None:
        self._pieces = None

    def _begin(self, payload: HttpPayload, call: Call) -> None:
        found = resource(self._node, self._surroundings, SpeechRecognition, "STT_NODE_RESOURCES", "STT", _FILE)
        path = payload.uri.removeprefix("/v3/").removeprefix("/v1/")
        if not path.startswith((_TRANSCRIPTIONS, _TRANSLATIONS)):
            raise invalid(f"Unsupported URI: {payload.uri}")
        form = payload.multipart
        if form is None:
            raise invalid("Failed to parse multipart data")
        stream = form.fields.get("stream") == "true"
        if stream and not self._node.inputs.has("LOOPBACK"):
            raise invalid("streaming is not supported for this graph configuration (LOOPBACK not configured)")
        content = form.files.get("file", b"")
        if not content:
            raise invalid("File parsing fails")
        try:
            samples = samples_of(content)
        except AudioError as error:
            raise invalid("Received input file is not valid wav nor mp3 audio file") from error
        settings = _settings(found, form, translate=path.startswith(_TRANSLATIONS))
        if stream:
            self._pieces = _started(found, samples, settings)
            self._said = ""
            return
        try:
            with found.lock:
                result = found.pipeline.generate(samples.tolist(), settings)
        except RuntimeError as error:
            raise invalid(str(error)) from error
        document: dict[str, Any] = {"text": result.texts[0] if result.texts else ""}
        if settings.word_timestamps:
            document["words"] = [
                {"word": w.word, "start": w.start_ts, "end": w.end_ts} for row in result.words or [] for w in row
            ]
        if settings.return_timestamps and "segment" in _granularities(form):
            document["segments"] = [{"text": c.text, "start": c.start_ts, "end": c.end_ts} for c in result.chunks or []]
        call.emit(RESPONSE, bindings()._packet_creator.create_string(json.dumps(document)), call.timestamp)

    def _go_on(self, pieces: queue.SimpleQueue[str | Exception | None], call: Call) -> None:
        piece = pieces.get()
        create = bindings()._packet_creator
        if isinstance(piece, Exception):
            raise invalid(str(piece)) from piece
        if piece is None:
            self._pieces = None
            done = _event({"type": "transcript.text.done", "text": self._said}) + "data: [DONE]\n\n"
            call.emit(RESPONSE, create.create_string(done), self._timestamp)
            return
        self._said += piece
        call.emit(
            RESPONSE, create.create_string(_event({"type": "transcript.text.delta", "delta": piece})), self._timestamp
        )
        call.emit(LOOPBACK, create.create_bool(True), self._timestamp + 1)
        self._timestamp += 1


def _event(document: Any) -> str:
    return f"data: {json.dumps(document)}\n\n"


def _granularities(form: Multipart) -> set[str]:
    return {
        form.fields[name] for name in ("timestamp_granularities[]", "timestamp_granularities") if name in form.fields
    }


def _settings(found: SpeechRecognition, form: Multipart, *, translate: bool) -> Any:
    """Generation settings of a request. Raises :class:`NodeError`."""
    settings = found.pipeline.get_generation_config()
    if translate:
        settings.task = "translate"
    language = form.fields.get("language", "")
    if language:
        if not 2 <= len(language) <= 3:
            raise invalid("Invalid language code.")
        settings.language = f"<|{language}|>"
    if "temperature" in form.fields:
        try:
            settings.temperature = float(form.fields["temperature"])
        except ValueError as error:
            raise invalid("Invalid temperature type.") from error
        if not 0 <= settings.temperature <= 2:
            raise invalid("Temperature out of range(0.0, 2.0)")
    wanted = _granularities(form)
    if wanted - {"word", "segment"}:
        raise invalid('Invalid timestamp_granularities type. Allowed types: "segment", "word"')
    if "word" in wanted:
        if not found.word_timestamps:
            raise invalid("Word timestamps not supported for this model")
        settings.word_timestamps = True
    settings.return_timestamps = bool(wanted)
    return settings


def _started(found: SpeechRecognition, samples: Any, settings: Any) -> queue.SimpleQueue[str | Exception | None]:
    """Pieces of text as they are recognised; ``None`` follows the last one."""
    pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

    def take(text: str) -> bool:
        pieces.put(text)
        return False

    def run() -> None:
        try:
            with found.lock:
                found.pipeline.generate(samples.tolist(), settings, streamer=take)
        except RuntimeError as error:
            pieces.put(error)
            return
        pieces.put(None)

    threading.Thread(target=run, name="transcription", daemon=True).start()
    return pieces
