"""The folder of verdicts: whole entries or none, bounded by age and size, safe with several writers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graphval.cache import store as module
from graphval.cache.store import LONGEST, Store, folder_of, usual_folder
from tests.ci.running import ENVIRONMENT

KEY = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "deep" / "verdicts")
    assert made.keep(KEY, {"graphs": []})
    return made


def only_file(store: Store) -> Path:
    (file,) = store.folder.glob("*.verdict")
    return file


def test_what_was_kept_is_found(store: Store) -> None:
    found = store.find(KEY)
    assert found is not None
    assert found.told == {"graphs": []}
    assert abs(found.judged - time.time()) < 60
    assert store.find("cd" * 32) is None
    assert store.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"graphs", b"grapes"),
        lambda data: data.partition(b"\n")[2],
        lambda data: b"\0" * len(data),
        lambda data: data + b" ",
    ],
)
def test_a_damaged_entry_is_none(store: Store, damage: object) -> None:
    file = only_file(store)
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    assert store.find(KEY) is None


def test_an_entry_under_another_key_is_none(store: Store) -> None:
    other = "cd" * 32
    only_file(store).rename(store.folder / f"{other}.verdict")
    assert store.find(other) is None


@pytest.mark.parametrize("seconds", [LONGEST + 1, -3600.0])
def test_an_entry_of_another_time_is_none(store: Store, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + seconds)
    assert store.find(KEY) is None


def test_an_entry_of_another_user_is_none(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "geteuid", lambda: os.getuid() + 1)
    assert store.find(KEY) is None


def test_what_is_old_goes(store: Store) -> None:
    old = time.time() - LONGEST - 1
    os.utime(only_file(store), (old, old))
    unfinished = store.folder / ".x.partial"
    unfinished.write_bytes(b"")
    os.utime(unfinished, (old, old))
    foreign = store.folder / "notes.txt"
    foreign.write_text("mine", encoding="utf-8")
    os.utime(foreign, (old, old))
    store.keep("cd" * 32, {})
    assert {file.name for file in store.folder.iterdir()} == {f"{'cd' * 32}.verdict", "notes.txt"}


def test_what_is_too_much_goes_the_oldest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = time.time() - 100
    os.utime(only_file(store), (earlier, earlier))
    monkeypatch.setattr(module, "MOST_BYTES", 1500)
    store.keep("cd" * 32, {"graphs": ["x" * 700]})
    assert store.find(KEY) is not None
    store.keep("ef" * 32, {"graphs": ["x" * 700]})
    assert store.find(KEY) is None
    assert store.find("ef" * 32) is not None


def test_all_of_it_goes_when_asked(store: Store) -> None:
    store.memory.write_text("{}", encoding="utf-8")
    assert store.clear() == 2
    assert list(store.folder.iterdir()) == []
    assert Store(store.folder / "nowhere").clear() == 0


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Store(tmp_path / "file" / "verdicts")
    assert not store.keep(KEY, {})
    assert store.find(KEY) is None


WRITER = """
import sys
from pathlib import Path
from graphval.cache.store import Store
store, number, torn = Store(Path(sys.argv[1])), int(sys.argv[2]), 0
for step in range(40):
    assert store.keep(sys.argv[3], {"text": [number] * 2000, "step": step})
    found = store.find(sys.argv[3])
    torn += found is None or len(set(found.told["text"])) != 1
print(torn)
"""


def test_several_writers_leave_whole_entries(tmp_path: Path) -> None:
    words = [[sys.executable, "-c", WRITER, str(tmp_path / "v"), str(number), KEY] for number in range(3)]
    writers = [subprocess.Popen(each, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True) for each in words]
    assert [writer.communicate(timeout=120)[0] for writer in writers] == ["0\n"] * 3
    assert [file.name for file in (tmp_path / "v").iterdir()] == [f"{KEY}.verdict"]


def test_where_verdicts_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_folder() == tmp_path / "graphval" / "verdicts"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder_of(True) == folder_of(None) == tmp_path / ".cache" / "graphval" / "verdicts"
    assert folder_of(False) is None
    assert folder_of("here") == Path("here")


def test_an_entry_is_text(store: Store) -> None:
    head, body = only_file(store).read_bytes().split(b"\n")
    assert len(head) == 64
    assert json.loads(body)["told"] == {"graphs": []}
