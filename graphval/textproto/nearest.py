"""The likeliest word that was meant: for every did-you-mean."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

_CANDIDATES = 6
MOST_KNOWN = 500
"""Among more known words one is always close, and to look for it takes long."""
_LONGEST = 120
"""Letters of a word: no name is longer, and to compare long words takes long."""
_COMPARED = 8
"""Words that are compared in full: those that share most letters and pairs of letters with the one written."""
_FAR = 5
"""More slips than anybody makes in a word."""
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

    written = word.lower()
    if len(written) > _LONGEST:
        return []
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.lower(), candidate)
        if len(folded) > MOST_KNOWN:
            return []
    likely = [candidate for candidate in folded if len(candidate) <= _LONGEST]
    if len(likely) > _COMPARED:
        parts = _parts(written)

        def shared(candidate: str) -> tuple[float, str]:
            others = _parts(candidate)
            return len(parts & others) / (len(parts) + len(others)), candidate

        likely = nlargest(_COMPARED, likely, shared)
    return [folded[found] for found in get_close_matches(written, likely, n=count, cutoff=cutoff)]


@lru_cache(maxsize=4 * MOST_KNOWN)
def _parts(word: str) -> frozenset[str]:
    """The letters and pairs of letters of a word; with the empty text among them, for there is always one."""
    return frozenset(("", *word, *map("".join, pairwise(word))))


def _slips(written: str, meant: str) -> int:
    """How many slips of the pen lie between two words, ``_FAR`` or more if they are many; case, hyphens and underscores
    together count as one at most."""
    one, other = (word.lower().replace("_", "").replace("-", "") for word in (written, meant))
    if one == other:
        return int(written != meant)
    if abs(len(one) - len(other)) >= _FAR:
        return _FAR
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, expected in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != expected))
            if last and to > 1 and letter == other[to - 2] and one[at - 2] == expected:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) >= _FAR:
            return _FAR
    return row[-1]
