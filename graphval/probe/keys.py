"""Whether a server asks for its API key on ``/v3``.

OVMS looks at the key before body and model, and refuses with status 500 and a text of its own; there is no 401
(``src/http_rest_api_handler.cpp``, 2026.4). A proxy in front of it says 401 or 403. So any body does for the question,
and no graph is reached by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphval.catalog.server_texts import statuses
from graphval.probe.client import Answer
from graphval.probe.http import HttpRequest, Key, RestClient

_BODY = json.dumps({"model": "graphval-no-such-model"}).encode()
_OF_PROXIES = ("HTTP_401", "HTTP_403")


def refused_for_its_key(answer: Answer) -> bool:
    """Whether an answer says that the key is missing or wrong."""
    return answer.code in _OF_PROXIES or answer.text.startswith(statuses()["UNAUTHORIZED"].message)


def let_in(rest: RestClient, seconds: float) -> Iterator[tuple[str, Answer]]:
    """Requests that should be refused for want of the right key, and are not: in words, and what they got. One that
    is not answered at all says nothing of the key."""
    for key, words in ((Key.NONE, "without an API key"), (Key.WRONG, "with a wrong API key")):
        answer = rest.post(HttpRequest("/v3/chat/completions", _BODY, key=key), seconds)
        if not (answer.lost or answer.timed_out or refused_for_its_key(answer)):
            yield words, answer
