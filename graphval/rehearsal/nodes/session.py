"""``OpenVINOModelServerSessionCalculator``: finds a model of this server and hands it on as a side packet.

Source: ``mediapipe/calculators/ovms/openvinomodelserversessioncalculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphval.deployment.versions import version_asked
from graphval.rehearsal.journal import journal
from graphval.rehearsal.model import ModelVersion
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.status import Refused

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.OpenVINOModelServerSessionCalculatorOptions"


@dataclass(frozen=True, slots=True)
class Session:
    """What the side packet holds: a model version that is served."""

    model: ModelVersion


class SessionNode:
    """Looks its model up when it is opened, for the inference nodes behind it."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings

    def open(self) -> None:
        options = self._node.options_of(OPTIONS)
        name = getattr(options.message, "servable_name", "") if options is not None else ""
        text = getattr(options.message, "servable_version", "") if options is not None else ""
        version = version_asked(text)
        try:
            model = self._surroundings.models.find(name).version(version)
        except Refused as refusal:
            journal.debug(f"Getting model {name} failed: {refusal.status.text}")
            raise NodeError(
                "FAILED_PRECONDITION", "; OpenVINOModelServerSessionCalculator failed to load the model"
            ) from refusal
        for connection in self._node.output_side_packets:
            self._surroundings.side_packets[connection.name] = Session(model)

    def process(self, call: Call) -> None:
        raise AssertionError("a session node has no streams")

    def close(self) -> None:
        """Nothing is held."""
