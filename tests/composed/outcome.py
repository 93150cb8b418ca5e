"""What becomes of a graph before its first packet, as somebody says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """``moment`` is ``load`` or ``create``, where the graph fails, or empty, where it does not.

    ``ways`` are the ways in which it fails there: ``refused``, ``dies`` (the process) or ``hangs``. Of several mistakes
    a server meets one first, the rules see them all, so that they may name several. ``exercised`` is false where nobody
    could tell what follows a load that went well. ``perhaps``: a warning names what can make the creation fail.
    """

    moment: str
    ways: frozenset[str] = frozenset()
    why: str = ""
    exercised: bool = True
    perhaps: bool = False

    def __str__(self) -> str:
        return f"{' or '.join(sorted(self.ways))} at {self.moment}: {self.why}" if self.moment else "taken"


TAKEN = Outcome("")
NOT_EXERCISED = Outcome("", exercised=False)


def failing(moment: str, way: str, why: str) -> Outcome:
    return Outcome(moment, frozenset({way}), why)


def agree(theirs: Outcome, ours: Outcome, *, pooled: bool = False) -> bool:
    """Whether what the rules say is what a server does. ``pooled``: its nodes may open at load, on threads that nobody
    waits for."""
    if pooled and theirs.ways == ours.ways == {"dies"}:
        return True
    perhaps = theirs.moment == "create" and ours.perhaps
    if theirs.moment == ours.moment:
        # The rules have no word of their own for a graph that hangs.
        return theirs.ways <= ours.ways or "hangs" in theirs.ways or perhaps
    if perhaps and not ours.moment:
        return True
    # Where a node is not exercised, what the rules say of its creation cannot be refuted.
    return not theirs.moment and not theirs.exercised and ours.moment == "create"
