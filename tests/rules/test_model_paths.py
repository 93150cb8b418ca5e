"""What the path of a model may lead to, by kind of node."""

from __future__ import annotations

from pathlib import Path

import pytest

from .genai_deployments import GOOD, findings

KINDS = ("llm", "embeddings", "rerank", "listen", "speak", "image")
NO_FILE = "is a file, not a folder"


def told(kind: str, path: str, folder: Path, field: str = "models_path") -> list[tuple[str, str]]:
    """Message and help of what is said about the path."""
    case = GOOD[kind].without_option(field).with_option(f'{field}: "{path}"')
    case = case.with_file("model.gguf", "x").with_file("model.bin", "x").with_file("models/x", "")
    return [(f.message, f.help) for f in findings(case, folder) if f.code == "GV720"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "llm", "others"),
    [
        ("model", "", ""),
        ("model/", "", ""),
        ("./model", "", ""),
        ("model.gguf", "", NO_FILE),
        ("model.bin", "is a file, and neither a folder nor .gguf", NO_FILE),
        ("gone", "does not exist", "does not exist"),
        ("gone.gguf", "does not exist", "does not exist"),
        ("model.bin/x", "does not exist", "does not exist"),
    ],
)
def test_where_a_path_leads(kind: str, path: str, llm: str, others: str, tmp_path: Path) -> None:
    why = llm if kind == "llm" else others
    assert [message for message, _ in told(kind, path, tmp_path)] == ([f'models_path "{path}" {why}'] if why else [])


@pytest.mark.parametrize(
    ("path", "near"), [("modle", "model"), ("modls", "models"), ("xyz", ""), ("model.bi", "model")]
)
def test_a_folder_that_was_meant(path: str, near: str, tmp_path: Path) -> None:
    [(message, advice)] = told("llm", path, tmp_path)
    assert message == f'models_path "{path}" does not exist'
    assert advice == f'did you mean "{near}"?' if near else advice.startswith("it was looked for as ")


@pytest.mark.parametrize("kind", KINDS)
def test_paths_that_are_wrong_wherever_the_model_is(kind: str, tmp_path: Path) -> None:
    [(message, _)] = told(kind, "model\\tx", tmp_path)
    assert message == "models_path holds a control character"
    [(message, _)] = told(kind, "model\\037", tmp_path)
    assert message == "models_path holds a control character"
    empty = [message for message, _ in told(kind, "", tmp_path)]
    assert empty == (["models_path is empty"] if kind == "llm" else [])
    above = [message for message, _ in told(kind, "model/../model", tmp_path)]
    leaves = 'models_path "model/../model" leaves the folder of the graph by ..'
    assert above == ([leaves] if kind == "image" else [])
    assert told(kind, "model /", tmp_path) != []


def test_the_path_of_a_draft_model(tmp_path: Path) -> None:
    kind = "llm with draft"
    assert told(kind, "", tmp_path, "draft_models_path") == []
    assert told(kind, "small", tmp_path, "draft_models_path") == []
    [(message, _)] = told(kind, "gone", tmp_path, "draft_models_path")
    assert message == 'draft_models_path "gone" does not exist'


@pytest.mark.parametrize("kind", KINDS)
def test_models_that_are_not_at_hand_are_not_looked_for(kind: str, tmp_path: Path) -> None:
    case = GOOD[kind].without_option("models_path").with_option('models_path: "gone"')
    assert [f.code for f in findings(case, tmp_path, no_models=True) if f.code == "GV720"] == []
