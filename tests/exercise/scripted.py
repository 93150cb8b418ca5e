"""An engine whose servers do what a test tells them: a KServe server in this process, a log and an end of its choice.

The connections are real, so that a server that dies, hangs or answers rubbish looks to the client as it would.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc

from graphval.deadlines import ServerPhase
from graphval.engines.interface import EngineError, Exit, Launch, Limits, Starting, Steps, Written
from graphval.engines.process import LISTENING
from graphval.kserve import SERVICE, messages
from tests.diagnosis.test_log import AVAILABLE, ENDED, REFUSED, began, line, state
from tests.exercise.scripted_rest import RestPort, RestRefusal

ABORT = Exit(134, "SIGABRT")
CHECK = "F0000 00:00:1.0   9 packet.h:8] Check failed: {}\n"
_GRACE = 0.05
WRONG_NAME = "Subsequent request with incorrect servable name; validate subsequent requests"


class Refusal(Exception):
    """Answer a call with this status."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = grpc.StatusCode[code]
        self.text = text


class Rubbish(Exception):
    """Answer a call with bytes that are no message."""


Behaviour = Callable[["ScriptedServer", messages.ModelInferRequest], messages.ModelInferResponse]


@dataclass(frozen=True)
class Graph:
    """How a scripted server treats one graph. ``at_load``: ``available``, ``refused``, ``abort``, ``killed`` (as from
    outside), ``hang``, ``silent`` (it is neither loaded nor spoken of). ``words`` is what goes to the log with it.
    ``create`` and ``serve`` answer requests, ``stream`` (by default ``serve``) each message of a stream, where a
    refusal is a message unless ``breaks_stream``, ``rest`` (by default ``serve``) those that come over REST.
    ``listed`` is its state and error code in ``/v1/config``."""

    at_load: str = "available"
    words: str = ""
    create: Behaviour = lambda server, request: refuse_name(request)
    serve: Behaviour = lambda server, request: echo(server, request)
    stream: Behaviour | None = None
    rest: Behaviour | None = None
    breaks_stream: bool = False
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)
    announced: bool = True
    listed: tuple[str, str] | None = None


@dataclass
class Script:
    """What the servers of an engine do, and what was asked of them. ``start_fails``: the attempts (from 1) at which no
    server can be had. ``exit_at_start`` ends every server before it loads anything. ``rest``: there is a REST port;
    ``lists``: its ``/v1/config`` tells states; ``opens``: the log says that ports are open; ``deaf``: gRPC methods that
    are never answered.
    """

    graphs: Mapping[str, Graph]
    start_fails: frozenset[int] = frozenset()
    exit_at_start: Exit | None = None
    start_words: str = ""
    killed_by: frozenset[str] = frozenset()
    also_killed_by: frozenset[str] = frozenset()
    dies_of: Exit = ABORT
    ovms: bool = False
    launches: list[frozenset[str]] = field(default_factory=list)
    environments: list[dict[str, str]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    running: int = 0
    rest: bool = True
    lists: bool = False
    opens: bool = True
    deaf: frozenset[str] = frozenset()


class ScriptedEngine:
    def __init__(self, script: Script) -> None:
        self.script = script

    @property
    def name(self) -> str:
        return "docker" if self.script.ovms else "rehearsal"

    @property
    def image(self) -> str | None:
        return None

    @property
    def build(self) -> None:
        return None

    @property
    def is_ovms(self) -> bool:
        return self.script.ovms

    @property
    def reader(self) -> None:
        return None

    def start(self, launch: Launch, limits: Limits) -> Starting:
        return Starting(self._started(launch))

    def _started(self, launch: Launch) -> Steps:
        script = self.script
        script.launches.append(launch.without)
        script.environments.append(dict(launch.environment))
        if len(script.launches) in script.start_fails:
            raise EngineError("no server can be had")
        server = ScriptedServer(script, [e.name for e in launch.deployment.graphs if e.name not in launch.without])
        script.running += 1
        try:
            yield ServerPhase.LOAD
            yield server
        finally:
            server.close()
            script.running -= 1


class ScriptedServer:
    """One server; :meth:`die` ends it as a crash would."""

    def __init__(self, script: Script, names: list[str]) -> None:
        self.script = script
        self.out, self.err = script.start_words, ""
        self._exit: Exit | None = None
        self._over = threading.Event()
        self.loaded = False
        self.doomed_after = ""
        self.broken: set[str] = set()
        self._served: dict[str, Graph] = {}
        self._grpc = grpc.server(ThreadPoolExecutor(8))
        self._port = self._grpc.add_insecure_port("127.0.0.1:0")
        self._grpc.add_generic_rpc_handlers((_Service(self),))
        self._grpc.start()
        self._rest = RestPort(self.rest_call, _listed(script)) if script.rest else None
        self._load(names)

    @property
    def grpc(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def rest(self) -> str | None:
        return self._rest.address if self._rest is not None else None

    @property
    def tls(self) -> None:
        return None

    def exit(self) -> Exit | None:
        return self._exit

    def wait(self, seconds: float) -> Exit | None:
        self._over.wait(min(seconds, 2))
        return self._exit

    @property
    def written(self) -> Written:
        return Written(len(self.out), len(self.err))

    def stdout(self, since: int = 0) -> str:
        return self.out[since:]

    def stderr(self, since: int = 0) -> str:
        return self.err[since:]

    def die(self, words: str = "", how: Exit = ABORT) -> None:
        self.err += words
        self._exit = how
        self._over.set()
        self._grpc.stop(None)
        self._close_rest()

    def hang(self) -> None:
        """Until the server is closed."""
        self._over.wait(30)

    def close(self) -> None:
        self._over.set()
        self._grpc.stop(_GRACE).wait()
        self._close_rest()

    def _close_rest(self) -> None:
        port, self._rest = self._rest, None
        if port is not None:
            port.close()

    def _load(self, names: list[str]) -> None:
        if self.script.exit_at_start is not None:
            self.die(how=self.script.exit_at_start)
            return
        if any(guilty and guilty <= set(names) for guilty in (self.script.killed_by, self.script.also_killed_by)):
            self.die()
            return
        self.out += line(LISTENING.decode()) if self.script.opens else ""
        for name in names:
            graph = self.script.graphs[name]
            if graph.announced:
                self.out += began(name)
            match graph.at_load:
                case "available":
                    self._served[name] = graph
                    self.out += state(name, AVAILABLE)
                case "refused":
                    self.out += line(graph.words, "error") + state(name, REFUSED)
                case "abort":
                    self.die(graph.words)
                    return
                case "killed":
                    self.die(how=Exit(137, "SIGKILL"))
                    return
                case "hang":
                    return
                case _:
                    self.out = self.out.removesuffix(began(name))
        self.loaded = True
        self.out += ENDED

    def rest_call(self, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        graph = self._served.get(request.model_name)
        if graph is None:
            raise RestRefusal(404, "Mediapipe graph definition with requested name is not found")
        try:
            return (graph.rest or graph.serve)(self, request)
        except Refusal as refusal:
            raise RestRefusal(400, refusal.text) from refusal
        except Rubbish as rubbish:
            raise RestRefusal(500, "") from rubbish

    def call(self, method: str, request: Any) -> Any:
        name = getattr(request, "name", "") or getattr(request, "model_name", "")
        if self.doomed_after not in ("", name):
            self.die(how=self.script.dies_of)
            raise Refusal("UNAVAILABLE", "Stream removed (Socket closed)")
        self.script.requests.append((method, name))
        graph = self._served.get(name)
        if method in self.script.deaf:
            self.hang()
        if method == "ServerReady":
            return messages.ServerReadyResponse(ready=self.loaded)
        if method == "ModelReady":
            if graph is None:
                raise Refusal("NOT_FOUND", "Model with requested name is not found")
            return messages.ModelReadyResponse(ready=True)
        if graph is None:
            raise Refusal("NOT_FOUND", "Model with requested name is not found")
        if method == "ModelMetadata":
            answer = messages.ModelMetadataResponse(name=name)
            for stream in graph.inputs:
                answer.inputs.add(name=stream, datatype="INVALID")
            for stream in graph.outputs:
                answer.outputs.add(name=stream, datatype="INVALID")
            return answer
        self.out += line(f"Processing gRPC request for model: {name}; version: ", "debug")
        known = {tensor.name for tensor in request.inputs} <= set(graph.inputs)
        return (graph.serve if known else graph.create)(self, request)


class _Service(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self, server: ScriptedServer) -> None:
        self._server = server

    def service(self, details: Any) -> Any:
        method = details.method.removeprefix(f"/{SERVICE}/")
        if method == "ModelStreamInfer":
            return grpc.stream_stream_rpc_method_handler(self._stream, messages.ModelInferRequest.FromString)
        kind = getattr(messages, f"{method}Request")

        def answer(request: Any, context: Any) -> Any:
            try:
                return self._server.call(method, request).SerializeToString()
            except Refusal as refusal:
                context.abort(refusal.code, refusal.text)
            except Rubbish:
                return b"\xff\xff\xff\xff\xff"

        return grpc.unary_unary_rpc_method_handler(answer, kind.FromString)

    def _stream(self, requests: Iterator[Any], context: Any) -> Iterator[bytes]:
        first = ""
        for request in requests:
            first = first or request.model_name
            response = messages.ModelStreamInferResponse()
            if request.model_name != first:
                response.error_message = WRONG_NAME
                yield response.SerializeToString()
                continue
            graph = self._server.script.graphs[request.model_name]
            try:
                response.infer_response.CopyFrom((graph.stream or graph.serve)(self._server, request))
            except Refusal as refusal:
                if graph.breaks_stream:
                    context.abort(refusal.code, refusal.text)
                response.error_message = refusal.text
            yield response.SerializeToString()


def _listed(script: Script) -> dict[str, Any] | None:
    """The table of ``/v1/config``, ``None`` where it is not told."""
    if not script.lists:
        return None
    rows = {name: graph.listed for name, graph in script.graphs.items() if graph.listed is not None}
    return {
        name: {"model_version_status": [{"version": "1", "state": state, "status": {"error_code": code}}]}
        for name, (state, code) in rows.items()
    }


# -- behaviours ------------------------------------------------------------------------------------------------------


def refuse_name(request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    raise Refusal("INVALID_ARGUMENT", f"Unexpected input - {request.inputs[0].name} is unexpected")


def echo(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    """Answer what is valid; refuse, as OVMS does by itself, what is not."""
    if _sort(request) != "valid":
        raise Refusal("INVALID_ARGUMENT", f"Invalid content size of tensor proto - {_sort(request)}")
    return answers_all(server, request)


def answers_all(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    answer = messages.ModelInferResponse(model_name=request.model_name)
    for name in server.script.graphs[request.model_name].outputs:
        answer.outputs.add(name=name, datatype="FP32", shape=(1,))
        answer.raw_output_contents.append(b"\0\0\0\0")
    return answer


def dies(words: str = "", how: Exit = ABORT) -> Behaviour:
    def behave(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        server.die(words, how)
        raise Refusal("UNAVAILABLE", "Stream removed (Socket closed)")

    return behave


def hangs(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    server.hang()
    raise Refusal("CANCELLED", "over")


def rubbish(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    raise Rubbish


def refuses(code: str, text: str, log: str = "") -> Behaviour:
    def behave(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        server.out += line(log, "error") if log else ""
        raise Refusal(code, text)

    return behave


def answers_then_dies(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    """All answers go out whole; the process is gone when anything else is asked."""
    server.doomed_after = request.model_name
    return echo(server, request)


def answers_nothing(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    return messages.ModelInferResponse(model_name=request.model_name)


def counts(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    """Other values each time."""
    answer = echo(server, request)
    answer.raw_output_contents[0] = len(server.script.requests).to_bytes(4, "little")
    return answer


def by_sort(**behaviours: Behaviour) -> Behaviour:
    """Another behaviour for broken requests: ``missing`` input, ``short`` bytes, ``huge`` shape, ``unknown`` datatype,
    and ``valid`` ones; all others are echoed."""

    def behave(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        return behaviours.get(_sort(request), echo)(server, request)

    return behave


def _sort(request: messages.ModelInferRequest) -> str:
    if not request.inputs:
        return "missing"
    if request.inputs[0].datatype == "NO_TYPE":
        return "unknown"
    if request.inputs[0].shape[0] > 1000:
        return "huge"
    if len(request.raw_input_contents[0]) % 4:
        return "short"
    return "valid"


def not_at_once(then: Behaviour) -> Behaviour:
    """Answers one request at a time; what comes while another is being answered gets ``then``."""
    busy = threading.Lock()

    def behave(server: ScriptedServer, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        if not busy.acquire(blocking=False):
            return then(server, request)
        try:
            threading.Event().wait(0.1)
            return echo(server, request)
        finally:
            busy.release()

    return behave


def once_refused_never_again(
    server: ScriptedServer, request: messages.ModelInferRequest
) -> messages.ModelInferResponse:
    """A refusal leaves the graph broken."""
    if _sort(request) == "unknown":
        server.broken.add(request.model_name)
    if _sort(request) != "valid" or request.model_name in server.broken:
        raise Refusal("INTERNAL", "Mediapipe execution failed. MP status - broken for good")
    return echo(server, request)
