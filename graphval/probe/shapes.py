"""What the nodes behind a graph input make of its packets: the shape and type that a request must have.

A stream is followed from the graph input to its readers, through nodes that hand packets on, until a node is found
that runs a model; its tag leads to the model's input. Sources: ``mediapipe/calculators/ovms/
openvinoinferencecalculator.cc``, ``openvinomodelserversessioncalculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphval.deployment.versions import version_asked
from graphval.graph import Connection, Endpoint, Node
from graphval.probe.pictures import EVERY, PictureFormat, common, taken_by
from graphval.probe.tensors import TensorFacts
from graphval.rules.calculators.ports import port_of
from graphval.rules.packet_types import Kind, declared_type

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext

INFERENCE = "OpenVINOInferenceCalculator"
PYTHON = "PythonExecutorCalculator"
_LOOPBACK = "LOOPBACK"
SESSION = "OpenVINOModelServerSessionCalculator"
PY_CONVERTER = "PyTensorOvTensorConverterCalculator"
_OPTIONS = "mediapipe.%sOptions"
_VECTOR_TAGS = ("OVTENSORS", "TFTENSORS", "TENSORS", "TFLITE_TENSORS")
_IMAGE_CONVERTERS = ("OpenVINOConverterCalculator", "TensorConverterCalculator", "TfLiteConverterCalculator")
_IMAGE_TRANSFORM = "ImageTransformationCalculator"

ModelInputs = Callable[[str, str], tuple[TensorFacts, ...] | None]
"""Asks for the inputs of a servable by name and version (empty: default); ``None`` if nobody can tell."""


@dataclass(frozen=True, slots=True)
class Free:
    """Every shape will do: the packets only pass through, or meet a node that refuses them whatever their shape."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The files do not tell what ``node`` wants; ``reason`` is one line."""

    node: Node | None
    reason: str


@dataclass(frozen=True, slots=True)
class Guessed:
    """The code of a user decides what ``node`` takes, so that any tensor is a guess. ``facts`` is what a model behind
    the node wants, which the best guess looks like; ``None`` where there is none."""

    node: Node
    facts: TensorFacts | None


Wanted = TensorFacts | Free | Guessed | Hidden


class Shapes:
    """Derives, for one graph, what each graph input should hold."""

    def __init__(self, context: GraphContext, inputs_of: ModelInputs) -> None:
        self._context = context
        self._inputs_of = inputs_of

    def of_tensor(self, stream: str) -> Wanted:
        """What a tensor on graph input ``stream`` should look like."""
        return self._of_tensor(stream, frozenset())

    def _of_tensor(self, stream: str, passed: frozenset[str]) -> Wanted:
        """``passed`` are the streams on whose account it is asked."""
        hidden: Hidden | None = None
        guess: Guessed | None = None
        for endpoint in self._readers(stream):
            node = endpoint.node
            if node is None:
                continue
            if node.registered_as == PYTHON:
                guess = guess or Guessed(node, self._behind(node, passed | {stream}))
                continue
            found = self._wanted_by(node, endpoint.connection, stream)
            match found:
                case TensorFacts():
                    return found
                case Hidden():
                    hidden = hidden or found
                case _:
                    pass
        return hidden or guess or Free()

    def _behind(self, node: Node, passed: frozenset[str]) -> TensorFacts | None:
        """What a model wants that reads what a node of user code writes."""
        for output in node.outputs:
            if output.tag == _LOOPBACK or output.name in passed:
                continue
            match self._of_tensor(output.name, passed):
                case TensorFacts() as facts:
                    return facts
                case Guessed(_, facts) if facts is not None:
                    return facts
                case _:
                    continue
        return None

    def of_image(self, stream: str) -> tuple[int, int, int] | None:
        """Height, width and channels that a model behind graph input ``stream`` fixes; ``None`` where any will do."""
        for endpoint in self._readers(stream):
            node = endpoint.node
            if node is None or node.registered_as not in _IMAGE_CONVERTERS:
                continue
            for output in node.outputs:
                found = self.of_tensor(output.name)
                size = _image_size(found) if isinstance(found, TensorFacts) else None
                if size is not None:
                    return size
        return None

    def picture_formats(self, stream: str) -> tuple[PictureFormat, ...]:
        """The formats of a picture on graph input ``stream`` that all its readers take, the most usual first."""
        return common(self._formats_of(endpoint) for endpoint in self._readers(stream))

    def _formats_of(self, endpoint: Endpoint) -> tuple[PictureFormat, ...]:
        node, connection = endpoint.node, endpoint.connection
        if node is None:
            return EVERY
        contract = self._context.contract(node)
        port = port_of(contract.inputs, connection) if contract is not None else None
        if contract is not None and port is not None and contract.kind != "subgraph":
            declared = declared_type(port, node, contract, connection)
            if declared.kind in (Kind.ANY, Kind.SAME):
                return EVERY
        return taken_by(node.registered_as, connection.tag)

    # -- readers -----------------------------------------------------------------------------------------------------

    def _readers(self, stream: str) -> Iterator[Endpoint]:
        """Who reads a stream, through nodes that hand packets on, nearest first."""
        pending, seen = [stream], {stream}
        while pending:
            name = pending.pop(0)
            for endpoint in self._context.wiring.consumers.get(name, ()):
                yield endpoint
                for output in self._handed_on(endpoint):
                    if output.name not in seen:
                        seen.add(output.name)
                        pending.append(output.name)

    def _handed_on(self, endpoint: Endpoint) -> Iterator[Connection]:
        """Outputs of the reading node that carry the very packets, or the same tensor in another wrapping."""
        node = endpoint.node
        if node is None:
            return
        if node.registered_as == PY_CONVERTER or _keeps_size(node):
            yield from node.outputs
            return
        contract = self._context.contract(node)
        if contract is None or contract.kind == "subgraph":
            return
        for output in node.outputs:
            port = port_of(contract.outputs, output)
            if port is None:
                continue
            declared = declared_type(port, node, contract, output)
            if declared.kind is Kind.SAME and any(
                kind == "in" and (peer.tag, peer.index) == (endpoint.connection.tag, endpoint.connection.index)
                for kind, peer in declared.peers
            ):
                yield output

    # -- what a reader wants -----------------------------------------------------------------------------------------

    def _wanted_by(self, node: Node, connection: Connection, stream: str) -> Wanted:
        if node.registered_as == INFERENCE:
            return self._wanted_by_model(node, connection, stream)
        if node.registered_as == PY_CONVERTER:
            return Free()
        contract = self._context.contract(node)
        port = port_of(contract.inputs, connection) if contract is not None else None
        if contract is None or port is None or contract.kind == "subgraph":
            return Hidden(node, f"{node.calculator} decides what it must hold")
        declared = declared_type(port, node, contract, connection)
        if declared.kind in (Kind.ANY, Kind.SAME, Kind.NOTHING):
            return Free()
        border = self._context.graph.inputs
        source = next((c for c in border if c.name == stream), None)
        if source is not None and declared.names and not declared.names & set(self._context.border.input_types(source)):
            # The packet is of another type than the node takes; no shape could help.
            return Free()
        return Hidden(node, f"{node.calculator} decides what it must hold")

    def _wanted_by_model(self, node: Node, connection: Connection, stream: str) -> Wanted:
        servable = self._servable(node)
        if servable is None:
            return Hidden(node, f'the model behind node "{node.display}" is not known')
        inputs = self._inputs_of(*servable)
        if inputs is None:
            return Hidden(node, f'the inputs of model "{servable[0]}" could not be read')
        tensor_name = _tensor_name(node, connection, inputs)
        facts = next((i for i in inputs if i.name == tensor_name), None)
        if facts is None:
            # The model has no such input: a static rule says so, and any tensor shows it.
            return Free()
        return facts

    def _servable(self, node: Node) -> tuple[str, str] | None:
        session = node.input_side_packets.get("SESSION")
        producer = self._context.wiring.side_producer(session.name) if session is not None else None
        if producer is None or producer.node is None or producer.node.registered_as != SESSION:
            return None
        options = producer.node.options_of(_OPTIONS % SESSION)
        if options is None:
            return None
        message: Any = options.message
        return message.servable_name, str(version_asked(message.servable_version) or "")


def _keeps_size(node: Node) -> bool:
    """Whether a node changes a picture and leaves its size as it is."""
    if node.registered_as != _IMAGE_TRANSFORM:
        return False
    options = node.options_of(_OPTIONS % _IMAGE_TRANSFORM)
    message: Any = options.message if options is not None else None
    return message is None or not (message.output_width or message.output_height or message.rotation_mode)


def _tensor_name(node: Node, connection: Connection, inputs: tuple[TensorFacts, ...]) -> str:
    """The model input that a tag of an inference node means."""
    options = node.options_of(_OPTIONS % INFERENCE)
    message: Any = options.message if options is not None else None
    if connection.tag.startswith(_VECTOR_TAGS):
        if message is not None and message.input_order_list:
            return str(message.input_order_list[0])
        return inputs[0].name if len(inputs) == 1 else connection.tag
    if message is not None and connection.tag in message.tag_to_input_tensor_names:
        return str(message.tag_to_input_tensor_names[connection.tag])
    return connection.tag


def _image_size(facts: TensorFacts) -> tuple[int, int, int] | None:
    """Height, width, channels of a picture that becomes this tensor (MediaPipe's converters make ``1 x H x W x C``)."""
    if len(facts.shape) != 4:
        return None
    known = replace(facts, layout=facts.layout or "NHWC")
    height, width, channels = known.shape[1], known.shape[2], known.shape[3]
    if not all(d.fixed for d in (height, width, channels)) or channels.low not in (1, 3, 4):
        return None
    return height.low, width.low, channels.low


__all__ = ["Free", "Guessed", "Hidden", "ModelInputs", "Shapes", "Wanted"]
