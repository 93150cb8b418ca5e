"""A run that is told to stop, is killed, or is no longer listened to leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from graphval.check import check_events
from graphval.events import EngineStarting, Event, ProbeSent

from . import deployments
from .deployments import deploy, handler
from .traces import files_in, processes_of, wait_until

_STAYS = "open(os.environ['TMPDIR'] + '/here', 'w').close()\ntime.sleep(1000)"
LOADING = handler(initialize=_STAYS)
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _on_the_path(binary: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(binary).parent}:{os.environ['PATH']}")


def start(engine: str, path: Path, traces: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "graphval", "check", str(path), "--engine", engine, "--deadline", "100"],
        env={**os.environ, "TMPDIR": str(traces)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def await_server(process: subprocess.Popen[str], traces: Path, moment: str) -> None:
    """Until a server is being started, its code says that it is being loaded, or it is being asked."""

    def servers() -> list[int]:
        return [number for number in processes_of(traces) if number != process.pid]

    match moment:
        case "start":
            wait_until("a server is there", lambda: bool(servers()))
        case "load":
            wait_until("its code runs", lambda: any(traces.rglob("here")))
        case _:
            wait_until("it is asked", lambda: any(map(connected, servers())))


def connected(process: int) -> bool:
    """Whether a process has a connection. It has left our network since it began to listen."""
    try:
        # A server may have a network of its own; the connection is in ours.
        rows = [Path(f"/proc/self/net/{kind}").read_text("utf-8").splitlines()[1:] for kind in ("tcp", "tcp6")]
        held = {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()}
    except OSError:
        return False
    return any(row.split()[3] == "01" and f"socket:[{row.split()[9]}]" in held for row in [*rows[0], *rows[1]])


# Both are processes of this machine, started and ended by the same code but for what the executable is put into.
@pytest.mark.parametrize(
    ("engine", "moment"), [("rehearsal", "start"), ("rehearsal", "load"), ("rehearsal", "request"), ("binary", "load")]
)
@pytest.mark.parametrize(
    ("signals", "code"),
    [
        ((signal.SIGINT,), 130),
        ((signal.SIGINT, signal.SIGINT), 130),
        ((signal.SIGTERM,), 143),
        ((signal.SIGHUP,), -signal.SIGHUP),
        ((signal.SIGKILL,), -signal.SIGKILL),
    ],
)
def test_a_signal(
    tmp_path: Path, traces: Path, engine: str, moment: str, signals: Sequence[signal.Signals], code: int
) -> None:
    deploy(tmp_path / "d", {"g": LOADING if moment == "load" else deployments.HANGS})
    process = start(engine, tmp_path / "d" / "config.json", traces)
    await_server(process, traces, moment)
    for number in signals:
        process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    wait_until("its processes have ended", lambda: not processes_of(traces))
    if signals[0] in (signal.SIGKILL, signal.SIGHUP):
        # Nobody was left to remove the files; the next run is.
        deploy(tmp_path / "e", {"g": deployments.PASS_THROUGH})
        start(engine, tmp_path / "e" / "config.json", traces).communicate(timeout=PATIENCE)
    assert files_in(traces) == []


@pytest.mark.parametrize("engine", ["rehearsal", "binary"])
def test_what_a_killed_run_left_hidden_ends_with_the_next(tmp_path: Path, traces: Path, engine: str) -> None:
    hides = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'], start_new_session=True)"
    deploy(tmp_path / "d", {"g": handler(initialize=f"{hides}\nopen(os.environ['TMPDIR'] + '/here', 'w').close()")})
    deploy(tmp_path / "e", {"g": deployments.PASS_THROUGH})
    process = start(engine, tmp_path / "d" / "config.json", traces)
    await_server(process, traces, "load")
    process.kill()
    process.communicate(timeout=PATIENCE)
    start(engine, tmp_path / "e" / "config.json", traces).communicate(timeout=PATIENCE)
    wait_until("its processes have ended", lambda: not processes_of(traces))


@pytest.mark.parametrize("engine", ["rehearsal", "binary"])
@pytest.mark.parametrize("kind", [EngineStarting, ProbeSent])
def test_nobody_listens_any_more(tmp_path: Path, traces: Path, engine: str, kind: type[Event]) -> None:
    deployment = deploy(tmp_path / "d", {"g": deployments.PASS_THROUGH})
    events = check_events([deployment.path], engine=engine)
    with closing(events):  # type: ignore[type-var]
        assert any(isinstance(event, kind) for event in events)
    assert processes_of(traces) == []
    assert files_in(traces) == []


@pytest.mark.parametrize("engine", ["rehearsal", "binary"])
def test_whoever_listens_fails(tmp_path: Path, traces: Path, engine: str) -> None:
    deployment = deploy(tmp_path / "d", {"g": deployments.PASS_THROUGH})

    def listen() -> None:
        with closing(check_events([deployment.path], engine=engine)) as events:  # type: ignore[type-var]
            for event in events:
                if isinstance(event, ProbeSent):
                    raise RuntimeError

    with pytest.raises(RuntimeError):
        listen()
    assert processes_of(traces) == []
    assert files_in(traces) == []
