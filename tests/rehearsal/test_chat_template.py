"""Parsers are chosen by what stands in a chat template, where the options name none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval import catalog
from graphval.rehearsal.genai.chat_template import parsers_of
from graphval.rehearsal.genai.output_parser import OutputParser


@pytest.mark.parametrize(
    ("template", "tool", "reasoning"),
    [
        ("", "", ""),
        ("{{ messages[0].content }}", "", ""),
        ("<|channel|>final<|message|> <tool_call></tool_call>", "gptoss", "gptoss"),
        ("<|start|>assistant<|message|><|eom|><|eot|>", "onyx", "onyx"),
        ("<|start|>assistant<|message|><|eom|>", "", ""),
        ("{{ '<|tool_call>call:' + name }}", "gemma4", "gemma4"),
        ("<tool_call><function=f><parameter=p></parameter></tool_call>", "qwen3coder", ""),
        ("<tool_call><function=f><parameter=p></parameter></tool_call></think>", "qwen3coder", "qwen3"),
        ('<function name="f"><param name="p">', "minicpm5", "minicpm5"),
        ("<|tool_call_start|>", "lfm2", ""),
        ("{% if keep_past_thinking %}{{ message.thinking }}{% endif %}", "lfm2", "lfm2"),
        ("functools[", "phi4", ""),
        ("[TOOL_CALLS]f[ARGS]{}", "devstral", ""),
        ("[TOOL_CALLS][{}]", "mistral", ""),
        ("[AVAILABLE_TOOLS][][/AVAILABLE_TOOLS]", "mistral", ""),
        ("[AVAILABLE_TOOLS]", "", ""),
        ("<|python_tag|>", "llama3", ""),
        ("<tool_call></tool_call>", "hermes3", ""),
        ("<tool_call></tool_call>{{ content.split('</think>') }}", "hermes3", "qwen3"),
        ("<tool_call></tool_call></think>", "hermes3", ""),
        ("<think>", "", "qwen3"),
        ("{# once there was <think> #}", "", "qwen3"),
    ],
)
def test_a_template_tells_the_parsers(template: str, tool: str, reasoning: str) -> None:
    assert parsers_of(template) == OutputParser(tool, reasoning)


MARKERS = ["<|channel|>", "<|start|>", "<|message|>", "<|eom|>", "<|eot|>", "<|tool_call>call:", "<parameter=",
           "</parameter>", "<function=", '<param name="', "<|tool_call_start|>", "message.thinking", "functools",
           "[TOOL_CALLS]", "[ARGS]", "<|python_tag|>", "<tool_call>", "</tool_call>", "<think>"]  # fmt: skip


@given(st.lists(st.sampled_from(MARKERS)).map("".join))
def test_every_name_that_a_template_tells_is_one_of_the_release(template: str) -> None:
    release, parser = catalog.load(), parsers_of(template)
    assert parser.tool in ("", *release.tool_parsers.values)
    assert parser.reasoning in ("", *release.reasoning_parsers.values)
