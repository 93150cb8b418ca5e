"""Another user's eyes: owner, group and others, folders that cannot be entered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphval.engines.readable import Reader, reader_of, unreadable

ME, MINE = os.getuid(), os.getgid()
OTHER = Reader(60_001, 60_001)


@pytest.mark.parametrize(
    ("user", "mapped", "reader"),
    [
        ("5000:5000", False, Reader(5000, 5000)),
        ("5000", False, Reader(5000, 0)),
        ("0:0", False, Reader(0, 0)),
        ("ovms", False, None),
        ("", False, None),
        ("5000:5000", True, Reader(-1, -1)),
        ("5000:staff", False, Reader(5000, 0)),
    ],
)
def test_who_reads(user: str, mapped: bool, reader: Reader | None) -> None:
    assert reader_of(user, mapped=mapped) == reader


@pytest.mark.parametrize(
    ("mode", "reader", "may"),
    [
        (0o644, OTHER, True),
        (0o640, OTHER, False),
        (0o640, Reader(60_001, MINE), True),
        (0o600, Reader(60_001, MINE), False),
        (0o604, Reader(60_001, MINE), False),
        (0o400, Reader(ME, 60_001), True),
        (0o044, Reader(ME or 60_001, 60_001), ME == 0),
        (0o000, Reader(0, 0), True),
        (0o640, Reader(-1, -1), False),
        (0o644, Reader(-1, -1), True),
    ],
)
def test_a_file(tmp_path: Path, mode: int, reader: Reader, may: bool) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(mode)
    assert reader.may(file.stat()) is may


def test_a_tree(tmp_path: Path) -> None:
    for name in ("open/a", "open/closed", "shut/b", "listed/c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch(0o644)
    (tmp_path / "open" / "closed").chmod(0o600)
    (tmp_path / "open" / "nowhere").symlink_to(tmp_path / "nothing")
    (tmp_path / "shut").chmod(0o700)
    (tmp_path / "listed").chmod(0o744)
    tmp_path.chmod(0o755)
    found = [str(path.relative_to(tmp_path)) for path in unreadable([tmp_path], OTHER)]
    assert found == ["listed", "open/closed", "shut"]
    assert list(unreadable([tmp_path / "shut"], OTHER, below=False)) == [tmp_path / "shut"]
    assert list(unreadable([tmp_path / "open"], OTHER, below=False)) == []
    assert list(unreadable([tmp_path / "not there"], OTHER)) == []


def test_how_it_is_called() -> None:
    assert (str(Reader(5000, 5000)), str(Reader(-1, -1))) == ("user 5000", "the server's user")
