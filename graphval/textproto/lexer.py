"""The tokens of the text format, as C++ protobuf's tokenizer makes them.

Source: protobuf ``io/tokenizer.cc`` as ``TextFormat`` configures it (3.19): ``#`` comments, ``f`` after floats, no
space needed after a number, strings may run over lines.
"""

from __future__ import annotations

import re
from enum import IntEnum

WHITESPACE = " \t\n\r\v\f"

NUMBER = r"""0[xX][0-9a-fA-F]*|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]*)?[fF]?"""


class T(IntEnum):
    """Token types; the numbers are the groups of :data:`TOKEN`."""

    IDENTIFIER = 1
    STRING = 2
    NUMBER = 3
    SYMBOL = 4
    COMMENT = 5
    BROKEN_STRING = 6
    FOREIGN = 7
    CONTROL = 8
    END = 9


def _token_pattern(string_body: str) -> re.Pattern[str]:
    return re.compile(
        rf"""[ \t\n\r\v\f]*(?:
          ([A-Za-z_][A-Za-z0-9_]*)
        | ("(?:[^"\\{string_body}]|\\[\s\S])*"|'(?:[^'\\{string_body}]|\\[\s\S])*')
        | ({NUMBER})
        | ([^\s"'#\x00-\x20\x7f-\U0010ffffA-Za-z0-9_])
        | (\#[^\n]*)
        | (["'](?:[^\n\\]|\\[^\n])*\\?)
        | ([\x80-\U0010ffff]+)
        | ([\x00-\x1f\x7f]+)
        | (\Z)
        )""",
        re.VERBOSE,
    )


TOKEN = _token_pattern("")
"""The next token, whitespace before it skipped."""

TOKEN_ONE_LINE = _token_pattern(r"\n")
"""The same with strings that end at the line end: for saying where a quote is missing."""

FIELD = re.compile(
    r"""[ \t\n\r\v\f]*([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]*:[ \t]*(?:("[^"\\\n]*")[ \t]*(?=[\n}A-Za-z_,;])"""
    r"""|([A-Za-z_][A-Za-z0-9_]*)(?=[ \t\n},;])|(-?[0-9]+(?:\.[0-9]+)?)(?=[ \t\n},;])|(\{))|[ \t]*(\{))"""
)
"""A whole ordinary field, so that ordinary text costs one match a field: name, then one of a simple string (2),
an identifier (3), a plain decimal number (4), or an opening brace after a colon (5) or without one (6)."""
