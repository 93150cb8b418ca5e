"""What the calculators executed by us check themselves in ``GetContract``, beyond their ports.

Sources: ``mediapipe/calculators/ovms/*.cc``, ``mediapipe/calculators/openvino/*.cc`` (fork of OVMS 2026.4), OVMS
``src/python/*.cc`` (2026.4).
"""

from __future__ import annotations

import os
from typing import Any

from graphval.graph import Node
from graphval.rehearsal.framework import AbslStatus
from graphval.rehearsal.nodes import inference, session

_CONVERTER_OPTIONS = "mediapipe.PyTensorOvTensorConverterCalculatorOptions"
_STRICT_LEVELS = ("0", "1", "3")


def own_checks(calculator: str, node: Node) -> AbslStatus | None:
    """The first check that fails, ``None`` if all hold. The message is what follows the calculator's name."""
    match calculator:
        case "OpenVINOInferenceCalculator":
            return _inference(node)
        case "OpenVINOModelServerSessionCalculator":
            return _session(node)
        case "PythonExecutorCalculator":
            return _python(node)
        case "PyTensorOvTensorConverterCalculator":
            return _converter(node)
        case "OpenVINOConverterCalculator":
            return _image_converter(node)
        case "OpenVINOTensorsToDetectionsCalculator" | "OpenVINOTensorsToClassificationCalculator":
            return _has_streams(calculator, node)
        case _:
            return None


def _ret_check(place: str, expression: str) -> AbslStatus:
    return AbslStatus("INTERNAL", f"; RET_CHECK failure ({place}) {expression}")


def _inference(node: Node) -> AbslStatus | None:
    file = "mediapipe/calculators/ovms/openvinoinferencecalculator.cc"
    if not node.inputs.tags:
        return _ret_check(f"{file}:244", "!cc->Inputs().GetTags().empty()")
    if not node.outputs.tags:
        return _ret_check(f"{file}:245", "!cc->Outputs().GetTags().empty()")
    if not node.input_side_packets.has("SESSION"):
        return _ret_check(f"{file}:290", "cc->InputSidePackets().HasTag(kSessionTag)")
    options = node.options_of(inference.OPTIONS)
    if options is not None and not _settings_hold(node, options.message):
        return _ret_check(f"{file}:296", "ValidateCalculatorSettings(cc)")
    return None


def _settings_hold(node: Node, options: Any) -> bool:
    sides = (
        (node.inputs.tags, options.tag_to_input_tensor_names, options.input_order_list),
        (node.outputs.tags, options.tag_to_output_tensor_names, options.output_order_list),
    )
    if any(names and order for _, names, order in sides):
        return False
    if os.environ.get("GLOG_minloglevel") not in _STRICT_LEVELS:
        return True
    for tags, names, order in sides:
        vectors = any(inference.is_vector_tag(tag) for tag in tags)
        if vectors != bool(order):
            return False
        if any(key not in tags and not _shares_prefix(key, tags) for key in names):
            return False
    return True


def _shares_prefix(key: str, tags: set[str]) -> bool:
    return any(
        key.startswith(p) and tag.startswith(p) for p in ("OVTENSOR", "TENSOR", "TFTENSOR") for tag in tags
    ) and not key.endswith("S")


def _session(node: Node) -> AbslStatus | None:
    file = "mediapipe/calculators/ovms/openvinomodelserversessioncalculator.cc"
    if len(node.inputs):
        return _ret_check(f"{file}:129", "cc->Inputs().GetTags().empty()")
    if len(node.outputs):
        return _ret_check(f"{file}:130", "cc->Outputs().GetTags().empty()")
    options = node.options_of(session.OPTIONS)
    if options is None or not getattr(options.message, "servable_name", ""):
        return _ret_check(f"{file}:135", "!options.servable_name().empty()")
    return None


def _python(node: Node) -> AbslStatus | None:
    file = "src/python/python_executor_calculator.cc"
    if not node.inputs.tags:
        return _ret_check(f"{file}:83", "!cc->Inputs().GetTags().empty()")
    if not node.outputs.tags:
        return _ret_check(f"{file}:84", "!cc->Outputs().GetTags().empty()")
    if node.inputs.has("LOOPBACK") != node.outputs.has("LOOPBACK"):
        return AbslStatus(
            "INVALID_ARGUMENT", "If LOOPBACK is used, it must be defined on both input and output of the node"
        )
    return None


def _converter(node: Node) -> AbslStatus | None:
    file = "src/python/pytensor_ovtensor_converter_calculator.cc"
    if len(node.inputs) != 1 or len(node.outputs) != 1:
        return _ret_check(f"{file}:60", "cc->Inputs().GetTags().size() == 1")
    tags = (next(iter(node.inputs)).tag, next(iter(node.outputs)).tag)
    if tags not in (("OVTENSOR", "OVMS_PY_TENSOR"), ("OVMS_PY_TENSOR", "OVTENSOR")):
        return _ret_check(f"{file}:64", "wrong combination of tags")
    if tags[0] == "OVTENSOR":
        options = node.options_of(_CONVERTER_OPTIONS)
        message: Any = options.message if options is not None else None
        if message is None or "OVMS_PY_TENSOR" not in message.tag_to_output_tensor_names:
            return _ret_check(f"{file}:70", 'options.tag_to_output_tensor_names().find("OVMS_PY_TENSOR") != end')
    return None


def _image_converter(node: Node) -> AbslStatus | None:
    file = "mediapipe/calculators/openvino/openvino_converter_calculator.cc"
    if node.inputs.has("IMAGE") == node.inputs.has("IMAGE_GPU"):
        return _ret_check(f"{file}:109", "cc->Inputs().HasTag(kImageFrameTag) ^ cc->Inputs().HasTag(kGpuBufferTag)")
    if node.outputs.has("TENSORS") == node.outputs.has("TENSORS_REMOTE"):
        return _ret_check(f"{file}:113", "cc->Outputs().HasTag(kTensorsTag) ^ cc->Outputs().HasTag(kRemoteTensorsTag)")
    return None


def _has_streams(calculator: str, node: Node) -> AbslStatus | None:
    file, line = {
        "OpenVINOTensorsToDetectionsCalculator": ("openvino_tensors_to_detections_calculator.cc", 144),
        "OpenVINOTensorsToClassificationCalculator": ("openvino_tensors_to_classification_calculator.cc", 80),
    }[calculator]
    for place, tags, kind in ((line, node.inputs.tags, "Inputs"), (line + 1, node.outputs.tags, "Outputs")):
        if not tags:
            return _ret_check(f"mediapipe/calculators/openvino/{file}:{place}", f"!cc->{kind}().GetTags().empty()")
    return None
