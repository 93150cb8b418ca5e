"""The names that other rooms import from the folder."""

from __future__ import annotations

import pytest

from graphval import textproto


@pytest.mark.parametrize("name", textproto.__all__)
def test_each_name_is_there_and_kept(name: str) -> None:
    found = getattr(textproto, name)
    assert getattr(found, "__name__", name) == name
    assert vars(textproto)[name] is found  # Python asks only once where it is


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = textproto.nothing
