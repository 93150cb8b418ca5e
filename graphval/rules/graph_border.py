"""The border of a graph: what OVMS makes the packets of its inputs, and as what it reads those of its outputs.

Source: OVMS `src/mediapipe_internal/mediapipe_utils.cpp`, `src/kfs_frontend/kfs_graph_executor_impl.cpp` and
`src/http_frontend/http_graph_executor_impl.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from graphval.catalog import Catalog
from graphval.graph import Connection, Graph
from graphval.kept_property import kept_property
from graphval.rules.contracts import Contracts

HTTP_PAYLOAD = "HttpPayload"
HTTP_INPUT = "input"
"""The name of the graph input to which requests over ``/v3`` go."""
STRING = "std::string"
OV_TENSOR = "ov::Tensor"
BORDER_TYPES = {
    "OVTENSOR": OV_TENSOR,
    "TENSOR": "Tensor",
    "TFTENSOR": "tensorflow::Tensor",
    "TFLITE_TENSOR": "TfLiteTensor",
    "IMAGE": "ImageFrame",
    "OVMS_PY_TENSOR": "PyObjectWrapper<py::object>",
    "REQUEST": "const KFSRequest*",
    "RESPONSE": "KFSResponse",
}
"""The packet type that OVMS makes or reads for a tag prefix at the border of a graph, as contracts write it."""


def io_prefix(connection: Connection, catalog: Catalog) -> str | None:
    """The border prefix of a graph input or output: OVMS matches the beginning of what stands before the first colon."""
    return _io_prefix(connection.text.partition(":")[0], catalog)


@lru_cache(maxsize=1000)
def _io_prefix(first: str, catalog: Catalog) -> str | None:
    return next((tag.prefix for tag in catalog.graph_io_tags if first.startswith(tag.prefix)), None)


def tag_for(type_name: str) -> str | None:
    """The border tag for packets of a type."""
    return next((tag for tag, name in BORDER_TYPES.items() if name == type_name and tag != "TFLITE_TENSOR"), None)


class Border:
    """The inputs and outputs of one graph."""

    def __init__(self, graph: Graph, catalog: Catalog, contracts: Contracts) -> None:
        self._graph = graph
        self._catalog = catalog
        self._contracts = contracts

    @kept_property
    def readable(self) -> bool:
        """Whether inputs and outputs are there and well-formed, so that their tags say what is meant."""
        inputs, outputs = self._graph.inputs, self._graph.outputs
        return bool(inputs and outputs) and inputs.sound and outputs.sound

    def inputs_of(self, prefix: str) -> list[Connection]:
        """The inputs whose tag begins with ``prefix``."""
        return _beginning(self._graph.inputs, prefix, self._catalog)

    def outputs_of(self, prefix: str) -> list[Connection]:
        """The outputs whose tag begins with ``prefix``."""
        return _beginning(self._graph.outputs, prefix, self._catalog)

    @kept_property
    def speaks_http(self) -> bool:
        """Whether the graph is meant for ``/v3``: a node takes the HTTP payload, or a border tag says so."""
        graph = self._graph
        for node in graph.nodes:
            contract = self._contracts.of(node)
            for port in contract.inputs if contract is not None else ():
                if HTTP_PAYLOAD in port.type:
                    return True
        return any(c.tag.startswith("HTTP_") for c in (*graph.inputs, *graph.outputs))

    @kept_property
    def _refused_prefixes(self) -> frozenset[str]:
        """Prefixes for which OVMS refuses the graph whatever flows there: what they stand for is not what is meant."""
        found = {io_prefix(entry, self._catalog) for entry in (*self._graph.inputs, *self._graph.outputs)}
        whole = {"REQUEST", "RESPONSE"}
        return frozenset({"TFLITE_TENSOR"} if whole <= found else {"TFLITE_TENSOR", *whole})

    def refused(self, connection: Connection) -> bool:
        """Whether OVMS refuses the graph for the tag of this graph input or output."""
        return io_prefix(connection, self._catalog) in self._refused_prefixes

    def input_types(self, connection: Connection) -> tuple[str, ...]:
        """What OVMS may make of a graph input."""
        if self.speaks_http:
            return (HTTP_PAYLOAD,)
        prefix = io_prefix(connection, self._catalog)
        return (BORDER_TYPES[prefix],) if prefix is not None else (OV_TENSOR, HTTP_PAYLOAD)

    def output_types(self, connection: Connection) -> tuple[str, ...]:
        """As what OVMS may read the packets of a graph output."""
        if self.speaks_http:
            return (STRING,)
        prefix = io_prefix(connection, self._catalog)
        return (BORDER_TYPES[prefix],) if prefix is not None else (OV_TENSOR, STRING)


def _beginning(connections: Iterable[Connection], prefix: str, catalog: Catalog) -> list[Connection]:
    return [connection for connection in connections if io_prefix(connection, catalog) == prefix]


__all__ = ["BORDER_TYPES", "HTTP_INPUT", "Border", "io_prefix", "tag_for"]
