"""KServe v2 over gRPC, as OVMS speaks it: plain text, one unary call at a time, each with a deadline of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graphval.catalog import statuses
from graphval.kserve import messages, method

if TYPE_CHECKING:
    import grpc

MAX_MESSAGE_BYTES = 1 << 30
"""OVMS's own limit, both ways (``src/grpcservermodule.cpp``, 2026.4)."""

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
    long it took. ``response`` is the message of an ``OK`` answer."""

    code: str
    text: str
    seconds: float
    response: Any = None

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
        return f"{self.code}: {self.text}" if self.text else self.code


@cache
def _unavailable() -> tuple[str, ...]:
    """What OVMS says with ``UNAVAILABLE``."""
    return tuple(status.message for status in statuses().values() if status.grpc == "UNAVAILABLE")


class KServeClient:
    """A connection to one server. Use it as a context; leaving it closes the connection."""

    def __init__(self, address: str) -> None:
        import grpc

        self._failure = grpc.RpcError
        self._channel: grpc.Channel = grpc.insecure_channel(address, options=_OPTIONS)

    def __enter__(self) -> KServeClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()

    def server_ready(self, seconds: float) -> Answer:
        return self._call("ServerReady", messages.ServerReadyRequest(), messages.ServerReadyResponse, seconds)

    def model_ready(self, name: str, seconds: float) -> Answer:
        return self._call("ModelReady", messages.ModelReadyRequest(name=name), messages.ModelReadyResponse, seconds)

    def model_metadata(self, name: str, seconds: float, version: str = "") -> Answer:
        request = messages.ModelMetadataRequest(name=name, version=version)
        return self._call("ModelMetadata", request, messages.ModelMetadataResponse, seconds)

    def infer(self, request: messages.ModelInferRequest, seconds: float) -> Answer:
        return self._call("ModelInfer", request, messages.ModelInferResponse, seconds)

    def _call(self, name: str, request: Any, response: Any, seconds: float) -> Answer:
        call: Callable[..., Any] = self._channel.unary_unary(
            method(name),
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=response.FromString,
        )
        start = time.monotonic()
        try:
            received = call(request, timeout=seconds)
        except self._failure as error:
            return Answer(error.code().name, error.details() or "", time.monotonic() - start)
        return Answer("OK", "", time.monotonic() - start, received)
