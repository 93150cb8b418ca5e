"""A server that is a process: how it ends is told rightly, and it is ended with all that it started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphval.engines.interface import EngineError, Exit
from graphval.engines.process import ServerProcess

from .scripts import PATIENCE, READY, server
from .traces import wait_until


@contextmanager
def running(folder: Path, code: str) -> Iterator[ServerProcess]:
    process = server(folder, code)
    try:
        yield process
    finally:
        process.stop(PATIENCE)


def alive(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text("utf-8")
    except OSError:
        return False


@pytest.mark.parametrize(
    ("code", "end", "words"),
    [
        ("sys.exit(0)", Exit(0), "exit code 0"),
        ("sys.exit(1)", Exit(1), "exit code 1"),
        ("os._exit(64)", Exit(64), "exit code 64"),
        ("raise MemoryError", Exit(1, limit="memory"), "memory limit (exit code 1)"),
        ('raise RuntimeError("can\'t start new thread")', Exit(1, limit="memory"), "memory limit (exit code 1)"),
        ("sys.stderr.write('MemoryError\\nanother reason\\n'); sys.exit(1)", Exit(1), "exit code 1"),
        ("sys.stderr.write('MemoryError\\n')", Exit(0), "exit code 0"),
        ("os.kill(os.getpid(), signal.SIGABRT)", Exit(134, "SIGABRT"), "SIGABRT (exit code 134)"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", Exit(139, "SIGSEGV"), "SIGSEGV (exit code 139)"),
        ("os.kill(os.getpid(), signal.SIGILL)", Exit(132, "SIGILL"), "SIGILL (exit code 132)"),
        ("os.kill(os.getpid(), signal.SIGFPE)", Exit(136, "SIGFPE"), "SIGFPE (exit code 136)"),
        (
            "os.kill(os.getpid(), signal.SIGKILL)",
            Exit(137, "SIGKILL", "CPU time or memory"),
            "CPU time or memory limit (exit code 137)",
        ),
        (
            "os.kill(os.getpid(), signal.SIGRTMIN + 3)",
            Exit(128 + signal.SIGRTMIN + 3, f"signal {signal.SIGRTMIN + 3}"),
            f"signal {signal.SIGRTMIN + 3} (exit code {128 + signal.SIGRTMIN + 3})",
        ),
        (
            "sys.stderr.write(\"terminate called after throwing an instance of 'std::bad_alloc'\\n\"); os.abort()",
            Exit(134, "SIGABRT", "memory"),
            "memory limit (exit code 134)",
        ),
        (
            "sys.stderr.write('Check failed: res == 0 (11 vs. 0) pthread_create failed\\n'); os.abort()",
            Exit(134, "SIGABRT", "memory"),
            "memory limit (exit code 134)",
        ),
        (
            "sys.stderr.write('can\\'t start new thread'); sys.stderr.flush(); os.kill(os.getpid(), signal.SIGSEGV)",
            Exit(139, "SIGSEGV", "memory"),
            "memory limit (exit code 139)",
        ),
    ],
)
def test_how_it_ended(tmp_path: Path, code: str, end: Exit, words: str) -> None:
    with running(tmp_path, code) as process:
        assert process.wait(PATIENCE) == end
        assert process.exit() == end
        assert process.wait(0) == end
        assert str(process.exit()) == words
        assert not process.loaded
    assert process.exit() == end


def test_its_last_words_are_heard(tmp_path: Path) -> None:
    code = "sys.stdout.write('o' * 300000 + 'end'); sys.stderr.write('last'); sys.stdout.flush(); os.abort()"
    with running(tmp_path, code) as process:
        process.wait_for_load(PATIENCE)
        assert process.stdout().endswith("end")
        assert process.stderr() == "last"
        assert process.exit() == Exit(134, "SIGABRT")


def test_while_it_lives(tmp_path: Path) -> None:
    with running(tmp_path, f"print('x {READY} y'); time.sleep(1000)") as process:
        process.wait_for_load(PATIENCE)
        assert process.loaded
        assert process.exit() is None
        assert process.wait(0.05) is None
    assert process.exit() == Exit(143, "SIGTERM")


def test_the_deadline_of_the_load(tmp_path: Path) -> None:
    with running(tmp_path, "time.sleep(1000)") as process:
        process.wait_for_load(0.1)
        assert not process.loaded
        assert process.exit() is None


def test_only_stdout_says_that_the_load_has_ended(tmp_path: Path) -> None:
    with running(tmp_path, f"sys.stderr.write('{READY}'); sys.stderr.flush(); sys.exit(1)") as process:
        process.wait_for_load(PATIENCE)
        assert not process.loaded


def test_a_server_that_will_not_go(tmp_path: Path) -> None:
    process = server(tmp_path, f"signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{READY}'); time.sleep(1000)")
    process.wait_for_load(PATIENCE)
    process.stop(0.1)
    end = process.exit()
    assert end is not None
    assert end.code == 137


def test_a_server_that_says_goodbye(tmp_path: Path) -> None:
    code = f"""
def leave(*_):
    print("bye")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("{READY}")
time.sleep(1000)
"""
    process = server(tmp_path, code)
    process.wait_for_load(PATIENCE)
    process.stop(PATIENCE)
    assert process.exit() == Exit(0)
    assert process.stdout().endswith("bye\n")


@pytest.mark.parametrize("ending", ["time.sleep(1000)", "os._exit(3)", "os.abort()"])
@pytest.mark.parametrize("session", [False, True])
def test_what_it_started_goes_with_it(tmp_path: Path, ending: str, session: bool) -> None:
    code = f"""
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session={session})
print(child.pid, "{READY}")
{ending}
"""
    process = server(tmp_path, code)
    process.wait_for_load(PATIENCE)
    child = int(process.stdout().split()[0])
    assert alive(child)
    process.stop(PATIENCE)
    wait_until("its child has ended", lambda: not alive(child))


def test_it_is_stopped_twice(tmp_path: Path) -> None:
    process = server(tmp_path, "time.sleep(1000)")
    process.stop(PATIENCE)
    process.stop(PATIENCE)
    assert process.exit() == Exit(143, "SIGTERM")


def test_it_gets_its_folder_and_environment_alone(tmp_path: Path) -> None:
    with running(tmp_path, "print(os.getcwd()); print(sorted(os.environ))") as process:
        process.wait(PATIENCE)
        folder, names = process.stdout().splitlines()
    assert Path(folder) == tmp_path.resolve()
    assert "'PATH'" in names
    assert "'HOME'" not in names


def test_its_input_is_empty(tmp_path: Path) -> None:
    with running(tmp_path, "print(repr(sys.stdin.read()))") as process:
        process.wait(PATIENCE)
        assert process.stdout() == "''\n"


def test_the_terminals_interrupt_does_not_reach_it(tmp_path: Path) -> None:
    with running(tmp_path, "print(os.getsid(0) == os.getpid())") as process:
        process.wait(PATIENCE)
        assert process.stdout() == "True\n"


@pytest.mark.parametrize("word", ["/nowhere/ovms", "/etc/hostname"])
def test_what_cannot_be_started(tmp_path: Path, word: str) -> None:
    with pytest.raises(EngineError, match=f"cannot start {word}: (No such file|Exec format)"):
        ServerProcess([word], folder=tmp_path, environment={}, grpc="", rest=None)


def test_the_thread_that_started_it_may_end(tmp_path: Path) -> None:
    # What a rehearsal asks of the kernel: to be ended with its parent, which the kernel takes to be a thread.
    code = f"""
import ctypes
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
print("{READY}")
time.sleep(1000)
"""
    made: list[ServerProcess] = []

    def start() -> None:
        made.append(server(tmp_path, code))
        made[0].wait_for_load(PATIENCE)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    try:
        assert made[0].loaded
        assert made[0].wait(0.5) is None
    finally:
        made[0].stop(PATIENCE)


def test_no_descriptor_is_left(tmp_path: Path) -> None:
    def held() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with running(tmp_path, "pass") as process:
        process.wait(PATIENCE)
    before = held()
    for _ in range(3):
        with running(tmp_path, "pass") as process:
            process.wait(PATIENCE)
    assert held() == before
