"""``RerankCalculatorOV``: how well each document answers a query.

Source: OVMS ``src/rerank/rerank_calculator_ov.cc``, ``rerank_utils.cpp`` (2026.4). Query and document go into the
model as ``BOS query EOS SEP document EOS``; documents that are too long go in pieces, of which the best one counts.
Where the tokenizer's settings say that no BOS is added, query and document are one text, and nothing is cut.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.genai.chat_values import invalid
from graphval.rehearsal.genai.language_model import tokenize
from graphval.rehearsal.genai.side_packet_servable import SidePacketServable
from graphval.rehearsal.nodes.http_node import payload_of, resource
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.RerankCalculatorOVOptions"
_FILE = "src/rerank/rerank_calculator_ov.cc"
_REQUEST, _RESPONSE = ("REQUEST_PAYLOAD", 0), ("RESPONSE_PAYLOAD", 0)
_SPECIAL_TOKENS = 4
_DEFAULT_LENGTH, _DEFAULT_CHUNKS = 512, 10_000


@dataclass(frozen=True, slots=True)
class RerankRequest:
    """What is asked: the documents that fit the query best, ``top`` of them, with their texts or without."""

    query: str
    documents: tuple[str, ...]
    top: int
    return_documents: bool


class RerankNode:
    """Answers a request with the scores of its documents."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._servable: SidePacketServable | None = None
        options = node.options_of(OPTIONS)
        message: Any = options.message if options is not None else None
        self._most_chunks = int(message.max_allowed_chunks) if message is not None else _DEFAULT_CHUNKS
        written = message is not None and message.HasField("max_position_embeddings")
        self._length: int | None = int(message.max_position_embeddings) if written else None

    def open(self) -> None:
        self._servable = servable = resource(
            self._node, self._surroundings, SidePacketServable, "RERANK_NODE_RESOURCES", "Rerank", _FILE
        )
        if self._length is None:
            self._length = servable.length if servable.length is not None else _DEFAULT_LENGTH
        if self._length <= 2 * _SPECIAL_TOKENS:
            raise invalid("max_position_embeddings should be larger than 2 * NUMBER_OF_SPECIAL_TOKENS")

    def process(self, call: Call) -> None:
        payload = payload_of(call, _REQUEST, self._surroundings)
        if payload is None or self._servable is None:
            raise invalid("Input is empty")
        if payload.document is None:
            raise invalid("Non-json request received in rerank calculator")
        if payload.uri.endswith("/tokenize"):
            body = tokenize(self._servable.tokenizer, payload.document)
        else:
            request = read_rerank_request(payload.document)
            try:
                scores = self._scores(self._servable, request)
            except (RuntimeError, AttributeError, KeyError) as error:
                raise NodeError("INTERNAL", str(error)) from error
            body = _body(request, scores)
        call.emit(_RESPONSE, bindings()._packet_creator.create_string(body), call.timestamp)

    def close(self) -> None:
        self._servable = None

    def _scores(self, servable: SidePacketServable, request: RerankRequest) -> list[float]:
        if len(request.documents) > self._most_chunks:
            raise NodeError("INTERNAL", "Number of documents exceeds max_allowed_chunks")
        if not request.documents:
            return []
        tensors, owners = (self._joined if servable.adds_bos else self._as_one_text)(servable, request)
        if servable.input_count == 3:
            tensors["token_type_ids"] = np.zeros_like(tensors["input_ids"])
        logits = servable.infer(tensors)["logits"]
        if logits.ndim != 2:
            raise NodeError("INTERNAL", "Logits should be 2D tensor")
        column = logits[:, 1] if logits.shape[1] > 1 else logits[:, 0]
        scores = [0.0] * len(request.documents)
        for owner, value in zip(owners, 1 / (1 + np.exp(-column.astype(np.float32))), strict=True):
            scores[owner] = max(scores[owner], float(value))
        return scores

    def _as_one_text(self, servable: SidePacketServable, request: RerankRequest) -> tuple[dict[str, Any], list[int]]:
        assert self._length is not None
        texts = [request.query + document for document in request.documents]
        made = servable.tokenizer.encode(texts, add_special_tokens=False)
        ids = np.array(made.input_ids.data)
        if self._length < ids.shape[1]:
            raise NodeError(
                "INTERNAL",
                "Query tokens count tokens count of longest document exceeds max_position_embeddings. "
                "For this model chunking is not supported.",
            )
        return {"input_ids": ids, "attention_mask": np.array(made.attention_mask.data)}, list(range(len(texts)))

    def _joined(self, servable: SidePacketServable, request: RerankRequest) -> tuple[dict[str, Any], list[int]]:
        assert self._length is not None
        encode, special = servable.tokenizer.encode, servable.special
        query = [int(t) for t in encode(request.query, add_special_tokens=False).input_ids.data.flat]
        query = query[: self._length // 2]
        room = self._length - len(query) - _SPECIAL_TOKENS
        made = encode(list(request.documents), add_special_tokens=False)
        documents = [
            [int(t) for t, kept in zip(row, mask, strict=True) if kept]
            for row, mask in zip(made.input_ids.data, made.attention_mask.data, strict=True)
        ]
        chunks = chunked(documents, room, self._most_chunks)
        begin = [special.get("bos_token", 0), *query, special.get("eos_token", 0), special.get("sep_token", 0)]
        rows = [[*begin, *tokens, special.get("eos_token", 0)] for _, tokens in chunks]
        width = max(map(len, rows))
        ids = np.full((len(rows), width), special.get("pad_token", 0), np.int64)
        mask = np.zeros((len(rows), width), np.int64)
        for position, row in enumerate(rows):
            ids[position, : len(row)], mask[position, : len(row)] = row, 1
        return {"input_ids": ids, "attention_mask": mask}, [owner for owner, _ in chunks]


def chunked(documents: Sequence[Sequence[int]], room: int, most: int) -> list[tuple[int, Sequence[int]]]:
    """Each document in pieces of at most ``room`` tokens, with its number. Raises :class:`NodeError`."""
    if room <= 0:
        raise NodeError("INTERNAL", "Chunking failed: no space left for chunks")
    pieces = [
        (number, tokens[start : start + room])
        for number, tokens in enumerate(documents)
        for start in range(0, max(len(tokens), 1), room)
    ]
    if len(pieces) > most:
        raise NodeError(
            "INTERNAL",
            f"Chunking failed: exceeding max_allowed_chunks after chunking limit: {most}; actual: {len(pieces)}",
        )
    return pieces


def read_rerank_request(document: Any) -> RerankRequest:
    """Check a JSON body. Raises :class:`NodeError` with the first objection."""
    if not isinstance(document, dict):
        raise invalid("Received json is not an object")
    if "query" not in document:
        raise invalid("query field is missing in request")
    if not isinstance(document["query"], str):
        raise invalid("query is not a string")
    if "documents" not in document:
        raise invalid("documents field is missing in request")
    written = document["documents"]
    if not isinstance(written, list):
        raise invalid("documents is not an array")
    if not all(isinstance(element, str | dict) for element in written):
        raise invalid("documents array element is neither string nor object")
    if len({type(element) for element in written}) > 1:
        raise invalid("all documents have to be the same type (string or objects)")
    for element in written:
        for name in ("title", "text") if isinstance(element, dict) else ():
            if name not in element:
                raise invalid(f"document {name} field is missing")
            if not isinstance(element[name], str):
                raise invalid(f"document {name} field have to be string")
    top = document.get("top_n")
    if top is not None and (not isinstance(top, int) or isinstance(top, bool)):
        raise invalid("top_n accepts integer values")
    returned = document.get("return_documents")
    if returned is not None and not isinstance(returned, bool):
        raise invalid("return_documents accepts boolean values")
    # Documents given as objects are checked and then left out: OVMS scores the list of strings only.
    texts = tuple(element for element in written if isinstance(element, str))
    return RerankRequest(document["query"], texts, len(written) if top is None else top, bool(returned))


def _body(request: RerankRequest, scores: Sequence[float]) -> str:
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    results: list[dict[str, Any]] = []
    for index in order[: max(request.top, 0)]:
        entry: dict[str, Any] = {"index": index, "relevance_score": scores[index]}
        if request.return_documents:
            entry["document"] = {"text": request.documents[index]}
        results.append(entry)
    return json.dumps({"results": results})
