"""What each path of the REST interface answers, with the texts that gRPC loses.

Source: OVMS ``src/http_rest_api_handler.cpp`` (2026.4).
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from graphval.kserve import messages
from graphval.rehearsal import answers, generative
from graphval.rehearsal.graph_definition import State
from graphval.rehearsal.reload import ReloadRefused
from graphval.rehearsal.rest_json import infer_request, infer_response
from graphval.rehearsal.rest_reply import Answer, Reply, json_reply
from graphval.rehearsal.status import refuse

if TYPE_CHECKING:
    from graphval.rehearsal.servables import Servables

_METHODS = ("GET", "POST", "OPTIONS")
_VERSION_LIMIT = 1 << 63
_INFER = re.compile(r"/v2/models/(?P<name>[^/]+)(?:/versions/(?P<version>\d+))?/infer")
_MODEL = re.compile(r"/v2/models/(?P<name>[^/]+)(?:/versions/(?P<version>\d+))?(?P<ready>/ready)?/?")
_RELOAD = re.compile(r".?/v1/config/reload")
_GENERATIVE = re.compile(r"/v[13]/.*", re.DOTALL)
_MODEL_LIST = re.compile(r"/(?:v3|v1|v3/v1)/models(?:/(?P<name>.+))?")
_GRAPH_STATES = {
    State.AVAILABLE: ("AVAILABLE", "OK"),
    State.BEGIN: ("LOADING", "OK"),
    State.RETIRED: ("END", "OK"),
}
_GET_ONLY = ("/v2", "/v2/health/live", "/v2/health/ready", "/v1/config", "/metrics")


def answer(method: str, path: str, headers: Mapping[str, str], body: bytes, servables: Servables) -> Answer:
    """Answer a request. Raises :class:`Refused`, or :class:`NotExercised`."""
    if method not in _METHODS:
        raise refuse("REST_UNSUPPORTED_METHOD")
    if method == "OPTIONS":
        return Reply()
    if ".." in path.split("/"):
        raise refuse("PATH_INVALID")
    if method == "POST":
        return _post(path, headers, body, servables)
    return _get(path, servables)


def _post(path: str, headers: Mapping[str, str], body: bytes, servables: Servables) -> Answer:
    match = _INFER.fullmatch(path)
    if match is not None:
        _check_version(match["version"])
        request, binary = infer_request(unquote(match["name"]), match["version"] or "", headers, body)
        return infer_response(answers.model_infer(request, servables, "REST"), binary)
    if _RELOAD.fullmatch(path):
        return _reload(servables)
    if path not in _GET_ONLY and not _MODEL_LIST.fullmatch(path) and _GENERATIVE.fullmatch(path):
        return generative.answer(path, headers, body, servables)
    known = path in _GET_ONLY or _MODEL.fullmatch(path) or _MODEL_LIST.fullmatch(path)
    raise refuse("REST_UNSUPPORTED_METHOD" if known else "REST_INVALID_URL")


def _get(path: str, servables: Servables) -> Answer:
    match path:
        case "/v2/health/live":
            return Reply()
        case "/v2/health/ready":
            if not servables.ready.is_set():
                raise refuse("SERVER_NOT_READY")
            return Reply()
        case "/v2":
            metadata = answers.server_metadata(messages.ServerMetadataRequest(), servables)
            return json_reply({"name": metadata.name, "version": metadata.version})
        case "/v1/config":
            return json_reply(configuration(servables))
        case "/metrics":
            if not servables.metrics.enabled:
                raise refuse("REST_INVALID_URL")
            return Reply(servables.metrics.text().encode(), content_type="text/plain")
    listed = _MODEL_LIST.fullmatch(path)
    if listed is not None:
        return _models(listed["name"], servables)
    found = _MODEL.fullmatch(path)
    if found is None:
        known = _INFER.fullmatch(path) or _GENERATIVE.fullmatch(path) or _RELOAD.fullmatch(path)
        raise refuse("REST_UNSUPPORTED_METHOD" if known else "REST_INVALID_URL")
    _check_version(found["version"])
    name, version = unquote(found["name"]), found["version"] or ""
    if found["ready"]:
        ready = answers.model_ready(messages.ModelReadyRequest(name=name, version=version), servables)
        if not ready.ready:
            raise refuse("MODEL_VERSION_NOT_LOADED_YET")
        return Reply()
    return json_reply(_metadata(name, version, servables))


def _reload(servables: Servables) -> Reply:
    """The state of all servables after the reload, or what stood in its way."""
    if servables.reload is not None:
        try:
            servables.reload()
        except ReloadRefused as refusal:
            return json_reply({"error": str(refusal)}, refusal.http)
    return json_reply(configuration(servables))


def _check_version(text: str | None) -> None:
    if text and int(text) >= _VERSION_LIMIT:
        raise refuse("MODEL_VERSION_MISSING")


def _metadata(name: str, version: str, servables: Servables) -> dict[str, Any]:
    found = answers.model_metadata(messages.ModelMetadataRequest(name=name, version=version), servables)
    return {
        "name": found.name,
        "versions": list(found.versions),
        "platform": found.platform,
        **{
            kind: [{"name": t.name, "datatype": t.datatype, "shape": list(t.shape)} for t in getattr(found, kind)]
            for kind in ("inputs", "outputs")
        },
    }


def _models(name: str | None, servables: Servables) -> Reply:
    """OpenAI's list of models: what is available, of whatever kind."""
    names = [model.name for model in servables.models.all() if model.versions]
    names += [graph.name for graph in servables.graphs.all() if graph.state is State.AVAILABLE]
    created = int(time.time())
    items = [{"id": n, "object": "model", "created": created, "owned_by": "OVMS"} for n in names]
    if name is None:
        return json_reply({"object": "list", "data": items})
    found = next((item for item in items if item["id"] == unquote(name)), None)
    if found is None:
        return json_reply({"error": "Model not found"}, 500)
    return json_reply(found)


def configuration(servables: Servables) -> dict[str, Any]:
    """The body of ``/v1/config``: the state of every servable that is registered."""
    table: dict[str, Any] = {}
    for model in servables.models.all():
        table[model.name] = [(str(v), state, error) for v, (state, error) in sorted(model.states.items())]
    for graph in servables.graphs.all():
        state = _GRAPH_STATES.get(graph.state, ("LOADING", "FAILED_PRECONDITION"))
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
