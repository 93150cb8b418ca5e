"""KServe v2 over gRPC, as OVMS speaks it: plain text, one unary call at a time, each with a deadline of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graphval.catalog.server_texts import statuses
from graphval.kserve import messages, method

if TYPE_CHECKING:
    import grpc

    from graphval.engines.tls import Tls

MAX_MESSAGE_BYTES = 1 << 30
"""OVMS's own limit, both ways (``src/grpcservermodule.cpp``, 2026.4)."""

IN_STREAM = "STREAM"
"""The code of an error that came as a message of a stream, which goes on after it."""

UNKNOWN_ERROR = "Unknown error"
"""All that gRPC says of a status that OVMS does not map to one of its codes (``src/grpc_utils.cpp``, 2026.4)."""

_OPTIONS = (
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    # The server is on loopback: a proxy of the environment must not get in between, and a call is never repeated.
    ("grpc.enable_http_proxy", 0),
    ("grpc.enable_retries", 0),
    # Channels of one process to one address would share a connection that may have broken with an earlier server.
    ("grpc.use_local_subchannel_pool", 1),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``code`` is the gRPC status name (``OK`` for a response), ``text`` its message, ``seconds`` how
    long it took. ``response`` is the message of an ``OK`` answer. ``told`` is what REST says of the same request where
    gRPC says nothing."""

    code: str
    text: str
    seconds: float
    response: Any = None
    told: str = ""

    @property
    def ok(self) -> bool:
        return self.code == "OK"

    @property
    def timed_out(self) -> bool:
        return self.code == "DEADLINE_EXCEEDED"

    @property
    def lost(self) -> bool:
        """Whether the connection broke. OVMS answers ``UNAVAILABLE`` too, about servables that are not loaded."""
        return self.code == "UNAVAILABLE" and not self.text.startswith(_unavailable())

    def __str__(self) -> str:
        said = f"{self.code}: {self.text}" if self.text else self.code
        return f"{said} (over REST: {self.told})" if self.told else said


@cache
def _unavailable() -> tuple[str, ...]:
    """What OVMS says with ``UNAVAILABLE``."""
    return tuple(status.message for status in statuses().values() if status.grpc == "UNAVAILABLE")


class KServeClient:
    """A connection to one server. Use it as a context; leaving it closes the connection."""

    def __init__(self, address: str, tls: Tls | None = None) -> None:
        import grpc

        self._failure = grpc.RpcError
        self._methods: dict[str, Any] = {}
        self._channel: grpc.Channel
        if tls is None:
            self._channel = grpc.insecure_channel(address, options=_OPTIONS)
            return
        files = (tls.ca, tls.key or tls.certificate, tls.certificate)
        pems = [file.read_bytes() if file is not None else None for file in files]
        named = (("grpc.ssl_target_name_override", tls.server_name),) if tls.server_name else ()
        credentials = grpc.ssl_channel_credentials(*pems)
        self._channel = grpc.secure_channel(address, credentials, options=(*_OPTIONS, *named))

    def __enter__(self) -> KServeClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()

    def server_live(self, seconds: float) -> Answer:
        return self._call("ServerLive", messages.ServerLiveRequest(), messages.ServerLiveResponse, seconds)

    def server_ready(self, seconds: float) -> Answer:
        return self._call("ServerReady", messages.ServerReadyRequest(), messages.ServerReadyResponse, seconds)

    def model_ready(self, name: str, seconds: float) -> Answer:
        return self._call("ModelReady", messages.ModelReadyRequest(name=name), messages.ModelReadyResponse, seconds)

    def model_metadata(self, name: str, seconds: float, version: str = "") -> Answer:
        request = messages.ModelMetadataRequest(name=name, version=version)
        return self._call("ModelMetadata", request, messages.ModelMetadataResponse, seconds)

    def infer(self, request: messages.ModelInferRequest, seconds: float) -> Answer:
        return self._call("ModelInfer", request, messages.ModelInferResponse, seconds)

    def infer_together(self, request: messages.ModelInferRequest, copies: int, seconds: float) -> list[Answer]:
        """Send so many of a request at once. The answers are in no order."""
        call = self._method("ModelInfer", messages.ModelInferResponse)
        start = time.monotonic()
        pending = [call.future(request, timeout=seconds) for _ in range(copies)]
        return [self._settled(future.result, start) for future in pending]

    def infer_stream(self, requests: Sequence[messages.ModelInferRequest], seconds: float) -> Answer:
        """Send requests on one stream, and read it to its end within so many seconds.

        The first error that comes in the stream is the answer, with the code ``STREAM``; else ``response`` is the tuple
        of responses.
        """
        call: Callable[..., Any] = self._channel.stream_stream(
            method("ModelStreamInfer"),
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=messages.ModelStreamInferResponse.FromString,
        )
        start = time.monotonic()
        answer = self._settled(lambda: tuple(call(iter(requests), timeout=seconds)), start)
        error = next((r.error_message for r in answer.response or () if r.error_message), "")
        return replace(answer, code=IN_STREAM, text=error) if error else answer

    def _settled(self, receive: Callable[[], Any], start: float) -> Answer:
        try:
            received = receive()
        except self._failure as error:
            return Answer(error.code().name, error.details() or "", time.monotonic() - start)
        return Answer("OK", "", time.monotonic() - start, received)

    def _call(self, name: str, request: Any, response: Any, seconds: float) -> Answer:
        call = self._method(name, response)
        return self._settled(lambda: call(request, timeout=seconds), time.monotonic())

    def _method(self, name: str, response: Any) -> Any:
        """What calls a unary method; made once, since making it costs as much as a call."""
        if name not in self._methods:
            self._methods[name] = self._channel.unary_unary(
                method(name),
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=response.FromString,
            )
        return self._methods[name]
