"""What a chat model wrote is taken apart as its node's options say."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.rehearsal.genai.chat_request import ChatRequest, Endpoint
from graphval.rehearsal.genai.chat_response import whole
from graphval.rehearsal.genai.generation import Generated
from graphval.rehearsal.genai.output_parser import OutputParser, Parsed, ToolCall

BOTH = OutputParser("hermes3", "qwen3")
CALL = '<tool_call>\n{"name": "add", "arguments": {"a": 1, "b": "ü"}}\n</tool_call>'
ADD = ToolCall("add", '{"a":1,"b":"ü"}')


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("hello", Parsed("hello")),
        ("<think>well</think>hello", Parsed("hello", "well")),
        ("oh <think>well</think>hello", Parsed("oh hello", "well")),
        ("<think>well", Parsed("<think>well")),
        ("</think><think>", Parsed("</think><think>")),
        (f"so: {CALL}\n{CALL} done", Parsed("so: ", "", (ADD, ADD))),
        (f"<think>hm</think>{CALL}", Parsed("", "hm", (ADD,))),
        ('<tool_call>{"name": "add", "arguments": {}}', Parsed("", "", (ToolCall("add", "{}"),))),
        ("<tool_call>add(1)</tool_call>", Parsed("")),
        ('<tool_call>{"name": 3, "arguments": {}}</tool_call>', Parsed("")),
        ('<tool_call>{"name": "add", "arguments": "1"}</tool_call>', Parsed("")),
    ],
)
def test_reasoning_and_calls_are_told_from_the_answer(text: str, parsed: Parsed) -> None:
    assert BOTH.parse(text, tools=True, prompt="") == parsed


def test_calls_are_looked_for_where_tools_were_offered() -> None:
    assert BOTH.parse(CALL, tools=False, prompt="") == Parsed(CALL)


@pytest.mark.parametrize(("text", "parsed"), [("a</think>b", Parsed("b", "a")), ("a", Parsed("", "a"))])
def test_a_prompt_may_have_begun_the_reasoning(text: str, parsed: Parsed) -> None:
    assert BOTH.parse(text, tools=True, prompt="assistant\n<think>\n") == parsed


@given(text=st.text(alphabet=st.sampled_from("<>/thinktool_cal {}\"'\\n"), max_size=60))
def test_without_parsers_the_text_stays(text: str) -> None:
    for parser in (OutputParser(), OutputParser("none", "none"), OutputParser("llama3", "gptoss")):
        assert parser.parse(text, tools=True, prompt="<think>") == Parsed(text)


@dataclass
class Model:
    """A model that has written one text."""

    text: str
    parser: OutputParser

    def decode(self, tokens: list[int], request: ChatRequest) -> str:
        return self.text

    def parse(self, text: str, request: ChatRequest) -> Parsed:
        return self.parser.parse(text, tools=bool(request.tools), prompt=request.full_prompt)


def test_the_answer_to_a_chat_shows_them_apart() -> None:
    request = ChatRequest(Endpoint.CHAT, model="m", tools=[{"type": "function", "function": {"name": "add"}}])
    model = Model(f"<think>hm</think>{CALL}", BOTH)
    body = json.loads(whole(request, model, [Generated([1, 2], "stop", [])], 3))  # type: ignore[arg-type]
    (choice,) = body["choices"]
    (call,) = choice["message"].pop("tool_calls")
    assert choice["message"] == {"content": "", "role": "assistant", "reasoning_content": "hm"}
    assert choice["finish_reason"] == "tool_calls"
    assert (call["type"], call["function"]) == ("function", {"name": "add", "arguments": ADD.arguments})
