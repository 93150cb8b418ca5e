"""The command line: options in, events to the renderers, an exit code out. No logic of its own.

Exit codes: 0 pass, 1 findings at or above the threshold, 2 usage or input that cannot be read, 3 inconclusive, 130 and
143 interrupted and terminated.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from graphval.run.crew import Crew

_INTERRUPTED = 130


def main() -> NoReturn:
    """The ``graphval`` command."""
    # Imports make many objects that stay: to look for garbage among them again and again costs a tenth of a short run.
    gc.set_threshold(50_000, 20, 20)
    try:
        judges = _judges()
        from graphval.cli.program import main as program
    except KeyboardInterrupt:
        # Also while it is still being imported, which takes most of a short run.
        sys.stderr.write("graphval: interrupted\n")
        sys.exit(_INTERRUPTED)
    program(judges)


def _judges() -> Crew | None:
    """Processes that judge for ``lint``: they import the rules while this one imports and reads the command line."""
    if sys.argv[1:2] != ["lint"]:
        return None
    from graphval.run.judges import judges, processors

    return judges(processors()) if processors() > 1 else None


def process() -> NoReturn:
    """The ``graphval`` command as a process of its own, as a shell starts it.

    At its end the memory goes back at once and whole: that the interpreter takes it apart costs a tenth of a short run.
    """
    try:
        main()
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> NoReturn:
    import atexit
    import threading

    if threading.active_count() > 1 or not isinstance(end.code, int):
        raise end  # there is more to do than to leave
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        raise end from None  # the interpreter says that something could not be written
    os._exit(end.code)


__all__ = ["main", "process"]
