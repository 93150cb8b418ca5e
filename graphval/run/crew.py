"""Processes that share tasks, made by ``fork``: not for a program with threads.

The pools of the standard library make every process from the one that has the tasks. Here that one may not even know
yet what there is to do, while the first process makes ready and then does the first task, which takes as long as many
others where much has to be imported and read for it; and then makes the other processes, which find all that at hand.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import chain, islice
from typing import Any, BinaryIO, NoReturn

_AHEAD = 2
"""Tasks that a process has at most: the one it is at, and the next."""
_BLOCK = 1 << 16
_LENGTH = 8
"""Bytes before each message, which say how long it is."""

Do = Callable[[Any, Any], Any]
"""Does a task: what all of them have in common, and the task. These and the results are sent between processes: they
must be such as can be pickled."""


class CrewError(Exception):
    """A process has ended before its task was done."""


class Crew:
    """So many processes. The first one is made at once and calls ``prepare``, which returns what does a task; it makes
    the others when the first task is done and there is another. They write nothing to the streams of this process."""

    def __init__(self, size: int, prepare: Callable[[], Do]) -> None:
        pipes = [(os.pipe(), os.pipe()) for _ in range(size)]
        self._first = os.fork()
        if self._first == 0:
            _be_first(pipes, prepare)
        for (tasks, _), (_, results) in pipes:
            os.close(tasks)
            os.close(results)
        self._members = [_Member(tasks, results) for (_, tasks), (results, _) in pipes]
        self._begun = False
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._given = 0
        self._all_given = False
        self._done: dict[int, tuple[Any, Exception | None]] = {}

    def begin(self, common: object) -> None:
        """What all tasks have in common, once, before the first of them."""
        self._members[0].unsent += _message(common)
        self._begun = True

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
        """Let the processes go. Where there was nothing to do or a task is left undone, the first is ended, and the
        others end when they find nobody to tell."""
        undone = not self._begun or any(member.at for member in self._members)
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


class _Pickler(pickle.Pickler):
    """Writes a ``NamedTuple`` as a call of its class. Pickle itself first looks for all that an object may have to say
    about it, which takes several times as long."""

    def reducer_override(self, value: object) -> Any:
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value), tuple(value)
        return NotImplemented


def _message(value: object) -> bytes:
    data = BytesIO()
    _Pickler(data, pickle.HIGHEST_PROTOCOL).dump(value)
    return data.tell().to_bytes(_LENGTH, "little") + data.getbuffer()


# -- in the processes --------------------------------------------------------------------------------------------------

_Pipe = tuple[int, int]
_Ends = tuple[BinaryIO, BinaryIO]
"""Where the messages of one process come from, and where its results go."""


def _be_first(pipes: list[tuple[_Pipe, _Pipe]], prepare: Callable[[], Do]) -> NoReturn:
    """The first process, from its start to its end."""
    try:
        for (_, to_tasks), (from_results, _) in pipes:
            os.close(to_tasks)
            os.close(from_results)
        members = [(open(tasks, "rb"), open(results, "wb")) for (tasks, _), (_, results) in pipes]  # noqa: PTH123, SIM115
        _leave_streams(members)
        _lead(members, prepare())
    finally:
        os._exit(0)


def _leave_streams(members: Iterable[_Ends]) -> None:
    """Let go of the standard streams: whoever reads them need not wait for this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in {0, 1, 2}.difference(end.fileno() for ends in members for end in ends):
        os.dup2(nothing, stream)


def _lead(members: Sequence[_Ends], do: Do) -> None:
    """Do the first task, make the others if there is a second, and do tasks like them."""
    (given, told), *others = members
    messages = _messages(given)
    common = next(messages, None)
    if common is None:
        return
    do_own = partial(do, pickle.loads(common))  # noqa: S301 - from the process that has the tasks
    _serve(islice(messages, 1), told, do_own)
    second = next(messages, None)
    if second is None:
        return
    for own in others:
        if os.fork() == 0:
            _close(ends for ends in members if ends is not own)
            given, told = own
            _serve(_messages(given), told, do_own)
            return
    _close(others)
    _serve(chain([second], messages), told, do_own)
    for _ in others:
        os.wait()


def _close(members: Iterable[_Ends]) -> None:
    for given, told in members:
        given.close()
        told.close()


def _messages(given: BinaryIO) -> Iterator[bytes]:
    """What is sent to this process, as long as there is anything."""
    while header := given.read(_LENGTH):
        yield given.read(int.from_bytes(header, "little"))


def _serve(messages: Iterable[bytes], told: BinaryIO, do: Callable[[Any], Any]) -> None:
    """Do the tasks."""
    for message in messages:
        told.write(_answer(do, message))
        told.flush()


def _answer(do: Callable[[Any], Any], message: bytes) -> bytes:
    """The result of a task as a message, or what it has raised."""
    try:
        return _message((do(pickle.loads(message)), None))  # noqa: S301 - from the process that has the tasks
    except Exception as why:  # noqa: BLE001 - it is raised where the results are asked for
        from traceback import format_exc

        why.add_note(format_exc())
        return _message((None, why))


__all__ = ["Crew", "CrewError", "Do"]
