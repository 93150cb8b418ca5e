"""Processes that share tasks: order, whatever the size, and no process left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from graphval.run.crew import Crew, CrewError, Do

_ready: list[int] = []
"""What the first task leaves in its process."""


@contextmanager
def crew(size: int, do: Do, first: object) -> Iterator[Crew]:
    made = Crew(size, do, first)
    try:
        yield made
    finally:
        made.close()


def twice(number: int) -> int:
    time.sleep(0.001 * (number % 3))
    return 2 * number


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("count", [1, 2, 50])
def test_results_come_in_the_order_of_the_tasks(size: int, count: int) -> None:
    with crew(size, twice, 0) as made:
        for number in range(1, count):
            made.give(number)
        assert list(made.results()) == [2 * number for number in range(count)]


def marked(_task: object) -> tuple[int, list[int]]:
    if not _ready:
        _ready.append(os.getpid())
    time.sleep(0.01)
    return os.getpid(), _ready


def test_what_the_first_task_made_is_there_for_all() -> None:
    with crew(3, marked, None) as made:
        for _ in range(30):
            made.give(None)
        told = list(made.results())
    first = told[0][0]
    assert len({process for process, _ in told}) == 3
    assert all(ready == [first] for _, ready in told)
    assert _ready == []


def longer(text: str) -> str:
    return text * 3


def test_messages_larger_than_any_pipe_pass_each_other() -> None:
    texts = [character * 2_000_000 for character in "abcdefgh"]
    with crew(2, longer, texts[0]) as made:
        for text in texts[1:]:
            made.give(text)
        assert list(made.results()) == [text * 3 for text in texts]


def wrong(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("first", [0, 3])
def test_what_a_task_raises_is_raised_with_the_place(first: int) -> None:
    told: list[int] = []
    with crew(2, wrong, first) as made:
        for number in range(1, 6):
            made.give(number)
        with pytest.raises(ValueError, match="three") as caught:
            told += made.results()
    assert any('raise ValueError("three")' in note for note in caught.value.__notes__)


def unsendable(_task: object) -> Any:
    return lambda: None


def test_a_result_that_cannot_be_sent_is_said_to_be_so() -> None:
    with crew(1, unsendable, None) as made, pytest.raises(Exception, match="pickle"):
        list(made.results())


def killed(number: int) -> int:
    if number == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("first", [0, 4])
def test_a_process_that_is_killed_is_missed(first: int) -> None:
    with crew(2, killed, first) as made:
        for number in range(1, 8):
            made.give(number)
        with pytest.raises(CrewError):
            list(made.results())


def slow(folder: Path) -> NoReturn:
    (folder / str(os.getpid())).touch()
    time.sleep(600)
    raise AssertionError


def test_who_is_at_a_task_does_not_outlive_the_crew(tmp_path: Path) -> None:
    made = Crew(2, slow, tmp_path)
    wait_until(lambda: bool(list(tmp_path.iterdir())))
    processes = [int(file.name) for file in tmp_path.iterdir()]
    made.close()
    assert [process for process in processes if Path(f"/proc/{process}").exists()] == []


def test_nobody_outlives_the_crew() -> None:
    made = Crew(3, marked, None)
    for _ in range(12):
        made.give(None)
    processes = {process for process, _ in made.results()}
    made.close()
    assert len(processes) == 3
    assert [process for process in processes if Path(f"/proc/{process}").exists()] == []


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
