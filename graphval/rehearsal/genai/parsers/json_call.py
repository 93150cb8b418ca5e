"""One call that is written as a JSON object: its name, and its arguments as they come.

The arguments are handed on as the model wrote them: all that stands from the value of their key to the brace that ends
the call. A call whose name does not come before its arguments cannot be announced and is left out.
Source: OVMS ``src/llm/io_processing/hermes3/tool_parser.cpp``, ``llama3/tool_parser.cpp``, ``mistral/tool_parser.cpp``,
``phi4/tool_parser.cpp``, ``partial_json_builder.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Delta
from graphval.rehearsal.genai.parsers.values import NoJsonError, read_json


class JsonCall:
    """Reads one object, letter by letter from its brace on. ``index`` is the call's among those of the answer."""

    def __init__(self, index: int, arguments_keys: tuple[str, ...] = ("arguments",)) -> None:
        self.done = False
        """The object has ended; what follows is no part of it."""
        self.announced = False
        """The call has been told of and takes its index."""
        self._index = index
        self._arguments_keys = arguments_keys
        self._depth = 0
        self._quoted = self._escaped = False
        self._written = ""  # of the key or the value that is being read
        self._key: str | None = None
        self._name = ""
        self._in_arguments = self._begun = False

    def write(self, letter: str) -> Iterator[Delta]:
        """Take one letter of a call that is not done."""
        if self._quoted:
            self._quoted = self._escaped or letter != '"'
            self._escaped = not self._escaped and letter == "\\"
        elif letter == '"':
            self._quoted = True
        elif letter in "{[":
            self._depth += 1
            if self._depth == 1:
                return
        elif letter in "}]":
            self._depth -= 1
            if self._depth == 0:
                self.done = True
                return
        elif self._depth == 1 and not self._in_arguments:
            if letter == ":" and self._key is None:
                yield from self._begin_value()
                return
            if letter == ",":
                self._end_value()
                return
        if not self._in_arguments:
            self._written += letter
        elif self._begun or not letter.isspace():
            self._begun = True
            if self.announced:
                yield CallArguments(self._index, letter)

    def _begin_value(self) -> Iterator[Delta]:
        self._key, self._written = _text(self._written), ""
        if self._key in self._arguments_keys:
            self._in_arguments = True
            if self._name:
                self.announced = True
                yield CallStart(self._index, self._name)

    def _end_value(self) -> None:
        if self._key == "name":
            self._name = _text(self._written)
        self._key, self._written = None, ""


def _text(written: str) -> str:
    """The text that a JSON string says, empty for what is none."""
    try:
        value = read_json(written)
    except NoJsonError:
        return ""
    return value if isinstance(value, str) else ""


class JsonCalls:
    """Calls one after another in a text; what stands between them is passed over."""

    def __init__(self, arguments_keys: tuple[str, ...] = ("arguments",)) -> None:
        self._arguments_keys = arguments_keys
        self._index = 0
        self._call: JsonCall | None = None

    def write(self, text: str) -> Iterator[Delta]:
        for letter in text:
            if self._call is None and letter == "{":
                self._call = JsonCall(self._index, self._arguments_keys)
            if self._call is None:
                continue
            yield from self._call.write(letter)
            if self._call.done:
                self.leave()

    def leave(self) -> None:
        """Nothing more belongs to the call that is being read, if there is one."""
        if self._call is not None:
            self._index += self._call.announced
        self._call = None
