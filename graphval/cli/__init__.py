"""The command line: options in, events to the renderers, an exit code out. No logic of its own.

Exit codes: 0 pass, 1 findings at or above the threshold, 2 usage or input that cannot be read, 3 inconclusive.
"""

from graphval.cli.program import main

__all__ = ["main"]
