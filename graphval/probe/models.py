"""The inputs of the models behind a graph, as the running server tells them."""

from __future__ import annotations

from graphval.deployment.ir import read_ir
from graphval.deployment.model import Deployment
from graphval.probe.client import KServeClient
from graphval.probe.model_settings import bounded, facts_of, served_file
from graphval.probe.tensors import TensorFacts, dimension

_NOT_SERVED = frozenset({"NOT_FOUND", "UNAVAILABLE"})
"""What OVMS answers about a name or version that it does not serve, and about a model that could not be loaded."""


class ServedModels:
    """Asks the server for a model's inputs, each model once.

    OVMS answers with real names, shapes (``-1`` for a dynamic dimension) and datatypes for classic models; a graph's
    own metadata has names only.
    """

    def __init__(self, client: KServeClient, deployment: Deployment, seconds: float) -> None:
        self._client = client
        self._deployment = deployment
        self._seconds = seconds
        self._known: dict[tuple[str, str], tuple[TensorFacts, ...] | None] = {}

    def inputs_of(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        """The inputs of a servable: none where the server does not serve it, so that any request shows that;
        ``None`` where it does not say."""
        key = (name, version)
        if key not in self._known:
            self._known[key] = self._ask(name, version)
        return self._known[key]

    def _ask(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        answer = self._client.model_metadata(name, self._seconds, version)
        if not answer.ok:
            return () if answer.code in _NOT_SERVED and not answer.lost else None
        infos = [TensorFacts(i.name, i.datatype, tuple(map(dimension, i.shape))) for i in answer.response.inputs]
        if self._is_graph(name):
            return ()
        if all(size.fixed for info in infos for size in info.shape):
            return tuple(infos)
        file = self._told_by_file(name, version)
        return tuple(bounded(info, file) for info in infos)

    def _told_by_file(self, name: str, version: str) -> tuple[TensorFacts, ...]:
        """What the model's own file says, where its text can be read at once."""
        model = self._deployment.model(name)
        file = served_file(model, version) if model is not None else None
        if model is None or file is None:
            return ()
        try:
            signature = read_ir(file)
        except OSError:
            return ()
        return (facts_of(signature, model) or ()) if signature is not None else ()

    def _is_graph(self, name: str) -> bool:
        """Whether a graph goes by that name and no model does: OVMS looks for models alone."""
        return self._deployment.model(name) is None and any(graph.name == name for graph in self._deployment.graphs)
