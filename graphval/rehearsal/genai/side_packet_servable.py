"""Embeddings and rerank: tokenizer and model behind one shared loader without a guard.

Source: OVMS ``src/embeddings/``, ``src/rerank/``, ``src/sidepacket_servable.cpp`` (2026.4), lifecycle facts 3.3, 3.4.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.journal import journal
from graphval.rehearsal.model import core
from graphval.rehearsal.status import Escaped

_TOKENIZER_FILES = ("openvino_tokenizer.xml", "openvino_detokenizer.xml", "tokenizer.json", "tokenizer_config.json")


def load(kind: str, options: NodeOptions) -> Any:
    """Tokenizer and compiled model. Raises :class:`Escaped` for whatever OpenVINO objects to."""
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        # Logged and then ignored.
        journal.error(f"Error during {kind.lower()} node plugin_config option parsing to JSON: {error}")
        properties = {}
    path = options.path()
    _check_pooling(kind, path, options)
    try:
        _read_json(path / "config.json")
        tokenizer = _tokenizer(path)
        model = core().read_model(path / "openvino_model.xml")
        if kind == "Embeddings" and not any(len(port.get_partial_shape()) == 3 for port in model.outputs):
            raise Escaped("No output with 3 dimensions found")
        compiled = core().compile_model(model, str(options["target_device"] or "CPU"), properties)
    except (RuntimeError, ValueError, OSError) as error:
        raise Escaped(str(error)) from error
    return tokenizer, compiled


def _check_pooling(kind: str, path: Path, options: NodeOptions) -> None:
    if kind == "Embeddings" and not options.has("pooling") and not (path / "1_Pooling" / "config.json").is_file():
        journal.warning("Pooling mode was not specified and could not be inferred. Defaulting to CLS pooling.")


def _read_json(file: Path) -> None:
    if file.is_file():
        json.loads(file.read_bytes())


def _tokenizer(path: Path) -> Any:
    if not any((path / name).exists() for name in _TOKENIZER_FILES):
        return None
    import openvino_genai

    return openvino_genai.Tokenizer(path)
