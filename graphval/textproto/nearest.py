"""The likeliest word that was meant: for every did-you-mean."""

from __future__ import annotations

from collections.abc import Iterable

_CANDIDATES = 6
MOST_KNOWN = 500
"""Among more known words one is always close, and to look for it takes long."""
_LONG = 8
"""From so many letters on, two slips of the pen still leave no doubt."""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The known word closest to ``word``, or ``None`` where nothing is close. Case counts little; ``cutoff`` from 0
    (anything) to 1 (equal)."""
    return next(iter(_close(word, known, 1, cutoff)), None)


def unmistakable(word: str, known: Iterable[str]) -> str | None:
    """The only known word that ``word`` can be a misspelling of: one letter missing, added, swapped or mistaken, or two
    in a long word, while every other known word is further away: by one slip of the pen where the word is long and has
    one, else by two. Another digit is no slip of the pen."""
    candidates = sorted((_slips(word, candidate), candidate) for candidate in _close(word, known, _CANDIDATES, 0.4))
    if not candidates:
        return None
    slips, best = candidates[0]
    if slips > (2 if len(word) >= _LONG else 1) or _digits(word) != _digits(best):
        return None
    away = 1 if slips <= 1 and len(word) >= _LONG else 2
    return best if len(candidates) == 1 or candidates[1][0] >= slips + away else None


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _close(word: str, known: Iterable[str], count: int, cutoff: float) -> list[str]:
    from difflib import get_close_matches  # only where something is wrong already

    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.lower(), candidate)
        if len(folded) > MOST_KNOWN:
            return []
    return [folded[found] for found in get_close_matches(word.lower(), folded, n=count, cutoff=cutoff)]


def _slips(written: str, meant: str) -> int:
    """How many slips of the pen lie between two words; case, hyphens and underscores together count as one at most."""
    one, other = (word.lower().replace("_", "").replace("-", "") for word in (written, meant))
    if one == other:
        return int(written != meant)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, expected in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != expected))
            if last and to > 1 and letter == other[to - 2] and one[at - 2] == expected:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]
