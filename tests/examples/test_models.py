"""The committed models are what their scripts make, and the generative ones really load and answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .catalogue import GRAPHS, ROOT

openvino = pytest.importorskip("openvino")

COMMITTED = sorted(
    file.relative_to(GRAPHS).as_posix() for file in GRAPHS.rglob("model.xml") if file.parent.name.isdecimal()
)


@pytest.fixture(scope="session")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graphs")
    subprocess.run(
        [sys.executable, ROOT / "tools" / "make_models.py", "--into", folder],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


def describe(model: Any) -> dict[str, object]:
    """Operations with their attributes and shapes, and the border with its names, of one model."""
    return {
        "inputs": [(port.any_name, str(port.partial_shape), str(port.element_type)) for port in model.inputs],
        "outputs": [(port.any_name, str(port.partial_shape), str(port.element_type)) for port in model.outputs],
        "operations": [
            (node.get_type_name(), node.get_friendly_name(), sorted(map(str, node.get_attributes().items())))
            for node in model.get_ordered_ops()
        ],
    }


def answers(model: Any) -> list[Any]:
    """What the model answers to fixed numbers, with 2 for every dynamic dimension."""
    random = np.random.default_rng(7)
    shapes = [
        [2 if length.is_dynamic else length.get_length() for length in port.partial_shape] for port in model.inputs
    ]
    inputs = [random.uniform(-9, 9, shape).astype(np.float32) for shape in shapes]
    result = openvino.Core().compile_model(model, "CPU")(inputs)
    return [result[port] for port in range(len(model.outputs))]


def test_the_script_makes_exactly_the_committed_models(remade: Path) -> None:
    made = sorted(file.relative_to(remade).as_posix() for file in remade.rglob("model.xml"))
    assert made == COMMITTED


@pytest.mark.parametrize("model", COMMITTED)
def test_a_remade_model_means_the_same(model: str, remade: Path) -> None:
    core = openvino.Core()
    committed, again = core.read_model(GRAPHS / model), core.read_model(remade / model)
    assert describe(committed) == describe(again)
    for one, other in zip(answers(committed), answers(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_models_are_tiny() -> None:
    sizes = {
        file: (GRAPHS / file).stat().st_size + (GRAPHS / file).with_suffix(".bin").stat().st_size for file in COMMITTED
    }
    assert all(size < 16_384 for size in sizes.values()), sizes
    for folder in ("good/chat/chat_model", "good/embeddings/text_embedder", "good/rerank/passage_ranker"):
        assert sum(file.stat().st_size for file in (GRAPHS / folder).iterdir()) < 500_000


GENAI = {
    "chat": """
pipeline = openvino_genai.LLMPipeline(folder, "CPU")
answer = pipeline.generate("what is a stream", max_new_tokens=6, do_sample=False)
assert answer, "the model said nothing"
prompt = pipeline.get_tokenizer().apply_chat_template([{"role": "user", "content": "hi"}], add_generation_prompt=True)
assert prompt == "<|user|>hi</s><|assistant|>", prompt
""",
    "embeddings": """
pipeline = openvino_genai.TextEmbeddingPipeline(folder, "CPU")
one, other = pipeline.embed_documents(["a stone near the river", "tea for two"])
assert len(one) == len(other) == 32 and list(one) != list(other)
""",
    "rerank": """
pipeline = openvino_genai.TextRerankPipeline(folder, "CPU")
ranked = pipeline.rerank("where is the kettle", ["the kettle is in the house", "snow on the road"])
assert sorted(index for index, score in ranked) == [0, 1]
assert len({score for index, score in ranked}) == 2, ranked
""",
}


@pytest.mark.parametrize(
    ("task", "folder"),
    [
        ("chat", "good/chat/chat_model"),
        ("chat", "broken/sync_set_kills_chat/chat_model"),
        ("embeddings", "good/embeddings/text_embedder"),
        ("embeddings", "broken/option_removed/text_embedder"),
        ("rerank", "good/rerank/passage_ranker"),
    ],
)
def test_a_generative_model_loads_and_answers(task: str, folder: str) -> None:
    pytest.importorskip("openvino_genai")
    # In a process of its own: openvino_genai keeps threads and hundreds of megabytes for as long as it lives.
    script = f"import openvino_genai\nfolder = {str(GRAPHS / folder)!r}\n{GENAI[task]}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
