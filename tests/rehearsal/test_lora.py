"""LoRA adapters of an image generation node: which of them a request's ``model`` puts to work."""

from __future__ import annotations

import base64
import io
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.rehearsal.server import Rehearsal

PLACE = Path(__file__).parents[2] / "graphs/good/image_generation"
LAYER = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q"
WIDTH, RANK = 16, 2
OWN_GRAPH = (PLACE / "graph.pbtxt").read_text().replace('"painter"', f'"{PLACE / "painter"}"')


def save_adapter(file: Path, seed: int) -> None:
    """A safetensors file with an adapter for one layer of the example's model."""
    random = np.random.default_rng(seed)
    tensors = {
        "lora_down.weight": random.normal(size=(RANK, WIDTH)).astype(np.float32),
        "lora_up.weight": random.normal(size=(WIDTH, RANK)).astype(np.float32),
        "alpha": np.array(RANK, np.float32),
    }
    head: dict[str, Any] = {}
    content = b""
    for name, values in tensors.items():
        end = len(content) + values.nbytes
        head[f"{LAYER}.{name}"] = {"dtype": "F32", "shape": values.shape, "data_offsets": (len(content), end)}
        content += values.tobytes()
    text = json.dumps(head).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + content)


def graph(adapters: str) -> str:
    return OWN_GRAPH.replace('device: "CPU"', f'device: "CPU" {adapters}')


def adapter(alias: str, file: str, more: str = "") -> str:
    return f'lora_adapters {{ alias: "{alias}" path: "{file}.safetensors" {more} }}'


GRAPHS = {
    "plain": graph(""),
    "both": graph(
        adapter("ink", "ink") + adapter("oil", "oil", "alpha: 0.5") + 'composite_lora_adapters { alias: "mix" '
        'components { adapter_alias: "ink" alpha: 2 } components { adapter_alias: "oil" } '
        'components { adapter_alias: "chalk" } }'
    ),
    "fused": graph(adapter("always", "ink", "mode: FUSE")),
    "fixed": graph(adapter("set", "ink", "mode: STATIC")),
    "missing": graph(adapter("chalk", "chalk")),
    "clash": graph(adapter("oil", "oil")),
    "sized": OWN_GRAPH.replace('max_resolution: "128x128"', 'resolution: "64x64"'),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("lora")
    for name, text in GRAPHS.items():
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(text)
        for seed, file in enumerate(("ink", "oil")):
            save_adapter(folder / name / f"{file}.safetensors", seed)
    entries = [{"name": name} for name in GRAPHS]
    (folder / "config.json").write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": entries}))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


def painted(server: Rehearsal, model: str, **more: Any) -> np.ndarray:
    body = {"prompt": "a cat", "size": "64x64", "num_inference_steps": 2, "rng_seed": 7}
    code, answer = server.rest("/v3/images/generations", {"model": model, **body, **more})
    assert code == 200, answer
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["data"][0]["b64_json"]))))


def test_an_alias_puts_its_adapter_to_work(served: Rehearsal) -> None:
    plain = painted(served, "plain")
    assert (painted(served, "both") == plain).all()
    pictures = [painted(served, model) for model in ("ink", "oil", "mix")]
    for number, picture in enumerate(pictures):
        assert not any((picture == other).all() for other in (plain, *pictures[:number]))
    assert (painted(served, "ink", lora_weights={"ink": 0, "oil": 5}) == plain).all()
    assert (painted(served, "mix", lora_weights={"ink": 1, "oil": 0, "chalk": 1}) == pictures[0]).all()
    assert "Composite LoRA 'mix' references unknown adapter 'chalk', skipping" in served.stdout


def test_an_adapter_that_is_part_of_the_model_always_works(served: Rehearsal) -> None:
    plain, fixed = painted(served, "plain"), painted(served, "fixed")
    for model in ("fused", "always", "fixed", "set"):
        assert not (painted(served, model) == plain).all()
    assert (painted(served, "set", lora_weights={"set": 0}) == fixed).all()


def test_an_adapter_that_is_no_file_is_refused_at_load(served: Rehearsal) -> None:
    assert "Failed to load LoRA adapter 'chalk' from" in served.stdout
    _, answer = served.rest("/v3/images/generations", {"model": "missing", "prompt": "a cat"})
    assert "not loaded yet" in answer["error"]


def test_an_alias_that_is_taken_is_refused_at_load(served: Rehearsal) -> None:
    assert "LoRA alias in graph 'clash' conflicts with an existing servable" in served.stdout
    _, answer = served.rest("/v3/images/generations", {"model": "clash", "prompt": "a cat"})
    assert "not loaded yet" in answer["error"]


def test_a_model_of_one_size_paints_that(served: Rehearsal) -> None:
    assert painted(served, "sized").shape == (64, 64, 3)
