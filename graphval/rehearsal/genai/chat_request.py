"""What a request to a language model asks for, checked as OVMS checks it and refused in its words.

Source: OVMS ``src/llm/apis/openai_api_handler.cpp``, ``openai_completions.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from graphval.rehearsal.genai.chat_values import UINT32, invalid, is_int, number, of_kind, positive

_MAX_STOP_WORDS = 16
_TOOL_CHOICES = ("none", "auto", "required")


class Endpoint(StrEnum):
    """What is asked of the model, by the end of the path."""

    CHAT = "/chat/completions"
    COMPLETIONS = "/completions"
    RESPONSES = "/responses"
    TOKENIZE = "/tokenize"


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """What the node's options and its model allow; ``None`` where nothing does. ``hears`` says that sounds may come."""

    max_tokens: int | None
    best_of: int
    model_length: int | None
    hears: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound in a message: an audio file in base64 and its form (``wav``, ``mp3``)."""

    data: str
    form: str


@dataclass(frozen=True, slots=True)
class Speech:
    """That the answer is to be spoken: by which voice, empty for the model's own, and as ``wav`` or ``pcm16``."""

    voice: str
    form: str


@dataclass(slots=True)
class ChatRequest:
    """A request that passed. ``settings`` are generation settings by OpenVINO GenAI's names."""

    endpoint: Endpoint
    model: str = ""
    stream: bool = False
    include_usage: bool = False
    prompt: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    hears: bool = False
    sounds: list[Sound] = field(default_factory=list)
    speech: Speech | None = None
    tools: list[dict[str, Any]] = field(default_factory=list)
    full_prompt: str = ""
    """What the model is given, once the chat template has been applied."""
    template_context: dict[str, Any] = field(default_factory=dict)
    max_tokens: int | None = None
    best_of: int = 1
    number: int = 1
    logprobs: bool = False
    skip_special_tokens: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


def endpoint_of(uri: str) -> Endpoint:
    """The endpoint of a path. Raises :class:`NodeError`."""
    bare = "/" + uri.removeprefix("/v3/").removeprefix("v1/") if uri.startswith("/v3/") else uri.removeprefix("/v1")
    for endpoint in (Endpoint.CHAT, Endpoint.COMPLETIONS, Endpoint.RESPONSES):
        if bare == endpoint.value:
            return endpoint
    if uri.endswith(Endpoint.TOKENIZE):
        return Endpoint.TOKENIZE
    raise invalid(
        "Wrong endpoint. Allowed endpoints: /v3/chat/completions, /v3/completions, /v3/responses, /v3/tokenize"
    )


def read_chat_request(document: Any, endpoint: Endpoint, limits: ChatLimits) -> ChatRequest:
    """Check a JSON body. Raises :class:`NodeError` with the first objection."""
    if not isinstance(document, dict):
        raise invalid("Received json is not an object")
    request = ChatRequest(endpoint, hears=limits.hears)
    _common(document, request, limits)
    _speech(document, request)
    match endpoint:
        case Endpoint.COMPLETIONS:
            _completions(document, request)
        case Endpoint.RESPONSES:
            _responses(document, request, limits)
        case _:
            _chat(document, request, limits)
    return request


# -- common -----------------------------------------------------------------------------------------------------------


def _common(document: Mapping[str, Any], request: ChatRequest, limits: ChatLimits) -> None:
    request.stream = bool(of_kind(document, "stream", bool, "Stream is not bool", False))
    _stream_options(document, request)
    if "model" not in document:
        raise invalid("model missing in request")
    if not isinstance(document["model"], str):
        raise invalid("model is not a string")
    request.model = document["model"]
    _set(request, "ignore_eos", of_kind(document, "ignore_eos", bool, "ignore_eos accepts values true or false"))
    request.max_tokens = limits.max_tokens
    if request.endpoint is not Endpoint.RESPONSES and "max_tokens" in document:
        request.max_tokens = _max_tokens(document, "max_tokens", limits)
    for name, low, high in _NUMBERS:
        _set(request, name, number(document, name, low, high))
    min_p = number(document, "min_p", None, None)
    if min_p is not None and not 0 <= min_p < 1:
        raise invalid("min_p out of range [0.0, 1.0)")
    _set(request, "min_p", min_p)
    top_k = document.get("top_k")
    if top_k is not None:
        if not is_int(top_k):
            raise invalid("top_k is not an integer")
        if top_k < -1 or top_k == 0:
            raise invalid("top_k must be -1 (all tokens) or a positive integer")
        # -1 stands for all tokens, which is also what the library does without a bound.
        _set(request, "top_k", top_k if top_k > 0 else None)
    seed = document.get("seed")
    if seed is not None:
        if not is_int(seed):
            raise invalid("seed is not an integer")
        if not 0 <= seed < UINT32:
            raise invalid("seed out of range [0, 4294967295]")
        request.settings["rng_seed"] = seed
    _stop(document, request)
    _sequences(document, request, limits)
    for name in ("num_assistant_tokens", "max_ngram_size"):
        if is_int(document.get(name)) and document[name] >= 0:
            request.settings[name] = document[name]
    _set(request, "assistant_confidence_threshold", number(document, "assistant_confidence_threshold", None, None))
    request.skip_special_tokens = bool(
        of_kind(document, "skip_special_tokens", bool, "skip_special_tokens is not a bool", True)
    )


_NUMBERS: tuple[tuple[str, float | None, float | None], ...] = (
    ("frequency_penalty", -2.0, 2.0),
    ("presence_penalty", -2.0, 2.0),
    ("repetition_penalty", None, None),
    ("length_penalty", None, None),
    ("temperature", 0.0, 2.0),
    ("top_p", 0.0, 1.0),
)


def _stream_options(document: Mapping[str, Any], request: ChatRequest) -> None:
    options = document.get("stream_options")
    if options is None:
        return
    if not request.stream:
        raise invalid("stream_options provided, but stream not set to true")
    if not isinstance(options, dict):
        raise invalid("stream_options is not an object")
    if "include_usage" in options:
        if not isinstance(options["include_usage"], bool):
            raise invalid("stream_options.include_usage is not a boolean")
        request.include_usage = options["include_usage"]
    if options.keys() - {"include_usage"}:
        raise invalid("Found unexpected stream options. Properties accepted in stream_options: include_usage")


def _max_tokens(document: Mapping[str, Any], name: str, limits: ChatLimits) -> int:
    value = document[name]
    if not is_int(value) or not 0 <= value < 1 << 64:
        raise invalid(f"{name} is not an unsigned integer")
    if value >= UINT32:
        raise invalid(f"{name} value can't be greater than 4294967295")
    if limits.max_tokens is not None and not value < limits.max_tokens:
        raise invalid(f"{name} exceeds limit provided in graph config: {limits.max_tokens}")
    return int(value)


def _stop(document: Mapping[str, Any], request: ChatRequest) -> None:
    stop = document.get("stop")
    match stop:
        case None:
            pass
        case str():
            request.settings["stop_strings"] = {stop}
        case list():
            if len(stop) > _MAX_STOP_WORDS:
                raise invalid(f"stop array must have no more than {_MAX_STOP_WORDS} strings")
            if not all(isinstance(word, str) for word in stop):
                raise invalid("stop array contains non string element")
            if stop:
                request.settings["stop_strings"] = set(stop)
        case _:
            raise invalid("stop is not a string or array of strings")
    include = of_kind(
        document, "include_stop_str_in_output", bool, "include_stop_str_in_output accepts values true or false"
    )
    if include is False and request.stream:
        raise invalid("include_stop_str_in_output cannot be set to false if streaming is used")
    request.settings["include_stop_str_in_output"] = include if include is not None else request.stream


def _sequences(document: Mapping[str, Any], request: ChatRequest, limits: ChatLimits) -> None:
    best_of = positive(document, "best_of")
    if best_of is not None:
        if not best_of < limits.best_of:
            raise invalid(f"best_of exceeds limit provided in graph config: {limits.best_of}")
        if request.stream:
            raise invalid("best_of cannot be used in streaming mode")
        request.best_of = best_of
    number = positive(document, "n")
    if number is not None:
        if request.endpoint is Endpoint.RESPONSES and request.stream and number > 1:
            raise invalid("n greater than 1 is not supported for Responses API streaming")
        if request.best_of < number:
            raise invalid("n value cannot be greater than best_of")
        request.number = number


# -- by endpoint ------------------------------------------------------------------------------------------------------


def _completions(document: Mapping[str, Any], request: ChatRequest) -> None:
    prompt = document.get("prompt", "")
    if not isinstance(prompt, str):
        raise invalid("prompt is not a string")
    if not prompt:
        raise invalid("prompt is missing")
    request.prompt = prompt
    logprobs = document.get("logprobs")
    if logprobs is not None:
        if not is_int(logprobs):
            raise invalid("logprobs accepts integer values")
        if logprobs != 1:
            raise invalid("accepted logprobs value is currently 1 only")
        request.logprobs = True
    if request.logprobs and request.stream:
        raise invalid("logprobs are not supported in streaming mode.")
    echo = bool(of_kind(document, "echo", bool, "echo accepts values true or false", False))
    request.settings["echo"] = echo
    if request.max_tokens == 0 and not echo:
        raise invalid("max_tokens value should be greater than 0 unless echo is set")


def _chat(document: Mapping[str, Any], request: ChatRequest, limits: ChatLimits) -> None:
    if "messages" not in document:
        raise invalid("Messages missing in request")
    messages = document["messages"]
    if not isinstance(messages, list):
        raise invalid("Messages are not an array")
    if not messages:
        raise invalid("Messages array cannot be empty")
    request.messages = [_message(message, request) for message in messages]
    _tools(document, request)
    context = document.get("chat_template_kwargs")
    if context is not None:
        if not isinstance(context, dict):
            raise invalid("chat_template_kwargs must be an object")
        request.template_context = context
    if request.max_tokens == 0:
        raise invalid("max_tokens value should be greater than 0")
    if "max_completion_tokens" in document:
        request.max_tokens = _max_tokens(document, "max_completion_tokens", limits)
        if request.max_tokens == 0:
            raise invalid("max_completion_tokens value should be greater than 0")
    request.logprobs = bool(of_kind(document, "logprobs", bool, "logprobs accepts values true or false", False))
    if request.logprobs and request.stream:
        raise invalid("logprobs are not supported in streaming mode.")
    if not isinstance(document.get("response_format"), dict | None):
        raise invalid("response_format is not an object")


def _responses(document: Mapping[str, Any], request: ChatRequest, limits: ChatLimits) -> None:
    if "input" not in document:
        raise invalid("input missing in request")
    written = document["input"]
    match written:
        case str():
            if not written:
                raise invalid("input cannot be empty")
            request.messages = [{"role": "user", "content": written}]
        case list():
            if not written:
                raise invalid("Messages array cannot be empty")
            request.messages = [_message(message, request) for message in written]
        case _:
            raise invalid("input is not a string or array")
    _tools(document, request)
    if document.get("max_output_tokens") is not None:
        request.max_tokens = _max_tokens(document, "max_output_tokens", limits)
        if request.max_tokens == 0:
            raise invalid("max_output_tokens value should be greater than 0")


def _message(message: Any, request: ChatRequest) -> dict[str, Any]:
    if not isinstance(message, dict):
        raise invalid("Message is not a JSON object")
    made = dict(message)
    content = message.get("content")
    if isinstance(content, list):
        if not content:
            raise invalid("Invalid message structure - content array is empty")
        # Images lie beside the history, which says where each belongs; of several texts OVMS keeps the last one.
        before = len(request.images)
        text = "".join(list(_parts(content, request))[-1:])
        seen = range(before, len(request.images))
        made["content"] = "".join(f"<ov_genai_image_{number}>\n" for number in seen) + text
    for call in message.get("tool_calls") or ():
        if not isinstance(call, dict):
            raise invalid("Each tool_call must be an object")
        if not isinstance(call.get("function"), dict):
            raise invalid("Each tool_call must have a 'function' object")
    return made


def _parts(content: list[Any], request: ChatRequest) -> Iterator[str]:
    for entry in content:
        if not isinstance(entry, dict):
            raise invalid("Invalid message structure - content array should contain objects")
        match entry.get("type"):
            case "text" | "input_text":
                if not isinstance(entry.get("text"), str):
                    raise invalid("Invalid message structure - content text missing")
                yield entry["text"]
            case "image_url":
                place = entry.get("image_url")
                if not isinstance(place, dict):
                    raise invalid("Invalid message structure - content image_url missing")
                if not isinstance(place.get("url"), str):
                    raise invalid("Invalid message structure - image_url does not have url field")
                request.images.append(place["url"])
            case "input_audio" if request.hears:
                sound = entry.get("input_audio")
                told = sound if isinstance(sound, dict) else {}
                request.sounds.append(Sound(_text(told.get("data")), _text(told.get("format")) or "wav"))
            case str():
                raise invalid("Unsupported content type")
            case _:
                raise invalid("Invalid message structure - content object type missing")


def _speech(document: Mapping[str, Any], request: ChatRequest) -> None:
    """Source: OVMS's documentation of Omni models (2026.4)."""
    wanted = document.get("modalities")
    if isinstance(wanted, list) and "audio" in wanted:
        audio = document.get("audio")
        told = audio if isinstance(audio, dict) else {}
        request.speech = Speech(_text(told.get("voice")), _text(told.get("format")) or "wav")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _tools(document: Mapping[str, Any], request: ChatRequest) -> None:
    choice = _tool_choice(document)
    tools = document.get("tools")
    if choice == "none" or tools is None:
        return
    if not isinstance(tools, list):
        raise invalid("Tools are not an array")
    for tool in tools:
        if not isinstance(tool, dict):
            raise invalid("Tool is not a JSON object")
        function = tool.get("function", tool)
        if not isinstance(function, dict):
            raise invalid("Function is not a valid JSON object")
        if not isinstance(function.get("name"), str):
            raise invalid("Function object does not contain a valid name field")
        if not isinstance(function.get("parameters"), dict | None):
            raise invalid("Function parameters are not a valid JSON object")
        if choice in ("auto", "required", function["name"]):
            request.tools.append(tool)


def _tool_choice(document: Mapping[str, Any]) -> str:
    choice = document.get("tool_choice")
    match choice:
        case None:
            return "auto"
        case str():
            if choice not in _TOOL_CHOICES:
                raise invalid("tool_choice should be either 'none' or 'auto' or 'required'")
            return choice
        case {"function": {"name": str(name)}} | {"type": "function", "name": str(name)}:
            return name
        case {"function": {}}:
            raise invalid("tool_choice.function.name is not a valid string")
        case dict():
            raise invalid("tool_choice.function is not a valid JSON object")
        case _:
            raise invalid("tool_choice is not a valid JSON object or string")


def _set(request: ChatRequest, name: str, value: Any) -> None:
    if value is not None:
        request.settings[name] = value
