"""Reasoning and calls of tools in the answers of a server: at once and as events, by options and by chat template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rehearsal.answers import ADD_TOOL, NOTHING_TOOL
from tests.rehearsal.scripted_model import EXAMPLE, make_scripted_model
from tests.rehearsal.server import Rehearsal

GRAPH = (EXAMPLE.parent / "graph.pbtxt").read_text()
HELLO = [{"role": "user", "content": "hello"}]
TOOLS = [ADD_TOOL, NOTHING_TOOL]

# A template that names the tools, so that OpenVINO GenAI adds no text about them; without tools it is as long.
NAMES = "{% if tools %}{% for tool in tools %}{{ tool.function.name }}{% endfor %}{% else %}addnothing{% endif %}"
PROMPT = "addnothing<|user|>hello</s><|assistant|>"

CALL = '{"name": "add", "arguments": {"a": 1, "b": "ü"}}'
HERMES = f"<think>hm</think>Let me see. <tool_call>{CALL}</tool_call>"
DEVSTRAL = 'Well, [TOOL_CALLS]add[ARGS]{"a": 1, "b": "ü"}'
QWEN_TEMPLATE = "{# <think> <tool_call></tool_call> #}"

# For each graph what the model writes, the node's options, and what its chat template holds.
GRAPHS = {
    "named": (HERMES, 'tool_parser: "hermes3" reasoning_parser: "qwen3"', ""),
    "one_at_a_time": (HERMES, 'tool_parser: "hermes3" reasoning_parser: "qwen3" pipeline_type: LM', ""),
    "by_template": (HERMES, "", QWEN_TEMPLATE),
    "switched_off": (HERMES, 'tool_parser: "none" reasoning_parser: "none"', QWEN_TEMPLATE),
    "without": (HERMES, "", ""),
    "devstral": (DEVSTRAL, 'tool_parser: "devstral"', ""),
}
APART = ["named", "one_at_a_time", "by_template"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("calls")
    models: dict[tuple[str, str], str] = {}
    for name, (text, options, template) in GRAPHS.items():
        model = models.setdefault((text, template), f"model{len(models)}")
        if not (folder / model).exists():
            make_scripted_model(folder / model, text, PROMPT, template + NAMES)
        (folder / name).mkdir()
        graph = GRAPH.replace('"chat_model"', f'"{folder / model}" {options}')
        (folder / name / "graph.pbtxt").write_text(graph)
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": name} for name in GRAPHS]}
    (folder / "config.json").write_text(json.dumps(config))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


def at_once(served: Rehearsal, model: str, **more: Any) -> dict[str, Any]:
    body = {"model": model, "messages": HELLO, "max_tokens": 200, "temperature": 0, **more}
    code, answer = served.rest("/v3/chat/completions", body)
    assert code == 200
    (choice,) = answer["choices"]
    return dict(choice)


def choices(served: Rehearsal, model: str, **more: Any) -> list[dict[str, Any]]:
    body = {"model": model, "messages": HELLO, "max_tokens": 200, "temperature": 0, "stream": True, **more}
    events = served.events("/v3/chat/completions", body)
    assert events[-1] == "[DONE]"
    return [choice for event in events[:-1] for choice in json.loads(event)["choices"]]


def said(chunks: list[dict[str, Any]], field: str) -> str:
    return "".join(chunk["delta"].get(field, "") for chunk in chunks)


@pytest.mark.parametrize("model", APART)
def test_an_answer_shows_reasoning_content_and_calls(served: Rehearsal, model: str) -> None:
    choice = at_once(served, model, tools=TOOLS)
    (call,) = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == "Let me see. "
    assert choice["message"]["reasoning_content"] == "hm"
    assert call["function"] == {"name": "add", "arguments": '{"a":1,"b":"ü"}'}


@pytest.mark.parametrize("model", APART)
def test_a_stream_tells_them_in_events_of_their_own(served: Rehearsal, model: str) -> None:
    chunks = choices(served, model, tools=TOOLS)
    kinds = [next(iter(chunk["delta"]), "") for chunk in chunks]
    assert [kind for kind, before in zip(kinds, ["", *kinds], strict=False) if kind != before and kind] == [
        "reasoning_content",
        "content",
        "tool_calls",
    ]
    assert said(chunks, "reasoning_content") == "hm"
    assert said(chunks, "content") == "Let me see. "
    calls = [call for chunk in chunks for call in chunk["delta"].get("tool_calls", ())]
    assert calls[0]["function"] == {"name": "add"}
    assert {call["index"] for call in calls} == {0}
    assert json.loads("".join(call["function"].get("arguments", "") for call in calls)) == {"a": 1, "b": "ü"}
    assert [chunk["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["tool_calls"]


@pytest.mark.parametrize(("model", "content"), [("switched_off", HERMES), ("without", HERMES)])
def test_without_parsers_the_text_is_handed_on(served: Rehearsal, model: str, content: str) -> None:
    choice = at_once(served, model, tools=TOOLS)
    assert (choice["message"]["content"], choice["finish_reason"]) == (content, "stop")
    assert choice["message"]["tool_calls"] == []
    chunks = choices(served, model, tools=TOOLS)
    assert (said(chunks, "content"), chunks[-1]["finish_reason"]) == (content, "stop")


@pytest.mark.parametrize("more", [{}, {"tools": TOOLS, "tool_choice": "none"}])
def test_without_tools_in_the_request_no_calls_are_read(served: Rehearsal, more: dict[str, Any]) -> None:
    choice = at_once(served, "named", **more)
    content = f"Let me see. <tool_call>{CALL}</tool_call>"
    assert (choice["message"]["content"], choice["finish_reason"]) == (content, "stop")
    assert said(choices(served, "named", **more), "content") == content


def test_an_answer_that_is_cut_off_within_a_call_says_so(served: Rehearsal) -> None:
    length = len("<think>hm</think>Let me see. <tool_call>" + CALL[:35])
    choice = at_once(served, "named", tools=TOOLS, max_tokens=length)
    (call,) = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "length"
    assert call["function"] == {"name": "add", "arguments": '{"a": '}
    assert choices(served, "named", tools=TOOLS, max_tokens=length)[-1]["finish_reason"] == "length"


def test_special_tokens_that_a_parser_reads_become_text(served: Rehearsal) -> None:
    """The model ends with a token that Devstral's calls end with, and that is no text otherwise."""
    choice = at_once(served, "devstral", tools=TOOLS)
    (call,) = choice["message"]["tool_calls"]
    assert choice["message"]["content"] == "Well, "
    assert call["function"] == {"name": "add", "arguments": '{"a":1,"b":"ü"}'}


def test_the_log_names_the_parsers(served: Rehearsal) -> None:
    assert 'Tool parser: "hermes3", reasoning parser: "qwen3"' in served.stdout
