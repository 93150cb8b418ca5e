"""What bridged inference answers is what OpenVINO answers, to the last bit, whatever tags carry the tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import inference, session

openvino = pytest.importorskip("openvino")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two inputs, two outputs, and rounding in every step: products, exponents, a softmax."""
    from openvino import opset13 as ops

    random = np.random.default_rng(11)
    left = ops.parameter([3, 40], np.float32, name="left")
    right = ops.parameter([3, 40], np.float32, name="right")
    mixed = ops.matmul(left, ops.constant(random.normal(size=(40, 64)).astype(np.float32)), False, False)
    scaled = ops.multiply(ops.tanh(mixed), ops.exp(ops.reduce_mean(right, np.array([1]), True)))
    near, far = ops.softmax(scaled, 1), ops.matmul(scaled, scaled, False, True)
    for node, name in ((left, "left"), (right, "right"), (near, "near"), (far, "far")):
        node.output(0).set_names({name})
    folder = tmp_path_factory.mktemp("network")
    (folder / "1").mkdir()
    model = openvino.Model([near, far], [left, right], "network")
    openvino.save_model(model, folder / "1" / "network.xml", compress_to_fp16=False)
    return folder


def graph(prefix: str) -> str:
    streams = {"left": f"{prefix}_L", "right": f"{prefix}_R", "near": f"{prefix}_N", "far": f"{prefix}_F"}
    maps = "".join(
        f'tag_to_{kind}_tensor_names {{ key: "{streams[name]}" value: "{name}" }} '
        for kind, names in (("input", ("left", "right")), ("output", ("near", "far")))
        for name in names
    )
    border = "".join(
        f'{kind}_stream: "{streams[name]}:{name}"\n'
        for kind, names in (("input", ("left", "right")), ("output", ("near", "far")))
        for name in names
    )
    node = inference(f"{streams['left']}:left", f"{streams['near']}:near", maps).replace(
        'output_stream: "',
        f'input_stream: "{streams["right"]}:right"\noutput_stream: "{streams["far"]}:far"\noutput_stream: "',
        1,
    )
    return border + session("network") + node


def own_answer(network: Path, tensors: dict[str, Any]) -> dict[str, Any]:
    result = openvino.Core().compile_model(network / "1" / "network.xml", "CPU")(tensors)
    return {name: result[name] for name in ("near", "far")}


@pytest.mark.parametrize("prefix", ["OVTENSOR", "TENSOR", "TFTENSOR"])
def test_answers_equal_openvinos_to_the_last_bit(serve: Serve, network: Path, prefix: str) -> None:
    server = serve({"g": graph(prefix)}, {"network": network})
    random = np.random.default_rng(12)
    for scale in (1.0, 1e-30, 1e30):
        tensors = {name: (random.normal(size=(3, 40)) * scale).astype(np.float32) for name in ("left", "right")}
        wanted, direct = own_answer(network, tensors), server.infer("network", tensors)
        answered = server.infer("g", tensors)
        for name in ("near", "far"):
            assert answered[name].shape == wanted[name].shape
            assert answered[name].tobytes() == wanted[name].tobytes() == direct[name].tobytes()
