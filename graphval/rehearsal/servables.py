"""What the server serves: models and graphs under their names, with their states.

Source: OVMS ``src/mediapipe_internal/mediapipegraphdefinition.*``, ``src/dags/pipelinedefinitionstatus.*`` (2026.4).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from graphval.rehearsal.graph_definition import GraphDefinition, State
from graphval.rehearsal.journal import journal
from graphval.rehearsal.metrics import Metrics
from graphval.rehearsal.models import Models
from graphval.rehearsal.status import refuse

_LOADED_WAIT = 0.5


class Graphs:
    """Graphs by name. A graph is entered only after its validation has ended."""

    def __init__(self) -> None:
        self._graphs: dict[str, GraphDefinition] = {}

    def add(self, definition: GraphDefinition) -> None:
        self._graphs[definition.name] = definition

    def get(self, name: str) -> GraphDefinition | None:
        return self._graphs.get(name)

    def all(self) -> list[GraphDefinition]:
        return list(self._graphs.values())

    def _by_alias(self, name: str) -> GraphDefinition | None:
        """The graph that has an adapter of that name."""
        loaded = (graph for graph in self._graphs.values() if graph.state is State.AVAILABLE)
        return next((graph for graph in loaded if name in graph.aliases), None)

    def available(self, name: str) -> GraphDefinition:
        """The graph of that name, or with an adapter of that name, ready for a request.

        Raises :class:`Refused` where OVMS refuses.
        """
        definition = self._graphs.get(name) or self._by_alias(name)
        if definition is None:
            journal.debug(f"Mediapipe with requested name: {name} does not exist")
            raise refuse("MEDIAPIPE_DEFINITION_NAME_MISSING")
        deadline = time.monotonic() + _LOADED_WAIT
        while definition.state is State.BEGIN and time.monotonic() < deadline:
            time.sleep(0.001)
        if definition.state is State.RETIRED:
            raise refuse("MEDIAPIPE_DEFINITION_NOT_LOADED_ANYMORE")
        if definition.state is not State.AVAILABLE:
            raise refuse("MEDIAPIPE_DEFINITION_NOT_LOADED_YET")
        journal.debug(f"Successfully waited for definition: {name}")
        return definition


@dataclass(slots=True)
class Servables:
    """All that one server holds.

    ``ready`` is set when the first load procedure has ended, however it ended. ``api_key`` guards the generative entry;
    empty, nothing does. ``reload`` brings all up to date, once there is something to reload; it raises
    :class:`ReloadRefused`.
    """

    models: Models = field(default_factory=Models)
    graphs: Graphs = field(default_factory=Graphs)
    ready: threading.Event = field(default_factory=threading.Event)
    api_key: str = ""
    metrics: Metrics = field(default_factory=Metrics)
    reload: Callable[[], None] | None = None
