"""Processes that share tasks: order, whatever the size, and no process left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from graphval.run.crew import Crew, CrewError, Do

ROOT = Path(__file__).resolve().parents[2]
_ready: list[int] = []
"""What the first process leaves for the others."""


@contextmanager
def crew(size: int, do: Do, common: object = None) -> Iterator[Crew]:
    """A crew that is begun."""
    made = Crew(size, lambda: do)
    try:
        made.begin(common)
        yield made
    finally:
        made.close()


def times(common: int, number: int) -> int:
    time.sleep(0.001 * (number % 3))
    return common * number


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_come_in_the_order_of_the_tasks(size: int, count: int) -> None:
    with crew(size, times, 2) as made:
        for number in range(count):
            made.give(number)
        assert list(made.results()) == [2 * number for number in range(count)]


class Named(NamedTuple):
    text: str
    inner: tuple[Any, ...]


TUPLES = [Named("a", (Named("b", ()), 1)), (1, Named("c", ())), os.times()]


def test_tuples_of_every_kind_are_sent() -> None:
    with crew(1, lambda _common, task: [*task, *TUPLES]) as made:
        made.give(TUPLES)
        [told] = made.results()
    assert told == [*TUPLES, *TUPLES]
    assert [type(value) for value in told] == [type(value) for value in (*TUPLES, *TUPLES)]


def prepared() -> Do:
    _ready.append(os.getpid())
    return marked


def marked(_common: object, _task: object) -> tuple[int, list[int]]:
    if len(_ready) == 1:
        _ready.append(os.getpid())
    time.sleep(0.01)
    return os.getpid(), _ready


def test_what_the_first_process_made_before_and_with_the_first_task_is_there_for_all() -> None:
    made = Crew(3, prepared)
    made.begin(None)
    for _ in range(30):
        made.give(None)
    told = list(made.results())
    made.close()
    first = told[0][0]
    assert len({process for process, _ in told}) == 3
    assert all(ready == [first, first] for _, ready in told)
    assert _ready == []


def test_a_single_task_needs_a_single_process() -> None:
    def children(_common: object, _task: object) -> int:
        return os.getpid()

    with crew(3, children) as made:
        made.give(None)
        (first,) = made.results()
    assert first == made._first


def longer(times: int, text: str) -> str:
    return text * times


def test_messages_larger_than_any_pipe_pass_each_other() -> None:
    texts = [character * 2_000_000 for character in "abcdefgh"]
    with crew(2, longer, 3) as made:
        for text in texts:
            made.give(text)
        assert list(made.results()) == [text * 3 for text in texts]


def test_what_is_common_may_be_larger_than_any_pipe() -> None:
    with crew(2, lambda common, number: common[number], "ab" * 2_000_000) as made:
        for number in range(4):
            made.give(number)
        assert "".join(made.results()) == "abab"


def wrong(three: int, number: int) -> int:
    if number == three:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("first", [0, 3])
def test_what_a_task_raises_is_raised_with_the_place(first: int) -> None:
    told: list[int] = []
    with crew(2, wrong, 3) as made:
        for number in range(first, 6):
            made.give(number)
        with pytest.raises(ValueError, match="three") as caught:
            told += made.results()
    assert told == list(range(first, 3))
    assert any('raise ValueError("three")' in note for note in caught.value.__notes__)


def unsendable(_common: object, _task: object) -> Any:
    return lambda: None


def test_a_result_that_cannot_be_sent_is_said_to_be_so() -> None:
    with crew(1, unsendable) as made:
        made.give(None)
        with pytest.raises(Exception, match="pickle"):
            list(made.results())


def killed(at: int, number: int) -> int:
    if number == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("at", [0, 4])
def test_a_process_that_is_killed_is_missed(at: int) -> None:
    with crew(2, killed, at) as made:
        for number in range(8):
            made.give(number)
        with pytest.raises(CrewError):
            list(made.results())


def test_a_process_that_cannot_make_ready_is_missed(capfd: pytest.CaptureFixture[str]) -> None:
    def failing() -> NoReturn:
        raise OSError("no")

    made = Crew(2, failing)
    made.begin(None)
    made.give(1)
    with pytest.raises(CrewError):
        list(made.results())
    made.close()
    assert capfd.readouterr() == ("", "")


def talkative(_common: object, stream: int) -> int:
    return os.write(stream, b"out of the crew\n")


@pytest.mark.parametrize("stream", [1, 2])
def test_nothing_is_written_to_the_streams_of_this_process(stream: int, capfd: pytest.CaptureFixture[str]) -> None:
    with crew(2, talkative) as made:
        for _ in range(3):
            made.give(stream)
        assert list(made.results()) == [16, 16, 16]
    assert capfd.readouterr() == ("", "")


STREAMLESS = """
import os
from graphval.run.crew import Crew
crew = Crew(2, lambda: lambda common, number: common * number)
crew.begin(2)
for number in range(4):
    crew.give(number)
os._exit(sum(crew.results()))
"""


def test_a_process_without_streams_has_a_crew_all_the_same() -> None:
    """The pipes may then have the numbers of the streams."""
    closed = [(os.POSIX_SPAWN_CLOSE, stream) for stream in (0, 1, 2)]
    command = [sys.executable, "-c", STREAMLESS]
    process = os.posix_spawn(sys.executable, command, {"PYTHONPATH": str(ROOT)}, file_actions=closed)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 12


def slow(folder: Path, _task: object) -> NoReturn:
    (folder / str(os.getpid())).touch()
    time.sleep(600)
    raise AssertionError


def test_who_is_at_a_task_does_not_outlive_the_crew(tmp_path: Path) -> None:
    made = Crew(2, lambda: slow)
    made.begin(tmp_path)
    made.give(None)
    made.give(None)
    wait_until(lambda: bool(list(tmp_path.iterdir())))
    processes = [int(file.name) for file in tmp_path.iterdir()]
    made.close()
    assert [process for process in processes if Path(f"/proc/{process}").exists()] == []


def test_nobody_outlives_the_crew() -> None:
    made = Crew(3, prepared)
    made.begin(None)
    for _ in range(12):
        made.give(None)
    processes = {process for process, _ in made.results()}
    made.close()
    assert len(processes) == 3
    assert [process for process in processes if Path(f"/proc/{process}").exists()] == []


def test_who_is_not_needed_is_not_waited_for() -> None:
    def endless() -> NoReturn:
        time.sleep(600)
        raise AssertionError

    made = Crew(2, endless)
    made.close()
    assert not Path(f"/proc/{made._first}").exists()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
