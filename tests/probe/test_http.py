"""HTTP with a deadline: statuses, errors, streams of events, connections that break or say nothing."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from graphval.probe.http import HttpRequest, Rest, error_of, error_text, get, parsed, post


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        self._reply(200, b"fetched", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match self.path:
            case "/echo":
                self._reply(200, body, self.headers["Content-Type"])
            case "/key":
                self._reply(200, str(self.headers["Authorization"]).encode(), "text/plain")
            case "/refused":
                self._reply(412, b'{"error": "no such thing"}', "application/json")
            case "/nested":
                self._reply(400, b'{"error": {"message": "deep", "code": 1}}', "application/json")
            case "/plain":
                self._reply(500, b"\xff went wrong", "text/plain")
            case "/empty":
                self._reply(500, b"", "text/plain")
            case "/events":
                self._reply(200, b'data: {"a": 1}\n\ndata: [DONE]\n\n', "text/event-stream")
            case "/broken-events":
                self._reply(200, b'data: {"a": 1}\n\ndata: {"error": "half way"}\n\n', "text/event-stream")
            case "/silent":
                time.sleep(1)
            case "/drops":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"half")
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
            case "/drips":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                for _ in range(20):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.05)

    def _reply(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that give up are part of the tests."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        ("/echo", "OK", ""),
        ("/refused", "HTTP_412", "no such thing"),
        ("/nested", "HTTP_400", "deep"),
        ("/plain", "HTTP_500", "� went wrong"),
        ("/empty", "HTTP_500", ""),
        ("/events", "OK", ""),
        ("/broken-events", "STREAM", "half way"),
        ("/silent", "DEADLINE_EXCEEDED", "Deadline Exceeded"),
        ("/drips", "DEADLINE_EXCEEDED", "Deadline Exceeded"),
    ],
)
def test_answers(address: str, path: str, code: str, text: str) -> None:
    answer = post(Rest(address), HttpRequest(path, b"{}"), 0.4)
    assert (answer.code, answer.text) == (code, text)
    assert answer.timed_out == (code == "DEADLINE_EXCEEDED")


def test_a_body_goes_there_and_back_whole(address: str) -> None:
    body = bytes(range(256)) * 5000
    answer = post(Rest(address), HttpRequest("/echo", body, "application/octet-stream"), 5)
    assert answer.response.body == body
    assert answer.response.content_type == "application/octet-stream"


def test_events_are_read_one_by_one(address: str) -> None:
    assert post(Rest(address), HttpRequest("/events", b"{}"), 5).response.events == (b'{"a": 1}', b"[DONE]")


def test_a_get(address: str) -> None:
    assert get(Rest(address), "/x", 5).response.body == b"fetched"


@pytest.mark.parametrize(("key", "sent"), [("of mine", b"Bearer of mine"), ("", b"None")])
def test_the_key_goes_with_a_request_and_is_shown_nowhere(address: str, key: str, sent: bytes) -> None:
    rest = Rest(address, key=key)
    assert post(rest, HttpRequest("/key", b"{}"), 5).response.body == sent
    assert "of mine" not in repr(rest)


def test_a_connection_that_breaks_is_lost(address: str) -> None:
    assert post(Rest(address), HttpRequest("/drops", b"{}"), 5).lost


def test_nobody_there_is_lost() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = post(Rest(f"127.0.0.1:{taken.getsockname()[1]}"), HttpRequest("/", b""), 1)
    assert answer.lost
    assert "connection lost" in answer.text


@pytest.mark.parametrize("body", [b"", b"[", b"[1]", b"7", b'{"error": null}', b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_error_body_has_no_error(body: bytes) -> None:
    assert error_of(body) == ""
    assert error_text(body) == body[:300].decode("utf-8", "replace").strip()
    assert parsed(body) is None or parsed(body) == json.loads(body)
