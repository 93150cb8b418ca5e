"""``POST /v1/config/reload``: the deployment read anew while the server runs.

Source: OVMS ``src/modelmanager.cpp`` (2026.4): only a change of config.json, or an error at the load before, makes
anything be looked at; then a graph is validated anew if its entry or its text has changed.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from graphval.rehearsal.graph_definition import State
from graphval.rehearsal.graph_load import load_graph
from graphval.rehearsal.journal import journal
from graphval.rehearsal.loading import StartRefused, read_deployment
from graphval.rehearsal.model import load_model
from graphval.rehearsal.status import Escaped, Refused

if TYPE_CHECKING:
    from graphval.catalog import Catalog
    from graphval.deployment import Deployment
    from graphval.deployment.model import GraphEntry, ModelEntry
    from graphval.rehearsal.arguments import Arguments
    from graphval.rehearsal.servables import Servables

FAILED = "Reloading config file failed. Check server logs for more info."
_NOT_JSON = "The file is not valid json"
_Mark: TypeAlias = tuple[str, ...]


class ReloadRefused(Exception):
    """What was read stands in the way; everything stays as it was. ``http`` is the status of the answer."""

    def __init__(self, http: int) -> None:
        super().__init__(FAILED)
        self.http = http


class Reloader:
    """Remembers what the last load read. ``reload`` may be called by several threads."""

    def __init__(self, found: Deployment, arguments: Arguments, catalog: Catalog, servables: Servables) -> None:
        self._arguments = arguments
        self._catalog = catalog
        self._servables = servables
        self._lock = threading.Lock()
        self._digest = _digest(arguments)
        self._graphs = {entry.name: _mark(entry) for entry in reversed(found.graphs)}
        self._models = {entry.name: entry for entry in reversed(found.models)}

    def reload(self) -> None:
        """Bring the servables up to date. Raises :class:`ReloadRefused`."""
        with self._lock:
            digest = _digest(self._arguments)
            if not self._arguments.config_path or (digest == self._digest and not self._failed()):
                return
            self._digest = digest
            try:
                found = read_deployment(self._arguments)
            except StartRefused as refusal:
                raise ReloadRefused(412 if str(refusal) == _NOT_JSON else 500) from refusal
            self._reload_models(found)
            self._reload_graphs(found)

    def _failed(self) -> bool:
        return any(graph.state is State.LOADING_PRECONDITION_FAILED for graph in self._servables.graphs.all())

    def _reload_models(self, found: Deployment) -> None:
        wanted: dict[str, ModelEntry] = {}
        for entry in found.models:
            wanted.setdefault(entry.name, entry)
        for model in self._servables.models.all():
            if model.name not in wanted:
                model.retire()
        for name, entry in wanted.items():
            if self._models.get(name) != entry or self._servables.models.get(name) is None:
                self._servables.models.add(load_model(entry))
        self._models = wanted

    def _reload_graphs(self, found: Deployment) -> None:
        wanted: dict[str, GraphEntry] = {}
        for entry in found.graphs:
            wanted.setdefault(entry.name, entry)
        for definition in self._servables.graphs.all():
            if definition.name not in wanted and definition.state is not State.RETIRED:
                definition.retire()
        for name, entry in wanted.items():
            held = self._servables.graphs.get(name)
            if held is not None and held.state is not State.RETIRED and self._graphs.get(name) == _mark(entry):
                continue
            try:
                load_graph(entry, self._catalog, self._servables)
            except Refused as refusal:
                journal.debug(f"Reloading graph {name} failed: {refusal.status.text}", "modelmanager")
            except Escaped as escaped:
                journal.error(f"Failed to process mediapipe graph config:{escaped}", "modelmanager")
                break
        self._graphs = {name: _mark(entry) for name, entry in wanted.items()}


def _digest(arguments: Arguments) -> str:
    """What tells whether config.json has changed."""
    if not arguments.config_path:
        return ""
    try:
        return hashlib.sha256(Path(arguments.config_path).read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def _mark(entry: GraphEntry) -> _Mark:
    """What must change for a graph to be validated anew."""
    text = entry.source.text if entry.source is not None else ""
    return entry.name, str(entry.file), str(entry.base_path), str(entry.subconfig or ""), text
