"""What a parser of one family of models tells: its tags, and how it reads on from the first of them.

Source: OVMS ``src/llm/io_processing/base_output_parser.hpp`` (the parsing config of each parser), ``output_parser.hpp``
(2026.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graphval.rehearsal.genai.parsers.delta import Content, Delta, Reasoning

Tools = Mapping[str, Mapping[str, str]]
"""Of each tool that a request offers the JSON type of each parameter whose schema names one."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """When the tokens that a tokenizer calls special must become text.

    ``always``: also outside of what this parser reads; ``inside``: while it reads; ``starts``: tags that a single
    special token stands for and that begin the parser's part, whether or not special tokens become text there.
    """

    always: bool = False
    inside: bool = False
    starts: tuple[str, ...] = ()


class ToolReader(Protocol):
    """Reads one answer from the first tag of a call on, that tag included, to its end."""

    def write(self, text: str) -> list[Delta]:
        """What more text shows."""

    def end(self) -> list[Delta]:
        """What was held back, now that nothing follows."""


@dataclass(frozen=True, slots=True)
class ToolParser:
    """A tool parser. ``starts`` tells its tags, ``only_first`` those that count where nothing was written before."""

    reader: Callable[[Tools], ToolReader]
    starts: Callable[[Tools], tuple[str, ...]]
    only_first: tuple[str, ...] = ()
    decoding: Decoding = Decoding()
    erased: tuple[str, ...] = ()
    """Markers that never are part of the answer."""


@dataclass(frozen=True, slots=True)
class ReasoningParser:
    """A reasoning parser: which kind of text each tag begins, and what ends it.

    ``only_first`` as for tools. Text up to ``body`` after a tag, if there is any, belongs to the tag.
    """

    starts: Mapping[str, type[Reasoning] | type[Content]]
    ends: tuple[str, ...]
    body: str = ""
    decoding: Decoding = Decoding()
    erased: tuple[str, ...] = ()


def tools_of(offered: list[dict[str, Any]]) -> Tools:
    """The tools of a request with the types of their parameters."""
    functions = [tool.get("function", tool) for tool in offered]
    return {function["name"]: _types(function.get("parameters")) for function in functions}


def _types(schema: Any) -> dict[str, str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return {}
    return {
        name: told["type"]
        for name, told in properties.items()
        if isinstance(told, dict) and isinstance(told.get("type"), str)
    }
