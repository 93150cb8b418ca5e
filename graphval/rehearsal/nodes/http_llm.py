"""``HttpLLMCalculator``: answers a request at once, or piece by piece with a turn of ``LOOPBACK`` for each.

Source: OVMS ``src/llm/http_llm_calculator.cc``, ``src/llm/servable.cpp`` (2026.4). The first packets bear timestamp 0;
each turn's bear the time at which the one before ended.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai import chat_response
from graphval.rehearsal.genai.answer_text import AnswerText
from graphval.rehearsal.genai.chat_request import ChatRequest, Endpoint, endpoint_of, read_chat_request
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.generation import Generation, Piece
from graphval.rehearsal.genai.language_model import LanguageModel
from graphval.rehearsal.genai.parsers.delta import calls_in, merged
from graphval.rehearsal.http_payload import HttpPayload
from graphval.rehearsal.journal import journal
from graphval.rehearsal.nodes.http_node import REQUEST, RESPONSE, payload_of, resource
from graphval.rehearsal.nodes.interface import Call, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

LOOPBACK = ("LOOPBACK", 0)


class HttpLlmNode:
    """Answers a request of a chat, a completion or a response; one at a time."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._model: LanguageModel | None = None
        self._request: ChatRequest | None = None
        self._generation: Generation | None = None
        self._answer: AnswerText | None = None
        self._called = False
        self._prompt_tokens = self._completion_tokens = 0
        self._timestamp = 0

    def open(self) -> None:
        self._model = resource(
            self._node, self._surroundings, LanguageModel, "LLM_NODE_RESOURCES", "LLM", "src/llm/http_llm_calculator.cc"
        )

    def process(self, call: Call) -> None:
        if self._model is None:
            raise AssertionError("a node that was not opened is not processed")
        try:
            if LOOPBACK not in call.packets:
                payload = payload_of(call, REQUEST, self._surroundings)
                if payload is None:
                    return
                if not self._begin(self._model, payload, call):
                    return
            if self._request is not None and self._generation is not None and self._answer is not None:
                self._go_on(self._model, self._request, self._generation, self._answer, call)
        except RuntimeError as error:
            journal.error(f"Error while generating: {error}", "llm_calculator")
            raise invalid("Response generation failed") from error

    def close(self) -> None:
        if self._generation is not None:
            self._generation.cancel()
            self._generation = None

    def _begin(self, model: LanguageModel, payload: HttpPayload, call: Call) -> bool:
        """Read a request and start generating; ``False`` where the answer is already given."""
        if payload.document is None:
            raise invalid("Non-json request received in text generation calculator")
        endpoint = endpoint_of(payload.uri)
        if endpoint is Endpoint.TOKENIZE:
            body = bindings()._packet_creator.create_string(model.tokenize(payload.document))
            call.emit(RESPONSE, body, self._timestamp)
            self._end_turn()
            return False
        if model.limits.hears and endpoint is Endpoint.COMPLETIONS:
            raise invalid(
                "Wrong endpoint. Omni Servable allowed only on /v3/chat/completions, /v3/responses endpoint or "
                "/v3/tokenize"
            )
        self._request = read_chat_request(payload.document, endpoint, model.limits)
        self._generation, self._prompt_tokens = model.begin(self._request)
        self._completion_tokens = 0
        self._answer, self._called = model.answer(self._request), False
        return True

    def _go_on(
        self, model: LanguageModel, request: ChatRequest, generation: Generation, answer: AnswerText, call: Call
    ) -> None:
        create = bindings()._packet_creator
        if not request.stream:
            outputs = generation.complete()
            self._generation = None
            body = chat_response.whole(request, model, outputs, self._prompt_tokens)
            call.emit(RESPONSE, create.create_string(body), self._timestamp)
        else:
            piece = generation.next_piece()
            self._completion_tokens += len(piece.tokens)
            text = self._events(request, answer, piece)
            if piece.finish_reason is not None:
                self._generation = None
                text += chat_response.closing(request, self._prompt_tokens, self._completion_tokens)
            if text:
                call.emit(RESPONSE, create.create_string(text), self._timestamp)
            if piece.finish_reason is None:
                call.emit(LOOPBACK, create.create_bool(True), self._timestamp)
        self._end_turn()

    def _events(self, request: ChatRequest, answer: AnswerText, piece: Piece) -> str:
        """What the stream says for these tokens."""
        deltas = answer.write(piece.tokens)
        if piece.finish_reason is None:
            self._called = self._called or calls_in(deltas)
            return chat_response.chunk(request, deltas, None)
        deltas = merged([*deltas, *answer.end()])
        reason = chat_response.with_calls(piece.finish_reason, self._called or calls_in(deltas))
        return chat_response.chunk(request, deltas, reason)

    def _end_turn(self) -> None:
        self._timestamp = max(time.time_ns() // 1000, self._timestamp + 1)
