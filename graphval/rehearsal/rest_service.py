"""The REST server: connections, methods, headers. What a path answers is in ``rest_routes``.

Source: OVMS ``src/http_rest_api_handler.cpp``, ``src/drogon_http_server.cpp`` (2026.4).
"""

from __future__ import annotations

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

from graphval.rehearsal import rest_routes
from graphval.rehearsal.journal import journal
from graphval.rehearsal.rest_reply import Answer, Events, Reply, json_reply
from graphval.rehearsal.status import NotExercised, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphval.rehearsal.arguments import Arguments
    from graphval.rehearsal.servables import Servables

NOT_IMPLEMENTED, TOO_LARGE = 501, 413
_MAX_BODY = 1 << 30
_CORS = (("origins", "Origin"), ("methods", "Methods"), ("headers", "Headers"))


class RestFailure(Exception):
    """The REST server could not be started."""


class RestServer(ThreadingHTTPServer):
    """The server. A client that breaks off is nothing to speak of."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def start_rest(servables: Servables, arguments: Arguments, door: socket.socket | None = None) -> RestServer:
    """Bind and start. Raises :class:`RestFailure`. A ``door`` is a socket that listens already."""
    host, port = arguments.rest_bind_address, arguments.rest_port
    journal.info("HTTPServerModule starting")
    journal.info(f"Binding REST server to address: {host}:{port}")

    class Handler(RestHandler):
        pass

    Handler.servables = servables
    Handler.cors = cors_headers(arguments.given)
    try:
        server = RestServer((host, port), Handler, bind_and_activate=door is None)
    except OSError as error:
        raise RestFailure(f"Failed to start REST server at {host}:{port}") from error
    if door is not None:
        server.socket.close()
        server.socket = door
    threading.Thread(target=server.serve_forever, name="rest", daemon=True).start()
    journal.info(f"REST server listening on port {port} with 2 unary threads and 2 streaming threads")
    if not servables.api_key:
        journal.info(
            "API key not provided via --api_key_file or API_KEY environment variable. Authentication will be disabled."
        )
    journal.info("HTTPServerModule started")
    journal.info(f"Started REST server at {host}:{port}")
    return server


def cors_headers(given: Mapping[str, str]) -> dict[str, str]:
    """The headers that every response bears; an empty setting leaves its header out."""
    headers = {f"Access-Control-Allow-{name}": given.get(f"allowed_{flag}", "*") for flag, name in _CORS}
    if given.get("allow_credentials") == "true":
        headers["Access-Control-Allow-Credentials"] = "true"
    return {name: value for name, value in headers.items() if value}


class RestHandler(BaseHTTPRequestHandler):
    """One connection."""

    servables: ClassVar[Servables]
    cors: ClassVar[Mapping[str, str]] = {}
    protocol_version = "HTTP/1.1"
    # Head and body go out in two writes; on a connection that is kept the second would wait for the first's receipt.
    disable_nagle_algorithm = True

    def _any_method(self) -> None:
        self._dispatch()

    do_GET = do_POST = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = do_HEAD = _any_method  # noqa: N815 - http.server

    def log_message(self, format: str, *args: Any) -> None:
        """OVMS has no access log."""

    def _dispatch(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        size = int(length) if length.isdigit() else 0
        if size > _MAX_BODY:
            self.close_connection = True
            self._send(Reply(code=TOO_LARGE))
            return
        body = self.rfile.read(size)
        path = self.path.partition("?")[0]
        journal.debug(f"Processing HTTP request: {self.command} {path} body: {len(body)} bytes")
        try:
            self._send(rest_routes.answer(self.command, path, dict(self.headers.items()), body, self.servables))
        except Refused as refusal:
            journal.debug(f"Processing HTTP/REST request failed: {self.command} {path}. Reason: {refusal}")
            self._send(json_reply({"error": refusal.status.text}, refusal.status.http))
        except NotExercised as error:
            journal.info(f"Rehearsal cannot execute {error}", "rehearsal")
            self._send(json_reply({"error": f"Rehearsal cannot execute {error}"}, NOT_IMPLEMENTED))

    def _send(self, answer: Answer) -> None:
        match answer:
            case Events():
                self._send_events(answer)
            case Reply():
                self._start(answer.code, {"Content-Type": answer.content_type, **answer.headers})
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

    def _start(self, code: int, headers: Mapping[str, str]) -> None:
        self.send_response_only(code)
        for name, value in {**headers, **self.cors}.items():
            self.send_header(name, value)

    def _send_events(self, events: Events) -> None:
        first = next(events.texts, "")
        self._start(
            200, {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}
        )
        self.end_headers()
        try:
            self._chunk(first)
            for text in events.texts:
                self._chunk(text)
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            # The client left; the generator's end gives up its graph.
            self.close_connection = True

    def _chunk(self, text: str) -> None:
        content = text.encode()
        if content:
            self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
            self.wfile.flush()
