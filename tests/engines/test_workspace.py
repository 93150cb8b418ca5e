"""A folder of a run is removed by the run, or by the next one; no other folder is."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.engines.owner import this_process
from graphval.engines.workspace import remove_abandoned, workspace

GONE = replace(this_process(), began="1")
ELSEWHERE = replace(GONE, boot="other")


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.parametrize("failure", [None, ValueError, KeyboardInterrupt, SystemExit])
def test_it_is_removed(tmp_path: Path, failure: type[BaseException] | None) -> None:
    def use() -> None:
        with workspace() as folder:
            assert folder.parent == tmp_path
            assert folder.stat().st_mode & 0o777 == 0o700
            (folder / "deep").mkdir()
            (folder / "deep" / "file").write_text("x", encoding="utf-8")
            (folder / "deep").chmod(0o500)
            if failure is not None:
                raise failure

    if failure is None:
        use()
    else:
        with pytest.raises(failure):
            use()
    assert not list(tmp_path.iterdir())


def test_the_next_run_removes_what_a_dead_one_left(tmp_path: Path) -> None:
    names = [f"graphval-{GONE}-abc", f"graphval-{ELSEWHERE}-abc", "graphval-notes", "other"]
    for name in names:
        (tmp_path / name / "deep").mkdir(parents=True)
    (tmp_path / f"graphval-{GONE}-link").symlink_to(tmp_path / "other")
    with workspace() as mine:
        assert remove_abandoned() == 1
        left = {path.name for path in tmp_path.iterdir()}
    assert left == {*names[1:], mine.name, f"graphval-{GONE}-link"}
    assert (tmp_path / "other" / "deep").is_dir()
