"""Text out of tokens as they come, and that text taken apart.

Special tokens become text where the parser that reads on needs them; a token that stands for a tag which begins a
parser's part is written out where they do not.
Source: OVMS ``src/llm/ovms_text_streamer.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphval.rehearsal.genai.output_parser import AnswerReader
from graphval.rehearsal.genai.parsers.delta import Content, Delta, merged


class AnswerText:
    """One answer. ``reader`` takes it apart, if anything does; ``special`` says that special tokens are asked for."""

    def __init__(self, tokenizer: Any, reader: AnswerReader | None, *, special: bool) -> None:
        self._tokenizer = tokenizer
        self._reader = reader
        self._wanted = special
        self._special, starts = reader.decoding(special) if reader is not None else (special, ())
        self._numbers = dict(self._single_tokens(starts))
        self._text = _Detokenizer(tokenizer, special=self._special)

    def write(self, tokens: Iterable[int]) -> list[Delta]:
        """What more tokens show."""
        return merged(delta for token in tokens for delta in self._take(token))

    def end(self) -> list[Delta]:
        """What was held back, now that nothing follows."""
        deltas = self._read(self._text.end())
        return merged([*deltas, *(self._reader.end() if self._reader is not None else ())])

    def _take(self, token: int) -> list[Delta]:
        if self._reader is None:
            return self._read(self._text.write(token))
        special, starts = self._reader.decoding(self._wanted)
        tag = "" if self._special else self._numbers.get(token, "")
        if tag in starts:
            return [*self._change(special), *self._read(tag)]
        before = self._change(special) if special != self._special else []
        return [*before, *self._read(self._text.write(token))]

    def _change(self, special: bool) -> list[Delta]:
        """Begin anew, with special tokens as text or without."""
        deltas = self._read(self._text.end())
        self._special = special
        self._text = _Detokenizer(self._tokenizer, special=special)
        return deltas

    def _read(self, text: str) -> list[Delta]:
        if self._reader is not None:
            return self._reader.write(text) if text else []
        return [Content(text)] if text else []

    def _single_tokens(self, tags: Iterable[str]) -> Iterable[tuple[int, str]]:
        for tag in tags:
            tokens = self._tokenizer.encode(tag, add_special_tokens=False).input_ids.data.flat
            if len(tokens) == 1:
                yield int(tokens[0]), tag


class _Detokenizer:
    """What is not yet a whole character waits."""

    def __init__(self, tokenizer: Any, *, special: bool) -> None:
        import openvino_genai

        self._pieces: list[str] = []
        self._streamer = openvino_genai.TextStreamer(tokenizer, self._take, {"skip_special_tokens": not special})

    def _take(self, text: str) -> bool:
        self._pieces.append(text)
        return False

    def write(self, token: int) -> str:
        self._streamer.write(token)
        return self._drain()

    def end(self) -> str:
        self._streamer.end()
        return self._drain()

    def _drain(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return text
