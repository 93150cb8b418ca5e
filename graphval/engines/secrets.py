"""Values that must not be shown: kept out of command lines by the engines, and out of whatever a server writes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graphval.engines.interface import EngineError
from graphval.engines.options import EngineOptions

_NAMES = re.compile(r"KEY|SECRET|TOKEN|PASSW|CREDENTIAL|CONNECTION_STRING|SAS|AUTH|PROXY", re.IGNORECASE)
_SHORTEST = 4
"""Anything shorter stands in too many lines by chance."""

HIDDEN = "***"


def secrets_of(options: EngineOptions | None) -> tuple[str, ...]:
    """The values that are secrets by their names, and the API key; the longest first, since one may hold another."""
    if options is None:
        return ()
    found = {value for name, value in options.environment.items() if _NAMES.search(name)}
    if options.api_key_file is not None:
        found.add(api_key_of(options).strip())
    return tuple(sorted((value for value in found if len(value) >= _SHORTEST), key=len, reverse=True))


def api_key_of(options: EngineOptions | None) -> str:
    """The key that the server asks for; empty where it asks for none. The file counts before the environment, and of
    its first line what is blank at the end does not, as with OVMS (``src/config.cpp``, 2026.4). Raises
    :class:`EngineError` for a file that cannot be read."""
    if options is None:
        return ""
    if options.api_key_file is None:
        return options.environment.get("API_KEY", "")
    try:
        return options.api_key_file.read_text("utf-8", errors="replace").partition("\n")[0].rstrip()
    except OSError as error:
        raise EngineError(f"the API key cannot be read from {options.api_key_file}: {error.strerror}") from error


def demands_key(options: EngineOptions | None) -> bool:
    """Whether a server with these options should ask for a key. A file says so even where its first line is empty, and
    the server then asks for none."""
    return options is not None and (options.api_key_file is not None or bool(options.environment.get("API_KEY")))


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret in it hidden."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def refuse_trace(options: EngineOptions) -> None:
    """At TRACE OVMS prints the API key (``src/config.cpp``, 2026.4). Raises :class:`EngineError`."""
    flags = " ".join(options.server_flags)
    keyed = options.api_key_file is not None or "API_KEY" in options.environment or "--api_key_file" in flags
    if keyed and re.search(r"--log_level[ =]TRACE\b", flags):
        raise EngineError("at log level TRACE the server prints the API key; leave one of them out")
