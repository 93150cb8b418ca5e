"""Checks of calculators for detections, landmarks, rectangles and what is drawn of them.

Source: `mediapipe/calculators/util/*.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.graph import Node
from graphval.rules.calculators.checks import (
    Check,
    Fault,
    Moment,
    Options,
    at_least_one,
    at_most_one,
    at_most_one_option,
    entries,
    exactly_one,
    fault_if,
    has,
    one_of_options,
    option,
    option_set,
    requires,
    same_count,
    together,
)
from graphval.rules.calculators.table_tensors import LABEL_MAP


def _smoothing(node: Node, options: Options) -> Iterator[Fault]:
    if has(node, "in:NORM_LANDMARKS") and has(node, "in:LANDMARKS"):
        return
    if has(node, "in:NORM_LANDMARKS"):
        needed: tuple[str, ...] = ("in:IMAGE_SIZE", "out:NORM_FILTERED_LANDMARKS")
        unwanted: tuple[str, ...] = ("out:FILTERED_LANDMARKS",)
    else:
        needed, unwanted = ("out:FILTERED_LANDMARKS",), ("in:IMAGE_SIZE", "out:NORM_FILTERED_LANDMARKS")
    for port in needed:
        if not has(node, port):
            yield Fault(f"LandmarksSmoothingCalculator lacks {port.partition(':')[2]}", node.calculator_place)
    for port in unwanted:
        if has(node, port):
            yield Fault(
                f"LandmarksSmoothingCalculator cannot have {port.partition(':')[2]} here", entries(node, port)[0].place
            )


def _visibility(node: Node, options: Options) -> Iterator[Fault]:
    for prefix in ("NORM_", ""):
        source, filtered = f"in:{prefix}LANDMARKS", f"out:{prefix}FILTERED_LANDMARKS"
        if has(node, source) != has(node, filtered):
            yield Fault(f"{prefix}LANDMARKS goes with {prefix}FILTERED_LANDMARKS", node.calculator_place)


def _nms_inputs(node: Node, options: Options) -> Iterator[Fault]:
    wanted, inputs = options["num_detection_streams"], entries(node, "in:")
    if len(inputs) > max(wanted, 0):
        yield Fault(
            f"num_detection_streams is {wanted}, but the node has {len(inputs)} untagged inputs",
            inputs[max(wanted, 0)].place,
            f"set num_detection_streams: {len(inputs)}",
        )
    elif len(inputs) < wanted:
        yield Fault(
            f"num_detection_streams is {wanted}, but the node has {len(inputs) or 'no'} untagged inputs",
            options.place("num_detection_streams") if inputs else node.calculator_place,
            f"set num_detection_streams: {len(inputs)}" if inputs else "connect the streams of detections",
        )


def _refinements(node: Node, options: Options) -> Iterator[Fault]:
    blocks = list(options.bound.messages("refinement")) if options.bound is not None else []
    seen: set[int] = set()
    for block, refinement in zip(blocks, options["refinement"], strict=False):
        if not refinement["indexes_mapping"]:
            yield Fault("the refinement has no indexes_mapping", block.place)
        elif not refinement.has("z_refinement"):
            yield Fault("the refinement has no z_refinement", block.place, "add z_refinement { none {} }")
        else:
            seen.update(refinement["indexes_mapping"])
            continue
        return
    if not blocks:
        yield Fault(
            "LandmarksRefinementCalculator has no refinement options",
            options.place("refinement"),
            "write one refinement { … } for each LANDMARKS",
        )
    elif seen != set(range(len(seen))):
        missing = next(index for index in range(len(seen) + 1) if index not in seen)
        yield Fault(f"no refinement maps the index {missing}", options.place("refinement"))
    elif len(entries(node, "in:LANDMARKS")) != len(blocks):
        yield Fault(
            f"LandmarksRefinementCalculator has {len(entries(node, 'in:LANDMARKS'))} LANDMARKS inputs but "
            f"{len(blocks)} refinement options",
            blocks[-1].place,
            "write one refinement { … } for each LANDMARKS",
        )


_RECT_RULES: tuple[Check, ...] = (
    exactly_one("in:DETECTION", "in:DETECTIONS"),
    exactly_one("out:NORM_RECT", "out:RECT", "out:NORM_RECTS", "out:RECTS"),
)


def _rotation(node: Node, options: Options) -> Iterator[Fault]:
    if not options.has("rotation_vector_start_keypoint_index"):
        return
    place = options.place("rotation_vector_start_keypoint_index")
    if not options.has("rotation_vector_end_keypoint_index"):
        yield Fault("rotation needs rotation_vector_end_keypoint_index too", place)
    if options.has("rotation_vector_target_angle") == options.has("rotation_vector_target_angle_degrees"):
        yield Fault(
            "rotation needs exactly one of rotation_vector_target_angle and rotation_vector_target_angle_degrees", place
        )
    if not has(node, "in:IMAGE_SIZE"):
        yield Fault("rotation needs the input stream IMAGE_SIZE", place, "connect IMAGE_SIZE")


_KEYPOINTS_SET = (option_set("rotation_vector_start_keypoint_index"), option_set("rotation_vector_end_keypoint_index"))


TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
    "AlignmentPointsRectsCalculator": {Moment.CONTRACT: _RECT_RULES, Moment.OPEN: (_rotation, *_KEYPOINTS_SET)},
    "AssociationNormRectCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: has(n, "in:PREV") and len(n.inputs) < 2,
                "PREV needs at least one further input",
                port="in:PREV",
            ),
        ),
        Moment.OPEN_ABORT: (option("min_similarity_threshold", lambda v: v < 0, "must not be negative"),),
    },
    "DetectionLabelIdToTextCalculator": {
        Moment.OPEN: (at_most_one_option("label_map_path", "label", "label_items"), LABEL_MAP)
    },
    "DetectionProjectionCalculator": {Moment.CONTRACT: (same_count("in:DETECTIONS", "out:DETECTIONS"),)},
    "DetectionsToRectsCalculator": {Moment.CONTRACT: _RECT_RULES, Moment.OPEN: (_rotation,)},
    "DetectionsToRenderDataCalculator": {
        Moment.CONTRACT: (at_least_one("in:DETECTION", "in:DETECTIONS", "in:DETECTION_LIST"),)
    },
    "FaceLandmarksToRenderDataCalculator": {Moment.CONTRACT: (exactly_one("in:LANDMARKS", "in:NORM_LANDMARKS"),)},
    "HandDetectionsFromPoseToRectsCalculator": {
        Moment.CONTRACT: _RECT_RULES,
        Moment.OPEN: (fault_if(lambda n, o: not has(n, "in:IMAGE_SIZE"), "the input stream IMAGE_SIZE is needed"),),
    },
    "LandmarkLetterboxRemovalCalculator": {Moment.CONTRACT: (same_count("in:LANDMARKS", "out:LANDMARKS"),)},
    "LandmarkProjectionCalculator": {
        Moment.CONTRACT: (
            same_count("in:NORM_LANDMARKS", "out:NORM_LANDMARKS"),
            exactly_one("in:NORM_RECT", "in:PROJECTION_MATRIX"),
            requires("in:IMAGE_DIMENSIONS", "in:NORM_RECT"),
        )
    },
    "LandmarksSmoothingCalculator": {
        Moment.CONTRACT: (exactly_one("in:NORM_LANDMARKS", "in:LANDMARKS"), _smoothing),
        Moment.OPEN: (one_of_options("no_filter", "velocity_filter", "one_euro_filter"),),
    },
    "LandmarksToRenderDataCalculator": {
        Moment.CONTRACT: (exactly_one("in:LANDMARKS", "in:NORM_LANDMARKS"),),
        Moment.OPEN: (
            fault_if(
                lambda n, o: len(o["landmark_connections"]) % 2 == 1,
                "landmark_connections needs pairs, but has an odd number of entries",
                field="landmark_connections",
            ),
        ),
    },
    "LandmarksRefinementCalculator": {Moment.OPEN: (_refinements,)},
    "NonMaxSuppressionCalculator": {
        Moment.CONTRACT: (_nms_inputs,),
        Moment.OPEN_ABORT: (
            option("max_num_detections", lambda v: v == 0, "must not be 0"),
            fault_if(
                lambda n, o: o["num_detection_streams"] <= 0 and not has(n, "in:"),
                "num_detection_streams must be above 0",
                field="num_detection_streams",
            ),
        ),
    },
    "RectToRenderDataCalculator": {
        Moment.CONTRACT: (exactly_one("in:NORM_RECT", "in:RECT", "in:NORM_RECTS", "in:RECTS"),),
        Moment.OPEN: (
            fault_if(
                lambda n, o: o.has("top_left_thickness") and (o["filled"] or o["oval"]),
                "top_left_thickness cannot be combined with filled or oval",
                field="top_left_thickness",
            ),
        ),
    },
    "RectTransformationCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:NORM_RECT", "in:NORM_RECTS", "in:RECT", "in:RECTS"),
            requires("in:NORM_RECT", "in:IMAGE_SIZE"),
            requires("in:NORM_RECTS", "in:IMAGE_SIZE"),
            fault_if(
                lambda n, o: (
                    has(n, "in:IMAGE_SIZE")
                    and (has(n, "in:RECT") or has(n, "in:RECTS"))
                    and not (has(n, "in:NORM_RECT") or has(n, "in:NORM_RECTS"))
                ),
                "IMAGE_SIZE goes with NORM_RECT and NORM_RECTS only",
                port="in:IMAGE_SIZE",
            ),
        ),
        Moment.OPEN: (
            at_most_one_option("rotation", "rotation_degrees"),
            at_most_one_option("square_long", "square_short"),
        ),
    },
    "ThresholdingCalculator": {
        Moment.CONTRACT: (at_most_one("in:THRESHOLD", "side:THRESHOLD"),),
        Moment.OPEN: (
            fault_if(
                lambda n, o: o.has("threshold") and (has(n, "in:THRESHOLD") or has(n, "side:THRESHOLD")),
                "the option threshold cannot be combined with THRESHOLD",
                field="threshold",
            ),
        ),
    },
    "VisibilityCopyCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:LANDMARKS_FROM", "in:NORM_LANDMARKS_FROM"),
            exactly_one("in:LANDMARKS_TO", "in:NORM_LANDMARKS_TO"),
            together("in:LANDMARKS_TO", "out:LANDMARKS_TO"),
            together("in:NORM_LANDMARKS_TO", "out:NORM_LANDMARKS_TO"),
        )
    },
    "VisibilitySmoothingCalculator": {
        Moment.CONTRACT: (exactly_one("in:NORM_LANDMARKS", "in:LANDMARKS"), _visibility),
        Moment.OPEN: (one_of_options("no_filter", "low_pass_filter"),),
    },
}
