"""``OpenVINOTensorsToDetectionsCalculator``: raw boxes and scores of a detector as detections.

Source: ``mediapipe/calculators/openvino/openvino_tensors_to_detections_calculator.cc`` (fork of OVMS 2026.4). Values
are computed in the order and the precision of the source: single.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from graphval.rehearsal.death import check_failed
from graphval.rehearsal.framework import bindings, cpp_type
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.nodes.tensor_data import floats
from graphval.rehearsal.packets import DETECTIONS, OV_TENSORS, Held
from graphval.rehearsal.status import NotExercised

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.OpenVINOTensorsToDetectionsCalculatorOptions"
_FOLDER = "mediapipe/calculators/openvino/"
_FILE = "openvino_tensors_to_detections_calculator.cc"
_TENSORS, _DETECTIONS = ("TENSORS", 0), ("DETECTIONS", 0)
_BOX = 4
"""Numbers of a box: its upper, left, lower and right edge."""
_LOWEST = np.finfo(np.float32).min
_INT_MIN = -(1 << 31)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Centre and size of the box that each prediction is relative to; single precision, one entry a box."""

    y: Any
    x: Any
    height: Any
    width: Any

    @staticmethod
    def of_tensor(rows: Any) -> Anchors:
        return Anchors(*(rows[:, column].copy() for column in range(_BOX)))

    @staticmethod
    def of_packet(packet: Any) -> Anchors:
        """The content of a ``std::vector<mediapipe::Anchor>``."""
        anchor: Any = importlib.import_module("mediapipe.framework.formats.object_detection.anchor_pb2").Anchor
        made = [anchor.FromString(content) for content in bindings()._packet_getter._get_serialized_proto_list(packet)]
        fields = ([getattr(entry, name) for entry in made] for name in ("y_center", "x_center", "h", "w"))
        return Anchors(*(np.array(column, np.float32) for column in fields))


class TensorsToDetectionsNode:
    """Makes detections of boxes and scores."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        bound = node.options_of(OPTIONS)
        self._options: Any = bound.message if bound is not None else None
        self._boxes = int(self._options.num_boxes) if self._options is not None else 0
        self._anchors: Anchors | None = None

    def open(self) -> None:
        options = self._options
        values, keypoints, numbers = 2, 0, 0
        if options is not None:
            values, keypoints, numbers = options.num_values_per_keypoint, options.num_keypoints, options.num_coords
        if values != 2:
            check_failed(_FILE, 326, f"Check failed: options_.num_values_per_keypoint() == 2 ({values} vs. 2) ")
        if (wanted := keypoints * values + _BOX) != numbers:
            check_failed(
                _FILE,
                329,
                "Check failed: options_.num_keypoints() * options_.num_values_per_keypoint() + kNumCoordsPerBox == "
                f"num_coords_ ({wanted} vs. {numbers}) ",
            )

    def process(self, call: Call) -> None:
        packet = call.packets.get(_TENSORS)
        if packet is None:
            return
        held = self._surroundings.handles.read(packet)
        if held is None or held.type != OV_TENSORS:
            raise NotExercised(f"a packet of type {self._surroundings.handles.type_of(packet)} holds no tensors")
        with np.errstate(all="ignore"):
            found = self._decoded(held.value) if len(held.value) in (2, 3) else self._given(held.value)
        if self._node.outputs.get(*_DETECTIONS) is not None:
            call.emit(_DETECTIONS, Held(DETECTIONS, found), call.timestamp)

    def close(self) -> None:
        """Nothing is held."""

    # -- a model whose outputs are raw ---------------------------------------------------------------------------------

    def _decoded(self, tensors: Sequence[Any]) -> list[Any]:
        boxes, scores = tensors[0], tensors[1]
        options, count = self._options, self._boxes
        one, number = (1, "1"), (count, "num_boxes_")
        _require_shape("raw_box_tensor", boxes.shape, (one, number, (options.num_coords, "num_coords_")), 206)
        _require_shape("raw_score_tensor", scores.shape, (one, number, (options.num_classes, "num_classes_")), 210)
        raw, rates = floats(boxes)[0], floats(scores)[0]
        if self._anchors is None:
            self._anchors = self._find_anchors(tensors)
        if len(self._anchors.x) < count:
            raise NotExercised(f"{len(self._anchors.x)} anchors for {count} boxes: what is read then is undefined")
        best, classes = top_classes(rates, options)
        return self._detections(decode_boxes(raw, self._anchors, options), best, classes)

    def _find_anchors(self, tensors: Sequence[Any]) -> Anchors:
        if len(tensors) == 3:
            wanted = ((self._boxes, "num_boxes_"), (_BOX, "kNumCoordsPerBox"))
            _require_shape("anchor_tensor", tensors[2].shape, wanted, 221)
            return Anchors.of_tensor(floats(tensors[2]))
        side = self._node.input_side_packets.get("ANCHORS")
        if side is None:
            raise NodeError("UNAVAILABLE", "No anchor data available.")
        packet = self._surroundings.side_packets.get(side.name)
        if packet is None:
            check_failed(_FILE, 227, 'Check failed: !cc->InputSidePackets().Tag("ANCHORS").IsEmpty() ')
        if not cpp_type(packet).startswith("std::vector<mediapipe::Anchor"):
            raise NotExercised(f'side packet "{side.name}" holds no anchors')
        return Anchors.of_packet(packet)

    # -- a model that has done all that itself -------------------------------------------------------------------------

    def _given(self, tensors: Sequence[Any]) -> list[Any]:
        if len(tensors) != 4:
            raise _ret_check(276, f"input_tensors.size() == 4 ({len(tensors)} vs. 4)")
        boxes, kinds, scores, number = tensors
        one = (1, "1")
        _expect_shape("num_boxes_tensor", number.shape, (one,), 282)
        count = _to_int(floats(number)[0])
        _expect_shape(
            "detection_boxes_tensor", boxes.shape, (one, None, (self._options.num_coords, "num_coords_")), 286
        )
        most = boxes.shape[1]
        for name, tensor, line in (("detection_classes_tensor", kinds, 290), ("detection_scores_tensor", scores, 293)):
            _expect_shape(name, tensor.shape, (one, (most, "max_detections")), line)
        rows, rates = floats(boxes)[0], floats(scores)[0]
        if not 0 <= count <= most:
            raise NotExercised(f"{count} boxes in a tensor of {most}: what is read then is undefined")
        self._boxes = count
        classes = [_to_int(kind) for kind in floats(kinds)[0][:count]]
        return self._detections(rows[:count], rates[:count], classes)

    def _detections(self, boxes: Any, scores: Any, classes: Sequence[int]) -> list[Any]:
        """The boxes that count, as messages of type ``mediapipe.Detection``."""
        bindings()
        options = self._options
        detection = importlib.import_module("mediapipe.framework.formats.detection_pb2").Detection
        if options.num_keypoints and not _inside(options.keypoint_coord_offset, 2 * options.num_keypoints, options):
            raise NotExercised("keypoints outside of their box's numbers")
        top, left, bottom, right = (boxes[:, column] for column in range(_BOX))
        width, height = right - left, bottom - top
        kept = ~((width < 0) | (height < 0))
        if options.HasField("min_score_thresh"):
            kept &= ~(scores < np.float32(options.min_score_thresh))
        upper = np.float32(1) - bottom if options.flip_vertically else top
        found = []
        for index in np.flatnonzero(kept):
            made: Any = detection(score=[float(scores[index])], label_id=[int(classes[index])])
            made.location_data.format = made.location_data.RELATIVE_BOUNDING_BOX
            box = made.location_data.relative_bounding_box
            box.xmin, box.ymin = float(left[index]), float(upper[index])
            box.width, box.height = float(width[index]), float(height[index])
            for place in range(options.num_keypoints):
                column = options.keypoint_coord_offset + 2 * place
                x, y = boxes[index, column], boxes[index, column + 1]
                y = np.float32(1) - y if options.flip_vertically else y
                made.location_data.relative_keypoints.add(x=float(x), y=float(y))
            found.append(made)
        return found


def decode_boxes(raw: Any, anchors: Anchors, options: Any) -> Any:
    """Edges and keypoints of each box from its raw numbers: single precision, as many columns as ``raw`` has."""
    if not _inside(options.box_coord_offset, _BOX, options) or (
        options.num_keypoints and not _inside(options.keypoint_coord_offset, 2 * options.num_keypoints, options)
    ):
        raise NotExercised("coordinates outside of their box's numbers")
    count = len(raw)
    y_anchor, x_anchor, height_anchor, width_anchor = (
        column[:count] for column in (anchors.y, anchors.x, anchors.height, anchors.width)
    )
    x_scale, y_scale = np.float32(options.x_scale), np.float32(options.y_scale)
    width_scale, height_scale = np.float32(options.w_scale), np.float32(options.h_scale)

    def placed(first: Any, second: Any) -> tuple[Any, Any]:
        y, x = (second, first) if options.reverse_output_order else (first, second)
        return y / y_scale * height_anchor + y_anchor, x / x_scale * width_anchor + x_anchor

    start = options.box_coord_offset
    y, x = placed(raw[:, start], raw[:, start + 1])
    height, width = raw[:, start + 2], raw[:, start + 3]
    if options.reverse_output_order:
        height, width = width, height
    height, width = height / height_scale, width / width_scale
    if options.apply_exponential_on_box_size:
        height, width = np.exp(height), np.exp(width)
    height, width = height * height_anchor, width * width_anchor
    half = np.float32(2)
    made = np.zeros_like(raw)
    made[:, :_BOX] = np.stack([y - height / half, x - width / half, y + height / half, x + width / half], axis=1)
    for place in range(options.num_keypoints):
        column = options.keypoint_coord_offset + 2 * place
        # The horizontal one comes first, in whatever order the model gives them.
        made[:, column + 1], made[:, column] = placed(raw[:, column], raw[:, column + 1])
    return made


def top_classes(raw: Any, options: Any) -> tuple[Any, list[int]]:
    """The best score of each box and its class, -1 where no class has one."""
    scores = raw
    if options.sigmoid_score:
        if options.HasField("score_clipping_thresh"):
            bound = np.float32(options.score_clipping_thresh)
            scores = np.where(scores < -bound, -bound, scores)
            scores = np.where(scores > bound, bound, scores)
        scores = np.float32(1) / (np.float32(1) + np.exp(-scores))
    # What is no number is above nothing, and so is never the best.
    scores = np.where(np.isnan(scores) | (scores < _LOWEST), _LOWEST, scores)
    ignored = [index for index in options.ignore_classes if 0 <= index < scores.shape[1]]
    scores[:, ignored] = _LOWEST
    if not scores.shape[1]:
        return np.full(len(raw), _LOWEST, np.float32), [-1] * len(raw)
    classes, best = scores.argmax(axis=1), scores.max(axis=1)
    return best, [int(kind) if score > _LOWEST else -1 for kind, score in zip(classes, best, strict=True)]


def _inside(start: int, length: int, options: Any) -> bool:
    return bool(start >= 0 and start + length <= options.num_coords)


def _to_int(value: Any) -> int:
    """A float as C++ makes an int of it on x86."""
    return int(value) if -(1 << 31) <= value < 1 << 31 else _INT_MIN


_Wanted: TypeAlias = Sequence[tuple[int, str] | None]
"""What each dimension must be and what the source calls that; ``None`` where it may be anything."""


def _objection(name: str, shape: Sequence[int], wanted: _Wanted, line: int) -> tuple[int, str] | None:
    """The first condition on a shape that does not hold, and its line: one line each, from that of the number on."""
    if len(shape) != len(wanted):
        return line, f"{name}->get_shape().size() == {len(wanted)} ({len(shape)} vs. {len(wanted)})"
    for dimension, condition in enumerate(wanted):
        if condition is not None and shape[dimension] != condition[0]:
            size, word = condition
            return line + 1 + dimension, f"{name}->get_shape()[{dimension}] == {word} ({shape[dimension]} vs. {size})"
    return None


def _require_shape(name: str, shape: Sequence[int], wanted: _Wanted, line: int) -> None:
    """A ``CHECK``: ends the process where it does not hold."""
    found = _objection(name, shape, wanted, line)
    if found is not None:
        check_failed(_FILE, found[0], f"Check failed: {found[1]} ")


def _expect_shape(name: str, shape: Sequence[int], wanted: _Wanted, line: int) -> None:
    """A ``RET_CHECK``. Raises :class:`NodeError` where it does not hold."""
    found = _objection(name, shape, wanted, line)
    if found is not None:
        raise _ret_check(*found)


def _ret_check(line: int, expression: str) -> NodeError:
    return NodeError("INTERNAL", f"; RET_CHECK failure ({_FOLDER}{_FILE}:{line}) {expression}")
