"""What requests to one graph have shown so far, and how it is said: findings with the place to blame, the server's own
words as evidence, and what a handler raised beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphval.diagnosis.blame import blame
from graphval.diagnosis.compose import HIGHER_LIMITS, beside, blamed_finding, gist
from graphval.diagnosis.crash import read_crash
from graphval.diagnosis.excuse import ABOUT_CONTENT, is_broken_code
from graphval.diagnosis.hang import suspect, user_code
from graphval.diagnosis.load import Ending
from graphval.diagnosis.log import Record, match, request_records
from graphval.diagnosis.places import Blame
from graphval.diagnosis.python_trace import PYTHON_NODE
from graphval.findings import Finding, NotExercised, StageStatus
from graphval.graph import Graph
from graphval.probe.client import UNKNOWN_ERROR, Answer
from graphval.rules.exercise import engine_limit_reached
from graphval.rules.mechanism import Rule

CANNOT = "Rehearsal cannot execute"
_RESPONSE_OF = re.compile(
    r"(?:Response processing packet type: .* name: |Received packet from output stream: )(?P<stream>\S+)"
)
_NODE_RAISED = "Error occurred during node"
_PACKET_GET = "Packet::Get() failed"


@dataclass(slots=True)
class Served:
    """What was shown of creating and serving. A status of ``None``: nothing was shown, for ``not_exercised``'s reasons
    or, where ``inconclusive``, for want of an engine that lives."""

    create: StageStatus | None = None
    serve: StageStatus | None = None
    findings: list[Finding] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    inconclusive: bool = False


@dataclass(frozen=True, slots=True)
class Logs:
    """Both streams of the server, whole."""

    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Witness:
    """One graph, the server's words and its end; what is said of them goes to ``served``. ``counted``: what the server
    counted of the graph's requests, where it tells."""

    graph: Graph
    logs: Logs
    ending: Ending
    served: Served
    counted: Mapping[str, int] = field(default_factory=dict)

    def records(self) -> list[Record]:
        """What the log tells of the last request, if it was one to this graph."""
        return request_records(self.logs.stdout, self.graph.name)

    def say(self, rule: Rule, message: str, answer: Answer, records: Sequence[Record]) -> None:
        """Make a finding of an answer; a silent server is not quoted, its graph is looked at."""
        log = [record.first_line for record in records if _is_failure(record)][:10]
        evidence: dict[str, Any] = {"answer": str(answer), "log": log}
        if self.counted:
            evidence["metrics"] = ", ".join(f"{name} {count}" for name, count in self.counted.items())
        texts = _texts(answer, records)
        blamed = suspect(self.graph) if answer.timed_out else blame(self.graph, *texts)
        related = beside(self.graph, blamed, *texts, *self._python_errors(blamed, texts))
        self.served.findings.append(
            blamed_finding(rule, message, blamed, graph=self.graph.name, evidence=evidence, related=related)
        )

    def say_not_exercised(self, answer: Answer) -> None:
        """Note which node the engine itself said it cannot run."""
        found = re.search(r'node "(?P<node>[^"]*)": (?P<reason>.*)', answer.text, re.DOTALL)
        node, reason = (found["node"], found["reason"]) if found else ("", answer.text.removeprefix(CANNOT).strip())
        self.served.not_exercised.append(NotExercised(node or None, gist(reason)))

    def gone(self, answer: Answer, rule: Rule, doing: str) -> bool:
        """Whether the server ended under the probe; then the finding is made."""
        if self.ending.alive:
            return False
        if self.ending.limit:
            self._say_limit(doing)
            return True
        crash = read_crash(self.logs.stderr)
        records = self.records()
        said = gist(crash.text) if crash.text else "without a word"
        texts = [crash.line, crash.text, *(r.message for r in reversed(records) if _is_failure(r))]
        telling = [text for text in texts if text]
        blamed = self._blame_output(records) if _PACKET_GET in crash.text else None
        if blamed is None and not telling:
            blamed = user_code(self.graph)
        blamed = blamed or blame(self.graph, *telling)
        self.served.findings.append(
            blamed_finding(
                rule,
                f"{doing} ended the server, {self.ending.exit}: {said}",
                blamed,
                graph=self.graph.name,
                related=beside(self.graph, blamed, *telling),
                evidence={"exit": self.ending.exit, "answer": str(answer), "log": [crash.line] if crash.line else []},
            )
        )
        return True

    def shows_broken_code(self, answer: Answer, records: Sequence[Record]) -> bool:
        """Whether user code failed by a mistake that no values would mend."""
        texts = _texts(answer, records)
        return any(map(is_broken_code, self._python_errors(blame(self.graph, *texts), texts)))

    def node_meant(self, answer: Answer, records: Sequence[Record]) -> str | None:
        """The node that a refusal speaks of."""
        node = blame(self.graph, *_texts(answer, records)).node
        return node.display if node is not None else None

    def _say_limit(self, doing: str) -> None:
        self.served.inconclusive = True
        self.served.findings.append(
            blamed_finding(
                engine_limit_reached.RULE,
                f"{doing} reached the {self.ending.limit} limit of the throw-away server",
                Blame(self.graph.start, None),
                graph=self.graph.name,
                help=HIGHER_LIMITS,
                evidence={"exit": self.ending.exit},
            )
        )

    def _blame_output(self, records: Sequence[Record]) -> Blame | None:
        """The graph output that was being written when the packet turned out to hold something else."""
        for record in reversed(records):
            found = _RESPONSE_OF.search(record.message)
            if found is not None:
                output = next((c for c in self.graph.outputs if c.name == found["stream"]), None)
                return Blame(output.place, None) if output is not None else None
        return None

    def _python_errors(self, blamed: Blame, texts: Sequence[str]) -> list[str]:
        """What a handler raised last: OVMS writes it to stderr only."""
        node = blamed.node
        if not (node is not None and node.calculator == PYTHON_NODE) and not any(
            part in text for text in texts for part in ABOUT_CONTENT
        ):
            return []
        _, found, raised = self.logs.stderr.rpartition(_NODE_RAISED)
        return [raised] if found else []


def telling(answer: Answer, records: Sequence[Record]) -> str:
    """The text of a failure: the answer's own, or where OVMS lost it on the way (``Unknown error``) REST's or the
    log's."""
    if answer.text and answer.text != UNKNOWN_ERROR:
        return answer.text
    if answer.told:
        return answer.told
    failures = [record.message for record in records if _is_failure(record)]
    return failures[-1] if failures else str(answer)


def _texts(answer: Answer, records: Sequence[Record]) -> list[str]:
    texts = [answer.text, answer.told, *(record.message for record in records if _is_failure(record))]
    return [text for text in texts if text]


def _is_failure(record: Record) -> bool:
    return record.is_error or match(record, ("request_error",)) is not None
