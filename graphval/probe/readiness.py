"""What a server says of itself: that it lives, that it is ready, and in which state each of its servables is.

OVMS is ready once its first load procedure has ended, whatever became of the single graphs; ``/v1/config`` tells their
states, and leaves out what was never registered (``src/http_rest_api_handler.cpp``, 2026.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from graphval.probe.client import Answer, KServeClient
from graphval.probe.http import HttpResponseBody, Rest, get, parsed

_LIVE, _CONFIG = "/v2/health/live", "/v1/config"
AVAILABLE = "AVAILABLE"


@dataclass(frozen=True, slots=True)
class ServableState:
    """A state of ``/v1/config``: ``LOADING`` with ``FAILED_PRECONDITION`` is that of a graph that was refused."""

    state: str
    code: str

    @property
    def available(self) -> bool:
        return self.state == AVAILABLE

    @property
    def still_loading(self) -> bool:
        return self.state in ("START", "LOADING") and self.code == "OK"

    def __str__(self) -> str:
        return self.state if self.code == "OK" else f"{self.state}, {self.code}"


@dataclass(frozen=True, slots=True)
class Readiness:
    """``ready``: whether the server says that it is, and how it said so. ``servables``: the state of each by name;
    ``None`` where the server was not asked, or did not tell."""

    ready: Answer
    servables: dict[str, ServableState] | None = None

    @property
    def says_ready(self) -> bool:
        return self.ready.ok and bool(self.ready.response.ready)

    def lacks(self, graph: str) -> str:
        """What of a graph a server that says it is ready does not serve, in words; empty where nothing is known
        against it."""
        if not self.says_ready or self.servables is None:
            return ""
        found = self.servables.get(graph)
        if found is None:
            return f"{_CONFIG} does not list it"
        return "" if found.available or found.still_loading else f"its state in {_CONFIG} is {found}"


def look_at_server(client: KServeClient, rest: Rest | None, seconds: float) -> Readiness:
    """Ask a server whether it is ready, and in which state its servables are. Each question may take ``seconds``."""
    ready = client.server_ready(seconds)
    if rest is None or not ready.ok:
        return Readiness(ready)
    return Readiness(ready, _servables(get(rest, _CONFIG, seconds)))


def answers_at_all(client: KServeClient, rest: Rest | None, seconds: float) -> bool:
    """Whether a server says anything when it is asked whether it lives, on either port."""
    if _spoke(client.server_live(seconds)):
        return True
    return rest is not None and _spoke(get(rest, _LIVE, seconds))


def _spoke(answer: Answer) -> bool:
    return not answer.lost and not answer.timed_out


def _servables(answer: Answer) -> dict[str, ServableState] | None:
    body = answer.response
    table = parsed(body.body) if answer.ok and isinstance(body, HttpResponseBody) else None
    if not isinstance(table, dict):
        return None
    try:
        return {
            str(name): _best(
                [ServableState(str(v["state"]), str(v["status"]["error_code"])) for v in entry["model_version_status"]]
            )
            for name, entry in table.items()
        }
    except (KeyError, TypeError):
        return None


def _best(versions: list[ServableState]) -> ServableState:
    """Of a servable's versions the one that is served, if any is."""
    return next((version for version in versions if version.available), versions[-1] if versions else _NONE)


_NONE = ServableState("END", "OK")
