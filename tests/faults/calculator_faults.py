"""MediaPipe's calculators, opened and fed for real: what Open and Process check, and what they abort of.

Each node stands on a branch beside a picture that is handed through, so that nothing else can be at fault. The checks
are those of the calculators' sources (fork of OVMS 2026.4).
"""

from __future__ import annotations

from tests.faults.case import Case, at_creation, at_request, graph, node, passes, session
from tests.faults.inference_faults import inference

TENSOR = "output_tensor_width: 8 output_tensor_height: 8 output_tensor_float_range { min: 0 max: 1 }"
BOXES = "num_classes: 1 num_boxes: 4 num_coords: 4"


def beside(*blocks: str) -> str:
    """A picture handed through, and these nodes on tensors made of it."""
    return graph(
        ["IMAGE:in"], ["IMAGE:out"], passes(name="main"),
        node("ImageToTensorCalculator", ["IMAGE:in"], ["TENSORS:tensors"], name="maker", options=TENSOR),
        *blocks,
    )  # fmt: skip


def classes(options: str) -> str:
    read, written = ["TENSORS:tensors"], ["CLASSIFICATIONS:c"]
    return beside(node("TensorsToClassificationCalculator", read, written, name="bad", options=options))


def detections(options: str, *blocks: str, name: str = "boxes") -> str:
    read, written = ["TENSORS:tensors"], ["DETECTIONS:d"]
    return beside(node("TensorsToDetectionsCalculator", read, written, name=name, options=options), *blocks)


def landmarks(options: str, output: str = "LANDMARKS:l") -> str:
    return beside(node("TensorsToLandmarksCalculator", ["TENSORS:tensors"], [output], name="bad", options=options))


def constant(value: str, packet: str) -> str:
    return node(
        "ConstantSidePacketCalculator", gives=[f"PACKET:{packet}"], name="giver", options=f"packet {{ {value} }}"
    )


def anchors(options: str) -> str:
    return beside(node("SsdAnchorsCalculator", gives=["anchors"], name="bad", options=options))


def scores(options: str) -> str:
    """A classifier whose scores become classes of OpenVINO's own calculator."""
    return graph(
        ["IMAGE:in"], ["IMAGE:out"], passes(name="main"),
        node("OpenVINOConverterCalculator", ["IMAGE:in"], ["TENSORS:tensors"], options="enable_normalization: true"),
        session("scores"),
        inference(
            ["OVTENSORS:tensors"], ["OVTENSORS:scores"], 'input_order_list: "pixels" output_order_list: "scores"'
        ),
        node(
            "OpenVINOTensorsToClassificationCalculator", ["TENSORS:scores"], ["CLASSIFICATIONS:c"], name="bad",
            options=options,
        ),
    )  # fmt: skip


_ANCHORS = "min_scale: 0.1 max_scale: 0.9 input_size_height: 8 input_size_width: 8 num_layers: 2"

_OPEN = (
    at_creation("labels-that-are-not-there", classes('label_map_path: "no_such_labels.txt"'), '"bad"'),
    at_creation("binary-with-chosen-classes", classes("binary_classification: true allow_classes: 1"), '"bad"'),
    at_creation("chosen-and-ignored-classes", classes("allow_classes: 1 ignore_classes: 2"), '"bad"'),
    at_creation("boxes-without-their-number-of-classes", detections("num_boxes: 4 num_coords: 4", name="bad"), '"bad"'),
    at_creation(
        "boxes-ignoring-what-they-allow", detections(BOXES + " allow_classes: 0 ignore_classes: 1", name="bad"), '"bad"'
    ),
    at_creation(
        "labels-given-twice",
        detections(
            BOXES,
            node(
                "DetectionLabelIdToTextCalculator", ["d"], ["named"], name="bad",
                options='label_map_path: "labels.txt" label: "cat"',
            ),
        ),
        '"bad"',
    ),
    at_creation(
        "item-without-a-position",
        detections(BOXES, node("GetDetectionVectorItemCalculator", ["VECTOR:d"], ["ITEM:one"], name="bad")),
        '"bad"',
    ),
    at_creation("landmarks-without-their-number", landmarks("visibility_activation: NONE"), '"bad"'),
    at_creation("landmarks-without-the-size", landmarks("num_landmarks: 4", "NORM_LANDMARKS:l"), '"bad"'),
    at_creation(
        "text-that-is-no-number",
        beside(constant('string_value: "many"', "text"), node("StringToIntCalculator", takes=["text"], gives=["number"],
                                                              name="bad")),
        '"bad"',
    ),
    at_creation(
        "model-blob-nobody-gives", beside(node("TfLiteModelCalculator", gives=["MODEL:m"], name="bad")), '"bad"'
    ),
    at_creation("anchors-without-strides", anchors(_ANCHORS), '"bad"'),
    at_creation(
        "tflite-model-that-is-not-there",
        beside(
            node(
                "InferenceCalculatorCpu", ["TENSORS:tensors"], ["TENSORS:inferred"], name="bad",
                kind="InferenceCalculatorOptions", options='model_path: "no_such.tflite"',
            )
        ),
        '"bad"',
    ),
    # A side packet that only a parameter of another kind could be.
    at_creation(
        "side-packet-of-two-types",
        beside(
            node("StringToIntCalculator", takes=["wanted"], gives=["number"], name="reader"),
            node("GateCalculator", ["in"], ["through"], takes=["ALLOW:wanted"], name="gate"),
        ),
        '"reader"', '"gate"',
    ),
)  # fmt: skip

_PROCESS = (
    at_request(
        "one-number-of-many",
        beside(node("TensorsToFloatsCalculator", ["TENSORS:tensors"], ["FLOAT:one"], name="bad")), '"bad"',
    ),
    at_request(
        "labels-of-another-number", classes('label_map { entries { id: 0 label: "cat" } }'), '"bad"',
    ),
    at_request("binary-of-many-values", classes("binary_classification: true"), '"bad"'),
    at_request(
        "mask-of-three-channels",
        beside(node("TensorsToSegmentationCalculator", ["TENSORS:tensors"], ["MASK:mask"], name="bad",
                    options="activation: SIGMOID")),
        '"bad"',
    ),
    at_request("boxes-of-one-tensor", detections("num_classes: 1 num_coords: 4", name="bad"), '"bad"'),
    at_request(
        "second-tensor-of-one",
        beside(
            node("SplitTensorVectorCalculator", ["tensors"], ["second"], name="bad",
                 kind="SplitVectorCalculatorOptions", options="ranges { begin: 1 end: 2 }")
        ),
        '"bad"',
    ),
    at_request("two-classes-of-three", scores("binary_classification: true"), '"bad"'),
    at_request(
        "output-order-of-another-model",
        graph(
            ["OVTENSOR:in"], ["OVTENSOR:out"], passes(), session("pair"),
            inference(["OVTENSOR:in"], ["OVTENSORS:both"], 'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" } '
                      'output_order_list: "more" output_order_list: "most"'),
        ),
        '"model"',
    ),
)  # fmt: skip

CASES: tuple[Case, ...] = (*_OPEN, *_PROCESS)

DEADLY: tuple[Case, ...] = (
    at_creation("strides-of-another-number", anchors(_ANCHORS + " strides: 8"), '"bad"'),
    at_creation("no-results-at-most", detections(BOXES + " max_results: 0", name="bad"), '"bad"'),
    at_creation(
        "no-boxes-kept",
        detections(
            BOXES,
            node("NonMaxSuppressionCalculator", ["d"], ["kept"], name="bad", options="max_num_detections: 0"),
        ),
        '"bad"',
    ),
    at_creation(
        "channels-that-no-picture-has",
        graph(
            ["IMAGE:in"], ["IMAGE:out"], passes(name="main"),
            node("OpenVINOConverterCalculator", ["IMAGE:in"], ["TENSORS:t"], name="bad", options="max_num_channels: 2"),
        ),
        '"bad"',
    ),
    at_request("more-landmarks-than-values", landmarks("num_landmarks: 500"), '"bad"'),
)  # fmt: skip
