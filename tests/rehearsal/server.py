"""A rehearsal server as a test needs it: started on free ports, asked, and always stopped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
import numpy as np

from graphval.kserve import messages, method

READY_LINE = "ServableManagerModule started"
_START_SECONDS = 60
_STOP_SECONDS = 20
_REQUEST_SECONDS = 30

DATATYPES = {"float32": "FP32", "float64": "FP64", "int64": "INT64", "int32": "INT32", "uint8": "UINT8"}
DTYPES = {name: np.dtype(dtype) for dtype, name in DATATYPES.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rehearsal:
    """One server process. ``flags`` are command-line words; ports and addresses are added."""

    def __init__(self, folder: Path, flags: list[str], environment: Mapping[str, str] | None = None) -> None:
        self.grpc_port, self.rest_port = free_port(), free_port()
        self.out, self.err = folder / "stdout.txt", folder / "stderr.txt"
        command = [
            sys.executable,
            "-m",
            "graphval.rehearsal",
            *flags,
            "--port",
            str(self.grpc_port),
            "--rest_port",
            str(self.rest_port),
            "--grpc_bind_address",
            "127.0.0.1",
            "--rest_bind_address",
            "127.0.0.1",
            "--log_level",
            "DEBUG",
        ]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **(environment or {})})
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self.grpc_port}")
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if READY_LINE in self.stdout or self.process.poll() is not None:
                return
            time.sleep(0.05)
        raise AssertionError(f"the server was not ready in time:\n{self.stdout}\n{self.stderr}")

    @property
    def stdout(self) -> str:
        return self.out.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        return self.err.read_text(errors="replace")

    def said_of(self, graph: str) -> str:
        """What the server wrote to its log while it loaded one graph."""
        begun = "Started validation of mediapipe: "
        return self.stdout.partition(f"{begun}{graph}\n")[2].partition(begun)[0]

    def exit_code(self) -> int:
        """Wait for the end; a death by signal is its negative number."""
        return self.process.wait(_STOP_SECONDS)

    def terminate(self) -> int:
        self.process.terminate()
        return self.exit_code()

    def stop(self) -> None:
        self._channel.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(_STOP_SECONDS)

    def call(self, name: str, request: Any, response: Any, seconds: float = _REQUEST_SECONDS) -> Any:
        """Answer of a unary method. Raises grpc.RpcError."""
        stub = self._channel.unary_unary(
            method(name), request_serializer=lambda m: m.SerializeToString(), response_deserializer=response.FromString
        )
        return stub(request, timeout=seconds)

    def infer(
        self,
        servable: str,
        tensors: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        seconds: float = _REQUEST_SECONDS,
    ) -> dict[str, Any]:
        """Outputs of a ModelInfer by name, as arrays (bytes where the datatype is no NumPy type)."""
        request = infer_request(servable, tensors, parameters)
        response = self.call("ModelInfer", request, messages.ModelInferResponse, seconds)
        return {o.name: decoded(o, raw) for o, raw in zip(response.outputs, response.raw_output_contents, strict=True)}

    def refusal(
        self,
        servable: str,
        tensors: Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        seconds: float = _REQUEST_SECONDS,
    ) -> tuple[str, str]:
        """Status code name and text of a ModelInfer that must be refused."""
        try:
            answer = self.infer(servable, tensors, parameters, seconds)
        except grpc.RpcError as error:
            return error.code().name, error.details()
        raise AssertionError(f"the request was answered: {answer}")

    def stream(self, requests: list[messages.ModelInferRequest]) -> list[messages.ModelStreamInferResponse]:
        stub = self._channel.stream_stream(
            method("ModelStreamInfer"),
            request_serializer=lambda m: m.SerializeToString(),
            response_deserializer=messages.ModelStreamInferResponse.FromString,
        )
        return list(stub(iter(requests), timeout=_REQUEST_SECONDS))

    def rest(self, path: str, body: Any = None) -> tuple[int, Any]:
        """HTTP status and JSON body (``None`` if empty)."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        code, payload, _ = self.post(path, data, {"Content-Type": "application/json"})
        return code, json.loads(payload) if payload else None

    def post(
        self, path: str, body: bytes | None, headers: Mapping[str, str], method: str | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """HTTP status, body and headers of an answer to a POST, or to a GET where there is no body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.rest_port}{path}", body, dict(headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=_REQUEST_SECONDS) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def events(self, path: str, body: Any) -> list[str]:
        """The data of each event of a stream."""
        code, payload, headers = self.post(path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert (code, headers["Content-Type"]) == (200, "text/event-stream"), payload
        return [text.removeprefix("data: ") for text in payload.decode().split("\n\n") if text]


def infer_request(
    servable: str, tensors: Mapping[str, Any], parameters: Mapping[str, Any] | None = None
) -> messages.ModelInferRequest:
    request = messages.ModelInferRequest(model_name=servable)
    for name, value in tensors.items():
        array = np.asarray(value)
        request.inputs.add(name=name, datatype=DATATYPES[str(array.dtype)], shape=array.shape)
        request.raw_input_contents.append(array.tobytes())
    for name, value in (parameters or {}).items():
        match value:
            case bool():
                request.parameters[name].bool_param = value
            case int():
                request.parameters[name].int64_param = value
            case float():
                request.parameters[name].double_param = value
            case _:
                request.parameters[name].string_param = value
    return request


def decoded(output: Any, raw: bytes) -> Any:
    dtype = DTYPES.get(output.datatype)
    return np.frombuffer(raw, dtype).reshape(tuple(output.shape)) if dtype is not None else raw
