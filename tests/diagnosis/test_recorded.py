"""What a real server said and how it ended, diagnosed. The recordings lie beside the project where it is developed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pytest

from graphval.findings import Effect, Finding, Phase, Severity
from tests.diagnosis.recorded import CORPUS, Diagnosed, Recording, diagnose, recordings

pytestmark = pytest.mark.skipif(CORPUS is None, reason="the recordings are not part of the project")


@dataclass(frozen=True)
class Judged:
    recording: Recording
    diagnosed: Diagnosed

    @cached_property
    def error(self) -> Finding | None:
        return next((f for f in self.diagnosed.findings if f.severity is Severity.ERROR), None)

    @property
    def right_class(self) -> bool:
        expected, moment = self.recording.label["expected"], self.recording.label["phase_expected"]
        if expected == "accept":
            return self.error is None
        return (
            self.error is not None
            and (self.error.effect is Effect.ABORT) == (expected == "abort")
            and (self.error.phase is Phase.LOAD) == (moment == "load")
        )

    @property
    def in_block(self) -> bool:
        block = self.recording.block
        if block is None or self.recording.label["expected"] == "accept":
            return True
        if self.error is None:
            return False
        spans = [self.error.location, *(related.location for related in self.error.related)]
        return any(block[0] <= span.line <= block[1] for span in spans)


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    labelled = [r for r in recordings() if r.label["expected"] is not None]
    return [Judged(recording, diagnose(recording)) for recording in labelled]


def test_there_are_recordings_of_every_kind(judged: list[Judged]) -> None:
    kinds = {(j.recording.label["expected"], j.recording.label["phase_expected"]) for j in judged}
    assert kinds == {("accept", "none")} | {(e, p) for e in ("reject", "abort") for p in ("load", "request")}


def test_the_class_is_right(judged: list[Judged]) -> None:
    assert [j.recording.name for j in judged if not j.right_class] == []


def test_class_and_line_are_right(judged: list[Judged]) -> None:
    missed = [j.recording.name for j in judged if not (j.right_class and j.in_block)]
    assert len(missed) <= 0.04 * len(judged), missed
