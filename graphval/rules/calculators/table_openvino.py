"""Checks of OVMS's own calculators, OpenVINO's, and those of the Geti models.

Source: `mediapipe/calculators/{ovms,openvino,geti}/*.cc` (fork of OVMS 2026.4), `src/python/*.cc` (OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.graph import Connection, Node, TagMap
from graphval.rules.calculators.checks import (
    Check,
    Fault,
    Moment,
    Options,
    at_least_one,
    exactly_one,
    fault_if,
    has,
)
from graphval.rules.calculators.table_tensors import channels, coordinates
from graphval.rules.nearest import nearest

VECTOR_TAGS = ("OVTENSORS", "TFTENSORS", "TENSORS", "TFLITE_TENSORS")
"""Prefixes of tags that carry all tensors of a side at once, in the order of the order list."""


def carries_vector(connection: Connection) -> bool:
    return connection.tag.startswith(VECTOR_TAGS)


def _map_and_list(node: Node, options: Options) -> Iterator[Fault]:
    for side in ("input", "output"):
        names, order = f"tag_to_{side}_tensor_names", f"{side}_order_list"
        if len(options[names]) and len(options[order]):
            yield Fault(
                f"{names} and {order} cannot be given together",
                options.place(order),
                f"keep {order} for a vector tag such as OVTENSORS, {names} for single tensors",
            )


def _missing_side(node: Node, options: Options) -> Iterator[Fault]:
    if not node.inputs:
        yield Fault(f"{node.calculator} needs an input stream", node.calculator_place)
    if not node.outputs:
        yield Fault(f"{node.calculator} needs an output stream", node.calculator_place)


def _sides(node: Node) -> tuple[tuple[str, TagMap], ...]:
    return ("input", node.inputs), ("output", node.outputs)


def _order_lists(node: Node, options: Options) -> Iterator[Fault]:
    for side, streams in _sides(node):
        order = f"{side}_order_list"
        vectors = [connection for connection in streams if carries_vector(connection)]
        if vectors and not len(options[order]):
            yield Fault(
                f"{vectors[0].tag} carries several tensors, but no {order} says which is which",
                vectors[0].place,
                f'add {order}: ["…", "…"] with the tensor names of the model',
            )


def _map_keys(node: Node, options: Options) -> Iterator[Fault]:
    """A key that is no tag of the node leaves a tag without a name; the tag itself is then the tensor's name."""
    for side, streams in _sides(node):
        field = f"tag_to_{side}_tensor_names"
        unnamed = [c.tag for c in streams if c.tag not in options[field] and not carries_vector(c)]
        for entry in options.bound.messages(field) if options.bound is not None else ():
            key = str(entry.reading["key"])
            if key in streams.tags or not unnamed:
                continue
            near = nearest(key, unnamed) or unnamed[0]
            yield Fault(
                f'"{key}" is no {side} tag of the node, so {near} has no tensor name and "{near}" itself is looked for '
                "in the model",
                entry.place_of("key"),
                f'write key: "{near}"',
            )


def _converter_tags(node: Node, options: Options) -> Iterator[Fault]:
    pair = sorted(node.inputs.tags), sorted(node.outputs.tags)
    if pair not in ((["OVTENSOR"], ["OVMS_PY_TENSOR"]), (["OVMS_PY_TENSOR"], ["OVTENSOR"])) or len(node.inputs) != 1:
        yield Fault(
            "PyTensorOvTensorConverterCalculator takes OVTENSOR to OVMS_PY_TENSOR, or the reverse",
            node.calculator_place,
            "use exactly one of the two tags on each side",
        )
    elif pair[0] == ["OVTENSOR"] and "OVMS_PY_TENSOR" not in options["tag_to_output_tensor_names"]:
        yield Fault(
            "OVTENSOR to OVMS_PY_TENSOR needs a tensor name for the key OVMS_PY_TENSOR",
            options.place("tag_to_output_tensor_names"),
            'add tag_to_output_tensor_names { key: "OVMS_PY_TENSOR" value: "…" }',
        )


def _python_tags(node: Node, options: Options) -> Iterator[Fault]:
    if has(node, "in:LOOPBACK") != has(node, "out:LOOPBACK"):
        streams = node.inputs if has(node, "in:LOOPBACK") else node.outputs
        yield Fault(
            "LOOPBACK must be on the input and the output of the node, or on neither",
            streams.of("LOOPBACK")[0].place,
            "add the other one",
        )


def _float_range(node: Node, options: Options) -> bool:
    return bool(
        options["enable_normalization"]
        and options.has("output_tensor_float_range")
        and options["output_tensor_float_range"]["max"] <= options["output_tensor_float_range"]["min"]
    )


def _result_tag(*tags: str) -> Check:
    return fault_if(
        lambda n, o: not any(has(n, f"out:{tag}") for tag in tags), f"no output stream {' or '.join(tags)} is connected"
    )


def _result_input(*tags: str) -> Check:
    return fault_if(
        lambda n, o: not any(has(n, f"in:{tag}") for tag in tags), f"no input stream {' or '.join(tags)} is connected"
    )


TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
    "OpenVINOConverterCalculator": {
        Moment.CONTRACT: (at_least_one("in:IMAGE"), exactly_one("out:TENSORS", "out:TENSORS_REMOTE")),
        Moment.OPEN_ABORT: (
            channels(),
            fault_if(_float_range, "output_tensor_float_range needs min < max", field="output_tensor_float_range"),
        ),
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: has(n, "out:TENSORS_REMOTE"),
                "the result is always written to TENSORS",
                port="out:TENSORS_REMOTE",
                help="use TENSORS",
            ),
        ),
    },
    "OpenVINOInferenceCalculator": {
        Moment.CONTRACT: (_missing_side, _map_and_list),
        Moment.OPEN: (
            fault_if(
                lambda n, o: bool(len(n.output_side_packets)), "OpenVINOInferenceCalculator has no output side packets"
            ),
        ),
        Moment.PROCESS: (
            _order_lists,
            _map_keys,
            fault_if(
                lambda n, o: any(tag.startswith("TFTENSORS") for tag in n.outputs.tags),
                "TFTENSORS outputs are written as one tensor although they are vectors",
            ),
        ),
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: any(tag.startswith("TFTENSORS") for tag in n.inputs.tags),
                "TFTENSORS inputs are read as one tensor although they are vectors",
            ),
        ),
    },
    "OpenVINOModelServerSessionCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: not o["servable_name"],
                "servable_name is not set",
                field="servable_name",
                help="name the model as config.json does",
            ),
        ),
    },
    "OpenVINOTensorsToDetectionsCalculator": {Moment.OPEN_ABORT: (coordinates,)},
    "PyTensorOvTensorConverterCalculator": {Moment.CONTRACT: (_converter_tags,)},
    "S2tCalculator": {
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: has(n, "in:LOOPBACK") and not has(n, "out:LOOPBACK"),
                "a request for a stream is answered over LOOPBACK, which is no output of the node",
                port="in:LOOPBACK",
                help='add output_stream: "LOOPBACK:…", or remove the input',
            ),
        )
    },
    "PythonExecutorCalculator": {Moment.CONTRACT: (_missing_side, _python_tags)},
}
TABLE |= {
    f"{kind}SerializationCalculator": {Moment.PROCESS_ABORT: (_result_input("INFERENCE_RESULT", "RESULT"),)}
    for kind in (
        "Anomaly",
        "Classification",
        "DetectionClassification",
        "DetectionSegmentation",
        "Detection",
        "RotatedDetection",
        "Segmentation",
        "Http",
        "",
    )
}
TABLE |= {
    f"{kind}Calculator": {Moment.PROCESS_ABORT: (_result_tag("INFERENCE_RESULT", legacy),)}
    for kind, legacy in (
        ("Anomaly", "RESULT"),
        ("Classification", "CLASSIFICATION"),
        ("Detection", "DETECTIONS"),
        ("RotatedDetection", "DETECTIONS"),
        ("InstanceSegmentation", "RESULT"),
        ("Segmentation", "RESULT"),
    )
}
TABLE["KeypointDetectionCalculator"] = {Moment.PROCESS_ABORT: (_result_tag("INFERENCE_RESULT"),)}
TABLE["DetectionClassificationCombinerCalculator"] = {
    Moment.PROCESS_ABORT: (_result_input("INFERENCE_RESULT", "CLASSIFICATION"),)
}
TABLE["DetectionExtractionCalculator"] = {
    Moment.PROCESS_ABORT: (
        _result_input("INFERENCE_RESULT", "DETECTIONS"),
        _result_tag("RECTANGLE_PREDICTION", "DETECTED_OBJECTS"),
    )
}
