"""The likeliest word that was meant: for every did-you-mean."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The known word closest to ``word``, or ``None`` where nothing is close. Case counts little; ``cutoff`` from 0
    (anything) to 1 (equal)."""
    from difflib import get_close_matches  # only where something is wrong already

    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.lower(), candidate)
    found = get_close_matches(word.lower(), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None
