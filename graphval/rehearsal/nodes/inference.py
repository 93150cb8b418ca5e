"""``OpenVINOInferenceCalculator``: runs the session's model on the packets of one timestamp.

Source: ``mediapipe/calculators/ovms/openvinoinferencecalculator.cc`` and
``openvinoinferencecalculatoroptions.cc`` (fork of OVMS 2026.4); the texts of failed checks were seen on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.journal import journal
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.nodes.session import OPTIONS as SESSION_OPTIONS
from graphval.rehearsal.nodes.session import Session
from graphval.rehearsal.packets import MP_TENSOR, MP_TENSORS, OV_TENSOR, OV_TENSORS, TF_TENSOR
from graphval.rehearsal.status import NotExercised

if TYPE_CHECKING:
    from graphval.graph import Node, Wiring
    from graphval.rehearsal.model import TensorInfo
    from graphval.rehearsal.models import Models

OPTIONS = "mediapipe.OpenVINOInferenceCalculatorOptions"
_FILE = "mediapipe/calculators/ovms/openvinoinferencecalculator.cc"

# Tested in this order, the longest prefix first.
_TYPE_BY_PREFIX = (
    ("OVTENSORS", OV_TENSORS),
    ("OVTENSOR", OV_TENSOR),
    ("TENSORS", MP_TENSORS),
    ("TENSOR", MP_TENSOR),
    ("TFTENSORS", "std::vector<tensorflow::Tensor>"),
    ("TFTENSOR", TF_TENSOR),
    ("TFLITE_TENSORS", "std::vector<TfLiteTensor>"),
    ("TFLITE_TENSOR", "TfLiteTensor"),
)
_VECTOR_PREFIXES = ("OVTENSORS", "TFTENSORS", "TENSORS", "TFLITE_TENSORS")
_MP_TENSOR_DTYPES = frozenset(map(np.dtype, (np.float32, np.float16, np.int32, np.int8, np.uint8, np.bool_)))


def type_of_tag(tag: str) -> str:
    """The C++ type of a stream with this tag; any unknown tag, and none, means ``ov::Tensor``."""
    return next((name for prefix, name in _TYPE_BY_PREFIX if tag.startswith(prefix)), OV_TENSOR)


def is_vector_tag(tag: str) -> bool:
    """Whether what goes under a tag is a vector of tensors."""
    return tag.startswith(_VECTOR_PREFIXES)


def output_tensors(wiring: Wiring, node: Node, tag: str, models: Models) -> list[TensorInfo] | None:
    """What the model behind a node puts out under a tag; ``None`` where there is no such model or output."""
    side = node.input_side_packets.get("SESSION")
    producer = wiring.side_producer(side.name) if side is not None else None
    session = producer.node.options_of(SESSION_OPTIONS) if producer is not None and producer.node is not None else None
    served = models.get(getattr(session.message, "servable_name", "")) if session is not None else None
    if served is None or not served.versions:
        return None
    outputs = {info.name: info for info in served.versions[max(served.versions)].outputs}
    options = node.options_of(OPTIONS)
    message: Any = options.message if options is not None else None
    if is_vector_tag(tag):
        names = list(message.output_order_list) if message is not None else []
        names = names or sorted(outputs)
    else:
        names = [dict(message.tag_to_output_tensor_names).get(tag, tag) if message is not None else tag]
    return [outputs[name] for name in names] if all(name in outputs for name in names) else None


def ret_check(line: int, expression: str = "false") -> NodeError:
    """A failed ``RET_CHECK`` of the calculator, in the words of MediaPipe; ``line`` is that of its source file."""
    return NodeError("INTERNAL", f"; RET_CHECK failure ({_FILE}:{line}) {expression}")


class InferenceNode:
    """Runs a model on the tensors that come."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._session: Session | None = None
        options = node.options_of(OPTIONS)
        message: Any = options.message if options is not None else None
        self._input_names: dict[str, str] = dict(message.tag_to_input_tensor_names) if message is not None else {}
        self._output_names: dict[str, str] = dict(message.tag_to_output_tensor_names) if message is not None else {}
        self._input_order: list[str] = list(message.input_order_list) if message is not None else []
        self._output_order: list[str] = list(message.output_order_list) if message is not None else []

    def open(self) -> None:
        side = self._node.input_side_packets.get("SESSION")
        held = self._surroundings.side_packets.get(side.name) if side is not None else None
        self._session = held if isinstance(held, Session) else None

    def process(self, call: Call) -> None:
        if self._session is None:
            raise AssertionError("a node without its session is never opened")
        tensors = self._gather(call)
        outputs = self._infer(self._session, tensors)
        tags = sorted(self._node.outputs.tags)
        if len(outputs) < len(tags):
            raise ret_check(490, "outputsCount >= cc->Outputs().GetTags().size()")
        for tag in tags:
            self._emit(call, tag, outputs)

    def close(self) -> None:
        self._session = None

    def _gather(self, call: Call) -> dict[str, Any]:
        tensors: dict[str, Any] = {}
        for tag in sorted(self._node.inputs.tags):
            packet = call.packets.get((tag, 0))
            if packet is None:
                raise ret_check(398)
            held = self._surroundings.handles.read(packet)
            if held is None:
                raise NotExercised(f"a packet of type {self._surroundings.handles.type_of(packet)} cannot be read")
            if is_vector_tag(tag):
                if len(held.value) != len(self._input_order):
                    raise ret_check(430)
                tensors.update(zip(self._input_order, held.value, strict=True))
            else:
                tensors[self._input_names.get(tag, tag)] = held.value
        return tensors

    def _infer(self, session: Session, tensors: dict[str, Any]) -> dict[str, Any]:
        """The outputs by tensor name. A refused or failed inference is only logged and yields none, as in OVMS."""
        objection = session.model.check(tensors)
        if objection is not None:
            journal.debug(f"[servable name: {session.model.model} version: {session.model.version}] {objection.text}")
            journal.glog("I", "modelapiovmsadapter.cc", 120, f"Inference in OVMSAdapter failed: {objection.text}")
            return {}
        try:
            return session.model.infer(tensors)
        except RuntimeError as error:
            journal.glog("I", "modelapiovmsadapter.cc", 120, f"Inference in OVMSAdapter failed: {error}")
            return {}

    def _emit(self, call: Call, tag: str, outputs: dict[str, Any]) -> None:
        port = (tag, 0)
        type_name = type_of_tag(tag)
        make = self._surroundings.handles.make
        if is_vector_tag(tag):
            names = self._output_order or sorted(outputs)
            value: Any = [self._pick(outputs, name) for name in names]
        else:
            value = self._pick(outputs, self._output_names.get(tag, tag))
        match type_name:
            case "ov::Tensor" | "std::vector<ov::Tensor>" | "tensorflow::Tensor":
                call.emit(port, make(type_name, value), call.timestamp)
            case "mediapipe::Tensor" | "std::vector<mediapipe::Tensor>":
                for array in value if isinstance(value, list) else [value]:
                    if array.dtype not in _MP_TENSOR_DTYPES:
                        raise ret_check(560)
                call.emit(port, make(type_name, value), call.timestamp)
            case _:
                raise NotExercised(f"packets of type {type_name} cannot be made")

    @staticmethod
    def _pick(outputs: dict[str, Any], name: str) -> Any:
        if name not in outputs:
            journal.glog("I", "openvinoinferencecalculator.cc", 506, f"Could not find: {name} in inference output")
            raise ret_check(508)
        return outputs[name]
