"""Classes of our own ``NamedTuple`` behave like those of ``typing``."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from graphval import named_tuple


class Ours(named_tuple.NamedTuple):
    """A place."""

    file: str
    line: int
    column: int = 1
    note: str | None = None

    @property
    def shown(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Theirs(typing.NamedTuple):
    """A place."""

    file: str
    line: int
    column: int = 1
    note: str | None = None

    @property
    def shown(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def _matched(made: Any) -> object:
    match made:
        case Ours(file, line=line) | Theirs(file, line=line):
            return file, line
    return None


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c("a", 1),
        lambda c: c("a", 1, 2, "n"),
        lambda c: c(line=1, file="a", note="n"),
        lambda c: c("a", 1)._replace(column=7, note="n"),
        lambda c: c._make(["a", 1, 2, None]),
        lambda c: c("a", 1)._asdict(),
        lambda c: (c("a", 1).file, c("a", 1).line, c("a", 1).column, c("a", 1).note, c("a", 1).shown),
        lambda c: (c("a", 1)[1], len(c("a", 1)), [*c("a", 1)], c("a", 1)[-2:]),
        lambda c: (c("a", 1) == ("a", 1, 1, None), c("a", 1) < c("a", 2), {c("a", 1): 1}[c("a", 1)]),
        lambda c: isinstance(c("a", 1), tuple),
        lambda c: hasattr(c("a", 1), "__dict__"),
        lambda c: (c._fields, c._field_defaults, c.__match_args__, c.__doc__),
        lambda c: _matched(c("a", 1)),
        lambda c: pickle.loads(pickle.dumps(c("a", 1))),
        lambda c: copy.deepcopy(c("a", 1, note="n")),
        lambda c: type(pickle.loads(pickle.dumps(c("a", 1)))) is c,
        lambda c: [(p.name, p.kind, p.default) for p in inspect.signature(c).parameters.values()],
        lambda c: typing.get_type_hints(c),
    ],
)
def test_answers_are_the_same(ask: Callable[[Any], object]) -> None:
    ours, theirs = ask(Ours), ask(Theirs)
    assert ours == theirs
    assert repr(ours).replace("Ours", "Theirs") == repr(theirs)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c(),
        lambda c: c("a"),
        lambda c: c("a", 1, 2, None, 5),
        lambda c: c("a", 1, colum=2),
        lambda c: c("a", 1, line=2),
        lambda c: c("a", 1)._replace(colum=2),
        lambda c: c._make(["a"]),
        lambda c: setattr(c("a", 1), "line", 2),
        lambda c: setattr(c("a", 1), "other", 2),
    ],
)
def test_mistakes_are_refused_alike(ask: Callable[[Any], object]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as theirs:
        ask(Theirs)
    with pytest.raises(theirs.type):
        ask(Ours)
