"""What a run asks of the cache: is this deployment judged already, and keep this judgement."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.cache.contents import Contents, TooManyFiles
from graphval.cache.form import read, written
from graphval.cache.key import conditions_of, key_of, not_kept, reaches_out
from graphval.cache.store import Store
from graphval.findings import Cached, Finding, GraphReport, Verdict

if TYPE_CHECKING:
    from graphval.catalog import Catalog
    from graphval.deployment import Deployment
    from graphval.engines.interface import Engine
    from graphval.engines.options import EngineOptions
    from graphval.run.terms import Terms
    from graphval.settings import Settings


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """A judgement of an earlier run, its graphs marked as such."""

    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]
    cached: Cached


class Verdicts:
    """The verdicts of earlier runs that hold under the conditions of this one. ``why_not`` says why none is taken or
    kept; empty where they are."""

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        options: EngineOptions,
        terms: Terms,
        settings: Settings,
        catalog: Catalog,
    ) -> None:
        self._store = Store(folder)
        self._contents = Contents(self._store.memory)
        self._terms = terms
        self._keys: dict[str, str] = {}
        self._conditions = ""
        self.why_not = not_kept(engine, options, terms)
        if not self.why_not:
            try:
                self._conditions = conditions_of(engine, options, terms, settings, catalog, self._contents)
            except TooManyFiles as why:
                self.why_not = str(why)

    def find(self, deployment: Deployment) -> KeptVerdict | None:
        """What an earlier run found out about a deployment that has not changed since."""
        key = self._keys[os.path.abspath(deployment.path)] = self._key(deployment)
        entry = self._store.find(key) if key else None
        if entry is None:
            return None
        try:
            graphs, findings = read(entry.told)
        except (KeyError, TypeError, ValueError):
            return None
        self._contents.remember()
        cached = Cached(deployment.name, entry.judged, max(0.0, time.time() - entry.judged))
        return KeptVerdict(tuple(graph._replace(cached=cached) for graph in graphs), findings, cached)

    def keep(self, deployment: Deployment, graphs: Iterable[GraphReport], findings: Iterable[Finding]) -> None:
        """Keep what was found out, if it is conclusive and nothing has changed since it was asked for."""
        graphs = tuple(graphs)
        key = self._keys.get(os.path.abspath(deployment.path), "")
        if not key or any(graph.verdict is Verdict.INCONCLUSIVE for graph in graphs):
            return
        if self._key(deployment) == key and self._store.keep(key, written(graphs, tuple(findings))):
            self._contents.remember()

    def _key(self, deployment: Deployment) -> str:
        """Empty where the deployment cannot be told by its content."""
        if self.why_not or reaches_out(deployment):
            return ""
        try:
            return key_of(deployment, self._conditions, self._terms, self._contents)
        except TooManyFiles:
            return ""
