"""``EmbeddingsCalculatorOV``: a vector for each text.

Source: OVMS ``src/embeddings/embeddings_calculator_ov.cc``, ``embeddings_api.cpp`` (2026.4).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.language_model import tokenize
from graphval.rehearsal.genai.side_packet_servable import SidePacketServable
from graphval.rehearsal.journal import journal
from graphval.rehearsal.nodes.http_node import payload_of, resource
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.EmbeddingsCalculatorOVOptions"
_FILE = "src/embeddings/embeddings_calculator_ov.cc"
_REQUEST, _RESPONSE = ("REQUEST_PAYLOAD", 0), ("RESPONSE_PAYLOAD", 0)
_DEFAULT_LENGTH = 1024


class EmbeddingsNode:
    """Answers a request with a vector for each of its texts."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._servable: SidePacketServable | None = None
        options = node.options_of(OPTIONS)
        self._truncate = bool(getattr(options.message, "truncate", False)) if options is not None else False

    def open(self) -> None:
        self._servable = resource(
            self._node, self._surroundings, SidePacketServable, "EMBEDDINGS_NODE_RESOURCES", "Embeddings", _FILE
        )

    def process(self, call: Call) -> None:
        payload = payload_of(call, _REQUEST, self._surroundings)
        if payload is None or self._servable is None:
            raise invalid("Input is empty")
        if payload.document is None:
            raise invalid("Non-json request received in embeddings calculator")
        if payload.uri.endswith("/tokenize"):
            body = tokenize(self._servable.tokenizer, payload.document)
        else:
            body = self._answer(self._servable, payload.document)
        call.emit(_RESPONSE, bindings()._packet_creator.create_string(body), call.timestamp)

    def close(self) -> None:
        self._servable = None

    def _answer(self, servable: SidePacketServable, document: Any) -> str:
        texts, tokens, as_base64 = _read(document)
        ids, mask = self._encode(servable, texts) if texts else _padded(servable, tokens)
        tensors = {"input_ids": ids, "attention_mask": mask}
        if servable.input_count == 3:
            # Texts have type 0, tokens that the client made have type 1.
            tensors["token_type_ids"] = np.zeros_like(ids) if texts else np.ones_like(ids)
        try:
            vectors = servable.infer(tensors)["last_hidden_state"]
        except (RuntimeError, KeyError) as error:
            journal.glog("I", "embeddings_calculator_ov.cc", 222, str(error))
            raise NodeError("INTERNAL", f"; RET_CHECK failure ({_FILE}:223) false") from error
        used = int(mask.sum())
        return json.dumps(
            {
                "object": "list",
                "data": [
                    {"object": "embedding", "embedding": _written(vector, as_base64), "index": index}
                    for index, vector in enumerate(vectors)
                ],
                "usage": {"prompt_tokens": used, "total_tokens": used},
            }
        )

    def _encode(self, servable: SidePacketServable, texts: Sequence[str]) -> tuple[Any, Any]:
        options: dict[str, Any] = {"max_length": _longest(servable), "truncation": True} if self._truncate else {}
        try:
            made = servable.tokenizer.encode(list(texts), **options)
        except (RuntimeError, AttributeError) as error:
            raise NodeError("INTERNAL", f"; RET_CHECK failure ({_FILE}:223) false") from error
        ids = np.array(made.input_ids.data)
        _check_length(ids.shape[1], servable)
        return ids, np.array(made.attention_mask.data)


def _padded(servable: SidePacketServable, tokens: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    width = max(map(len, tokens), default=0)
    _check_length(width, servable)
    ids = np.full((len(tokens), width), servable.special.get("pad_token", 0), np.int64)
    mask = np.zeros((len(tokens), width), np.int64)
    for row, numbers in enumerate(tokens):
        ids[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = 1
    return ids, mask


def _longest(servable: SidePacketServable) -> int:
    return servable.length if servable.length is not None else _DEFAULT_LENGTH


def _check_length(size: int, servable: SidePacketServable) -> None:
    if size > _longest(servable):
        raise invalid(f"Input length {size} longer than allowed {_longest(servable)}")


def _written(vector: Any, as_base64: bool) -> Any:
    return base64.b64encode(vector.tobytes()).decode() if as_base64 else [float(value) for value in vector]


def _read(document: Any) -> tuple[list[str], list[list[int]], bool]:
    """Texts or tokens, and whether base64 is wanted. Raises :class:`NodeError`."""
    if not isinstance(document, dict):
        raise invalid("Received json is not an object")
    if "input" not in document:
        raise invalid("input field is required")
    texts, tokens = _inputs(document["input"])
    encoding = document.get("encoding_format", "float")
    if not isinstance(encoding, str):
        raise invalid("encoding_format should be string")
    if encoding not in ("float", "base64"):
        raise invalid("encoding_format should either base64 or float")
    return texts, tokens, encoding == "base64"


def _inputs(written: Any) -> tuple[list[str], list[list[int]]]:
    if isinstance(written, str):
        return [written], []
    if not isinstance(written, list):
        raise invalid("input should be string, array of strings or array of integers")
    kinds = {_kind(element) for element in written}
    if "" in kinds:
        raise invalid("every element in input array should be either string or int")
    if len(kinds) > 1:
        raise invalid("input must be homogeneous")
    if not kinds:
        raise invalid("input should not be empty")
    if kinds == {"string"}:
        return list(written), []
    if kinds == {"int"}:
        return [], [list(written)]
    if not all(_kind(value) == "int" for element in written for value in element):
        raise invalid("input must be homogeneous")
    return [], [list(element) for element in written]


def _kind(value: Any) -> str:
    match value:
        case bool():
            return ""
        case str():
            return "string"
        case int():
            return "int"
        case list():
            return "array"
        case _:
            return ""
