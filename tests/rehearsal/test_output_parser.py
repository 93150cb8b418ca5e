"""What a chat model wrote is taken apart as its node's options say."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval import catalog
from graphval.rehearsal.genai.chat_request import ChatRequest, Endpoint
from graphval.rehearsal.genai.chat_response import whole
from graphval.rehearsal.genai.generation import Generated
from graphval.rehearsal.genai.output_parser import REASONING_PARSERS, TOOL_PARSERS, OutputParser
from graphval.rehearsal.genai.parsers.delta import Content, Delta, Parsed, ToolCall, calls_in, joined
from tests.rehearsal.answers import ADD_TOOL, NOTHING_TOOL, answers

TOOLS = [ADD_TOOL, NOTHING_TOOL]
NONE = ToolCall("nothing", "{}")


def add(**arguments: Any) -> ToolCall:
    return ToolCall("add", json.dumps(arguments, ensure_ascii=False, separators=(",", ":")))


CASES: dict[str, list[tuple[str, Parsed]]] = {
    "hermes3": [
        ("hello", Parsed("hello")),
        ("<think>well", Parsed("<think>well")),
        (
            ('so: <tool_call>\n{"name": "add", "arguments": {"a": 1, "b": "ü}{"}}\n</tool_call>\n'
            '<tool_call>{"name": "nothing", "arguments": {}}</tool_call> done'),
            Parsed("so: ", "", (add(a=1, b="ü}{"), NONE)),
        ),
        ('<tool_call>{"name": "nothing", "arguments": {}}', Parsed("", "", (NONE,))),
        ('<tool_call>{"arguments": {}, "name": "nothing"}</tool_call>', Parsed("")),
        ('<tool_call>{"name": 3, "arguments": {}}</tool_call>', Parsed("")),
        ('<tool_call>{"name": "add"}</tool_call><tool_call>{"name": "nothing", "arguments": {}}',
         Parsed("", "", (NONE,))),
        ("<tool_call>add(1)</tool_call>", Parsed("")),
        ('<tool_call>{"name": "add", "arguments": {"a": 1', Parsed("", "", (ToolCall("add", '{"a": 1'),))),
        ('<tool_call>{"name": "add", "arguments": {"b": "</tool_call>', Parsed("", "", (ToolCall("add", '{"b": "'),))),
    ],
    "llama3": [
        ('{"name": "add", "parameters": {"a": 1}}; {"name": "nothing", "arguments": {}}',
         Parsed("", "", (add(a=1), NONE))),
        ('so <|python_tag|>{"name": "add", "parameters": {"b": "}"}}', Parsed("so ", "", (add(b="}"),))),
        ('so {"name": "nothing", "parameters": {}}', Parsed('so {"name": "nothing", "parameters": {}}')),
    ],
    "mistral": [
        ('[TOOL_CALLS][{"name": "add", "arguments": {"a": 1}}, {"name": "nothing", "arguments": {}}]',
         Parsed("", "", (add(a=1), NONE))),
        ('so [{"name": "nothing", "arguments": {}}]', Parsed("so ", "", (NONE,))),
        ("[1]", Parsed("[1]")),
    ],
    "phi4": [
        ('so functools[{"name": "add", "arguments": {"a": 1}}, {"name": "nothing", "arguments": {}}]',
         Parsed("so ", "", (add(a=1), NONE))),
        ("func tools", Parsed("func tools")),
    ],
    "devstral": [
        ('so [TOOL_CALLS] add\n[ARGS]{"a": 1}</s>', Parsed("so ", "", (add(a=1),))),
        ("[TOOL_CALLS]nothing[ARGS]</s>", Parsed("", "", (NONE,))),
        ("[TOOL_CALLS]nothing[ARGS]", Parsed("", "", (NONE,))),
        ("[TOOL_CALLS]what now</s>", Parsed("what now")),
        ("[TOOL_CALLS]add[ARGS]{}[TOOL_CALLS]add[ARGS]{}",
         Parsed("", "", (ToolCall("add", "{}[TOOL_CALLS]add[ARGS]{}"),))),
    ],
    "qwen3coder": [
        (
            ("so <tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=b>2.50</parameter>"
            "<parameter=c>True</parameter>\n<parameter=d>[1, 2]</parameter><parameter=a>7</parameter></function>\n"
            "</tool_call> dropped <function=nothing></function></tool_call>"),
            Parsed("so ", "", (add(a=1, b="2.5", c=True, d=[1, 2]), NONE)),
        ),
        ("<tool_call><function=add><parameter=b>\n\nx\n\n</parameter></function></tool_call>",
         Parsed("", "", (add(b="\nx\n"),))),
        ("<tool_call><function=other><parameter=n>NaN</parameter></function></tool_call>",
         Parsed("", "", (ToolCall("other", '{"n":"NaN"}'),))),
        ("<tool_call><function=add><parameter=a>1</parameter></function>", Parsed("")),
    ],
    "minicpm5": [
        (
            ("<s>so <function name=\"add\"><param name='a'>1</param><param name=b>2</param>"
            "<param name=\"d\">{'x': \"it's\"}</param></function> dropped<|im_end|>"),
            Parsed("so ", "", (add(a=1, b="2", d={"x": "it's"}),)),
        ),
        ('<function>no</function><function name="nothing"></function>', Parsed("", "", (NONE,))),
        ('<function name="add"><param name="d">{broken</param></function>', Parsed("", "", (add(d=None),))),
        ("just <|im_end|>this", Parsed("just this")),
    ],
    "lfm2": [
        (
            ("so <|tool_call_start|>[add(a=1, b='x, (y)', c=True, d=['p', \"q\"]), nothing()]<|tool_call_end|>"
            "done<|im_end|>dropped"),
            Parsed("so done", "", (add(a=1, b="x, (y)", c=True, d=["p", "q"]), NONE)),
        ),
        ("<|tool_call_start|>[add(a=null, b=it's me, d={'k': 'v'})]",
         Parsed("", "", (add(a="", b="it's me", d={"k": "v"}),))),
        ("just <|im_end|>this", Parsed("just this")),
    ],
    "gemma4": [
        (
            ('<|tool_call>call:add{a:1,b:<|"|>said "hi", {1}<|"|>,c:TRUE,d:[<|"|>x<|"|>,2,{k:<|"|>v<|"|>,n:null}]}'
            "call:nothing{}<tool_call|>done<turn|>"),
            Parsed("done", "", (add(a=1, b='said "hi", {1}', c=True, d=["x", 2, {"k": "v", "n": ""}]), NONE)),
        ),
        ('call:add{ b : <|"|>C:\\new<|"|> }<tool_call|>', Parsed("", "", (add(b="C:\new"),))),
        ('<|tool_call>call:add{b:<|"|>C:\\dir<|"|>}<tool_call|>', Parsed("", "", (add(b="C:\\dir"),))),
        ("so call:add{}", Parsed("so call:add{}")),
        ("<|tool_call>call:add{d:{x},a:}<tool_call|>", Parsed("", "", (add(d="{x}", a=""),))),
    ],
    "gptoss": [
        (
            ('<|channel|>commentary to=functions.add <|constrain|>json<|message|>{"a": 1}<|call|>'
            "<|start|>assistant<|channel|>analysis to=functions.nothing<|message|>{}<|call|>"),
            Parsed("", "", (add(a=1), NONE)),
        ),
        ("<|channel|>commentary to=elsewhere<|message|>{}<|call|>", Parsed("")),
    ],
    "onyx": [
        (
            (' to=add<|message|><atem:function_calls>\n<atem:invoke name="add">\n<atem:parameter name="a">1'
            '</atem:parameter><atem:parameter name="c">TRUE</atem:parameter></atem:invoke></atem:function_calls>'
            "<|eom|><|start|>assistant to=user<|message|>done<|eot|>"),
            Parsed("done", "", (add(a=1, c=True),)),
        ),
        (" to=user<|message|>hello<|eot|>", Parsed("hello")),
    ],
}  # fmt: skip

THOUGHTS: dict[str, list[tuple[str, Parsed]]] = {
    "qwen3": [
        ("<think>well</think>hello", Parsed("hello", "well")),
        ("<think>well", Parsed("", "well")),
        ("<think>a<think>b</think>c", Parsed("c", "a<think>b")),
        ("<think>a</think><think>b</think>c", Parsed("c", "ab")),
        ("oh <think>well</think>hello", Parsed("oh <think>well</think>hello")),
        ("</think><think>", Parsed("</think><think>")),
    ],
    "lfm2": [("<think>well</think>hello", Parsed("hello", "well"))],
    "minicpm5": [("<think>well</think>hello", Parsed("hello", "well"))],
    "gemma4": [("<|channel>thought\nwell<channel|>hello", Parsed("hello", "well"))],
    "gptoss": [
        (
            ("<|channel|>analysis<|message|>well<|end|><|start|>assistant<|channel|>commentary<|message|>I look <|end|>"
            "<|start|>assistant<|channel|>final<|message|>hello<|return|>"),
            Parsed("I look hello", "well"),
        ),
    ],
    "onyx": [
        (
            (" to=self<|message|>well<|eom|><|start|>assistant to=self<|message|>, so<|eom|>"
            "<|start|>assistant to=user<|message|>hello<|eot|>"),
            Parsed("hello", "well, so"),
        ),
    ],
}  # fmt: skip


def every(cases: dict[str, list[tuple[str, Parsed]]]) -> list[Any]:
    return [
        pytest.param(name, text, parsed, id=f"{name}-{number}")
        for name, of_name in cases.items()
        for number, (text, parsed) in enumerate(of_name)
    ]


@pytest.mark.parametrize(("name", "text", "parsed"), every(CASES))
def test_calls_are_told_from_the_answer(name: str, text: str, parsed: Parsed) -> None:
    assert OutputParser(name).parse(text, tools=TOOLS, prompt="") == parsed


@pytest.mark.parametrize(("name", "text", "parsed"), every(THOUGHTS))
def test_reasoning_is_told_from_the_answer(name: str, text: str, parsed: Parsed) -> None:
    assert OutputParser("", name).parse(text, tools=[], prompt="") == parsed


def test_each_name_of_the_release_has_a_parser() -> None:
    release = catalog.load()
    assert set(release.tool_parsers.values) == set(TOOL_PARSERS) == set(CASES)
    assert set(release.reasoning_parsers.values) == set(REASONING_PARSERS) == set(THOUGHTS)


@pytest.mark.parametrize(
    ("tool", "reasoning", "text", "parsed"),
    [
        ("hermes3", "qwen3", '<think>hm</think>\n<tool_call>{"name": "nothing", "arguments": {}}</tool_call>',
         Parsed("\n", "hm", (NONE,))),
        ("gemma4", "gemma4", "<|channel>thought\nhm<channel|>call:nothing{}<tool_call|>", Parsed("", "hm", (NONE,))),
        ("gptoss", "gptoss", ("<|channel|>analysis<|message|>hm<|end|><|start|>assistant"
         "<|channel|>commentary to=functions.nothing<|message|>{}<|call|>"), Parsed("", "hm", (NONE,))),
        ("onyx", "onyx", (" to=self<|message|>hm<|eom|><|start|>assistant to=nothing<|message|><atem:function_calls>"
         '<atem:invoke name="nothing"></atem:invoke></atem:function_calls><|eom|>'), Parsed("", "hm", (NONE,))),
        ("lfm2", "lfm2", "<think>hm</think><|tool_call_start|>[nothing()]<|tool_call_end|>", Parsed("", "hm", (NONE,))),
        ("minicpm5", "minicpm5", '<think>hm</think><function name="nothing"></function>', Parsed("", "hm", (NONE,))),
        ("qwen3coder", "qwen3", "<think>hm</think><function=nothing></function></tool_call>",
         Parsed("", "hm", (NONE,))),
    ],
)  # fmt: skip
def test_reasoning_comes_before_calls(tool: str, reasoning: str, text: str, parsed: Parsed) -> None:
    assert OutputParser(tool, reasoning).parse(text, tools=TOOLS, prompt="") == parsed


@pytest.mark.parametrize("name", sorted(set(CASES) - {"minicpm5", "lfm2", "gemma4", "onyx"}))
def test_calls_are_looked_for_where_tools_were_offered(name: str) -> None:
    for text, _ in CASES[name]:
        assert OutputParser(name).parse(text, tools=[], prompt="") == Parsed(text)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("a</think>b", Parsed("b", "a")),
        ("a", Parsed("", "a")),
        ("<think>a</think>b", Parsed("b", "a")),
        ("<th", Parsed("", "<th")),
    ],
)
def test_a_prompt_may_have_begun_the_reasoning(text: str, parsed: Parsed) -> None:
    parser = OutputParser("hermes3", "qwen3")
    assert parser.parse(text, tools=TOOLS, prompt="assistant\n<think>\n") == parsed


@given(text=st.text(alphabet=st.sampled_from("<>/thinktool_cal {}\"'\\n"), max_size=60))
def test_without_parsers_the_text_stays(text: str) -> None:
    for parser in (OutputParser(), OutputParser("none", "none")):
        assert parser.parse(text, tools=TOOLS, prompt="<think>") == Parsed(text)


# -- piece by piece ---------------------------------------------------------------------------------------------------


def read(parser: OutputParser, pieces: list[str]) -> list[Delta]:
    reader = parser.read(TOOLS, "")
    return [delta for piece in pieces for delta in reader.write(piece)] + reader.end()


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]


@given(data=st.data(), places=st.lists(st.integers(0, 500), max_size=20))
@pytest.mark.parametrize("name", sorted(TOOL_PARSERS))
def test_however_an_answer_is_cut_it_says_the_same(name: str, data: st.DataObject, places: list[int]) -> None:
    text, calls = data.draw(answers(name))
    parser = OutputParser(name, name if name in REASONING_PARSERS else "qwen3")
    at_once = parser.parse(text, tools=TOOLS, prompt="")
    assert joined(read(parser, cut(text, places))) == at_once
    assert joined(read(parser, list(text))) == at_once
    assert [(call.name, json.loads(call.arguments)) for call in at_once.calls] == calls


TAGS = sorted(
    {
        part
        for texts in (CASES, THOUGHTS)
        for of in texts.values()
        for text, _ in of
        for part in re.findall(r"\S+", text)
    }
)


@given(
    pieces=st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=4), st.sampled_from("<>|[]{}\"'\n ,:=()"))),
    places=st.lists(st.integers(0, 500), max_size=12),
)
@pytest.mark.parametrize("name", sorted(TOOL_PARSERS))
def test_however_any_text_is_cut_it_is_read_alike(name: str, pieces: list[str], places: list[int]) -> None:
    text = "".join(pieces)
    parser = OutputParser(name, name if name in REASONING_PARSERS else "qwen3")
    assert joined(read(parser, cut(text, places))) == parser.parse(text, tools=TOOLS, prompt="")


def test_a_call_is_announced_before_its_arguments_come() -> None:
    reader = OutputParser("hermes3").read(TOOLS, "")
    seen = [reader.write(piece) for piece in ('so <tool_call>{"name": "add", ', '"arguments": ', '{"a"', ": 1}}")]
    assert seen[0] == [Content("so ")]
    (start,) = seen[1]
    assert start.document()["tool_calls"][0].keys() == {"id", "type", "index", "function"}
    assert start.document()["tool_calls"][0]["function"] == {"name": "add"}
    assert [delta.document() for delta in seen[2] + seen[3]] == [
        {"tool_calls": [{"index": 0, "function": {"arguments": text}}]} for text in ('{"a"', ": 1}")
    ]
    assert calls_in(seen[2])


# -- in an answer -----------------------------------------------------------------------------------------------------


@dataclass
class Model:
    """A model that has written one text."""

    text: str
    parser: OutputParser

    def parse(self, tokens: list[int], request: ChatRequest) -> Parsed:
        return self.parser.parse(self.text, tools=request.tools, prompt=request.full_prompt)


@pytest.mark.parametrize(("ended", "shown"), [("stop", "tool_calls"), ("length", "length")])
def test_the_answer_to_a_chat_shows_them_apart(ended: str, shown: str) -> None:
    request = ChatRequest(Endpoint.CHAT, model="m", tools=[ADD_TOOL])
    text = '<think>hm</think><tool_call>{"name": "add", "arguments": {"a": 1}}</tool_call>'
    model = Model(text, OutputParser("hermes3", "qwen3"))
    body = json.loads(whole(request, model, [Generated([1, 2], ended, [])], 3))  # type: ignore[arg-type]
    (choice,) = body["choices"]
    (call,) = choice["message"].pop("tool_calls")
    assert choice["message"] == {"content": "", "role": "assistant", "reasoning_content": "hm"}
    assert choice["finish_reason"] == shown
    assert (call["type"], call["function"]) == ("function", {"name": "add", "arguments": '{"a":1}'})
    assert re.fullmatch(r"[0-9A-Za-z]{9}", call["id"])
