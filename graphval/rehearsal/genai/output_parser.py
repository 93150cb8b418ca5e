"""What a chat model wrote, taken apart: its reasoning, its calls of tools, and the answer itself.

An answer is read in phases, piece by piece; an answer at once is all its pieces put together. At the beginning, and
after reasoning, the first letters decide: a tag of reasoning or of a call, or else the answer. In the answer calls may
begin, reasoning no more. From the first call on all text is the tool parser's. What may yet become a tag waits; how the
text is cut into pieces makes no difference.
Source: OVMS ``src/llm/io_processing/output_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from graphval.rehearsal.genai.parsers import (
    devstral,
    gemma4,
    gptoss,
    hermes3,
    lfm2,
    llama3,
    minicpm5,
    mistral,
    onyx,
    phi4,
    qwen3,
    qwen3coder,
)
from graphval.rehearsal.genai.parsers.delta import Content, Delta, Parsed, Reasoning, joined, merged
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, ToolReader, tools_of
from graphval.rehearsal.genai.parsers.tags import Eraser, begun, first_of

TOOL_PARSERS: Mapping[str, ToolParser] = {
    "devstral": devstral.PARSER,
    "gemma4": gemma4.PARSER,
    "gptoss": gptoss.PARSER,
    "hermes3": hermes3.PARSER,
    "lfm2": lfm2.PARSER,
    "llama3": llama3.PARSER,
    "minicpm5": minicpm5.PARSER,
    "mistral": mistral.PARSER,
    "onyx": onyx.PARSER,
    "phi4": phi4.PARSER,
    "qwen3coder": qwen3coder.PARSER,
}
REASONING_PARSERS: Mapping[str, ReasoningParser] = {
    "gemma4": gemma4.REASONING,
    "gptoss": gptoss.REASONING,
    "lfm2": lfm2.REASONING,
    "minicpm5": minicpm5.REASONING,
    "onyx": onyx.REASONING,
    "qwen3": qwen3.REASONING,
}
_NO_DECODING = Decoding()


@dataclass(frozen=True, slots=True)
class OutputParser:
    """The parsers of a node by their names; empty, or a name that is none, for no parser."""

    tool: str = ""
    reasoning: str = ""

    def read(self, tools: list[dict[str, Any]], prompt: str) -> AnswerReader:
        """Begin reading an answer. ``tools`` are those a request offers; ``prompt`` may have begun the reasoning."""
        return AnswerReader(TOOL_PARSERS.get(self.tool), REASONING_PARSERS.get(self.reasoning), tools, prompt)

    def parse(self, text: str, *, tools: list[dict[str, Any]], prompt: str) -> Parsed:
        """An answer at once."""
        reader = self.read(tools, prompt)
        return joined([*reader.write(text), *reader.end()])


class _Phase(Enum):
    OPEN = auto()
    REASONING = auto()
    ANSWER = auto()
    CALLS = auto()


class AnswerReader:
    """Takes one answer apart as its text comes."""

    def __init__(
        self, tool: ToolParser | None, reasoning: ReasoningParser | None, tools: list[dict[str, Any]], prompt: str
    ) -> None:
        offered = tools_of(tools)
        self._tool = tool if tools else None
        self._reasoning = reasoning
        self._reader: ToolReader | None = self._tool.reader(offered) if self._tool is not None else None
        self._tool_starts = self._tool.starts(offered) if self._tool is not None else ()
        self._eraser = Eraser(_erased(tool, reasoning))
        self._phase = _Phase.OPEN
        self._text = ""
        self._kind: type[Reasoning] | type[Content] = Reasoning
        self._skip_to = ""  # what must come before text counts as reasoning
        self._again = ""  # a tag that may be said once more at the beginning
        self._begin_within_prompt(prompt)

    def write(self, text: str) -> list[Delta]:
        """What more text shows."""
        self._text += text
        return self._read(last=False)

    def end(self) -> list[Delta]:
        """What was held back, now that nothing follows."""
        return self._read(last=True)

    def decoding(self, wanted: bool) -> tuple[bool, tuple[str, ...]]:
        """Whether special tokens are to become text now, and tags whose tokens begin another phase if they are not.

        ``wanted`` says that the request asks for them, which counts in the answer and before it.
        """
        tool = self._tool.decoding if self._tool is not None else _NO_DECODING
        reasoning = self._reasoning.decoding if self._reasoning is not None else _NO_DECODING
        match self._phase:
            case _Phase.REASONING:
                return reasoning.inside, tool.starts
            case _Phase.CALLS:
                return tool.inside, reasoning.starts
        return wanted or tool.always or reasoning.always, tool.starts + reasoning.starts

    def _begin_within_prompt(self, prompt: str) -> None:
        """A prompt that ends with a tag of reasoning has begun it; the model may say the tag again or not."""
        starts = self._reasoning.starts if self._reasoning is not None else {}
        ended = prompt.rstrip()
        for tag, kind in starts.items():
            if kind is Reasoning and ended.endswith(tag):
                self._begin_reasoning(kind)
                self._again = tag

    def _read(self, *, last: bool) -> list[Delta]:
        deltas: list[Delta] = []
        phase = None
        while phase is not self._phase:
            phase = self._phase
            match phase:
                case _Phase.OPEN:
                    self._decide(last=last)
                case _Phase.REASONING:
                    deltas += self._think(last=last)
                case _Phase.ANSWER:
                    deltas += self._answer(last=last)
                case _Phase.CALLS:
                    deltas += self._call(last=last)
        return merged(deltas)

    def _decide(self, *, last: bool) -> None:
        reasoning = dict(self._reasoning.starts) if self._reasoning is not None else {}
        only_first = self._tool.only_first if self._tool is not None else ()
        tags = (*reasoning, *self._tool_starts, *only_first)
        for end in range(1, len(self._text) + 1):
            seen = self._text[:end]
            tag = max((tag for tag in tags if seen.endswith(tag)), key=len, default=None)
            if tag in reasoning and tag is not None:
                self._text = self._text[end:]
                self._begin_reasoning(reasoning[tag])
                return
            if tag is not None:
                self._text = self._text[end - len(tag) :]
                self._phase = _Phase.CALLS
                return
            if not begun(seen, tags):
                self._phase = _Phase.ANSWER
                return
        if last and self._text:
            self._phase = _Phase.ANSWER

    def _begin_reasoning(self, kind: type[Reasoning] | type[Content]) -> None:
        self._phase, self._kind = _Phase.REASONING, kind
        self._skip_to = self._reasoning.body if self._reasoning is not None else ""

    def _think(self, *, last: bool) -> list[Delta]:
        if self._reasoning is None:
            raise AssertionError("without a reasoning parser nothing is read as reasoning")
        if self._again:
            if not last and len(self._text) < len(self._again) and self._again.startswith(self._text):
                return []
            self._text = self._text.removeprefix(self._again)
            self._again = ""
        if self._skip_to:
            _, found, after = self._text.partition(self._skip_to)
            if not found:
                return []
            self._text, self._skip_to = after, ""
        found_end = first_of(self._text, self._reasoning.ends)
        if found_end is not None:
            place, tag = found_end
            text, self._text = self._text[:place], self._text[place + len(tag) :]
            self._phase = _Phase.OPEN
        else:
            kept = 0 if last else begun(self._text, self._reasoning.ends)
            text, self._text = self._text[: len(self._text) - kept], self._text[len(self._text) - kept :]
        return [self._kind(text)]

    def _answer(self, *, last: bool) -> list[Delta]:
        found = first_of(self._text, self._tool_starts)
        kept = 0 if last else begun(self._text, self._tool_starts)
        place = found[0] if found is not None else len(self._text) - kept
        text, self._text = self._eraser.write(self._text[:place]), self._text[place:]
        if found is not None:
            self._phase = _Phase.CALLS
        return [Content(text + (self._eraser.end() if last or found is not None else ""))]

    def _call(self, *, last: bool) -> list[Delta]:
        if self._reader is None:
            raise AssertionError("without a tool parser no calls are read")
        text, self._text = self._text, ""
        return [*self._reader.write(text), *(self._reader.end() if last else ())]


def _erased(tool: ToolParser | None, reasoning: ReasoningParser | None) -> tuple[str, ...]:
    return (tool.erased if tool is not None else ()) or (reasoning.erased if reasoning is not None else ())
