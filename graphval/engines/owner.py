"""Who made a thing that must not be left behind: this very process, told apart from all others, past and future.

Process numbers are used again and mean something else in another container or after a boot; so an owner is the boot,
the process namespace, the process number and the time the process began.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Owner:
    """A process. ``boot`` is the kernel's boot id, ``space`` the process namespace, ``began`` counts clock ticks."""

    boot: str
    space: str
    process: int
    began: str

    def __str__(self) -> str:
        return f"{self.boot}.{self.space}.{self.process}.{self.began}"

    @property
    def here(self) -> bool:
        """Whether the process is one of this boot and namespace, so that it can be known whether it lives."""
        return (self.boot, self.space) == _this_machine()

    @property
    def gone(self) -> bool:
        """Whether the process is known to have ended. An owner of another machine or namespace cannot be known."""
        # After a boot the old owners are gone, too; but another boot id may as well be another machine's.
        return self.here and began_at(self.process) != self.began


def parse(text: str) -> Owner | None:
    """The owner that ``str`` wrote, or ``None``."""
    match text.split("."):
        case [boot, space, process, began] if process.isdecimal():
            return Owner(boot, space, int(process), began)
    return None


@cache
def _this_machine() -> tuple[str, str]:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        space = str((_PROC / "self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        # Without /proc nothing can be known of an owner, and nothing of it may look like another's.
        return uuid4().hex, uuid4().hex
    return boot, space


def this_process() -> Owner:
    """The owner of what this process makes."""
    boot, space = _this_machine()
    return Owner(boot, space, os.getpid(), began_at(os.getpid()))


def began_at(process: int) -> str:
    """When a process began, in clock ticks since the boot; empty if there is none of that number."""
    try:
        text = (_PROC / str(process) / "stat").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    # The name, in brackets, may hold anything.
    return text.rpartition(")")[2].split()[19]
