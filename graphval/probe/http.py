"""HTTP as OVMS's REST port speaks it: one connection that is kept, each request with a deadline for the whole of it.

The standard library's ``http.client`` does all that is needed here (no redirects, no cookies, no proxies of the
environment), and shows a stream of events as it comes. Nothing is ever sent twice: a connection that the server closed
in the meantime is noticed before a request goes out on it.
"""

from __future__ import annotations

import json
import select
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from types import TracebackType

from graphval.engines.tls import Tls, connection_to
from graphval.probe.client import Answer

JSON = "application/json"
MAX_BODY_BYTES = 256 << 20
_EVENT = b"data:"
_CHUNK = 1 << 16
_OK = 200


class Key(Enum):
    """Which API key a request bears: the one the user gave, if any, none at all, or one that is wrong.

    OVMS looks at it on ``/v3`` and ``/v1`` only (``src/http_rest_api_handler.cpp``, 2026.4), a proxy may everywhere.
    """

    OURS = "ours"
    NONE = "none"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, eq=False)
class HttpRequest:
    """A POST to a path of the REST port."""

    path: str
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    key: Key = Key.OURS


@dataclass(frozen=True, slots=True)
class HttpResponseBody:
    """What came back: ``events`` are the contents of a stream's ``data:`` lines, empty for a plain body. ``headers``
    have names in small letters."""

    status: int
    content_type: str
    body: bytes
    events: tuple[bytes, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rest:
    """The way to a REST port: ``HOST:PORT``, how to be connected, and the key that ``/v3`` asks for (empty: none)."""

    address: str
    tls: Tls | None = None
    key: str = field(default="", repr=False)

    def connection(self, seconds: float) -> HTTPConnection:
        host, _, port = self.address.rpartition(":")
        return connection_to(host.strip("[]"), int(port), self.tls, seconds)


def post(rest: Rest, request: HttpRequest, seconds: float) -> Answer:
    """Send one request on a connection of its own."""
    with RestClient(rest) as client:
        return client.post(request, seconds)


def get(rest: Rest, path: str, seconds: float) -> Answer:
    """Fetch a path on a connection of its own."""
    with RestClient(rest) as client:
        return client.get(path, seconds)


class RestClient:
    """A connection to one REST port, opened when it is first needed. Leaving the context closes it.

    Not for several threads at once.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._kept: HTTPConnection | None = None

    def __enter__(self) -> RestClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def is_open(self) -> bool:
        """Whether the connection of the last request is still there."""
        # What can be read before anything was asked is the end of the connection.
        return (
            self._kept is not None
            and self._kept.sock is not None
            and not select.select([self._kept.sock], [], [], 0)[0]
        )

    def post(self, request: HttpRequest, seconds: float) -> Answer:
        """Send a request. ``OK`` is status 200 and, of a stream, no event that tells of an error; any other status is
        the code ``HTTP_<status>`` with the server's error text. A connection that breaks reads as ``UNAVAILABLE``."""
        headers: dict[str, str | bytes] = {"Content-Type": request.content_type, **request.headers}
        headers |= self._authorization(request)
        return self._exchange("POST", request.path, request.body, headers, seconds)

    def post_together(self, request: HttpRequest, copies: int, seconds: float) -> list[Answer]:
        """Send so many of a request at once, each on a connection of its own."""

        with ThreadPoolExecutor(copies) as threads:
            return list(threads.map(lambda _: post(self._rest, request, seconds), range(copies)))

    def get(self, path: str, seconds: float) -> Answer:
        """Fetch a path of the REST port."""
        return self._exchange("GET", path, b"", {}, seconds)

    def _authorization(self, request: HttpRequest) -> dict[str, bytes]:
        match request.key:
            case Key.OURS if self._rest.key:
                return {"Authorization": f"Bearer {self._rest.key}".encode()}
            case Key.WRONG:
                return {"Authorization": b"Bearer graphval-wrong-key"}
            case _:
                return {}

    def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str | bytes], seconds: float
    ) -> Answer:
        start = time.monotonic()
        whole = False
        try:
            connection = self._connection(seconds)
            connection.request(method, path, body or None, dict(headers))
            response = connection.getresponse()
            received = b"".join(_read(response, connection, start + seconds))
            response.close()
            whole = not response.will_close
        except TimeoutError:
            return Answer("DEADLINE_EXCEEDED", "Deadline Exceeded", time.monotonic() - start)
        except (OSError, HTTPException) as error:
            said = str(error) or type(error).__name__
            return Answer("UNAVAILABLE", f"connection lost: {said}", time.monotonic() - start)
        finally:
            if not whole:
                self.close()
        return _answer(response, received, time.monotonic() - start)

    def _connection(self, seconds: float) -> HTTPConnection:
        kept = self._kept
        if kept is not None and kept.sock is not None and self.is_open():
            kept.sock.settimeout(seconds)
            return kept
        self.close()
        self._kept = self._rest.connection(seconds)
        return self._kept


def _read(response: HTTPResponse, connection: HTTPConnection, until: float) -> Iterator[bytes]:
    """The body as it comes. Raises :class:`TimeoutError` once ``until`` (``time.monotonic()``) has passed."""
    read = 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        chunk = response.read1(_CHUNK)
        if not chunk:
            if response.length:
                raise HTTPException(f"the body ended {response.length} bytes too early")
            return
        read += len(chunk)
        if read > MAX_BODY_BYTES:
            raise HTTPException(f"more than {MAX_BODY_BYTES >> 20} MiB came back")
        yield chunk


def _answer(response: HTTPResponse, body: bytes, seconds: float) -> Answer:
    content_type = response.headers.get("Content-Type", "")
    events = tuple(_events(body)) if content_type.startswith("text/event-stream") or body.startswith(_EVENT) else ()
    headers = {name.lower(): value for name, value in response.headers.items()}
    received = HttpResponseBody(response.status, content_type, body, events, headers)
    if response.status != _OK:
        return Answer(f"HTTP_{response.status}", error_text(body), seconds, received)
    for event in events:
        if error := error_of(event):
            return Answer("STREAM", error, seconds, received)
    return Answer("OK", "", seconds, received)


def _events(body: bytes) -> Iterator[bytes]:
    for line in body.splitlines():
        if line.startswith(_EVENT):
            yield line[len(_EVENT) :].strip()


def error_of(body: bytes) -> str:
    """The text of OVMS's error body ``{"error": …}``; empty if it is none."""
    document = parsed(body)
    error = document.get("error") if isinstance(document, dict) else None
    if isinstance(error, dict):
        error = error.get("message", error)
    return "" if error is None else str(error)


def error_text(body: bytes) -> str:
    """The error body's text, or the beginning of whatever else came."""
    return error_of(body) or body[:300].decode("utf-8", "replace").strip()


def parsed(body: bytes) -> object:
    """The JSON that a body holds; ``None`` where it holds none."""
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document
