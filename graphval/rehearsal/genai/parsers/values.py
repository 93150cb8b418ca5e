"""Values that models write in no JSON, made JSON; and places in text outside of quotes and brackets.

Source: OVMS ``src/llm/io_processing/utils.cpp`` (2026.4).
"""

from __future__ import annotations

import json
from typing import Any

_OPENING, _CLOSING = "{[", "}]"
_AFTER_QUOTE = ",:]})"


class NoJsonError(ValueError):
    """Text that is no JSON value."""


def read_json(text: str) -> Any:
    """The value of a JSON text, by the standard: no NaN. Raises :class:`NoJsonError`."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NoJsonError(str(error)) from error


def _refuse(constant: str) -> Any:
    raise NoJsonError(constant)


def compact(value: Any) -> str:
    """JSON text without blanks, as OVMS writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def without_null(value: Any) -> Any:
    """The value with an empty text wherever it says null."""
    match value:
        case None:
            return ""
        case list():
            return [without_null(entry) for entry in value]
        case dict():
            return {key: without_null(entry) for key, entry in value.items()}
    return value


def without_newlines_around(text: str) -> str:
    """The text without one line break at its end and one at its beginning."""
    return text.removesuffix("\n").removeprefix("\n")


def boolean_word(text: str) -> str:
    """Python's words for truth become JSON's."""
    return text.lower() if text in ("True", "TRUE", "False", "FALSE") else text


def as_kind(text: str, kind: str) -> Any:
    """A value by the type that a tool's schema tells for it; a text where it is no JSON."""
    try:
        value = read_json(text)
    except NoJsonError:
        return text
    return compact(value) if kind == "string" and not isinstance(value, str) else value


def find_outside(text: str, wanted: str, start: int = 0) -> int:
    """Where ``wanted`` stands outside of brackets, braces and quotes, -1 if nowhere.

    Brackets count inside of quotes too. An apostrophe within a word opens and closes nothing, and a single quote closes
    only before what may follow a value.
    """
    depth, quote = 0, ""
    for place in range(start, len(text)):
        letter = text[place]
        if not depth and not quote and text.startswith(wanted, place):
            return place
        if letter == '"' and quote != "'" and text[place - 1 : place] != "\\":
            quote = "" if quote else '"'
        elif letter == "'" and quote != '"' and text[place - 1 : place] != "\\":
            quote = _after_single_quote(text, place, quote)
        else:
            depth += (letter in _OPENING) - (letter in _CLOSING)
    return -1


def _after_single_quote(text: str, place: int, quote: str) -> str:
    if _is_word(text[place - 1 : place]) and _is_word(text[place + 1 : place + 2]):
        return quote
    if not quote:
        return "'"
    follows = text[place + 1 :].lstrip()[:1]
    return "" if not follows or follows in _AFTER_QUOTE else "'"


def _is_word(letter: str) -> bool:
    return letter == "_" or (letter.isascii() and letter.isalnum())


def split_outside(text: str, separator: str, looked_at: str | None = None) -> list[str]:
    """The parts between separators outside of brackets and quotes; these are looked for in ``looked_at``."""
    looked_at = text if looked_at is None else looked_at
    parts, start = [], 0
    while (place := find_outside(looked_at, separator, start)) >= 0:
        parts.append(text[start:place])
        start = place + len(separator)
    return [*parts, text[start:]]
