"""What a server counts of a graph's requests (``GET /metrics``), where it exposes that.

OVMS counts a request as accepted once its packets are in the graph, as rejected if it fails before, and each failure of
the graph's run as an error; ``ovms_current_graphs`` are those that run now. Source: ``src/metric_config.cpp``,
``src/model_metric_reporter.cpp`` (2026.4); a server without metrics answers 400.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from graphval.probe.http import HttpResponseBody, RestClient

ACCEPTED, REJECTED, ERRORS = "ovms_requests_accepted", "ovms_requests_rejected", "ovms_graph_error"
RUNNING = "ovms_current_graphs"
_FAMILIES = (ACCEPTED, REJECTED, ERRORS, "ovms_responses", RUNNING)
_PATH = "/metrics"
_SAMPLE = re.compile(r"(?P<family>\w+)\{(?P<labels>.*)\} (?P<value>\S+)")
_NAME = re.compile(r'(?:^|,)name="(?P<name>(?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")


class ServerMetrics:
    """The counts of one server from the moment this was made. Of a server that has none it asks once only."""

    def __init__(self, rest: RestClient | None, seconds: float) -> None:
        self._rest = rest
        self._seconds = seconds
        self._before = self._read()

    def of(self, graph: str) -> dict[str, int]:
        """What was counted of a graph since then, by family; what runs now is no difference. Empty where nothing is
        known."""
        if self._before is None:
            return {}
        now, before = graph_counts(self._read() or "", graph), graph_counts(self._before, graph)
        return {name: count if name == RUNNING else count - before.get(name, 0) for name, count in now.items()}

    def _read(self) -> str | None:
        answer = self._rest.get(_PATH, self._seconds) if self._rest is not None else None
        if answer is None or not answer.ok or not isinstance(answer.response, HttpResponseBody):
            return None
        return answer.response.body.decode("utf-8", "replace")


def graph_counts(text: str, graph: str) -> dict[str, int]:
    """The counts of a graph in Prometheus's text form, over all interfaces together."""
    counted: dict[str, int] = {}
    for family, count in _samples(text, graph):
        counted[family] = counted.get(family, 0) + count
    return counted


def refused_at_the_door(counted: Mapping[str, int]) -> bool:
    """Whether all requests were refused before their packets were in the graph: the one that proves its creation, and
    at least one more."""
    return counted.get(REJECTED, 0) > 1 and not counted.get(ACCEPTED) and not counted.get(ERRORS)


def _samples(text: str, graph: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        if not line.startswith(_FAMILIES):
            continue
        found = _SAMPLE.fullmatch(line)
        named = _NAME.search(found["labels"]) if found is not None else None
        if found is None or named is None or found["family"] not in _FAMILIES:
            continue
        if _ESCAPED.sub(r"\1", named["name"]) == graph:
            yield found["family"], round(float(found["value"]))
