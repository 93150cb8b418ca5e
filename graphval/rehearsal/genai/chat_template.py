"""Which parsers a chat template tells, for a node whose options name none.

A marker that stands anywhere in the template decides, comments included; the first rule that fits wins.
Source: OVMS ``src/llm/io_processing/chat_template/analyzer.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphval.rehearsal.genai.output_parser import OutputParser

_THINKS = ("<think>", "content.split('</think>')")


@dataclass(frozen=True, slots=True)
class _Rule:
    fits: Callable[[str], bool]
    tool: str
    reasoning: str = ""
    thinks: tuple[str, ...] = ()
    """If there are any, one of them must stand in the template for the reasoning parser to be chosen."""


def _any(*markers: str) -> Callable[[str], bool]:
    return lambda template: any(marker in template for marker in markers)


def _all(*markers: str) -> Callable[[str], bool]:
    return lambda template: all(marker in template for marker in markers)


def _mistral(template: str) -> bool:
    return "[TOOL_CALLS]" in template or _all("[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]")(template)


_RULES = (
    _Rule(_any("<|channel|>"), "gptoss", "gptoss"),
    _Rule(_all("<|start|>", "<|message|>", "<|eom|>", "<|eot|>"), "onyx", "onyx"),
    _Rule(_any("<|tool_call>call:"), "gemma4", "gemma4"),
    _Rule(_all("<parameter=", "</parameter>", "<function="), "qwen3coder", "qwen3", ("<think>", "</think>")),
    _Rule(_any('<param name="'), "minicpm5", "minicpm5"),
    _Rule(_any("<|assistant_tool_call|>", "<|tool_call_start|>", "keep_past_thinking"), "lfm2", "lfm2",
          ("message.thinking",)),
    _Rule(_any("functools"), "phi4"),
    _Rule(_all("[TOOL_CALLS]", "[ARGS]"), "devstral"),
    _Rule(_mistral, "mistral"),
    _Rule(_any("<|python_tag|>"), "llama3"),
    _Rule(_all("<tool_call>", "</tool_call>"), "hermes3", "qwen3", _THINKS),
    _Rule(_any(*_THINKS), "", "qwen3"),
)  # fmt: skip


def parsers_of(template: str) -> OutputParser:
    """The parsers that a template tells, without a name for what it does not tell."""
    for rule in _RULES:
        if rule.fits(template):
            thinks = not rule.thinks or any(marker in template for marker in rule.thinks)
            return OutputParser(rule.tool, rule.reasoning if thinks else "")
    return OutputParser()
