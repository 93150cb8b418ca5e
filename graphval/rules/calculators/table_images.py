"""Checks of calculators for images, video and tracking.

Source: `mediapipe/calculators/{image,util,video,tracking}/*.cc` (fork of OVMS 2026.4).
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
    count,
    entries,
    exactly_one,
    excludes,
    fault_if,
    has,
    option,
    requires,
    together,
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


def _video_size(node: Node, options: Options) -> Iterator[Fault]:
    if has(node, "in:VIDEO_PRESTREAM"):
        return
    for name in ("fps", "width", "height"):
        if options[name] <= 0:
            yield Fault(f"without VIDEO_PRESTREAM {name} must be above 0", options.place(name), f"set {name}")


def _color_pair(node: Node, options: Options) -> bool:
    inputs, outputs = list(node.inputs), list(node.outputs)
    return len(inputs) == len(outputs) == 1 and (inputs[0].tag, outputs[0].tag) not in _COLOR_PAIRS


TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
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
    "FeatureDetectorCalculator": {
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: not has(n, "in:IMAGE"),
                "FeatureDetectorCalculator reads the input stream IMAGE without having asked for it at load",
                help='write input_stream: "IMAGE:…"',
            ),
        )
    },
    "FlowToImageCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: o["min_value"] >= o["max_value"], "min_value must be below max_value", field="min_value"
            ),
        )
    },
    "ImageCloneCalculator": {
        Moment.CONTRACT: (option("output_on_gpu", bool, "cannot be used, since OVMS is built without GPU support"),)
    },
    "ImageCroppingCalculator": {Moment.CONTRACT: (_crop_source,)},
    "ImagePropertiesCalculator": {Moment.CONTRACT: (exactly_one("in:IMAGE", "in:IMAGE_CPU", "in:IMAGE_GPU"),)},
    "ImageTransformationCalculator": {
        Moment.CONTRACT: (
            together("in:VIDEO_PRESTREAM", "out:VIDEO_PRESTREAM"),
            excludes("in:VIDEO_PRESTREAM", "in:OUTPUT_DIMENSIONS", "in:ROTATION_DEGREES"),
        )
    },
    "MotionAnalysisCalculator": {
        Moment.CONTRACT: (at_least_one("in:VIDEO", "in:SELECTION"),),
        Moment.OPEN: (
            requires("out:VIDEO_OUT", "in:SELECTION", "in:VIDEO"),
            requires("out:VIZ", "in:VIDEO"),
            requires("out:DENSE_FG", "in:VIDEO"),
            excludes("in:SELECTION", "side:CSV_FILE"),
        ),
    },
    "OpenCvVideoEncoderCalculator": {
        Moment.OPEN: (
            option("codec", lambda v: len(v) != 4, "must have exactly 4 characters"),
            option("video_format", lambda v: not v, "must be set"),
            _video_size,
        )
    },
    "ToImageCalculator": {Moment.CONTRACT: (exactly_one("in:IMAGE", "in:IMAGE_CPU", "in:IMAGE_GPU"),)},
}
