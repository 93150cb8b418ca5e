"""JSON as OVMS reads it, with the place of every key and value.

Strict like RapidJSON's default parser, which OVMS uses: no comments, no trailing commas, no single quotes, no byte
order mark. Reading goes on after a mistake where that is possible; nesting is limited, not recursive without end.
"""

from __future__ import annotations

import json
import math
import re

from graphval.deployment.json_tree import JsonDocument, JsonMember, JsonNode
from graphval.textproto import Fix, Problem, Source

MAX_DEPTH = 100
TOO_MANY = "json-too-many-values"
_OBJECT = 3
"""So many values an object counts as: each may be a model or a graph to look for."""
MAX_VALUES = 100_000
"""Twice what the largest tokenizer_config.json at hand holds."""
_SPACE = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LIKE_A_NUMBER = re.compile(r"[-+.0-9][-+.0-9A-Za-z_]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_PLAIN_KEY = re.compile(r'"([ !#-\[\]-~]*+)"[ \t\r\n]*+:[ \t\r\n]*+(?![/#])')
_unescaped = json.JSONDecoder(strict=False).decode
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_INTEGER = 40
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = {"true": True, "false": False, "null": None}
_FOREIGN_WORDS = {"True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null"}


def _lone_surrogates(text: str) -> int:
    """How many lone surrogates a text holds. Bytes that are no UTF-8 are read as such, and RapidJSON takes them."""
    return len(_LONE_SURROGATE.findall(text))


class _Stop(Exception):
    """Nothing sensible can be read behind this point; the problem that says why is recorded."""


def read_json(source: Source, most: int = MAX_VALUES) -> JsonDocument:
    """Read a JSON text of at most so many values, an object counting as three. Never raises."""
    reader = _Reader(source, most)
    root: JsonNode | None = None
    try:
        root = reader.document()
    except _Stop:
        root = reader.root
    return JsonDocument(source, root, tuple(reader.problems))


class _Reader:
    def __init__(self, source: Source, most: int) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self._left = most
        self.problems: list[Problem] = []
        self.root: JsonNode | None = None

    def document(self) -> JsonNode | None:
        if self.text.startswith("\ufeff"):
            self._problem(
                "json-byte-order-mark",
                "the file begins with a byte order mark",
                0,
                1,
                help="save it as UTF-8 without BOM",
                fix=Fix(0, 1, ""),
            )
            self.at = 1
        self._space()
        if self.at >= len(self.text):
            self._problem("json-syntax", "the file is empty", 0, 0, help='write {"model_config_list": []} at least')
            return None
        self.root = self._value(0)
        self._space()
        if self.at < len(self.text):
            self._problem("json-syntax", "there is more behind the end of the document", self.at, self.at + 1)
        return self.root

    def _problem(
        self, kind: str, message: str, start: int, end: int, *, help: str = "", fix: Fix | None = None
    ) -> None:
        self.problems.append(Problem(kind, message, start, end, help, fix))
        if len(self.problems) >= 50:
            raise _Stop

    def _space(self) -> None:
        """Skip blanks, and comments after reporting them."""
        while True:
            match = _SPACE.match(self.text, self.at)
            assert match is not None, "the pattern takes no character, too"
            self.at = match.end()
            start = self.at
            if self.text[start : start + 1] not in ("/", "#"):
                return
            if self.text.startswith("//", start) or self.text.startswith("#", start):
                end = self.text.find("\n", start)
                self.at = end if end >= 0 else len(self.text)
            elif self.text.startswith("/*", start):
                end = self.text.find("*/", start)
                self.at = end + 2 if end >= 0 else len(self.text)
            else:
                return
            self._problem(
                "json-comment",
                "JSON has no comments",
                start,
                self.at,
                help="remove it",
                fix=Fix(start, self.at, "", certain=False),  # somebody's words
            )

    def _value(self, depth: int) -> JsonNode:
        start = self.at
        character = self.text[start : start + 1]
        if depth > MAX_DEPTH:
            self._problem("json-too-deep", f"values are nested more than {MAX_DEPTH} deep", start, start + 1)
            raise _Stop
        self._left -= _OBJECT if character == "{" else 1
        if self._left < 0:
            self._problem(
                TOO_MANY,
                "the file holds more values than are read",
                start,
                start + 1,
                help="a configuration has some hundreds: is this the right file?",
            )
            raise _Stop
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._array(depth)
        if character == '"':
            node = JsonNode(self.source, "string", start)
            node.value = self._string()
        elif character == "'":
            node = JsonNode(self.source, "string", start)
            node.value = self._single_quoted()
        elif match := _LIKE_A_NUMBER.match(self.text, start):
            node = JsonNode(self.source, "number", start)
            self.at = match.end()
            node.value = self._number(match[0])
        elif match := _WORD.match(self.text, start):
            node = self._word(match[0])
        else:
            what = (
                f'"{character}" stands where a value should be'
                if character
                else "the text ends where a value should be"
            )
            self._problem("json-syntax", what, min(start, max(0, len(self.text) - 1)), start + 1)
            raise _Stop
        node.end = self.at
        return node

    def _number(self, text: str) -> int | float:
        """The number; 0 after a mistake. What is too long for 64 bits is a double, as in RapidJSON."""
        if _NUMBER.fullmatch(text) is None:
            self._problem(
                "json-syntax",
                f"{text[:40]} is no JSON number",
                self.at - len(text),
                self.at,
                help="write it like 8, -1 or 0.5: no leading zero or +, digits on both sides of the point",
            )
            return 0
        value = json.loads(text) if len(text) <= _LONGEST_INTEGER else float(text)
        if math.isinf(value):
            self._problem("json-syntax", f"{text[:40]} is too large for a number", self.at - len(text), self.at)
            return 0
        return value if isinstance(value, float) or -(2**63) <= value < 2**64 else float(value)

    def _word(self, word: str) -> JsonNode:
        start = self.at
        self.at += len(word)
        meant = _FOREIGN_WORDS.get(word)
        if word not in _WORDS:
            self._problem(
                "json-syntax",
                f"{word} is no JSON value",
                start,
                self.at,
                help=f"write {meant}" if meant else f'write "{word}"',
                fix=Fix(start, self.at, meant or f'"{word}"', certain=meant is not None),
            )
        node = JsonNode(self.source, "null" if (meant or word) == "null" else "boolean", start)
        if word not in _WORDS and meant is None:
            node.kind, node.value = "string", word
        else:
            node.value = _WORDS[meant or word]
        return node

    def _string(self) -> str:
        start = self.at
        match = _STRING.match(self.text, start)
        if match is not None:
            self.at = match.end()
            written = match[0]
            if "\\" not in written:
                return written[1:-1]
            value = str(_unescaped(written))
            if value.isascii() or _lone_surrogates(value) == _lone_surrogates(written):
                return value
            self._problem(
                "json-syntax",
                "the string holds one half of a surrogate pair",
                start,
                self.at,
                help="write the character itself",
            )
            return _LONE_SURROGATE.sub("\ufffd", value)
        line_end = self.text.find("\n", start)
        line_end = line_end if line_end >= 0 else len(self.text)
        closing = start + 1
        while closing < line_end and self.text[closing] != '"':
            closing += 2 if self.text[closing] == "\\" else 1
        if closing >= line_end:
            return self._unclosed_string(start, line_end)
        self.at = closing + 1
        self._problem(
            "json-syntax",
            "the string holds an escape or a control character that JSON does not know",
            start,
            self.at,
            help="write \\\\ for a backslash, or / in paths",
        )
        return self.text[start + 1 : closing]

    def _unclosed_string(self, start: int, line_end: int) -> str:
        """A string that its line does not close. A comma at the end of the line is taken for the one behind it."""
        self._problem("json-syntax", 'the string has no closing "', start, line_end, help='add "')
        text = self.text[start + 1 : line_end].rstrip()
        if text.endswith(","):
            text = text[:-1]
        self.at = start + 1 + len(text)
        follows = _SPACE.match(self.text, line_end)
        if follows is None or self.text[follows.end() : follows.end() + 1] not in ('"', "}", "]"):
            raise _Stop
        return text

    def _single_quoted(self) -> str:
        start = self.at
        closing = self.text.find("'", start + 1)
        line_end = self.text.find("\n", start)
        if closing < 0 or 0 <= line_end < closing:
            self._problem("json-quotes", "JSON strings stand in double quotes", start, start + 1)
            raise _Stop
        self.at = closing + 1
        inner = self.text[start + 1 : closing]
        self._problem(
            "json-quotes",
            "JSON strings stand in double quotes",
            start,
            self.at,
            help=f'write "{inner}"',
            fix=Fix(start, self.at, f'"{inner}"', certain='"' not in inner and "\\" not in inner),
        )
        return inner

    def _object(self, depth: int) -> JsonNode:
        node = JsonNode(self.source, "object", self.at)
        if self.root is None:
            self.root = node
        self.at += 1
        comma = -1
        while True:
            self._space()
            character = self.text[self.at : self.at + 1]
            if character == "}":
                if comma >= 0:
                    self._trailing_comma(comma)
                self.at += 1
                node.end = self.at
                return node
            key_start = self.at
            if plain := _PLAIN_KEY.match(self.text, key_start):  # as nearly all are, the colon and blanks behind it too
                self.at = plain.end()
                node.members.append(JsonMember(plain[1], key_start, plain.end(1) + 1, self._value(depth + 1)))
                comma = self._comma("}")
                continue
            if character == '"':
                key = self._string()
            elif character == "'":
                key = self._single_quoted()
            elif match := _WORD.match(self.text, self.at):
                key = match[0]
                self.at = match.end()
                self._problem(
                    "json-quotes",
                    "keys stand in double quotes",
                    key_start,
                    self.at,
                    help=f'write "{key}"',
                    fix=Fix(key_start, self.at, f'"{key}"'),
                )
            else:
                node.end = self.at
                self._unclosed(node, character, "a key")
                return node
            key_end = self.at
            self._space()
            if self.text[self.at : self.at + 1] == ":":
                self.at += 1
            else:
                self._problem("json-syntax", f'no colon behind "{key}"', key_end, key_end, help="write :")
                if self.text[self.at : self.at + 1] == "=":
                    self.at += 1
            self._space()
            node.members.append(JsonMember(key, key_start, key_end, self._value(depth + 1)))
            comma = self._comma("}")

    def _array(self, depth: int) -> JsonNode:
        node = JsonNode(self.source, "array", self.at)
        if self.root is None:
            self.root = node
        self.at += 1
        comma = -1
        while True:
            self._space()
            character = self.text[self.at : self.at + 1]
            if character == "]":
                if comma >= 0:
                    self._trailing_comma(comma)
                self.at += 1
                node.end = self.at
                return node
            if character in ("", "}"):
                node.end = self.at
                self._unclosed(node, character, "a value")
                return node
            node.items.append(self._value(depth + 1))
            comma = self._comma("]")

    def _comma(self, closer: str) -> int:
        """Behind a value: the offset of the comma, or -1 where the container ends here."""
        end = self.at
        self._space()
        character = self.text[self.at : self.at + 1]
        if character == ",":
            self.at += 1
            return self.at - 1
        if character not in ("", "}", "]"):
            self._problem(
                "json-syntax", "no comma between two values", end, end, help="write ,", fix=Fix(end, end, ",")
            )
        return -1

    def _trailing_comma(self, comma: int) -> None:
        self._problem(
            "json-trailing-comma",
            "a comma behind the last value",
            comma,
            comma + 1,
            help="remove it",
            fix=Fix(comma, comma + 1, ""),
        )

    def _unclosed(self, node: JsonNode, found: str, wanted: str) -> None:
        if found:
            self._problem("json-syntax", f'"{found}" stands where {wanted} should be', self.at, self.at + 1)
            raise _Stop
        opener = self.text[node.start]
        self._problem(
            "json-syntax",
            f"this {opener} is never closed",
            node.start,
            node.start + 1,
            help="add " + {"{": "}", "[": "]"}[opener],
        )
        raise _Stop
