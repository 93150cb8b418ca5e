"""KServe v2 over REST, with the texts that gRPC loses.

Facts: ``ovms-kserve-api.md`` sections 2, 6 to 10 (OVMS 2026.4). JSON bodies only.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from graphval.kserve import messages
from graphval.rehearsal import answers
from graphval.rehearsal.journal import journal
from graphval.rehearsal.rest_json import infer_request, infer_response
from graphval.rehearsal.servables import State
from graphval.rehearsal.status import NotExercised, Refused, refuse

if TYPE_CHECKING:
    from graphval.rehearsal.arguments import Arguments
    from graphval.rehearsal.servables import Servables

NOT_IMPLEMENTED = 501
_MAX_BODY = 1 << 30
_MODEL = re.compile(r"/v2/models/(?P<name>[^/]+)(?:/versions/(?P<version>\d+))?(?P<what>/ready|/infer)?/?")


class RestFailure(Exception):
    """The REST server could not be started."""


def start_rest(servables: Servables, arguments: Arguments) -> ThreadingHTTPServer:
    """Bind and start. Raises :class:`RestFailure`."""
    host, port = arguments.rest_bind_address, arguments.rest_port
    journal.info("HTTPServerModule starting")
    journal.info(f"Binding REST server to address: {host}:{port}")

    class Handler(RestHandler):
        pass

    Handler.servables = servables
    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise RestFailure(f"Failed to start REST server at {host}:{port}") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="rest", daemon=True).start()
    journal.info(f"REST server listening on port {port} with 2 unary threads and 2 streaming threads")
    journal.info(
        "API key not provided via --api_key_file or API_KEY environment variable. Authentication will be disabled."
    )
    journal.info("HTTPServerModule started")
    journal.info(f"Started REST server at {host}:{port}")
    return server


class RestHandler(BaseHTTPRequestHandler):
    """One connection."""

    servables: ClassVar[Servables]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._dispatch(self._get)

    def do_POST(self) -> None:
        self._dispatch(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """OVMS has no access log."""

    def _dispatch(self, answer: Any) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _MAX_BODY))
        path = self.path.partition("?")[0]
        journal.debug(f"Processing HTTP request: {self.command} {path} body: {len(body)} bytes")
        try:
            self._reply(200, answer(path, body))
        except Refused as refusal:
            journal.debug(f"Processing HTTP/REST request failed: {self.command} {path}. Reason: {refusal}")
            self._reply(refusal.status.http, {"error": refusal.status.text})
        except NotExercised as error:
            journal.info(f"Rehearsal cannot execute {error}", "rehearsal")
            self._reply(NOT_IMPLEMENTED, {"error": f"Rehearsal cannot execute {error}"})

    def _reply(self, code: int, document: Any) -> None:
        payload = b"" if document is None else json.dumps(document).encode()
        self.send_response_only(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _get(self, path: str, _: bytes) -> Any:
        match path:
            case "/v2/health/live":
                return None
            case "/v2/health/ready":
                if not self.servables.ready.is_set():
                    raise refuse("SERVER_NOT_READY")
                return None
            case "/v2":
                metadata = answers.server_metadata(messages.ServerMetadataRequest(), self.servables)
                return {"name": metadata.name, "version": metadata.version}
            case "/v1/config":
                return configuration(self.servables)
        match = _MODEL.fullmatch(path)
        if match is None or match["what"] == "/infer":
            raise refuse("REST_UNSUPPORTED_METHOD" if match is not None else "REST_INVALID_URL")
        name, version = unquote(match["name"]), match["version"] or ""
        if match["what"] == "/ready":
            ready = answers.model_ready(messages.ModelReadyRequest(name=name, version=version), self.servables)
            if not ready.ready:
                raise refuse("MODEL_VERSION_NOT_LOADED_YET")
            return None
        found = answers.model_metadata(messages.ModelMetadataRequest(name=name, version=version), self.servables)
        return {
            "name": found.name,
            "versions": list(found.versions),
            "platform": found.platform,
            **{
                kind: [{"name": t.name, "datatype": t.datatype, "shape": list(t.shape)} for t in getattr(found, kind)]
                for kind in ("inputs", "outputs")
            },
        }

    def _post(self, path: str, body: bytes) -> Any:
        if path.startswith(("/v3/", "/v1/")):
            if path == "/v1/config/reload":
                return configuration(self.servables)
            raise NotExercised("requests to generative endpoints")
        match = _MODEL.fullmatch(path)
        if match is None or match["what"] != "/infer":
            raise refuse("REST_UNSUPPORTED_METHOD" if match is not None else "REST_INVALID_URL")
        request = infer_request(unquote(match["name"]), match["version"] or "", body)
        return infer_response(answers.model_infer(request, self.servables))


def configuration(servables: Servables) -> dict[str, Any]:
    """The body of ``/v1/config``: the state of every servable that is registered."""
    table: dict[str, Any] = {}
    for model in servables.models.all():
        table[model.name] = [(str(v), state, error) for v, (state, error) in sorted(model.states.items())]
    for graph in servables.graphs.all():
        state = {State.AVAILABLE: ("AVAILABLE", "OK"), State.BEGIN: ("LOADING", "OK")}.get(
            graph.state, ("LOADING", "FAILED_PRECONDITION")
        )
        table[graph.name] = [("1", *state)]
    return {
        name: {
            "model_version_status": [
                {"version": version, "state": state, "status": {"error_code": error, "error_message": error}}
                for version, state, error in rows
            ]
        }
        for name, rows in table.items()
    }
