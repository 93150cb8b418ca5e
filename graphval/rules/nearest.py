"""The likeliest word that was meant: for every did-you-mean of the rules, as for those of the text format."""

from __future__ import annotations

from graphval.textproto.nearest import nearest, unmistakable

__all__ = ["nearest", "unmistakable"]
