"""Processes that share tasks, made by ``fork``: not for a program with threads.

The pools of the standard library make every process from the one that has the tasks. Here that one may still be
looking for tasks, while the first process does the first of them, which takes as long as many others where much has to
be imported and read for it, and then makes the other processes, which find all that at hand.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NoReturn

_AHEAD = 2
"""Tasks that a process has at most: the one it is at, and the next."""
_BLOCK = 1 << 16
_LENGTH = 8
"""Bytes before each message, which say how long it is."""

Do = Callable[[Any], Any]
"""Does a task. Tasks and results are sent between processes: they must be such as can be pickled."""


class CrewError(Exception):
    """A process has ended before its task was done."""


class Crew:
    """So many processes. The first one is given the ``first`` task, and makes the others when that is done."""

    def __init__(self, size: int, do: Do, first: object) -> None:
        pipes = [(os.pipe(), os.pipe()) for _ in range(size)]
        self._first = os.fork()
        if self._first == 0:
            _begin(pipes, do, first)
        for (tasks, _), (_, results) in pipes:
            os.close(tasks)
            os.close(results)
        self._members = [_Member(tasks, results) for (_, tasks), (results, _) in pipes]
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._members[0].at.append(0)
        self._given = 1
        self._all_given = False
        self._done: dict[int, tuple[Any, Exception | None]] = {}

    def give(self, task: object) -> None:
        """One more task, before results are asked for. Nothing is waited for."""
        self._waiting.append((self._given, _message(task)))
        self._given += 1
        self._carry(0)

    def results(self) -> Iterator[Any]:
        """What came of the tasks, in the order in which they were given. Raises what a task has raised, and
        :class:`CrewError`."""
        self._all_given = True
        for number in range(self._given):
            while number not in self._done:
                self._carry(None)
            result, raised = self._done.pop(number)
            if raised is not None:
                raise raised
            yield result

    def close(self) -> None:
        """Let the processes go. Where a task is left undone, the first is ended, and the others end when they find
        nobody to tell."""
        undone = any(member.at for member in self._members)
        for member in self._members:
            member.close()
        if undone:
            os.kill(self._first, signal.SIGKILL)
        os.waitpid(self._first, 0)

    def _carry(self, seconds: float | None) -> None:
        """Carry tasks and results as far as they go at once; wait so long for something to move, ``None``: as long as
        it takes."""
        for member in self._members:
            while self._waiting and len(member.at) < _AHEAD:
                member.take(*self._waiting.popleft())
        sending = {member.tasks: member for member in self._members if member.unsent}
        telling = {member.results: member for member in self._members if member.at}
        readable, writable, _ = select.select(telling, sending, (), seconds)
        for pipe in writable:
            sending[pipe].send()
        if self._all_given and not self._waiting:
            for member in self._members:
                member.dismiss()
        for pipe in readable:
            self._done.update(telling[pipe].receive())


class _Member:
    """A process, as the one that has the tasks sees it: the pipes to and from it, what is still to be sent, what has
    come of the next result, and the numbers of the tasks it has."""

    def __init__(self, tasks: int, results: int) -> None:
        os.set_blocking(tasks, False)
        self.tasks, self.results = tasks, results
        self._dismissed = False
        self.unsent = bytearray()
        self.at: deque[int] = deque()
        self._received = bytearray()

    def take(self, number: int, message: bytes) -> None:
        self.at.append(number)
        self.unsent += message

    def send(self) -> None:
        """Send what goes."""
        try:
            del self.unsent[: os.write(self.tasks, self.unsent[:_BLOCK])]
        except BrokenPipeError as why:
            raise CrewError("a process has ended before its task was done") from why

    def receive(self) -> Iterator[tuple[int, Any]]:
        """The results that are complete."""
        block = os.read(self.results, _BLOCK)
        if not block:
            raise CrewError("a process has ended before its task was done")
        self._received += block
        while len(self._received) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._received[:_LENGTH], "little")
            if len(self._received) < end:
                return
            result = pickle.loads(self._received[_LENGTH:end])  # noqa: S301 - a process of ours wrote it
            del self._received[:end]
            yield self.at.popleft(), result

    def dismiss(self) -> None:
        """Let the process end after the tasks that were sent, while others are still at theirs."""
        if not self.unsent and not self._dismissed:
            os.close(self.tasks)
            self._dismissed = True

    def close(self) -> None:
        self.unsent.clear()
        self.dismiss()
        os.close(self.results)


def _message(value: object) -> bytes:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH, "little") + data


# -- in the processes --------------------------------------------------------------------------------------------------

Pipe = tuple[int, int]


def _begin(pipes: list[tuple[Pipe, Pipe]], do: Do, first: object) -> NoReturn:
    """The first process: do the first task, make the others, and do tasks like them."""
    try:
        done = _answer(do, first)
        own = 0
        for other in range(1, len(pipes)):
            if os.fork() == 0:
                own = other
                break
        for number, ((tasks, to_tasks), (from_results, results)) in enumerate(pipes):
            for pipe in (to_tasks, from_results) if number == own else (tasks, to_tasks, from_results, results):
                os.close(pipe)
        (tasks, _), (_, results) = pipes[own]
        with open(tasks, "rb") as given, open(results, "wb") as told:  # noqa: PTH123 - pipes have no path
            if own == 0:
                told.write(done)
                told.flush()
            _serve(given, told, do)
        if own == 0:
            for _ in pipes[1:]:
                os.wait()
    finally:
        os._exit(0)


def _serve(given: BinaryIO, told: BinaryIO, do: Do) -> None:
    """Do tasks as long as there are any."""
    while header := given.read(_LENGTH):
        task = pickle.loads(given.read(int.from_bytes(header, "little")))  # noqa: S301 - a process of ours wrote it
        told.write(_answer(do, task))
        told.flush()


def _answer(do: Do, task: object) -> bytes:
    """The result of a task as a message, or what it has raised."""
    try:
        return _message((do(task), None))
    except Exception as why:  # noqa: BLE001 - it is raised where the results are asked for
        why.add_note(traceback.format_exc())
        return _message((None, why))


__all__ = ["Crew", "CrewError"]
