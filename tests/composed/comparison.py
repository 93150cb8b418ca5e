"""Generated graphs judged by both sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.composed import lint
from tests.composed.framework import RehearsedServer
from tests.composed.generated import Generated
from tests.composed.outcome import Outcome, agree

BEYOND_FILES = (
    (r"Option extension not found", "which options of a node option_value finds depends on the messages of a build"),
    (r"could not be parsed as an integer", "what a constant holds is not followed into the node that reads it"),
    (r"Calculator::Process\(\) for node", "packets made by nodes without inputs are looked at by what they hold"),
    (r"Multiple invocations with the same timestamps", "a race between threads of a node that runs in parallel"),
    (r"Timestamp::PostStream\(\)", "how a loop ends under a handler that its calculators do not expect"),
)
"""What a server may say that no rule is about, and why not."""
BY_CHANCE = {"GV317"}
"""What shows only if a source without end has run twice before a run that gets no packets is closed."""


@dataclass(frozen=True)
class Comparison:
    graph: Generated
    theirs: Outcome
    ours: Outcome

    @property
    def agree(self) -> bool:
        return agree(self.theirs, self.ours, pooled="# OVMS_GRAPH_QUEUE_MAX_SIZE" in self.graph.text)

    @property
    def beyond_files(self) -> bool:
        """Whether it is about something that the rules leave alone, or that need not show."""
        if not self.theirs.moment and set(re.findall(r"GV\d+", self.ours.why)) == BY_CHANCE:
            return True
        return not self.ours.moment and any(re.search(pattern, self.theirs.why) for pattern, _ in BEYOND_FILES)

    @property
    def kind(self) -> str:
        """``false error``, ``missed``, or ``another moment`` or way."""
        if not self.theirs.moment:
            return "false error"
        return "another moment" if self.ours.moment else "missed"

    def __str__(self) -> str:
        made = ", ".join(self.graph.mistakes) or "no mistakes"
        return (
            f"graph {self.graph.number} ({made})\n{self.graph.text}the server: {self.theirs}\nthe rules: {self.ours}\n"
        )


def compared(graphs: Iterable[Generated]) -> Iterator[Comparison]:
    with RehearsedServer() as server:
        for graph in graphs:
            yield Comparison(graph, server.judge(graph.text), lint.outcome(graph.text))
