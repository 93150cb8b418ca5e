"""How a server died: the last words on stderr, and what they mean.

Facts: ``ovms-log-signatures.md`` section 8 (OVMS 2026.4). A failed CHECK writes one line with the source file, an
uncaught C++ exception two without; a memory fault writes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHECK = re.compile(r"^F\d{4}\d* [\d:.]+\s+\d+ (?P<file>[^:\]]+):\d+\] (?P<what>.*)$")
_TERMINATE = re.compile(r"^terminate called (?:after throwing an instance of '(?P<type>[^']+)'|.*)$")
_WHAT = re.compile(r"^\s+what\(\):\s+(?P<what>.*)$")
_ILLEGAL = re.compile(r"SIGILL received")


@dataclass(frozen=True, slots=True)
class Crash:
    """``text`` is the first telling line without its prefix (empty: the process said nothing), ``file`` the source
    file of a failed CHECK, ``line`` the line as logged."""

    text: str
    file: str = ""
    line: str = ""


def read_crash(stderr: str) -> Crash:
    """The last words of a server that ended by a signal."""
    lines = stderr.splitlines()
    for line in lines:
        found = _CHECK.match(line)
        if found is not None:
            return Crash(found["what"].strip(), found["file"], line)
    for number, line in enumerate(lines):
        found = _TERMINATE.match(line)
        if found is not None:
            told = _WHAT.match(lines[number + 1]) if number + 1 < len(lines) else None
            kind = found["type"] or "an exception"
            return Crash(f"uncaught {kind}" + (f": {told['what']}" if told is not None else ""), line=line)
        if _ILLEGAL.search(line):
            return Crash("the processor lacks an instruction the server needs", line=line)
    return Crash("")
