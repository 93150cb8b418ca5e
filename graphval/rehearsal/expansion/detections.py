"""``vector<mediapipe::Detection>`` from one of our nodes, through calculators that only the wheel's framework needs.

Python can make a packet of one detection and none of several. A loop puts them together: ``EndLoopDetectionCalculator``
gathers single detections until the end of their batch, which ``BeginLoopIntCalculator`` gives for a vector of numbers
that Python can make. It counts timestamps of its own from 0: one for each number, the last one with the batch's end. Of
a batch without detections an end loop makes nothing, so that a vector with nothing in it, what is left of one worthless
detection after a threshold, always comes beside it and counts where there is no other.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphval.rehearsal.expansion.entry import Push
from graphval.rehearsal.framework import bindings

_DETECTION = "mediapipe.Detection"
_WORTHLESS, _THRESHOLD = 0.0, 1.0


@dataclass(frozen=True, slots=True)
class DetectionEntry:
    """A stream of detection vectors that one of our nodes feeds."""

    stream: str

    @property
    def parts(self) -> tuple[str, ...]:
        return self._part("nothing"), self._part("items"), self._part("sizes")

    def feeder(self) -> DetectionFeeder:
        return DetectionFeeder(*self.parts)

    def add_to(self, config: Any) -> None:
        """Put the making nodes into a configuration; its new graph inputs are the entry's ``parts``."""
        nothing, items, sizes = self.parts
        self._node(config, "BeginLoopIntCalculator", [f"ITERABLE:{sizes}"],
                   [f"ITEM:{self._part('numbers')}", f"BATCH_END:{self._part('ends')}"])  # fmt: skip
        end = self._node(config, "EndLoopDetectionCalculator", [f"ITEM:{items}", f"BATCH_END:{self._part('ends')}"],
                         [f"ITERABLE:{self._part('found')}"])  # fmt: skip
        # The end of a batch is later than all that is in it, and must not wait to know whether more comes.
        end.input_stream_handler.input_stream_handler = "ImmediateInputStreamHandler"
        self._node(config, "MergeDetectionsToVectorCalculator", [nothing], [self._part("worthless")])
        left = self._node(config, "NonMaxSuppressionCalculator", [self._part("worthless")], [self._part("empty")])
        options = left.node_options.add()
        options.type_url = "type.googleapis.com/mediapipe.NonMaxSuppressionCalculatorOptions"
        options.value = _suppression_options()
        self._node(config, "MergeCalculator", [self._part("found"), self._part("empty")], [self.stream])

    def _part(self, name: str) -> str:
        return f"graphval_{self.stream}_{name}"

    def _node(self, config: Any, calculator: str, inputs: list[str], outputs: list[str]) -> Any:
        node = config.node.add(name=f"graphval_{self.stream}_{calculator.lower()}", calculator=calculator)
        node.input_stream.extend(inputs)
        node.output_stream.extend(outputs)
        return node


class DetectionFeeder:
    """The entry in one run; it follows how far the loop has counted."""

    def __init__(self, nothing: str, items: str, sizes: str) -> None:
        self._nothing, self._items, self._sizes = nothing, items, sizes
        self._counted = 0

    def pushes(self, value: Sequence[Any], timestamp: int) -> list[Push]:
        create = bindings()._packet_creator
        module: Any = importlib.import_module("mediapipe.framework.formats.detection_pb2")
        worthless = module.Detection(score=[_WORTHLESS], label_id=[0]).SerializeToString()
        made: list[Push] = [(self._nothing, create._create_proto(_DETECTION, worthless), timestamp)]
        for detection in value:
            packet = create._create_proto(_DETECTION, detection.SerializeToString())
            made.append((self._items, packet, self._counted))
            self._counted += 1
        made.append((self._sizes, create.create_int_vector([0] * (len(value) + 1)), timestamp))
        self._counted += 1
        return made


def _suppression_options() -> bytes:
    bindings()
    module: Any = importlib.import_module("mediapipe.calculators.util.non_max_suppression_calculator_pb2")
    options = module.NonMaxSuppressionCalculatorOptions(min_score_threshold=_THRESHOLD, return_empty_detections=True)
    return bytes(options.SerializeToString())
