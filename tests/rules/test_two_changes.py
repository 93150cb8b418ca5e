"""What is said of sound deployments with a change or two in them is what was reviewed (see ``two_changes``).

    python -m tests.rules.test_two_changes

writes `changed/` anew, a file for each deployment: what is said, numbered, and then the changes in groups of which the
same is said. Run it after a rule has changed and review what it has changed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .changes import Change, changes_of
from .sound import groups, sound
from .two_changes import said, worth_keeping

CHANGED = Path(__file__).with_name("changed")
BOTH = " AND "


def text_of(found: dict[str, tuple[str, ...]]) -> str:
    """What is said, numbered, then the changes in groups of which the same is said."""
    numbers: dict[str, int] = {}
    groups: dict[tuple[int, ...], list[str]] = {}
    for title, lines in found.items():
        groups.setdefault(tuple(numbers.setdefault(line, len(numbers) + 1) for line in lines), []).append(title)
    parts = [f"[{number}] {line}\n" for line, number in numbers.items()]
    for group, titles in groups.items():
        parts += [
            f"\n{' '.join(f'[{number}]' for number in group) or 'nothing'}\n",
            *(f"  {title}\n" for title in titles),
        ]
    return "".join(parts)


def titles_in(text: str) -> list[str]:
    return [line[2:] for line in text.splitlines() if line.startswith("  ")]


class Folders:
    """Judges a deployment with changes, in a new folder each time."""

    def __init__(self, files: dict[str, str], folder: Path) -> None:
        self._files = files
        self._folder = folder.resolve()
        self._numbers = count()

    def ask(self, changes: Iterable[Change]) -> tuple[str, ...]:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return said(self._files, changes, folder)


@pytest.mark.parametrize("name", sound())
def test_what_is_said_of_changed_deployments_is_as_reviewed(name: str, tmp_path: Path) -> None:
    kept = (CHANGED / f"{name}.txt").read_text(encoding="utf-8")
    folders, changes = Folders(sound()[name], tmp_path), {change.title: change for change in changes_of(sound()[name])}
    assert not [line for line in folders.ask(()) if line.startswith("GV")]
    assert (
        text_of({title: folders.ask([changes[one] for one in title.split(BOTH)]) for title in titles_in(kept)}) == kept
    )


def write_all() -> None:
    CHANGED.mkdir(exist_ok=True)
    for old in CHANGED.glob("*.txt"):
        old.unlink()
    for group in groups():
        known: Counter[str] = Counter()
        for name, files in group.items():
            with TemporaryDirectory() as folder:
                ask = Folders(files, Path(folder)).ask
                chosen = worth_keeping(files, ask, known)
                found = {BOTH.join(change.title for change in changes): ask(changes) for changes in chosen}
            (CHANGED / f"{name}.txt").write_text(text_of(found), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write_all())
