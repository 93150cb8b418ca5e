"""Answers with calls of tools, as each family of models writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

PARAMETERS = {"a": "integer", "b": "string", "c": "boolean", "d": "array"}
ADD_TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "parameters": {"type": "object", "properties": {name: {"type": kind} for name, kind in PARAMETERS.items()}},
    },
}
NOTHING_TOOL = {"type": "function", "function": {"name": "nothing"}}

Arguments = dict[str, Any]
Call = tuple[str, Arguments]

_WORDS = st.text(alphabet=st.sampled_from("abcXYZ019 _.ü"), max_size=8).map(lambda text: f"w{text}w")
_VALUES = {
    "a": st.integers(-1000, 1000),
    "b": _WORDS,
    "c": st.booleans(),
    "d": st.lists(_WORDS, min_size=1, max_size=3),
}


@st.composite
def _calls(draw: st.DrawFn, most: int) -> list[Call]:
    calls: list[Call] = []
    for _ in range(draw(st.integers(1, most))):
        if draw(st.booleans()):
            calls.append(("nothing", {}))
            continue
        names = draw(st.lists(st.sampled_from(sorted(_VALUES)), unique=True))
        calls.append(("add", {name: draw(_VALUES[name]) for name in names}))
    return calls


def _object(call: Call, key: str = "arguments") -> str:
    return json.dumps({"name": call[0], key: call[1]}, ensure_ascii=False)


def _hermes3(calls: list[Call]) -> str:
    return "\n".join(f"<tool_call>\n{_object(call)}\n</tool_call>" for call in calls)


def _llama3(calls: list[Call]) -> str:
    return "<|python_tag|>" + "; ".join(_object(call, "parameters") for call in calls)


def _mistral(calls: list[Call]) -> str:
    return f"[TOOL_CALLS][{', '.join(map(_object, calls))}]"


def _phi4(calls: list[Call]) -> str:
    return f"functools[{', '.join(map(_object, calls))}]"


def _devstral(calls: list[Call]) -> str:
    ((name, arguments),) = calls
    return f"[TOOL_CALLS]{name}[ARGS]{json.dumps(arguments)}</s>"


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _qwen3coder(calls: list[Call]) -> str:
    return "\n".join(
        f"<tool_call>\n<function={name}>\n"
        + "".join(f"<parameter={key}>\n{_as_text(value)}\n</parameter>\n" for key, value in arguments.items())
        + "</function>\n</tool_call>"
        for name, arguments in calls
    )


def _minicpm5(calls: list[Call]) -> str:
    return "".join(
        f'<function name="{name}">'
        + "".join(f'<param name="{key}">{_as_text(value)}</param>' for key, value in arguments.items())
        + "</function>"
        for name, arguments in calls
    )


def _lfm2(calls: list[Call]) -> str:
    written = (
        f"{name}({', '.join(f'{key}={json.dumps(value)}' for key, value in arguments.items())})"
        for name, arguments in calls
    )
    return f"<|tool_call_start|>[{', '.join(written)}]<|tool_call_end|>"


def _gemma_value(value: Any) -> str:
    match value:
        case str():
            return f'<|"|>{value}<|"|>'
        case list():
            return f"[{','.join(map(_gemma_value, value))}]"
    return json.dumps(value)


def _gemma4(calls: list[Call]) -> str:
    return "".join(
        f"<|tool_call>call:{name}{{{','.join(f'{key}:{_gemma_value(value)}' for key, value in arguments.items())}}}"
        "<tool_call|>"
        for name, arguments in calls
    )


def _gptoss(calls: list[Call]) -> str:
    return "<|start|>assistant".join(
        f"<|channel|>commentary to=functions.{name} <|constrain|>json<|message|>{json.dumps(arguments)}<|call|>"
        for name, arguments in calls
    )


def _onyx(calls: list[Call]) -> str:
    return "<|start|>assistant".join(
        f' to={name}<|message|><atem:function_calls>\n<atem:invoke name="{name}">\n'
        + "".join(
            f'<atem:parameter name="{key}">{_as_text(value)}</atem:parameter>\n' for key, value in arguments.items()
        )
        + "</atem:invoke>\n</atem:function_calls><|eom|>"
        for name, arguments in calls
    )


WRITERS: dict[str, Callable[[list[Call]], str]] = {
    "devstral": _devstral,
    "gemma4": _gemma4,
    "gptoss": _gptoss,
    "hermes3": _hermes3,
    "lfm2": _lfm2,
    "llama3": _llama3,
    "minicpm5": _minicpm5,
    "mistral": _mistral,
    "onyx": _onyx,
    "phi4": _phi4,
    "qwen3coder": _qwen3coder,
}


@st.composite
def answers(draw: st.DrawFn, name: str) -> tuple[str, list[Call]]:
    """An answer of one family and the calls in it; some words may come before them."""
    calls = draw(_calls(1 if name == "devstral" else 3))
    # What onyx says first is a turn to somebody, and GPT-OSS says nothing outside of its messages.
    before = "" if name in ("onyx", "gptoss") else draw(st.sampled_from(["", "Well. ", "let me see\n"]))
    return before + WRITERS[name](calls), calls
