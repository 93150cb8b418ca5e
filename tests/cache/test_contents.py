"""What files and folders hold: every change shows, and a large file is read once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graphval.cache import contents
from graphval.cache.contents import LARGE, Contents, TooManyFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "deploy"
    (place / "sub").mkdir(parents=True)
    (place / "graph.pbtxt").write_text("a", encoding="utf-8")
    (place / "sub" / "handler.py").write_text("b", encoding="utf-8")
    (place / "link").symlink_to("graph.pbtxt")
    (place / "round").symlink_to(place)
    return place


def _rename(folder: Path) -> None:
    (folder / "graph.pbtxt").rename(folder / "graph2.pbtxt")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a text": lambda folder: (folder / "sub" / "handler.py").write_text("c", encoding="utf-8"),
    "a new file": lambda folder: (folder / "sub" / "new").write_text("", encoding="utf-8"),
    "a file that is gone": lambda folder: (folder / "sub" / "handler.py").unlink(),
    "a new folder": lambda folder: (folder / "empty").mkdir(),
    "another name": _rename,
    "permissions": lambda folder: (folder / "graph.pbtxt").chmod(0o600),
    "a pipe": lambda folder: os.mkfifo(folder / "pipe"),
    "a dangling link": lambda folder: (folder / "nowhere").symlink_to("gone"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_shows(folder: Path, change: Callable[[Path], object]) -> None:
    (folder / "graph.pbtxt").chmod(0o644)
    before = Contents(None).of(folder)
    assert Contents(None).of(folder) == before
    change(folder)
    assert Contents(None).of(folder) != before


@pytest.mark.parametrize("name", ["__pycache__", ".git"])
def test_what_changes_without_the_deployment_does_not_show(folder: Path, name: str) -> None:
    before = Contents(None).of(folder)
    (folder / "sub" / name).mkdir()
    (folder / "sub" / name / "file").write_text("1", encoding="utf-8")
    assert Contents(None).of(folder) == before


def test_what_is_not_there_becomes_known_when_it_comes(tmp_path: Path) -> None:
    missing = Contents(None).of(tmp_path / "later")
    (tmp_path / "later").write_text("", encoding="utf-8")
    assert Contents(None).of(tmp_path / "later") != missing


def test_a_folder_of_a_whole_disk_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_FILES", 3)
    with pytest.raises(TooManyFiles, match="more than 3 files"):
        Contents(None).of(folder)


def test_the_cache_itself_does_not_show(folder: Path) -> None:
    contents = Contents(folder / ".cache" / "memory.json")
    before = contents.of(folder)
    (folder / ".cache").mkdir()
    (folder / ".cache" / "file").write_text("1", encoding="utf-8")
    assert contents.of(folder) == before


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model.bin"
    file.write_bytes(b"1" * LARGE)
    return file


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The large files that were read."""
    done: list[Path] = []
    really = contents._read

    def read(path: Path) -> str:
        done.append(path)
        return really(path)

    monkeypatch.setattr(contents, "_read", read)
    return done


def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on, so that what was written before cannot change unseen."""
    now = time.time()
    monkeypatch.setattr(contents.time, "time", lambda: now + 60)


def test_a_large_file_is_read_once(
    model: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(monkeypatch)
    memory = tmp_path / "memory.json"
    first = Contents(memory)
    digest = first.of(model)
    first.remember()
    assert Contents(memory).of(model) == digest
    assert reads == [model]
    time.sleep(0.01)
    model.write_bytes(b"2" * LARGE)
    # Times can be set back; that of the status cannot.
    os.utime(model, ns=(0, 0))
    assert Contents(memory).of(model) != digest
    assert reads == [model, model]


def test_a_file_just_written_is_not_remembered(model: Path, tmp_path: Path, reads: list[Path]) -> None:
    first = Contents(tmp_path / "memory.json")
    first.of(model)
    first.remember()
    Contents(tmp_path / "memory.json").of(model)
    assert reads == [model, model]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"1 2 3 4 5": 7}', "\0" * 100])
def test_a_broken_memory_is_none(model: Path, tmp_path: Path, text: str) -> None:
    memory = tmp_path / "memory.json"
    memory.write_text(text, encoding="utf-8")
    assert Contents(memory).of(model) == Contents(None).of(model)


def test_a_memory_that_cannot_be_written_is_none(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(monkeypatch)
    first = Contents(tmp_path / "no folder" / "memory.json")
    first.of(model)
    first.remember()
    assert not (tmp_path / "no folder").exists()


def test_a_package_shows_its_changes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "round").unlink()
    settled(monkeypatch)
    first = Contents(tmp_path / "memory.json")
    digest = first.of_installed(folder)
    first.remember()
    assert Contents(tmp_path / "memory.json").of_installed(folder) == digest == Contents(None).of(folder)
    (folder / "sub" / "handler.py").write_text("x", encoding="utf-8")
    assert Contents(tmp_path / "memory.json").of_installed(folder) != digest
