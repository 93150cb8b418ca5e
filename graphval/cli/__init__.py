"""The command line: options in, events to the renderers, an exit code out. No logic of its own.

Exit codes: 0 pass, 1 findings at or above the threshold, 2 usage or input that cannot be read, 3 inconclusive, 130 and
143 interrupted and terminated.
"""

from __future__ import annotations

import sys
from typing import NoReturn

_INTERRUPTED = 130


def main() -> NoReturn:
    """The ``graphval`` command."""
    try:
        from graphval.cli.program import main as program
    except KeyboardInterrupt:
        # Also while it is still being imported, which takes most of a short run.
        sys.stderr.write("graphval: interrupted\n")
        sys.exit(_INTERRUPTED)
    program()


__all__ = ["main"]
