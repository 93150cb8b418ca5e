"""What an engine showed of one graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphval.diagnosis.served import Served
from graphval.findings import By, Finding, NotExercised, Rung, Stage, StageStatus
from graphval.probe.exercise import Exercise


@dataclass(slots=True)
class GraphOutcome:
    """What an engine showed of one graph: rungs passed, failed or left out, findings, what was not exercised."""

    shown: dict[Rung, Stage] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    inconclusive: bool = False
    probes: int = 0
    seconds: float = 0.0

    def show(self, rung: Rung, status: StageStatus, seconds: float) -> None:
        self.shown[rung] = Stage(rung, status, By.ENGINE, seconds)

    @property
    def was_served(self) -> bool:
        stage = self.shown.get(Rung.SERVE)
        return stage is not None and stage.status is StageStatus.PASS

    def take_served(self, exercise: Exercise, served: Served, blocked: Sequence[NotExercised]) -> None:
        """Enter what requests showed. ``blocked``: what the engine cannot run of it."""
        self.findings += served.findings
        self.not_exercised += blocked or served.not_exercised
        self.inconclusive = self.inconclusive or served.inconclusive
        creation = exercise.creation.seconds if exercise.creation is not None else 0.0
        serving = sum(answer.seconds for _, answer in exercise.served)
        for rung, status, seconds in ((Rung.CREATE, served.create, creation), (Rung.SERVE, served.serve, serving)):
            if status is StageStatus.PASS and blocked:
                # Nodes that the engine cannot run were neither opened nor fed.
                status = None
            self.show(rung, status or StageStatus.SKIPPED, seconds)
