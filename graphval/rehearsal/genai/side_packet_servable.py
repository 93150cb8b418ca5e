"""Embeddings and rerank: tokenizer and model behind one shared loader without a guard.

Source: OVMS ``src/embeddings/``, ``src/rerank/``, ``src/sidepacket_servable.cpp`` (2026.4).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphval.rehearsal.genai.language_model import model_length
from graphval.rehearsal.genai.options import NodeOptions, PluginConfigError
from graphval.rehearsal.genai.pooling import POOLINGS, with_pooling
from graphval.rehearsal.journal import journal
from graphval.rehearsal.model import core
from graphval.rehearsal.status import Escaped

_TOKENIZER_FILES = ("openvino_tokenizer.xml", "openvino_detokenizer.xml", "tokenizer.json", "tokenizer_config.json")
_DEFAULT_POOLING = "CLS"


@dataclass(frozen=True, slots=True)
class SidePacketServable:
    """What the side packet holds for one node. ``special`` are token numbers by the names in ``config.json``."""

    tokenizer: Any
    model: Any
    length: int | None
    special: Mapping[str, int]
    adds_bos: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def input_count(self) -> int:
        return len(self.model.inputs)

    def infer(self, tensors: Mapping[str, Any]) -> dict[str, Any]:
        """Outputs by each of their names. Raises RuntimeError as OpenVINO does."""
        with self._lock:
            result = self.model.create_infer_request().infer(dict(tensors))
        return {name: result[port].copy() for port in self.model.outputs for name in port.get_names()}


def load(kind: str, options: NodeOptions) -> SidePacketServable:
    """Tokenizer and compiled model. Raises :class:`Escaped` for whatever OpenVINO objects to."""
    try:
        properties = options.plugin_config()
    except PluginConfigError as error:
        # Logged and then ignored.
        journal.error(f"Error during {kind.lower()} node plugin_config option parsing to JSON: {error}")
        properties = {}
    path = options.path()
    pooling = _pooling(path, options) if kind == "Embeddings" else ""
    try:
        config = _read_json(path / "config.json")
        tokenizer = _tokenizer(path)
        model = core().read_model(path / "openvino_model.xml")
        if kind == "Embeddings":
            model = with_pooling(model, pooling, normalise=bool(options["normalize_embeddings"]))
        compiled = core().compile_model(model, str(options["target_device"] or "CPU"), properties)
        texts = _read_json(path / "tokenizer_config.json")
        special = _special_tokens(config, texts, tokenizer)
    except (RuntimeError, ValueError, OSError) as error:
        raise Escaped(str(error)) from error
    adds_bos = not isinstance(texts, dict) or texts.get("add_bos_token") is not False
    return SidePacketServable(tokenizer, compiled, model_length(path), special, adds_bos)


def _pooling(path: Path, options: NodeOptions) -> str:
    if options.has("pooling"):
        return options.word("pooling")
    file = path / "1_Pooling" / "config.json"
    try:
        document = json.loads(file.read_bytes()) if file.is_file() else {}
    except ValueError:
        document = {}
    chosen = next((name for key, name in POOLINGS.items() if isinstance(document, dict) and document.get(key)), "")
    if not chosen:
        journal.warning("Pooling mode was not specified and could not be inferred. Defaulting to CLS pooling.")
    return chosen or _DEFAULT_POOLING


def _read_json(file: Path) -> Any:
    return json.loads(file.read_bytes()) if file.is_file() else {}


def _special_tokens(config: Any, texts: Any, tokenizer: Any) -> dict[str, int]:
    """Token numbers from ``config.json``, else from the texts in ``tokenizer_config.json``."""
    if not isinstance(config, dict):
        return {}
    found: dict[str, int] = {}
    for name in ("pad_token", "eos_token", "bos_token"):
        number = config.get(f"{name}_id")
        # 0 counts as not written, as in OVMS.
        if isinstance(number, int) and number != 0:
            found[name] = number
    if isinstance(config.get("sep_token_id"), int):
        found["sep_token"] = config["sep_token_id"]
    elif "eos_token" in found:
        found["sep_token"] = found["eos_token"]
    for name in ("pad_token", "eos_token", "bos_token", "sep_token"):
        text = texts.get(name) if isinstance(texts, dict) else None
        if name in found or not isinstance(text, str) or tokenizer is None:
            continue
        numbers = tokenizer.encode(text, add_special_tokens=False).input_ids.data
        if numbers.size == 1:
            found[name] = int(numbers.flat[0])
        else:
            journal.debug(f"Parsing {name} token from tokenizer_config.json failed")
    return found


def _tokenizer(path: Path) -> Any:
    if not any((path / name).exists() for name in _TOKENIZER_FILES):
        return None
    import openvino_genai

    return openvino_genai.Tokenizer(path)
