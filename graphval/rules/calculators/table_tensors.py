"""Checks of calculators that make tensors and read them.

Source: `mediapipe/calculators/{tensor,tflite,util}/*.cc` (fork of OVMS 2026.4).
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
    exactly_one,
    fault_if,
    has,
    one_of_options,
    option,
    option_set,
    unusable,
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
        low, high = options[name]["min"], options[name]["max"]
        if low >= high:
            yield Fault(f"{name} needs min < max, this is {low} to {high}", options.place(name))
        elif limit is not None and (low < limit[0] or high > limit[1]):
            yield Fault(
                f"{name} must lie within {limit[0]} to {limit[1]}, this is {low} to {high}", options.place(name)
            )
    for name in ("output_tensor_width", "output_tensor_height"):
        if options.has(name) and options[name] <= 0:
            yield Fault(f"{name} must be above 0, but is {options[name]}", options.place(name))


def _subtraction(node: Node, options: Options) -> Iterator[Fault]:
    streams = [tag for tag in ("MINUEND", "SUBTRAHEND") if has(node, f"in:{tag}")]
    sides = [tag for tag in ("MINUEND", "SUBTRAHEND") if has(node, f"side:{tag}")]
    if len(streams) != 1 or len(sides) != 1 or streams == sides:
        yield Fault(
            "MatrixSubtractCalculator takes one of MINUEND and SUBTRAHEND as stream and the other as side packet",
            node.calculator_place,
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


def _empty_label_map(node: Node, options: Options) -> bool:
    return options.has("label_map_path") and not options["label_map_path"]


LABEL_MAP = fault_if(_empty_label_map, "label_map_path is empty", field="label_map_path")


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
        options["output_tensor_float_range"]["max"] <= options["output_tensor_float_range"]["min"]
    )


def _landmark_image(node: Node, options: Options) -> bool:
    flips = (
        options["flip_vertically"]
        or options["flip_horizontally"]
        or any(has(node, f"{kind}:FLIP_{way}") for kind in ("in", "side") for way in ("HORIZONTALLY", "VERTICALLY"))
    )
    needed = has(node, "out:NORM_LANDMARKS") or (has(node, "out:LANDMARKS") and flips)
    return needed and not (options.has("input_image_width") and options.has("input_image_height"))


TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
    "ImageToTensorCalculator": {
        Moment.CONTRACT: (
            one_of_options("output_tensor_float_range", "output_tensor_int_range", "output_tensor_uint_range"),
            _tensor_range,
            exactly_one("in:IMAGE", "in:IMAGE_GPU"),
            unusable("in:IMAGE_GPU"),
            exactly_one("out:TENSORS", "out:TENSOR"),
        )
    },
    "MatrixSubtractCalculator": {Moment.CONTRACT: (_subtraction,)},
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
            LABEL_MAP,
        )
    },
    "TensorsToDetectionsCalculator": {
        Moment.OPEN: (
            option_set("num_classes"),
            option_set("num_coords"),
            at_most_one_option("allow_classes", "ignore_classes"),
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
            exactly_one("in:IMAGE", "in:MATRIX"),
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
