"""``OpenVINOTensorsToClassificationCalculator``: scores of classes as a list with indexes and labels.

Source: ``mediapipe/calculators/openvino/openvino_tensors_to_classification_calculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.rehearsal.death import check_failed
from graphval.rehearsal.framework import bindings
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.nodes.tensor_data import floats
from graphval.rehearsal.packets import OV_TENSORS

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.OpenVINOTensorsToClassificationCalculatorOptions"
_FILE = "mediapipe/calculators/openvino/openvino_tensors_to_classification_calculator.cc"
_TENSORS, _CLASSIFICATIONS = ("TENSORS", 0), ("CLASSIFICATIONS", 0)


class TensorsToClassificationNode:
    """Makes classifications of scores."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        options = node.options_of(OPTIONS)
        self._options: Any = options.message if options is not None else None
        self._labels: list[str] | None = None

    def open(self) -> None:
        path = self._options.label_map_path if self._options is not None else ""
        if self._options is None or not self._options.HasField("label_map_path"):
            return
        try:
            lines = Path(path).read_bytes().decode("utf-8", errors="replace").split("\n")
        except OSError as error:
            raise NodeError("NOT_FOUND", f"Can't find file: {path}") from error
        # A line ends where std::getline ends it: a carriage return belongs to the label.
        self._labels = lines if lines[-1] else lines[:-1]

    def process(self, call: Call) -> None:
        packet = call.packets.get(_TENSORS)
        held = self._surroundings.handles.read(packet) if packet is not None else None
        if held is None or held.type != OV_TENSORS:
            raise _ret_check(126, "input_tensors.size() == 1")
        if len(held.value) != 1:
            raise _ret_check(126, f"input_tensors.size() == 1 ({len(held.value)} vs. 1)")
        (scores,) = held.value
        if scores.ndim != 2:
            raise _ret_check(129, "Expecting tensor with 2 dimensions for classification results.")
        found = self._classified([float(score) for score in floats(scores)[0]])
        content = found.SerializeToString()
        call.emit(
            _CLASSIFICATIONS,
            bindings()._packet_creator._create_proto("mediapipe.ClassificationList", content),
            call.timestamp,
        )

    def close(self) -> None:
        """Nothing is held."""

    def _classified(self, scores: list[float]) -> Any:
        options = self._options
        binary = options is not None and options.binary_classification
        if binary:
            if len(scores) != 1:
                raise _ret_check(133, f"num_classes == 1 ({len(scores)} vs. 1)")
            scores = [scores[0], 1.0 - scores[0]]
        if self._labels is not None and len(self._labels) != len(scores):
            raise _ret_check(138, f"num_classes == label_map_.size() ({len(scores)} vs. {len(self._labels)})")
        least = options.min_score_threshold if options is not None and options.HasField("min_score_threshold") else None
        kept = [(index, score) for index, score in enumerate(scores) if binary or least is None or not score < least]
        top = options.top_k if options is not None else 0
        if len(kept) < top:
            check_failed(
                "openvino_tensors_to_classification_calculator.cc",
                178,
                f"Check failed: classification_list->classification_size() >= top_k_ ({len(kept)} vs. {top}) ",
            )
        if top > 0:
            kept = sorted(kept, key=lambda entry: -entry[1])[:top]
        bindings()
        made = importlib.import_module("mediapipe.framework.formats.classification_pb2").ClassificationList()
        for index, score in kept:
            entry = made.classification.add(index=index, score=score)
            if self._labels is not None:
                entry.label = self._labels[index]
        return made


def _ret_check(line: int, expression: str) -> NodeError:
    return NodeError("INTERNAL", f"; RET_CHECK failure ({_FILE}:{line}) {expression}")
