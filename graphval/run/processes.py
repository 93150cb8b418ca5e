"""Processes that share the work of a run, made by ``fork``: not for a program with threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

WORTH_A_PROCESS = 50
"""So many deployments outweigh the start of a process."""

_inherited: Any = None


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def inheriting(what: object, processes: int) -> ProcessPoolExecutor:
    """Processes that have ``what`` as it is when they are made, so that nobody has to send it."""
    # Imported only where it pays: a lint of one graph must not wait for it.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(processes, get_context("fork"), initializer=_inherit, initargs=(what,))


def inherited() -> Any:
    """In such a process: what it was made with."""
    return _inherited


def _inherit(what: object) -> None:
    global _inherited
    _inherited = what


__all__ = ["WORTH_A_PROCESS", "inherited", "inheriting", "processors"]
