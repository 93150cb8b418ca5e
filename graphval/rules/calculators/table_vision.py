"""Checks of calculators for images, detections, landmarks, tensors and tracking.

Source: `mediapipe/calculators/{image,tensor,tflite,util,video,tracking}/*.cc` (fork of OVMS 2026.4).
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
    count,
    entries,
    exactly_one,
    excludes,
    fault_if,
    has,
    one_of_options,
    option,
    option_set,
    requires,
    same_count,
    together,
    unusable,
)

_COLOR_PAIRS = frozenset(
    {
        ("RGBA_IN", "RGB_OUT"),
        ("GRAY_IN", "RGB_OUT"),
        ("RGB_IN", "GRAY_OUT"),
        ("RGB_IN", "RGBA_OUT"),
        ("BGRA_IN", "RGBA_OUT"),
        ("RGBA_IN", "BGRA_OUT"),
        ("BGR_IN", "RGB_OUT"),
    }
)


def _tensor_range(node: Node, options: Options) -> Iterator[Fault]:
    limits = {
        "output_tensor_float_range": None,
        "output_tensor_int_range": (-128, 127),
        "output_tensor_uint_range": (0, 255),
    }
    for name, limit in limits.items():
        if not options.has(name):
            continue
        low, high = options[name].min, options[name].max
        if low >= high:
            yield Fault(f"{name} needs min < max, this is {low} to {high}", options.place(name))
        elif limit is not None and (low < limit[0] or high > limit[1]):
            yield Fault(
                f"{name} must lie within {limit[0]} to {limit[1]}, this is {low} to {high}", options.place(name)
            )
    for name in ("output_tensor_width", "output_tensor_height"):
        if options.has(name) and options[name] <= 0:
            yield Fault(f"{name} must be above 0, but is {options[name]}", options.place(name))


def _crop_source(node: Node, options: Options) -> Iterator[Fault]:
    sources = [
        has(node, "in:RECT"),
        has(node, "in:WIDTH") and has(node, "in:HEIGHT"),
        has(node, "in:NORM_RECT"),
        options.has("norm_width") and options.has("norm_height"),
        options.has("width") and options.has("height"),
    ]
    if sum(sources) != 1:
        yield Fault(
            "ImageCroppingCalculator takes exactly one crop source: RECT, WIDTH and HEIGHT, NORM_RECT, or the "
            "options width and height or norm_width and norm_height",
            node.calculator_place,
            "give one of them",
        )


def _annotation_tags(node: Node, options: Options) -> Iterator[Fault]:
    for tag in ("IMAGE", "UIMAGE"):
        if has(node, f"in:{tag}") and not has(node, f"out:{tag}"):
            yield Fault(f"an {tag} input needs an {tag} output", entries(node, f"in:{tag}")[0].place)
    if not node.inputs:
        yield Fault("AnnotationOverlayCalculator needs an input stream", node.calculator_place)


def _canvas(node: Node, options: Options) -> bool:
    no_image = not has(node, "in:IMAGE") and not has(node, "in:UIMAGE")
    return no_image and not (options.has("canvas_width_px") and options.has("canvas_height_px"))


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


def _subtraction(node: Node, options: Options) -> Iterator[Fault]:
    streams = [tag for tag in ("MINUEND", "SUBTRAHEND") if has(node, f"in:{tag}")]
    sides = [tag for tag in ("MINUEND", "SUBTRAHEND") if has(node, f"side:{tag}")]
    if len(streams) != 1 or len(sides) != 1 or streams == sides:
        yield Fault(
            "MatrixSubtractCalculator takes one of MINUEND and SUBTRAHEND as stream and the other as side packet",
            node.calculator_place,
        )


def _nms_inputs(node: Node, options: Options) -> Iterator[Fault]:
    wanted, inputs = options["num_detection_streams"], entries(node, "in:")
    if len(inputs) > max(wanted, 0):
        yield Fault(
            f"num_detection_streams is {wanted}, but the node has {len(inputs)} untagged inputs",
            inputs[max(wanted, 0)].place,
            f"set num_detection_streams: {len(inputs)}",
        )
    elif inputs and len(inputs) < wanted:
        yield Fault(
            f"num_detection_streams is {wanted}, but the node has {len(inputs)} untagged inputs",
            options.place("num_detection_streams"),
            f"set num_detection_streams: {len(inputs)}",
        )


_FIXED_EXCLUDES = ("input_size_height", "input_size_width", "min_scale", "max_scale", "num_layers")


def _fixed_anchors(node: Node, options: Options) -> Iterator[Fault]:
    if not len(options["fixed_anchors"]):
        return
    given = [name for name in _FIXED_EXCLUDES if options.has(name)]
    if options["multiscale_anchor_generation"]:
        given.append("multiscale_anchor_generation")
    if given:
        yield Fault(f"fixed_anchors cannot be combined with {given[0]}", options.place(given[0]), "keep one of them")


def _layers(options: Options) -> tuple[int, str]:
    """For how many layers anchors are made, and what says so."""
    if options["multiscale_anchor_generation"]:
        return options["max_level"] - options["min_level"] + 1, "max_level - min_level + 1"
    return options["num_layers"], "num_layers"


def _anchors(node: Node, options: Options) -> Iterator[Fault]:
    if len(options["fixed_anchors"]):
        return
    layers, source = _layers(options)
    heights, widths, strides = (len(options[name]) for name in ("feature_map_height", "feature_map_width", "strides"))
    if heights and heights != layers:
        yield Fault(
            f"{source} is {layers}, but feature_map_height is given {heights} times",
            options.place("feature_map_height"),
        )
    elif heights and widths != heights:
        yield Fault(
            f"feature_map_height is given {heights} times, but feature_map_width {widths} times",
            options.place("feature_map_width"),
        )
    elif not heights and strides and strides != layers:
        yield Fault(f"{source} is {layers}, but strides is given {strides} times", options.place("strides"))


def _anchors_without_end(node: Node, options: Options) -> bool:
    """Layers are walked through in groups of equal strides; without strides the walk stays at one layer."""
    heights, layers = len(options["feature_map_height"]), options["num_layers"]
    return (
        not len(options["fixed_anchors"])
        and not options["multiscale_anchor_generation"]
        and heights == len(options["feature_map_width"]) == layers
        and len(options["strides"]) < layers
    )


def _no_anchor_source(node: Node, options: Options) -> bool:
    return not (len(options["fixed_anchors"]) or len(options["strides"]) or len(options["feature_map_height"]))


def _refinements(node: Node, options: Options) -> Iterator[Fault]:
    blocks = list(options.bound.messages("refinement")) if options.bound is not None else []
    seen: set[int] = set()
    for block, refinement in zip(blocks, options["refinement"], strict=False):
        if not refinement.indexes_mapping:
            yield Fault("the refinement has no indexes_mapping", block.place)
        elif not refinement.HasField("z_refinement"):
            yield Fault("the refinement has no z_refinement", block.place, "add z_refinement { none {} }")
        else:
            seen.update(refinement.indexes_mapping)
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


def _empty_label_map(node: Node, options: Options) -> bool:
    return options.has("label_map_path") and not options["label_map_path"]


_LABEL_MAP = fault_if(_empty_label_map, "label_map_path is empty", field="label_map_path")


def _video_size(node: Node, options: Options) -> Iterator[Fault]:
    if has(node, "in:VIDEO_PRESTREAM"):
        return
    for name in ("fps", "width", "height"):
        if options[name] <= 0:
            yield Fault(f"without VIDEO_PRESTREAM {name} must be above 0", options.place(name), f"set {name}")


def _color_pair(node: Node, options: Options) -> bool:
    inputs, outputs = list(node.inputs), list(node.outputs)
    return len(inputs) == len(outputs) == 1 and (inputs[0].tag, outputs[0].tag) not in _COLOR_PAIRS


def coordinates(node: Node, options: Options) -> Iterator[Fault]:
    """The box layout of a detection decoder adds up (also used for OpenVINO's own decoder)."""
    if options["num_values_per_keypoint"] != 2:
        yield Fault("num_values_per_keypoint must be 2", options.place("num_values_per_keypoint"))
        return
    sum_of_values = options["num_keypoints"] * options["num_values_per_keypoint"] + 4
    if sum_of_values != options["num_coords"]:
        yield Fault(
            f"num_keypoints * num_values_per_keypoint + 4 is {sum_of_values}, but num_coords is {options['num_coords']}",
            options.place("num_coords"),
            f"set num_coords: {sum_of_values}",
        )


def channels(name: str = "max_num_channels") -> Check:
    """Converters accept images of 1, 3 or 4 channels."""
    return option(name, lambda v: v not in (1, 3, 4), "must be 1, 3 or 4")


def _float_range(node: Node, options: Options) -> bool:
    return bool(options.has("output_tensor_float_range")) and (
        options["output_tensor_float_range"].max <= options["output_tensor_float_range"].min
    )


def _landmark_image(node: Node, options: Options) -> bool:
    flips = (
        options["flip_vertically"]
        or options["flip_horizontally"]
        or any(has(node, f"{kind}:FLIP_{way}") for kind in ("in", "side") for way in ("HORIZONTALLY", "VERTICALLY"))
    )
    needed = has(node, "out:NORM_LANDMARKS") or (has(node, "out:LANDMARKS") and flips)
    return needed and not (options.has("input_image_width") and options.has("input_image_height"))


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
    "AnnotationOverlayCalculator": {
        Moment.CONTRACT: (
            at_most_one("in:IMAGE", "in:UIMAGE"),
            exactly_one("out:IMAGE", "out:UIMAGE"),
            _annotation_tags,
        ),
        Moment.OPEN: (
            fault_if(
                _canvas,
                "without an image input, canvas_width_px and canvas_height_px must be set",
                field="canvas_width_px",
            ),
        ),
    },
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
    "BoxDetectorCalculator": {
        Moment.CONTRACT: (together("in:FEATURES", "in:DESCRIPTORS"), requires("out:VIZ", "in:VIDEO")),
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: bool(n.inputs) and not any(has(n, f"in:{t}") for t in ("TRACKING", "VIDEO", "FEATURES")),
                "BoxDetectorCalculator needs TRACKING, VIDEO or FEATURES with DESCRIPTORS",
            ),
        ),
    },
    "BoxTrackerCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:TRACKING", "side:CACHE_DIR"),
            requires("in:TRACK_TIME", "in:TRACKING"),
            requires("out:VIZ", "in:VIDEO"),
        ),
        Moment.OPEN: (
            fault_if(
                lambda n, o: has(n, "side:INITIAL_POS") and o.has("initial_position"),
                "the initial position is given as a side packet and as an option",
                field="initial_position",
                help="keep one of them",
            ),
            fault_if(
                lambda n, o: has(n, "side:CACHE_DIR") and o["streaming_track_data_cache_size"] > 0,
                "streaming_track_data_cache_size cannot be combined with CACHE_DIR",
                field="streaming_track_data_cache_size",
            ),
        ),
    },
    "ColorConvertCalculator": {
        Moment.CONTRACT: (count("in", 1), count("out", 1)),
        Moment.PROCESS: (
            fault_if(
                _color_pair,
                "ColorConvertCalculator cannot convert between these two formats",
                help="possible: RGBA_IN to RGB_OUT, GRAY_IN to RGB_OUT, RGB_IN to GRAY_OUT, RGB_IN to RGBA_OUT, "
                "BGRA_IN to RGBA_OUT, RGBA_IN to BGRA_OUT, BGR_IN to RGB_OUT",
            ),
        ),
    },
    "DetectionLabelIdToTextCalculator": {
        Moment.OPEN: (at_most_one_option("label_map_path", "label", "label_items"), _LABEL_MAP)
    },
    "DetectionProjectionCalculator": {Moment.CONTRACT: (same_count("in:DETECTIONS", "out:DETECTIONS"),)},
    "DetectionsToRectsCalculator": {Moment.CONTRACT: _RECT_RULES, Moment.OPEN: (_rotation,)},
    "DetectionsToRenderDataCalculator": {
        Moment.CONTRACT: (at_least_one("in:DETECTION", "in:DETECTIONS", "in:DETECTION_LIST"),)
    },
    "FaceLandmarksToRenderDataCalculator": {Moment.CONTRACT: (exactly_one("in:LANDMARKS", "in:NORM_LANDMARKS"),)},
    "FlowToImageCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: o["min_value"] >= o["max_value"], "min_value must be below max_value", field="min_value"
            ),
        )
    },
    "HandDetectionsFromPoseToRectsCalculator": {
        Moment.CONTRACT: _RECT_RULES,
        Moment.OPEN: (fault_if(lambda n, o: not has(n, "in:IMAGE_SIZE"), "the input stream IMAGE_SIZE is needed"),),
    },
    "ImageCloneCalculator": {
        Moment.CONTRACT: (option("output_on_gpu", bool, "cannot be used, since OVMS is built without GPU support"),)
    },
    "ImageCroppingCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:IMAGE", "in:IMAGE_GPU"),
            exactly_one("out:IMAGE", "out:IMAGE_GPU"),
            _crop_source,
        )
    },
    "ImagePropertiesCalculator": {Moment.CONTRACT: (exactly_one("in:IMAGE", "in:IMAGE_CPU", "in:IMAGE_GPU"),)},
    "ImageToTensorCalculator": {
        Moment.CONTRACT: (
            one_of_options("output_tensor_float_range", "output_tensor_int_range", "output_tensor_uint_range"),
            _tensor_range,
            exactly_one("in:IMAGE", "in:IMAGE_GPU"),
            unusable("in:IMAGE_GPU"),
            exactly_one("out:TENSORS", "out:TENSOR"),
        )
    },
    "ImageTransformationCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:IMAGE", "in:IMAGE_GPU"),
            together("in:VIDEO_PRESTREAM", "out:VIDEO_PRESTREAM"),
            excludes("in:VIDEO_PRESTREAM", "in:OUTPUT_DIMENSIONS", "in:ROTATION_DEGREES"),
        )
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
    "MatrixSubtractCalculator": {Moment.CONTRACT: (_subtraction,)},
    "LandmarksRefinementCalculator": {Moment.OPEN: (_refinements,)},
    "MotionAnalysisCalculator": {
        Moment.CONTRACT: (at_least_one("in:VIDEO", "in:SELECTION"),),
        Moment.OPEN: (
            requires("out:VIDEO_OUT", "in:SELECTION", "in:VIDEO"),
            requires("out:VIZ", "in:VIDEO"),
            requires("out:DENSE_FG", "in:VIDEO"),
            excludes("in:SELECTION", "side:CSV_FILE"),
        ),
    },
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
    "OpenCvVideoEncoderCalculator": {
        Moment.OPEN: (
            option("codec", lambda v: len(v) != 4, "must have exactly 4 characters"),
            option("video_format", lambda v: not v, "must be set"),
            _video_size,
        )
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
    "SsdAnchorsCalculator": {
        Moment.OPEN: (
            _fixed_anchors,
            fault_if(_no_anchor_source, "neither strides nor feature map sizes are given", field="strides"),
            fault_if(
                _anchors_without_end,
                "num_layers anchors are made stride by stride, and with fewer strides than layers that never ends",
                field="feature_map_height",
                help="give strides once for each layer",
            ),
        ),
        Moment.OPEN_ABORT: (_anchors,),
    },
    "TensorsToClassificationCalculator": {
        Moment.OPEN: (
            fault_if(
                lambda n, o: o["binary_classification"] and (o.has("allow_classes") or o.has("ignore_classes")),
                "binary_classification cannot be combined with allow_classes or ignore_classes",
                field="binary_classification",
            ),
            at_most_one_option("allow_classes", "ignore_classes"),
            _LABEL_MAP,
        )
    },
    "TensorsToDetectionsCalculator": {
        Moment.OPEN: (
            option_set("num_classes"),
            option_set("num_coords"),
            at_most_one_option("allow_classes", "ignore_classes"),
            fault_if(
                lambda n, o: has(n, "side:IGNORE_CLASSES") and o.has("allow_classes"),
                "allow_classes cannot be combined with the side packet IGNORE_CLASSES",
                field="allow_classes",
            ),
        ),
        Moment.OPEN_ABORT: (
            option("max_results", lambda v: v == 0, "must not be 0"),
            lambda n, o: coordinates(n, o) if o.has("num_classes") and o.has("num_coords") else iter(()),
        ),
    },
    "TensorsToFloatsCalculator": {Moment.CONTRACT: (exactly_one("out:FLOAT", "out:FLOATS"),)},
    "TensorsToLandmarksCalculator": {
        Moment.CONTRACT: (
            at_most_one("in:FLIP_HORIZONTALLY", "side:FLIP_HORIZONTALLY"),
            at_most_one("in:FLIP_VERTICALLY", "side:FLIP_VERTICALLY"),
        ),
        Moment.OPEN: (
            option_set("num_landmarks"),
            fault_if(
                _landmark_image, "input_image_width and input_image_height must be set", field="input_image_width"
            ),
        ),
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: o.has("num_landmarks") and o["num_landmarks"] == 0,
                "num_landmarks must not be 0",
                field="num_landmarks",
            ),
        ),
    },
    "TensorsToSegmentationCalculator": {Moment.CONTRACT: (exactly_one("in:TENSORS", "in:TENSOR"),)},
    "TfLiteConverterCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:IMAGE", "in:IMAGE_GPU", "in:MATRIX"),
            exactly_one("out:TENSORS", "out:TENSORS_GPU"),
        ),
        Moment.OPEN_ABORT: (
            channels(),
            fault_if(_float_range, "output_tensor_float_range needs min < max", field="output_tensor_float_range"),
        ),
    },
    "TfLiteInferenceCalculator": {
        Moment.CONTRACT: (
            exactly_one("in:TENSORS", "in:TENSORS_GPU"),
            exactly_one("out:TENSORS", "out:TENSORS_GPU"),
            fault_if(
                lambda n, o: bool(o["model_path"]) == has(n, "side:MODEL"),
                "exactly one of the option model_path and the side packet MODEL is needed",
                field="model_path",
            ),
        )
    },
    "TfLiteCustomOpResolverCalculator": {
        Moment.OPEN_ABORT: (
            fault_if(
                lambda n, o: not has(n, "outside:OP_RESOLVER") and not has(n, "outside:"),
                "TfLiteCustomOpResolverCalculator needs the output side packet OP_RESOLVER",
            ),
        )
    },
    "TfLiteModelCalculator": {
        Moment.CONTRACT: (exactly_one("outside:MODEL", "outside:SHARED_MODEL"),),
        Moment.OPEN: (fault_if(lambda n, o: not n.input_side_packets, "no side packet brings a model"),),
    },
    "TfLiteTensorsToDetectionsCalculator": {
        Moment.OPEN_ABORT: (coordinates,),
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: not has(n, "in:TENSORS") and not has(n, "in:TENSORS_GPU"),
                "TfLiteTensorsToDetectionsCalculator needs the input stream TENSORS",
            ),
        ),
    },
    "TfLiteTensorsToFloatsCalculator": {Moment.CONTRACT: (at_least_one("out:FLOAT", "out:FLOATS"),)},
    "TfLiteTensorsToLandmarksCalculator": {
        Moment.OPEN: (
            fault_if(
                _landmark_image, "input_image_width and input_image_height must be set", field="input_image_width"
            ),
        ),
        Moment.PROCESS_ABORT: (option("num_landmarks", lambda v: v == 0, "must not be 0"),),
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
    "ToImageCalculator": {Moment.CONTRACT: (exactly_one("in:IMAGE", "in:IMAGE_CPU", "in:IMAGE_GPU"),)},
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
TABLE |= {
    name: {
        Moment.CONTRACT: (
            exactly_one("in:TENSORS", "in:TENSOR"),
            exactly_one("out:TENSORS", "out:TENSOR"),
            fault_if(
                lambda n, o: bool(o["model_path"]) == has(n, "side:MODEL"),
                "exactly one of the option model_path and the side packet MODEL is needed",
                field="model_path",
            ),
        )
    }
    for name in ("InferenceCalculator", "InferenceCalculatorCpu")
}
