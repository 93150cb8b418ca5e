"""What answers without the API key show of a server."""

from __future__ import annotations

from graphval.diagnosis.compose import engine_finding
from graphval.findings import Finding, Span
from graphval.probe.http import RestClient
from graphval.probe.keys import let_in
from graphval.rules.exercise import api_key_not_demanded


def key_not_demanded(rest: RestClient, key: str, place: Span, seconds: float) -> Finding | None:
    """A finding if the server lets in who has not the key. ``key`` is what it should ask for; each question may take
    ``seconds``."""
    found = list(let_in(rest, seconds))
    if not found:
        return None
    words = ", ".join(words for words, _ in found)
    return engine_finding(
        api_key_not_demanded.RULE,
        f"an API key was given, and the server refused no request to /v3 {words}",
        graph=None,
        location=place,
        help="" if key else "the first line of the key's file is empty, so that OVMS asks for no key",
        evidence={"answer": "; ".join(f"{said}: {answer}" for said, answer in found)},
    )
