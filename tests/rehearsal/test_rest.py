"""The REST interface: which path takes which method, what is said to those that do not fit, binary data, the key."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rehearsal.conftest import Serve, save_increment
from tests.rehearsal.graphs import PASS_THROUGH, one_model
from tests.rehearsal.server import Rehearsal
from tests.rehearsal.test_requests import TWO

ROW = np.arange(10, dtype=np.float32).reshape(1, 10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("rest")
    save_increment(folder / "inc")
    for name, text in (("g", one_model()), ("echo", PASS_THROUGH), ("two", TWO), ("broken", "node {")):
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(text)
    config = {
        "model_config_list": [{"config": {"name": "inc", "base_path": str(folder / "inc")}}],
        "mediapipe_config_list": [{"name": name} for name in ("g", "echo", "two", "broken")],
    }
    (folder / "config.json").write_text(json.dumps(config))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


def tensor(**more: Any) -> dict[str, Any]:
    return {"name": "in", "shape": [1, 10], "datatype": "FP32", **more}


@pytest.mark.parametrize(
    ("method", "path", "code", "text"),
    [
        ("GET", "/v2/health/live", 200, ""),
        ("GET", "/v2/health/ready", 200, ""),
        ("GET", "/v2", 200, "OpenVINO Model Server"),
        ("GET", "/v2/", 400, "Invalid request URL"),
        ("GET", "/nowhere", 400, "Invalid request URL"),
        ("GET", "/v2/../v2", 400, "The provided base path is invalid or doesn't exists"),
        ("GET", "/v2/models/g/infer", 406, "Unsupported method"),
        ("GET", "/v3/chat/completions", 406, "Unsupported method"),
        ("POST", "/v2/models/g", 406, "Unsupported method"),
        ("POST", "/v2/health/live", 406, "Unsupported method"),
        ("PUT", "/v2", 406, "Unsupported method"),
        ("DELETE", "/v2/models/g", 406, "Unsupported method"),
        ("OPTIONS", "/anything", 200, ""),
        ("GET", "/v2/models/g/ready", 200, ""),
        ("GET", "/v2/models/broken/ready", 404, "Model with requested version is not loaded yet"),
        ("GET", "/v2/models/nobody/ready", 404, "Model with requested name is not found"),
        ("GET", "/v2/models/broken", 500, "Mediapipe is not loaded yet"),
        ("GET", "/v2/models/inc/versions/99999999999999999999/ready", 404, "Model with requested version is not found"),
        ("GET", "/v1/config?x=1", 200, "FAILED_PRECONDITION"),
        ("POST", "/v1/config/reload", 200, "AVAILABLE"),
        ("GET", "/metrics", 400, "Invalid request URL"),
    ],
)
def test_paths_and_methods(served: Rehearsal, method: str, path: str, code: int, text: str) -> None:
    got, body, headers = served.post(path, b"" if method == "POST" else None, {}, method)
    assert got == code
    assert text in body.decode()
    assert headers["Access-Control-Allow-Origin"] == "*"
    if code >= 400:
        assert set(json.loads(body)) == {"error"}


@pytest.mark.parametrize(
    ("document", "code", "text"),
    [
        (b"{", 412, "The file is not valid json"),
        (b"[]", 400, "Request body should be JSON object"),
        (b"[" * 200 + b"]" * 200, 500, "JSON nesting depth exceeds the allowed limit"),
        ({}, 400, "Invalid JSON structure, missing inputs"),
        ({"inputs": []}, 400, "Invalid JSON structure, missing inputs"),
        ({"inputs": [{"name": "in"}]}, 400, "Could not parse input content. Not valid ndarray detected"),
        ({"inputs": [tensor(data=["a"] * 10)]}, 400, "Could not parse input content. Not valid ndarray detected"),
        ({"inputs": [tensor(data=[0], datatype="FP16")]}, 400, "Unsupported data precision detected"),
        ({"inputs": [tensor()]}, 400, "Received buffer size is smaller than binary_data_size parameter indicates"),
        ({"inputs": [tensor(data=[0] * 10)], "parameters": {"p": 1.5}}, 400, "Could not parse request parameters"),
        ({"inputs": [tensor(data=[0] * 9)]}, 400, "Invalid number of values"),
        ({"inputs": [tensor(data=[0] * 10, name="other")]}, 400, "Unexpected input - other is unexpected"),
    ],
)
def test_bodies_that_are_no_request(served: Rehearsal, document: Any, code: int, text: str) -> None:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    got, answer, _ = served.post("/v2/models/g/infer", body, {})
    assert got == code, answer
    assert text in json.loads(answer)["error"]


def test_numbers_come_back_as_json(served: Rehearsal) -> None:
    code, answer = served.rest("/v2/models/g/infer", {"id": "7", "inputs": [tensor(data=ROW.tolist())]})
    assert (code, answer["model_name"], answer["model_version"], answer["id"]) == (200, "g", "1", "7")
    output = answer["outputs"][0]
    assert (output["name"], output["shape"], output["datatype"]) == ("out", [1, 10], "FP32")
    assert output["data"] == (ROW + 1).ravel().tolist()


@pytest.mark.parametrize("size", [None, ROW.nbytes])
def test_binary_data_goes_both_ways(served: Rehearsal, size: int | None) -> None:
    entry = tensor() if size is None else tensor(parameters={"binary_data_size": size})
    wanted = [{"name": "out", "parameters": {"binary_data": True}}]
    head = json.dumps({"inputs": [entry], "outputs": wanted}).encode()
    code, body, headers = served.post(
        "/v2/models/g/infer", head + ROW.tobytes() + b"surplus", {"Inference-Header-Content-Length": str(len(head))}
    )
    assert code == 200, body
    cut = int(headers["inference-header-content-length"])
    output = json.loads(body[:cut])["outputs"][0]
    assert output["parameters"]["binary_data_size"] == ROW.nbytes
    assert "data" not in output
    assert np.array_equal(np.frombuffer(body[cut:], np.float32), (ROW + 1).ravel())


@pytest.mark.parametrize(
    ("listed", "binary"),
    [
        ([("left_again", True), ("right_again", True)], ["right_again"]),
        ([("right_again", True), ("left_again", True)], ["left_again"]),
        ([("left_again", True), ("right_again", False)], []),
        ([("left_again", True)], ["left_again"]),
        ([], []),
    ],
)
def test_of_several_listed_outputs_the_last_one_keeps_its_settings(
    served: Rehearsal, listed: list[tuple[str, bool]], binary: list[str]
) -> None:
    outputs = [{"name": name, "parameters": {"binary_data": wanted}} for name, wanted in listed]
    inputs = [tensor(data=ROW.tolist(), name=name) for name in ("left", "right")]
    document = json.dumps({"inputs": inputs, "outputs": outputs}).encode()
    code, body, headers = served.post("/v2/models/two/infer", document, {})
    assert code == 200, body
    cut = int(headers.get("inference-header-content-length", len(body)))
    answer = json.loads(body[:cut])
    assert [o["name"] for o in answer["outputs"]] == ["left_again", "right_again"], "the list filters nothing"
    assert [o["name"] for o in answer["outputs"] if "data" not in o] == binary


@pytest.mark.parametrize(
    ("length", "entry", "code", "text"),
    [
        ("x", {}, 500, "Inference-Header-Content-Length header is invalid and couldn't be parsed"),
        ("-1", {}, 500, "Inference-Header-Content-Length header is invalid and couldn't be parsed"),
        ("99999", {}, 500, "Inference-Header-Content-Length header exceeds actual payload length"),
        (None, {"parameters": {"binary_data_size": -4}}, 400, "binary_data_size parameter is invalid"),
        (None, {"parameters": {"binary_data_size": "4"}}, 400, "binary_data_size parameter is invalid"),
        (None, {"parameters": {"binary_data_size": 4000}}, 400, "Received buffer size is smaller"),
        (None, {"parameters": {"binary_data_size": 40}, "data": [0]}, 500, "both in binary data and in content value"),
    ],
)
def test_binary_data_that_does_not_fit(
    served: Rehearsal, length: str | None, entry: dict[str, Any], code: int, text: str
) -> None:
    head = json.dumps({"inputs": [tensor(**entry)]}).encode()
    got, body, _ = served.post(
        "/v2/models/g/infer",
        head + struct.pack("<10f", *range(10)),
        {"Inference-Header-Content-Length": length or str(len(head))},
    )
    assert got == code, body
    assert text in json.loads(body)["error"]


def test_the_key_guards_the_generative_entry_only(serve: Serve, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("secret  \r\nsecond line\n")
    server = serve({"echo": PASS_THROUGH}, flags=["--api_key_file", str(key)])
    body = b'{"model": "nobody"}'
    for header in ({}, {"Authorization": "Bearer other"}, {"Authorization": "secret"}):
        code, answer, _ = server.post("/v3/chat/completions", body, {"Content-Type": "application/json", **header})
        assert (code, json.loads(answer)["error"]) == (
            500,
            "Unauthorized request due to invalid or missing api-key",
        )
    right = {"Content-Type": "application/json", "authorization": "Bearer secret"}
    assert server.post("/v3/chat/completions", body, right)[0] == 404
    assert server.rest("/v1/config")[0] == 200
    assert server.infer("echo", {"in": ROW})["out"].shape == ROW.shape
    assert "Authentication will be disabled" not in server.stdout
    assert "secret" not in server.stdout


def test_an_unreadable_key_is_a_usage_error(serve: Serve) -> None:
    server = serve({"echo": PASS_THROUGH}, flags=["--api_key_file", "/no/such/file"])
    assert server.exit_code() == 64
    assert "Error reading API key file: Unable to open file" in server.stderr


def test_a_client_that_breaks_off_leaves_no_trace(served: Rehearsal) -> None:
    before = served.stderr
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", served.rest_port)) as client:
            # Reset instead of closed: what the server then reads or writes is an error.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
    assert served.rest("/v2/health/live")[0] == 200
    assert served.stderr == before
