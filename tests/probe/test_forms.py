"""A request written down is the request."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from graphval.kserve import messages
from graphval.probe.forms import Form, form_for, written
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Probe, ProbeKind, Request
from graphval.probe.rest import binary_request, rest_document
from graphval.probe.samples import read_kserve, set_parameter
from graphval.probe.streams import StreamRequest, repeated
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, pack, values

SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)


PICTURE = request_of("g", [Tensor("a", "UINT8", (1, 1, 3), b"\1\2\xff")])


def probe(request: Request, *pictures: str) -> Probe:
    return Probe(ProbeKind.SYNTHETIC, request, pictures=pictures)


def shell(line: bytes, folder: Path, **programs: str) -> list[bytes]:
    """What each of these programs got, arguments and input, when a line was run by a shell. Nothing else runs."""
    for name in programs:
        fake = folder / name
        fake.write_text(
            f'#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done > {folder}/words\ncat > {folder}/input\n'
        )
        fake.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    script = folder / "line"
    script.write_bytes(line)
    subprocess.run(["sh", str(script)], check=True, env={"PATH": path, "API_KEY": "k e'y"}, input=b"")
    return [*(folder / "words").read_bytes().split(b"\0")[:-1], (folder / "input").read_bytes()]


@given(st.lists(st.tuples(st.sampled_from(sorted(ELEMENT_BYTES)), SHAPES), min_size=1, max_size=3), st.integers(0, 99))
def test_json_read_as_a_sample_is_the_same_request(inputs: list[tuple[str, tuple[int, ...]]], seed: int) -> None:
    tensors = [Tensor(f"t{n}", d, shape, values(d, shape, seed, str(n))) for n, (d, shape) in enumerate(inputs)]
    request = request_of("g", tensors)
    for name, value in (("flag", True), ("count", seed), ("word", 'it\'s "so"')):
        set_parameter(request, name, value)
    assert read_kserve(Path("x.json"), json.loads(written(probe(request), Form.JSON)), "g").request == request


def test_a_grpcurl_line_holds_the_very_message() -> None:
    request = request_of(
        "g", [Tensor("a", "FP16", (2,), pack("FP16", [math.nan, 1])), Tensor("b", "BYTES", (1,), pack("BYTES", ["'"]))]
    )
    set_parameter(request, "flag", False)
    set_parameter(request, "count", 7)
    set_parameter(request, "word", "x")
    words = shlex.split(written(probe(request), Form.GRPCURL).decode())
    message = json_format.Parse(words[words.index("-d") + 1], messages.ModelInferRequest())
    assert message == request
    assert words[-1] == "inference.GRPCInferenceService/ModelInfer"


def test_a_curl_line_holds_the_very_body() -> None:
    request = request_of("a model", [Tensor("a", "INT8", (1,), b"\xff")])
    words = shlex.split(written(probe(request), Form.CURL).decode())
    assert json.loads(words[words.index("-d") + 1]) == rest_document(request)
    assert "http://localhost:8000/v2/models/a%20model/infer" in words
    body = b'{"model": "it\'s"}'
    words = shlex.split(written(probe(HttpRequest("/v3/embeddings", body)), Form.CURL).decode())
    assert words[words.index("-d") + 1].encode() == body
    assert "http://localhost:8000/v3/embeddings" in words


def test_raw_is_what_goes_over_the_wire() -> None:
    request = request_of("g", [Tensor("a", "INT8", (1,), b"\xff")])
    assert messages.ModelInferRequest.FromString(written(probe(request), Form.RAW)) == request
    assert written(probe(HttpRequest("/x", b"\xff\x00")), Form.RAW) == b"\xff\x00"


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("/v3/audio/transcriptions", b"\xff\0\n'", "multipart/form-data; boundary=x"),
        HttpRequest("/v3/completions", b'{"prompt": "' + b"it's " * 40_000 + b'"}'),
        binary_request(PICTURE, ["out"]),
    ],
    ids=["sound", "long", "behind JSON"],
)
def test_a_curl_line_sends_any_body_to_the_last_byte(request_: HttpRequest, tmp_path: Path) -> None:
    *words, body = shell(written(probe(request_), Form.CURL), tmp_path, curl="")
    assert body == request_.body
    assert words[-2:] == [b"--data-binary", b"@-"]
    assert f"Content-Type: {request_.content_type}".encode() in words
    for name, value in request_.headers.items():
        assert f"{name}: {value}".encode() in words


def test_a_picture_goes_behind_the_json(tmp_path: Path) -> None:
    *words, body = shell(written(probe(PICTURE, "a"), Form.CURL), tmp_path, curl="")
    assert body == binary_request(PICTURE, ()).body
    assert any(word.startswith(b"Inference-Header-Content-Length: ") for word in words)
    assert written(probe(PICTURE), Form.CURL).startswith(b"curl")


def test_the_key_is_the_shells_to_put_in(tmp_path: Path) -> None:
    request = HttpRequest("/v3/completions", b"{}")
    line = written(probe(request), Form.CURL, keyed=True)
    assert b"Authorization: Bearer k e'y" in shell(line, tmp_path, curl="")
    assert b"k e'y" not in line
    assert b"Authorization" not in written(probe(request), Form.CURL)
    assert b"Authorization" not in written(probe(HttpRequest("/v2/x", b"{}")), Form.CURL, keyed=True)


@pytest.mark.parametrize("copies", [1, 5_000])
def test_a_grpcurl_line_sends_a_stream_message_by_message(copies: int, tmp_path: Path) -> None:
    tensor = Tensor("a", "UINT8", (3 * copies,), b"\1\2\xff" * copies)
    stream = repeated(request_of("g", [tensor, Tensor("b", "FP32", (copies,), bytes(4 * copies))]))
    *words, body = shell(written(probe(stream), Form.GRPCURL), tmp_path, grpcurl="")
    data = words[words.index(b"-d") + 1]
    sent = [
        json_format.Parse(text, messages.ModelInferRequest()) for text in (body if data == b"@" else data).splitlines()
    ]
    assert tuple(sent) == stream.messages
    assert words[-1] == b"inference.GRPCInferenceService/ModelStreamInfer"


@pytest.mark.parametrize(
    ("request_", "form"),
    [
        (request_of("g", [Tensor("a", "FP32", (1,), b"\0\0\0\0")]), Form.JSON),
        (request_of("g", [Tensor("a", "NO_TYPE", (1,), b"x")]), Form.GRPCURL),
        (StreamRequest((PICTURE,)), Form.GRPCURL),
        (HttpRequest("/v3/x", b"{}"), Form.JSON),
        (HttpRequest("/v3/x", b"\xff"), Form.CURL),
        (HttpRequest("/v3/x", b"{}", "multipart/form-data; boundary=x"), Form.CURL),
    ],
)
def test_the_form_that_a_reader_is_shown_holds_the_request(request_: Request, form: Form) -> None:
    assert form_for(probe(request_)) is form
    assert written(probe(request_), form)


@pytest.mark.parametrize(
    ("request_", "form"),
    [
        (request_of("g", [Tensor("a", "FP32", (1,), pack("FP32", [math.nan]))]), Form.JSON),
        (request_of("g", [Tensor("a", "NO_TYPE", (1,), b"x")]), Form.JSON),
        (request_of("g", [Tensor("a", "FP32", (1,), b"xyz")]), Form.JSON),
        (HttpRequest("/x", b"\xff", "multipart/form-data; boundary=x"), Form.JSON),
        (StreamRequest((PICTURE,)), Form.CURL),
        (StreamRequest((PICTURE,)), Form.RAW),
        (HttpRequest("/x", b"\xff"), Form.JSON),
        (HttpRequest("/x", b"{}"), Form.GRPCURL),
    ],
)
def test_what_a_form_cannot_hold_is_refused(request_: Request, form: Form) -> None:
    with pytest.raises(ValueError, match=r"."):
        written(probe(request_), form)
