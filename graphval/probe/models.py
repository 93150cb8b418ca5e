"""The inputs of the models behind a graph, as the running server tells them."""

from __future__ import annotations

from graphval.deployment.model import Deployment
from graphval.probe.client import KServeClient
from graphval.probe.tensors import TensorFacts, dimension


class ServedModels:
    """Asks the server for a model's inputs, each model once.

    OVMS answers with real names, shapes (``-1`` for a dynamic dimension) and datatypes for classic models; a graph's
    own metadata has names only (KServe facts 2).
    """

    def __init__(self, client: KServeClient, deployment: Deployment, seconds: float) -> None:
        self._client = client
        self._deployment = deployment
        self._seconds = seconds
        self._known: dict[tuple[str, str], tuple[TensorFacts, ...] | None] = {}

    def inputs_of(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        """The inputs of a servable; ``None`` where the server does not serve it as a model."""
        key = (name, version)
        if key not in self._known:
            self._known[key] = self._ask(name, version)
        return self._known[key]

    def _ask(self, name: str, version: str) -> tuple[TensorFacts, ...] | None:
        answer = self._client.model_metadata(name, self._seconds, version)
        if not answer.ok:
            return None
        infos = [
            TensorFacts(i.name, i.datatype, tuple(map(dimension, i.shape)), source="server")
            for i in answer.response.inputs
        ]
        if any(info.datatype in ("", "INVALID") for info in infos):
            return None
        return tuple(infos)
