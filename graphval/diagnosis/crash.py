"""How a server died: the last words on stderr, and what they mean.

A failed CHECK writes one line with the source file, an uncaught C++ exception two without; a memory fault writes
nothing (OVMS 2026.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHECK = re.compile(r"^F\d{4}\d* [\d:.]+\s+\d+ (?P<file>[^:\]]+):\d+\] (?P<what>.*)$")
_TERMINATE = re.compile(r"^terminate called (?:after throwing an instance of '(?P<type>[^']+)'|.*)$")
_WHAT = re.compile(r"^\s+what\(\):\s+(?P<what>.*)$")
_ILLEGAL = re.compile(r"SIGILL received")
_PREFIX = re.compile(r"^(?:[IWEF]\d{4,8} |\*\*\* |\[|terminate called |\s+@ 0x|WARNING: )")
_WHAT_LINES = 20
"""A message of an exception may have several lines; nothing marks its end but the next writer."""


@dataclass(frozen=True, slots=True)
class Crash:
    """``text`` is the first telling line without its prefix (empty: the process said nothing), ``file`` the source
    file of a failed CHECK, ``line`` the line as logged."""

    text: str
    file: str = ""
    line: str = ""


def read_crash(stderr: str) -> Crash:
    """The last words of a server that ended by a signal: a failed CHECK, else the exception that tells most."""
    lines = stderr.splitlines()
    for line in lines:
        found = _CHECK.match(line)
        if found is not None:
            return Crash(found["what"].strip(), found["file"], line)
    vague: Crash | None = None
    for number, line in enumerate(lines):
        found = _TERMINATE.match(line)
        if found is not None and found["type"]:
            told = _what(lines[number + 1 :])
            return Crash(f"uncaught {found['type']}" + (f": {told}" if told else ""), line=line)
        if found is not None:
            # Of threads that die together one names its exception, the others only say that they die too.
            vague = vague or Crash("uncaught exception", line=line)
        elif _ILLEGAL.search(line):
            return Crash("the processor lacks an instruction the server needs", line=line)
    return vague or Crash("")


def _what(lines: list[str]) -> str:
    """The message of an exception, which begins on the next line and goes on until another writer speaks."""
    told = _WHAT.match(lines[0]) if lines else None
    if told is None:
        return ""
    parts = [told["what"].strip()]
    for line in lines[1:_WHAT_LINES]:
        if not line.strip() or _PREFIX.match(line):
            break
        parts.append(line.strip())
    return "\n".join(parts)
