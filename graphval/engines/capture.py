"""What a process writes, read as it comes and kept within bounds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import IO

KEPT = 16 << 20
"""Bytes kept of each stream: one half from its beginning, one half from its end, where crashes speak."""

_CHUNK = 1 << 16
_GAP = b"\n[... %d bytes left out ...]\n"


class Capture:
    """Reads one stream of a process on a thread of its own, so that the process never waits for a reader.

    ``seen`` has an event for each of ``markers`` that is set once it has gone by, ``ended`` once the stream is closed.
    """

    def __init__(self, stream: IO[bytes], markers: Sequence[bytes] = (), kept: int = KEPT) -> None:
        self._stream = stream
        self._half = kept // 2
        self._lock = threading.Lock()
        self._head = bytearray()
        self._tail = bytearray()
        self._dropped = 0
        self._window = b""
        self.seen = {marker: threading.Event() for marker in markers}
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, name="graphval-capture", daemon=True)
        self._thread.start()

    @property
    def read(self) -> int:
        """How many bytes came so far."""
        with self._lock:
            return len(self._head) + self._dropped + len(self._tail)

    def text(self, since: int = 0) -> str:
        """What was read so far, bytes that are no UTF-8 replaced; without the first ``since`` bytes."""
        with self._lock:
            kept = len(self._head) + self._dropped
            gap = _GAP % self._dropped if self._dropped and since < kept else b""
            # Slices copy what is asked for and no more: a log may be long, and much of it is read again and again.
            wanted = bytes(self._head[since:]) + gap + bytes(self._tail[max(0, since - kept) :])
        return wanted.decode("utf-8", errors="replace")

    def close(self, seconds: float) -> None:
        """Wait for the end of the stream; what a surviving grandchild still writes after ``seconds`` is not read."""
        self.ended.wait(seconds)
        if self.ended.is_set():
            self._stream.close()

    def _read(self) -> None:
        try:
            while chunk := self._stream.read1(_CHUNK):  # type: ignore[attr-defined]
                self._keep(chunk)
        finally:
            self.ended.set()

    def _keep(self, chunk: bytes) -> None:
        with self._lock:
            room = self._half - len(self._head)
            self._head += chunk[: max(0, room)]
            self._tail += chunk[max(0, room) :]
            surplus = len(self._tail) - self._half
            if surplus > 0:
                del self._tail[:surplus]
                self._dropped += surplus
        awaited = [marker for marker, event in self.seen.items() if not event.is_set()]
        if awaited:
            window = self._window + chunk
            for marker in awaited:
                if marker in window:
                    self.seen[marker].set()
            self._window = window[-max(map(len, awaited)) :]
