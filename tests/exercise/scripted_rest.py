"""The REST port of a scripted server: KServe's JSON, with or without binary data, in front of the same behaviours."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graphval.kserve import messages
from graphval.probe.tensors import pack, unpack

Answering = Callable[[messages.ModelInferRequest], messages.ModelInferResponse]
"""Answers a request; may raise :class:`RestRefusal`."""


class RestRefusal(Exception):
    """Answer with this HTTP status and error text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class RestPort:
    """Listens until it is closed, which also ends the connections that clients keep."""

    def __init__(self, answering: Answering, table: Mapping[str, Any] | None = None) -> None:
        """``table`` is what ``/v1/config`` says; without one there is no such path."""
        port = self
        self._connections: set[socket.socket] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                port._connections.add(self.connection)

            def log_message(self, format: str, *args: object) -> None: ...

            def do_GET(self) -> None:
                known = self.path == "/v1/config" and table is not None
                self._send(200 if known else 400, json.dumps(table or {}).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                length = self.headers["Inference-Header-Content-Length"]
                try:
                    status, text = 200, _written(answering(_read(self.path, body, int(length or len(body)))))
                except RestRefusal as refusal:
                    status, text = refusal.status, json.dumps({"error": refusal.text}).encode()
                self._send(status, text)

            def _send(self, status: int, text: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Servers that break off are part of the tests."""


def _read(path: str, body: bytes, length: int) -> messages.ModelInferRequest:
    try:
        document = json.loads(body[:length])
    except ValueError as error:
        raise RestRefusal(412, "The file is not valid json") from error
    request = messages.ModelInferRequest(model_name=path.split("/")[3])
    at = length
    for entry in document["inputs"]:
        request.inputs.add(name=entry["name"], datatype=entry["datatype"], shape=entry["shape"])
        if "data" in entry:
            request.raw_input_contents.append(pack(entry["datatype"], entry["data"]))
        else:
            size = entry["parameters"]["binary_data_size"]
            request.raw_input_contents.append(body[at : at + size])
            at += size
    return request


def _written(response: messages.ModelInferResponse) -> bytes:
    outputs: list[dict[str, Any]] = [
        {"name": o.name, "datatype": o.datatype, "shape": list(o.shape), "data": unpack(o.datatype, raw)}
        for o, raw in zip(response.outputs, response.raw_output_contents, strict=True)
    ]
    return json.dumps({"model_name": response.model_name, "outputs": outputs}).encode()
