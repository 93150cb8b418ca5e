"""Files that are mended: written at once, with their bytes, links and permissions; and the command line around it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import graphval
from graphval.fixes import UnwritableFile, mend_files, mends

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""
BAD = GOOD.replace("Through", "Trough").replace('calculator: "', 'calculator "')


def run(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "graphval", *map(str, words)],
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    file = tmp_path / "chat" / "graph.pbtxt"
    file.parent.mkdir()
    file.write_text(BAD, encoding="utf-8")
    return file


def test_bytes_that_are_no_text_are_kept(graph: Path) -> None:
    comment = b"# caf\xe9 \xff \xc3\xa9 \xe2\x80\x9c\r\n"
    graph.write_bytes(comment + BAD.replace("\n", "\r\n").encode() + b"# no end")
    [change] = mend_files([graph])
    assert change.findings == 2
    assert graph.read_bytes() == comment + GOOD.replace("\n", "\r\n").encode() + b"# no end"


def test_links_and_permissions_are_kept(graph: Path, tmp_path: Path) -> None:
    graph.chmod(0o640)
    link = tmp_path / "graph.pbtxt"
    link.symlink_to(graph)
    mend_files([link])
    assert link.is_symlink()
    assert graph.read_text(encoding="utf-8") == GOOD
    assert graph.stat().st_mode & 0o7777 == 0o640
    assert [p.name for p in graph.parent.iterdir()] == ["graph.pbtxt"]


def test_a_file_that_is_sound_is_not_written(graph: Path) -> None:
    graph.write_text(GOOD, encoding="utf-8")
    before = graph.stat()
    assert mend_files([graph, graph.parent]) == ()
    assert (graph.stat().st_ino, graph.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_failed_write_leaves_the_file(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UnwritableFile, match=r"graph\.pbtxt: No space left on device$"):
        mend_files([graph])
    assert graph.read_text(encoding="utf-8") == BAD
    assert list(graph.parent.iterdir()) == [graph]


def test_a_mended_config_brings_its_graphs(tmp_path: Path, graph: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"model_config_list": [], "mediapipe_config_list": [{"name": "chat"},],}', encoding="utf-8")
    changes = mend_files([config])
    assert {change.file.name: change.findings for change in changes} == {"config.json": 2, "graph.pbtxt": 2}
    assert json.loads(config.read_text(encoding="utf-8"))["mediapipe_config_list"] == [{"name": "chat"}]
    assert graph.read_text(encoding="utf-8") == GOOD
    assert graphval.lint([config]).findings == ()


def test_a_file_of_two_deployments_is_mended_once(tmp_path: Path, graph: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"model_config_list": [], "mediapipe_config_list": [{"name": "chat"}]}', encoding="utf-8")
    [change] = mends([config, graph])
    assert (change.after, change.findings) == (GOOD, 2)
    mend_files([config, graph])
    assert graph.read_text(encoding="utf-8") == GOOD


def test_fix_on_the_command_line(graph: Path) -> None:
    done = run("lint", graph, "--fix")
    assert done.stderr.decode() == "graphval: mended 2 findings in 1 file\n"
    assert (done.returncode, done.stdout.splitlines()[-1][:28]) == (0, b"no mistake found in 1 graph ")
    assert graph.read_text(encoding="utf-8") == GOOD
    again = run("lint", graph, "--fix")
    assert (again.returncode, again.stderr) == (0, b"")


def test_the_exit_code_is_of_what_is_left(graph: Path) -> None:
    graph.write_text(BAD.replace('"in" out', '"gone" out'), encoding="utf-8")
    done = run("lint", graph, "--fix", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [f["code"] for f in report["findings"]] == ["GV216", "GV210"]
    assert graph.read_text(encoding="utf-8") == GOOD.replace('"in" out', '"gone" out')


@pytest.mark.parametrize("more", [(), ("--fix",)])
def test_a_diff_changes_nothing(graph: Path, more: tuple[str, ...]) -> None:
    graph.write_bytes(BAD.rstrip("\n").encode())
    done = run("lint", graph, "--diff", *more)
    assert done.returncode == 1
    assert done.stderr.decode() == "graphval: --fix would mend 2 findings in 1 file\n"
    assert done.stdout.decode().splitlines() == [
        f"--- {graph}",
        f"+++ {graph}",
        "@@ -1,3 +1,3 @@",
        ' input_stream: "in"',
        ' output_stream: "out"',
        '-node { calculator "PassTroughCalculator" input_stream: "in" output_stream: "out" }',
        "\\ No newline at end of file",
        '+node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }',
        "\\ No newline at end of file",
    ]
    assert graph.read_bytes() == BAD.rstrip("\n").encode()


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch program")
def test_a_diff_can_be_applied(graph: Path) -> None:
    text = BAD.replace("\n", "\r\n").encode() + b"# caf\xc3\xa9"
    graph.write_bytes(text)
    diff = run("lint", graph, "--diff").stdout
    patched = subprocess.run(
        ["patch", "--binary", "-s", str(graph)], input=diff, capture_output=True, timeout=30, check=False
    )
    assert patched.returncode == 0, patched.stdout + patched.stderr
    assert graph.read_bytes() == GOOD.replace("\n", "\r\n").encode() + b"# caf\xc3\xa9"


def test_a_diff_of_nothing(graph: Path) -> None:
    graph.write_text(GOOD, encoding="utf-8")
    done = run("lint", graph, "--diff")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    graph.write_text(GOOD.replace('"in" out', '"gone" out'), encoding="utf-8")
    done = run("lint", graph, "--diff")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_a_diff_has_one_form(graph: Path) -> None:
    done = run("lint", graph, "--diff", "--format", "json")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--diff shows a diff, and no report in another form" in done.stderr


def test_where_a_file_cannot_be_written(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os; os.fsync = lambda _: (_ for _ in ()).throw(OSError(28, 'No space left on device'))\n"
    code += "from graphval.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "lint", str(graph), "--fix"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"graphval: cannot write {graph}: No space left on device\n"
    assert graph.read_text(encoding="utf-8") == BAD
