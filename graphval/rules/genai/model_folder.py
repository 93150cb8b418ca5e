"""The folder of a generative node's model: what lies in it, read without OpenVINO.

Source: OVMS `src/llm/servable_initializer.cpp`, `src/sidepacket_servable.cpp` and OpenVINO GenAI
`src/cpp/src/utils.cpp` (2026.4): relative paths start from the directory of the graph file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from graphval.deployment.files import MAX_MODEL_BYTES, exists, is_directory, is_file, read_text
from graphval.deployment.json_text import read_json
from graphval.deployment.json_tree import JsonDocument
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.textproto import BoundField

MAIN_MODEL = "openvino_model.xml"
LANGUAGE_MODEL = "openvino_language_model.xml"
TOKENIZER = "openvino_tokenizer.xml"
DETOKENIZER = "openvino_detokenizer.xml"
_OF_A_FOLDER = -1
ENCODER_AND_DECODER = ("openvino_encoder_model.xml", "openvino_decoder_model.xml")


class ModelFolder(NamedTuple):
    """A directory that exists, or a GGUF file, and the field that names it. ``kind`` is the node's initialiser's,
    ``documents`` are the JSON files read so far, for whichever node of the graph."""

    kind: str
    field: BoundField
    path: Path
    documents: dict[str, JsonDocument | None]

    @property
    def is_gguf(self) -> bool:
        """Whether an LLM node reads a single GGUF file, which holds model and tokenizer both."""
        return self.kind == "LLM" and not is_directory(self.path)

    def holds(self, name: str) -> bool:
        return exists(self.path / name)

    def json(self, name: str) -> JsonDocument | None:
        """A JSON file of the folder, ``None`` where it does not exist or is no text."""
        if name not in self.documents:
            source, problems, _ = read_text(self.path / name, MAX_MODEL_BYTES)
            self.documents[name] = read_json(source) if source is not None and not problems else None
        return self.documents[name]

    @property
    def main_model(self) -> Path | None:
        """The model that an LLM, embeddings or rerank node compiles."""
        names = (MAIN_MODEL, LANGUAGE_MODEL) if self.kind == "LLM" else (MAIN_MODEL,)
        return next((self.path / name for name in names if self.holds(name)), None)

    def models_read(self) -> Iterator[Path]:
        """The IR files that exist and that OVMS reads when it loads the node, as far as their names are certain."""
        if self.is_gguf:
            return
        main = self.main_model
        if self.kind in ("LLM", "Embeddings", "Rerank"):
            if main is not None:
                yield main
            yield from (self.path / name for name in (TOKENIZER, DETOKENIZER) if self.holds(name))
        elif self.kind == "SpeechToText":
            yield from (self.path / name for name in ENCODER_AND_DECODER if self.holds(name))

    @property
    def is_speech_t5(self) -> bool:
        """Whether its config.json says that it is the model that speaks with encoder, decoder, postnet and vocoder."""
        root = document.root if (document := self.json("config.json")) is not None else None
        listed = root.get("architectures") if root is not None and root.kind == "object" else None
        return listed is not None and [item.value for item in listed.items] == ["SpeechT5ForTextToSpeech"]

    def components(self) -> Iterator[str]:
        """The parts of an image model, as its index names them; none where there is no index that can be read."""
        root = document.root if (document := self.json("model_index.json")) is not None else None
        for member in root.members if root is not None and root.kind == "object" else ():
            if member.value.kind == "array" and all(item.kind == "string" for item in member.value.items):
                yield member.key


def has_control_character(written: str) -> bool:
    """Whether a path holds one, as ``"C:\\temp"`` does where nobody thinks of escapes."""
    return not written.isprintable() and any(ord(character) < 32 for character in written)


def entries(folder: Path) -> list[Path]:
    """What lies in a directory, in order of names; nothing in one that cannot be read or is none."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def resolved(context: GraphContext, written: str) -> Path:
    """A path of the node options as OVMS resolves it."""
    return Path(os.path.normpath(os.path.join(context.entry.base_as_text, written)))  # noqa: PTH118 - half the time


def model_folder_of(node: Node, context: GraphContext) -> ModelFolder | None:
    """The folder a node's model is read from; ``None`` for other nodes, and where it is not there to be looked at
    (models are not at hand, or the path itself is wrong, which is another rule's subject)."""
    return _folder(node, context, "models_path")


def model_folders_of(node: Node, context: GraphContext) -> tuple[ModelFolder, ...]:
    """The folders of a node's model and of its draft model, as far as they are there."""
    if context.no_models:
        return ()
    found = (_folder(node, context, name) for name in ("models_path", "draft_models_path"))
    return tuple(folder for folder in found if folder is not None)


def _folder(node: Node, context: GraphContext, name: str) -> ModelFolder | None:
    initializer = initializer_of(node, context) if not context.no_models else None
    if initializer is None or initializer.kind == "Python":
        return None
    options = options_read(node, initializer)
    field = options.first(name) if options is not None else None
    if field is None or not field.string or has_control_character(field.string):
        return None
    path = resolved(context, field.string)
    gguf = initializer.kind == "LLM" and path.suffix == ".gguf" and is_file(path)
    if not is_directory(path) and not gguf:
        return None
    return ModelFolder(initializer.kind, field, path, context.kept.setdefault((path, _OF_A_FOLDER), {}))
