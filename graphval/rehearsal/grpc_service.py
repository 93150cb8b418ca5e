"""KServe v2 over gRPC: ``inference.GRPCInferenceService`` as OVMS answers it.

Source: OVMS ``src/kfs_frontend/kfs_grpc_inference_service.cpp``, ``src/grpc_utils.cpp`` (2026.4).
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc

from graphval.kserve import SERVICE, messages
from graphval.rehearsal import answers, isolation
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import NotExercised, Refused

if TYPE_CHECKING:
    from graphval.rehearsal.servables import Servables

MAX_MESSAGE_BYTES = 1 << 30
_WORKERS = 16

_CODES = {code.value[0]: code for code in grpc.StatusCode}
Handler: TypeAlias = Callable[[Any, "Servables"], Any]


class GrpcFailure(Exception):
    """The gRPC server could not be started; the text is OVMS's."""


def start_grpc(servables: Servables, host: str, port: int, door: socket.socket | None = None) -> grpc.Server:
    """Bind and start. Raises :class:`GrpcFailure` if the port is busy or the address is of no use.

    With a ``door``, a socket that is open already, the server stands behind it.
    """
    server = grpc.server(
        ThreadPoolExecutor(_WORKERS, thread_name_prefix="grpc"),
        options=[
            ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
            ("grpc.so_reuseport", 0),
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ],
    )
    unary: dict[str, tuple[Handler, Any]] = {
        "ServerLive": (answers.server_live, messages.ServerLiveRequest),
        "ServerReady": (answers.server_ready, messages.ServerReadyRequest),
        "ServerMetadata": (answers.server_metadata, messages.ServerMetadataRequest),
        "ModelReady": (answers.model_ready, messages.ModelReadyRequest),
        "ModelMetadata": (answers.model_metadata, messages.ModelMetadataRequest),
        "ModelInfer": (answers.model_infer, messages.ModelInferRequest),
    }
    handlers: dict[str, grpc.RpcMethodHandler] = {
        name: grpc.unary_unary_rpc_method_handler(_unary(answer, servables), request.FromString, _serialize)
        for name, (answer, request) in unary.items()
    }
    handlers["ModelStreamInfer"] = grpc.stream_stream_rpc_method_handler(
        _stream(servables), messages.ModelInferRequest.FromString, _serialize
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    if door is not None:
        # An abstract name is seen in this process's own network only, and leaves no file behind.
        name = f"graphval-{os.getpid()}"
        server.add_insecure_port(f"unix-abstract:{name}")
        server.start()
        isolation.forward(door, f"\0{name}")
        return server
    try:
        bound = server.add_insecure_port(
            f"[{host}]:{port}" if re.fullmatch(r"[0-9a-fA-F:]*:[0-9a-fA-F:]*", host) else f"{host}:{port}"
        )
    except RuntimeError as error:
        raise GrpcFailure(f"Failed to start gRPC server - at {host}:{port} - port is busy") from error
    if bound == 0:
        raise GrpcFailure(f"Failed to start gRPC server - at {host}:{port} - port is busy")
    server.start()
    return server


def _serialize(message: Any) -> bytes:
    return bytes(message.SerializeToString())


def _unary(answer: Handler, servables: Servables) -> Callable[[Any, grpc.ServicerContext], Any]:
    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return answer(request, servables)
        except (Refused, NotExercised) as error:
            context.abort(*_code_and_text(error))

    return handle


def _stream(servables: Servables) -> Callable[[Iterator[Any], grpc.ServicerContext], Iterator[Any]]:
    def handle(requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        from graphval.rehearsal.streaming import stream_infer

        try:
            yield from stream_infer(requests, servables)
        except (Refused, NotExercised) as error:
            context.abort(*_code_and_text(error))

    return handle


def _code_and_text(error: Refused | NotExercised) -> tuple[grpc.StatusCode, str]:
    if isinstance(error, NotExercised):
        journal.info(f"Rehearsal cannot execute {error}", "rehearsal")
        return grpc.StatusCode.UNIMPLEMENTED, f"Rehearsal cannot execute {error}"
    code, text = error.status.grpc
    return _CODES[code], text
