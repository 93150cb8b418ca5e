"""HTTP with a deadline: statuses, errors, streams of events, connections that break or say nothing."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from graphval.probe.http import HttpRequest, Key, Rest, RestClient, error_of, error_text, get, parsed, post


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        self._reply(200, b"fetched", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/who"):
            said = {"key": self.headers["Authorization"], "port": self.client_address[1]}
            self._reply(200, json.dumps(said).encode(), "application/json")
            return
        match self.path:
            case "/echo":
                self._reply(200, body, self.headers["Content-Type"])
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
            case "/closes":
                self._reply(200, b"{}", "application/json")
                self.connection.shutdown(socket.SHUT_RDWR)
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


def test_the_key_is_shown_nowhere(address: str) -> None:
    assert "of mine" not in repr(Rest(address, key="of mine"))


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


def asked(client: RestClient, path: str = "/who", key: Key = Key.OURS) -> dict[str, object]:
    """Who the server says was asking."""
    document = parsed(client.post(HttpRequest(path, b"", key=key), 5).response.body)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("path", ["/echo", "/refused", "/events"])
def test_one_connection_serves_many_requests(address: str, path: str) -> None:
    with RestClient(Rest(address)) as client:
        before = asked(client)
        assert client.post(HttpRequest(path, b"{}"), 5).response.status
        assert asked(client) == before


@pytest.mark.parametrize("path", ["/closes", "/silent", "/drops"])
def test_a_connection_that_is_of_no_more_use_is_replaced(address: str, path: str) -> None:
    with RestClient(Rest(address)) as client:
        before = asked(client)
        client.post(HttpRequest(path, b"{}"), 0.3)
        deadline = time.monotonic() + 5
        while path == "/closes" and time.monotonic() < deadline and client.is_open():
            time.sleep(0.01)
        assert asked(client) != before


def test_requests_at_once_go_on_connections_of_their_own(address: str) -> None:
    with RestClient(Rest(address)) as client:
        answers = client.post_together(HttpRequest("/who", b""), 3, 5)
    assert len({answer.response.body for answer in answers}) == 3


@pytest.mark.parametrize(
    ("path", "which", "sent"),
    [
        ("/v3/who", Key.OURS, "Bearer sésame"),
        ("/v1/who", Key.OURS, "Bearer sésame"),
        ("/v2/who", Key.OURS, "Bearer sésame"),
        ("/v3/who", Key.NONE, None),
        ("/v3/who", Key.WRONG, "Bearer graphval-wrong-key"),
    ],
)
def test_a_request_bears_the_key_that_it_should(address: str, path: str, which: Key, sent: str | None) -> None:
    with RestClient(Rest(address, key="sésame")) as client:
        got = asked(client, path, which)["key"]
    # Python's server reads headers as Latin-1.
    assert (got.encode("latin-1").decode() if isinstance(got, str) else got) == sent


def test_without_a_key_none_is_sent(address: str) -> None:
    with RestClient(Rest(address)) as client:
        assert asked(client, "/v3/who")["key"] is None
