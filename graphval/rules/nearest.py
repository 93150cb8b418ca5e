"""The likeliest word that was meant: for every did-you-mean of the rules, as for those of the text format."""

from __future__ import annotations

from collections.abc import Iterable

from graphval.textproto import Fix, Place
from graphval.textproto.nearest import MOST_KNOWN, nearest, unmistakable


def respelt(place: Place, word: str, known: Iterable[str]) -> Fix | tuple[()]:
    """The mend of the string at ``place``, which holds ``word``: the one known word that can have been meant, if any."""
    meant = unmistakable(word, known)
    return place.rewritten(f'"{meant}"') if meant else ()


def respelt_tag(place: Place, word: str, known: Iterable[str]) -> Fix | tuple[()]:
    """The same of ``TAG:index``, where a tag that only one of the known ones has says which is meant."""
    known = tuple(known)
    same_tag = [one for one in known if one.partition(":")[0] == word.partition(":")[0]]
    return place.rewritten(f'"{same_tag[0]}"') if len(same_tag) == 1 else respelt(place, word, known)


__all__ = ["MOST_KNOWN", "nearest", "respelt", "respelt_tag", "unmistakable"]
