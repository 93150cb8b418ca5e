"""The bodies that answer a request to a language model: whole, or event by event.

Source: OVMS ``src/llm/apis/openai_completions.cpp``, ``openai_responses.cpp`` (2026.4).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Sequence
from typing import Any

from graphval.rehearsal.genai.audio import pcm16_of, wav_of
from graphval.rehearsal.genai.chat_request import ChatRequest, Endpoint, Speech
from graphval.rehearsal.genai.generation import Generated
from graphval.rehearsal.genai.language_model import LanguageModel
from graphval.rehearsal.genai.omni import SPOKEN_RATE
from graphval.rehearsal.genai.parsers.delta import Content, Delta

DONE = "data: [DONE]\n\n"


def whole(request: ChatRequest, model: LanguageModel, outputs: Sequence[Generated], prompt_tokens: int) -> str:
    """The body of an answer at once."""
    completion = sum(len(output.tokens) for output in outputs)
    if request.settings.get("echo"):
        completion -= prompt_tokens * len(outputs)
    if request.endpoint is Endpoint.RESPONSES:
        return json.dumps(_response(request, model, outputs, prompt_tokens, completion))
    return json.dumps(
        {
            "choices": [_choice(request, model, index, output) for index, output in enumerate(outputs)],
            "created": int(time.time()),
            "model": request.model,
            "object": "chat.completion" if request.endpoint is Endpoint.CHAT else "text_completion",
            "usage": _usage(prompt_tokens, completion),
        }
    )


def chunk(request: ChatRequest, deltas: Sequence[Delta], finish_reason: str | None) -> str:
    """The events of a stream for what was said last; empty where there is nothing to say."""
    if request.endpoint is Endpoint.RESPONSES:
        return "".join(
            event({"type": "response.output_text.delta", "output_index": 0, "delta": delta.text})
            for delta in deltas
            if isinstance(delta, Content)
        )
    said: list[Delta | None] = [*deltas]
    if not said and finish_reason is not None:
        said.append(None)
    reasons = [None] * (len(said) - 1) + [finish_reason]
    return "".join(_piece(request, delta, reason) for delta, reason in zip(said, reasons, strict=False))


def _piece(request: ChatRequest, delta: Delta | None, finish_reason: str | None) -> str:
    choice: dict[str, Any] = {"finish_reason": finish_reason, "index": 0, "logprobs": None}
    if request.endpoint is Endpoint.CHAT:
        choice["delta"] = delta.document() if delta is not None else {}
    else:
        choice["text"] = delta.text if isinstance(delta, Content) else ""
    return event(_chunk(request, [choice]))


def closing(request: ChatRequest, prompt_tokens: int, completion_tokens: int) -> str:
    """What follows the last piece of a stream."""
    if request.endpoint is Endpoint.RESPONSES:
        completed = {"object": "response", "status": "completed", "model": request.model}
        return event({"type": "response.completed", "response": completed}) + DONE
    usage = ""
    if request.include_usage:
        usage = event({**_chunk(request, []), "usage": _usage(prompt_tokens, completion_tokens)})
    return usage + DONE


def spoken(samples: Any, speech: Speech) -> str:
    """A spoken answer in base64.

    Source: OVMS ``src/llm/omni_model/legacy/servable.cpp`` (2026.4).
    """
    content = wav_of(samples, SPOKEN_RATE) if speech.form == "wav" else pcm16_of(samples)
    return base64.b64encode(content).decode("ascii")


def with_calls(finish_reason: str, calls: bool) -> str:
    """Why an answer ended, which is for its calls if it has any and was not cut off."""
    return "tool_calls" if calls and finish_reason == "stop" else finish_reason


def event(document: Any) -> str:
    """One event of a stream."""
    return f"data: {json.dumps(document)}\n\n"


def _chunk(request: ChatRequest, choices: list[Any]) -> dict[str, Any]:
    kind = "chat.completion.chunk" if request.endpoint is Endpoint.CHAT else "text_completion.chunk"
    return {"choices": choices, "created": int(time.time()), "model": request.model, "object": kind}


def _choice(request: ChatRequest, model: LanguageModel, index: int, output: Generated) -> dict[str, Any]:
    choice: dict[str, Any] = {"finish_reason": output.finish_reason, "index": index, "logprobs": None}
    if request.logprobs:
        choice["logprobs"] = _logprobs(request, model, output)
    if request.endpoint is Endpoint.CHAT:
        parsed = model.parse(output.tokens, request)
        calls = [call.document() for call in parsed.calls]
        choice["message"] = {"content": parsed.content, "role": "assistant", "tool_calls": calls}
        if parsed.reasoning:
            choice["message"]["reasoning_content"] = parsed.reasoning
        if output.spoken is not None and request.speech is not None:
            data = spoken(output.spoken, request.speech)
            choice["message"]["audio"] = {"data": data, "transcript": parsed.content}
        choice["finish_reason"] = with_calls(output.finish_reason, bool(calls))
    else:
        choice["text"] = model.decode(output.tokens, request)
    return choice


def _logprobs(request: ChatRequest, model: LanguageModel, output: Generated) -> dict[str, Any]:
    words = [model.decode([token], request) for token in output.tokens]
    rows = list(zip(words, output.log_probs, strict=False))
    if request.endpoint is Endpoint.CHAT:
        return {
            "content": [
                {"token": word, "logprob": value, "bytes": list(word.encode()), "top_logprobs": []}
                for word, value in rows
            ]
        }
    starts = [len(model.decode(output.tokens[:position], request).encode()) for position in range(len(rows))]
    return {
        "tokens": [word for word, _ in rows],
        "token_logprobs": [value for _, value in rows],
        "top_logprobs": [{word: value} for word, value in rows],
        "text_offset": starts,
    }


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _response(
    request: ChatRequest, model: LanguageModel, outputs: Sequence[Generated], prompt: int, completion: int
) -> dict[str, Any]:
    return {
        "object": "response",
        "created_at": int(time.time()),
        "model": request.model,
        "status": "completed",
        "output": [
            {
                "id": f"msg-{index}",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [
                    {"type": "output_text", "text": model.decode(output.tokens, request), "annotations": []},
                    *_audio_part(request, output),
                ],
            }
            for index, output in enumerate(outputs)
        ],
        "usage": {"input_tokens": prompt, "output_tokens": completion, "total_tokens": prompt + completion},
    }


def _audio_part(request: ChatRequest, output: Generated) -> list[dict[str, Any]]:
    if output.spoken is None or request.speech is None:
        return []
    return [{"type": "output_audio", "data": spoken(output.spoken, request.speech)}]
