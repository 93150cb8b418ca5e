"""HTTP as OVMS's REST port speaks it: one request per connection, each with a deadline for the whole of it.

The standard library's ``http.client`` does all that is needed here (no redirects, no cookies, no proxies of the
environment), and shows a stream of events as it comes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse

from graphval.engines.tls import Tls, connection_to
from graphval.probe.client import Answer

JSON = "application/json"
MAX_BODY_BYTES = 256 << 20
_EVENT = b"data:"
_CHUNK = 1 << 16
_OK = 200


@dataclass(frozen=True, slots=True, eq=False)
class HttpRequest:
    """A POST to a path of the REST port."""

    path: str
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpResponseBody:
    """What came back: ``events`` are the contents of a stream's ``data:`` lines, empty for a plain body."""

    status: int
    content_type: str
    body: bytes
    events: tuple[bytes, ...] = ()


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
    """Send a request. ``OK`` is status 200 and, of a stream, no event that tells of an error; any other status is the
    code ``HTTP_<status>`` with the server's error text. A connection that breaks reads as ``UNAVAILABLE``."""
    headers = {"Content-Type": request.content_type, **request.headers}
    if rest.key:
        headers["Authorization"] = f"Bearer {rest.key}"
    return _exchange(rest, "POST", request.path, request.body, headers, seconds)


def get(rest: Rest, path: str, seconds: float) -> Answer:
    """Fetch a path of the REST port."""
    return _exchange(rest, "GET", path, b"", {}, seconds)


def _exchange(rest: Rest, method: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    start = time.monotonic()
    connection = rest.connection(seconds)
    try:
        connection.request(method, path, body or None, dict(headers))
        response = connection.getresponse()
        received = b"".join(_read(response, connection, start + seconds))
    except TimeoutError:
        return Answer("DEADLINE_EXCEEDED", "Deadline Exceeded", time.monotonic() - start)
    except (OSError, HTTPException) as error:
        return Answer("UNAVAILABLE", f"connection lost: {str(error) or type(error).__name__}", time.monotonic() - start)
    finally:
        connection.close()
    return _answer(response, received, time.monotonic() - start)


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
    received = HttpResponseBody(response.status, content_type, body, events)
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
