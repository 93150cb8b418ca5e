"""Why a server did not start, in words that say what to do."""

from __future__ import annotations

import re

_CAUSES = (
    (r"error while loading shared libraries: (?P<what>[^\s:]+)",
     "the server lacks the library {what}: take a complete package, or let LD_LIBRARY_PATH name its lib folder"),
    (r"exit code 132|Illegal instruction|instruction set",
     "this machine's processor lacks instructions that the server was built for"),
    (r"port is busy|Failed to start (?:Drogon|REST) server|FAILED_TO_START_REST_SERVER",
     "another program listens on the server's port: leave --port and --rest_port out of --server-flag"),
    (r"Error reading API key file", "the server's user cannot read the API key file"),
    (r"(?:unmatched arguments|error parsing options)[^\n]*?:\s*(?P<what>[^\n]+)",
     "the server does not know these words of its command line: {what}"),
    (r"exit code 126|exec[^\n]*: Permission denied", "the server's program may not be run by its user"),
    (r"exit code 127|cannot start [^\n]*: No such file", "the server's program is not where it was looked for"),
    (r"std::bad_alloc|Cannot allocate memory|ENOMEM|^MemoryError\b|failed to map segment from shared object",
     "the server had too little memory: give it more with --memory"),
    (r"pthread_create|Resource temporarily unavailable",
     "the server could not start a thread: the limit of processes is too low"),
    (r"Exception catch: (?P<what>[^\n]+?) - will now terminate", "an exception ended the start: {what}"),
    (r"exit code 64\b", "the server's command line is wrong; see --server-flag"),
)  # fmt: skip


def why_not_started(ending: str, stdout: str, stderr: str) -> str:
    """What to do about it, empty where nothing in its words is known."""
    said = f"{ending}\n{stderr}\n{stdout}"
    for pattern, advice in _CAUSES:
        found = re.search(pattern, said, re.MULTILINE)
        if found is not None:
            return advice.format(what=(found.groupdict().get("what") or "").strip())
    return ""
