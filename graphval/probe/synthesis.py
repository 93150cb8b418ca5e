"""A request for a graph, made from what its files and its models tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphval.findings import NotExercised
from graphval.graph import Connection
from graphval.kserve import messages
from graphval.probe.asking import SEED
from graphval.probe.pictures import PictureFormat
from graphval.probe.samples import set_parameter
from graphval.probe.shapes import Free, Guessed, Hidden, ModelInputs, Shapes
from graphval.probe.tensors import ELEMENT_BYTES, MAX_BYTES, Tensor, TensorFacts, byte_size, concrete_shape, values
from graphval.rules.calculators.ports import port_of
from graphval.rules.graph_border import io_prefix
from graphval.rules.packet_types import declared_type

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext

_IMAGE_SIZE = (64, 64)
_FREE_SHAPE = (1, 4)
_TENSOR_TYPES = frozenset({"FP32", "FP16", "INT32", "INT8", "UINT8", "BOOL"})
"""What OVMS can make a ``mediapipe::Tensor`` of (``kfs_graph_executor_impl.cpp``, 2026.4)."""

_SIDE_VALUES: tuple[tuple[str, bool | int | str], ...] = (("bool", True), ("int64_t", 1), ("std::string", "1"))
"""The text is also a number: what reads a text often turns it into one (``StringToIntCalculator``)."""

_SHUT = frozenset({"DISALLOW"})
"""Side packet tags that keep packets from flowing when true (``GateCalculator``)."""


@dataclass(frozen=True, slots=True)
class MadeInput:
    """One input of a made-up request. ``facts`` is what the model behind it wants, ``None`` where no model is known;
    ``free`` says that another size would do as well, ``guessed`` that user code decides what it takes; ``formats`` are
    the others that a picture could have."""

    tensor: Tensor
    facts: TensorFacts | None = None
    picture: bool = False
    free: bool = False
    guessed: bool = False
    formats: tuple[PictureFormat, ...] = ()


@dataclass(frozen=True, slots=True)
class Synthesis:
    """A request, or what stands in its way. ``request`` is ``None`` exactly where ``obstacles`` is not empty."""

    request: messages.ModelInferRequest | None
    obstacles: tuple[NotExercised, ...] = ()
    inputs: tuple[MadeInput, ...] = ()

    @property
    def guessed(self) -> bool:
        """Whether only user code knows what some of it should be."""
        return any(made.guessed for made in self.inputs)


@dataclass(slots=True)
class _Parts:
    inputs: list[MadeInput] = field(default_factory=list)
    obstacles: list[NotExercised] = field(default_factory=list)


def side_packet_values(context: GraphContext, *, pool_off: bool = False) -> dict[str, bool | int | str]:
    """Request parameters for the side packets that nothing else gives and that a parameter can carry.

    A graph pool refuses parameters, so there it is none; ``pool_off``: the server has pools switched off.
    """
    if context.pooled and not pool_off:
        return {}
    found: dict[str, bool | int | str] = {}
    for name, endpoints in context.wiring.side_consumers.items():
        if context.wiring.side_producers.get(name) or name in context.catalog.side_packets_provided:
            continue
        for endpoint in endpoints:
            node, connection = endpoint.node, endpoint.connection
            contract = context.contract(node) if node is not None else None
            port = port_of(contract.input_side_packets, connection) if contract is not None else None
            if node is None or contract is None or port is None:
                continue
            names = declared_type(port, node, contract, connection).names
            fitting = next((value for type_name, value in _SIDE_VALUES if type_name in names or not names), None)
            if fitting is not None:
                found[name] = False if fitting is True and connection.tag in _SHUT else fitting
    return found


def synthesize(context: GraphContext, inputs_of: ModelInputs, *, seed: int = SEED, pool_off: bool = False) -> Synthesis:
    """The smallest request that the graph should answer."""
    graph = context.graph
    shapes, parts = Shapes(context, inputs_of), _Parts()
    for connection in graph.inputs:
        _add(context, shapes, connection, seed, parts)
    if parts.obstacles:
        return Synthesis(None, tuple(parts.obstacles))
    request = request_of(graph.name, [made.tensor for made in parts.inputs])
    add_side_packets(context, request, pool_off=pool_off)
    return Synthesis(request, (), tuple(parts.inputs))


def request_of(graph: str, tensors: Iterable[Tensor]) -> messages.ModelInferRequest:
    """A request with these tensors, their values as raw bytes."""
    request = messages.ModelInferRequest(model_name=graph)
    for tensor in tensors:
        request.inputs.add(name=tensor.name, datatype=tensor.datatype, shape=tensor.shape)
        request.raw_input_contents.append(tensor.data)
    return request


def creation_request(context: GraphContext, *, pool_off: bool = False) -> messages.ModelInferRequest:
    """A request whose only input is none of the graph's: OVMS creates the graph and then refuses the name.

    Side packets go with it, since starting the graph needs them.
    """
    taken = {connection.name for connection in context.graph.inputs}
    name = "graphval_no_such_input"
    while name in taken:
        name += "_"
    request = messages.ModelInferRequest(model_name=context.graph.name)
    request.inputs.add(name=name, datatype="FP32", shape=(1,))
    request.raw_input_contents.append(bytes(ELEMENT_BYTES["FP32"]))
    add_side_packets(context, request, pool_off=pool_off)
    return request


def add_side_packets(context: GraphContext, request: messages.ModelInferRequest, *, pool_off: bool = False) -> None:
    """Give the request the parameters the graph needs, except those it already has."""
    for name, value in side_packet_values(context, pool_off=pool_off).items():
        if name not in request.parameters:
            set_parameter(request, name, value)


def _add(context: GraphContext, shapes: Shapes, connection: Connection, seed: int, parts: _Parts) -> None:
    prefix = io_prefix(connection, context.catalog) or "OVTENSOR"
    if prefix == "IMAGE":
        _add_picture(parts, connection, shapes, seed)
        return
    wanted = shapes.of_tensor(connection.name)
    match wanted:
        case Hidden(node, reason):
            said = f'input "{connection.name}": {reason}; give a sample'
            parts.obstacles.append(NotExercised(node.display if node is not None else None, said))
        case TensorFacts():
            _add_for_model(parts, connection, prefix, wanted, seed)
        case Guessed(_, facts) if facts is not None and facts.datatype in ELEMENT_BYTES:
            _add_tensor(parts, connection, facts.datatype, concrete_shape(facts), seed, guessed=True)
        case Guessed():
            _add_tensor(parts, connection, "FP32", _FREE_SHAPE, seed, guessed=True)
        case Free():
            _add_tensor(parts, connection, "FP32", _FREE_SHAPE, seed, free=True)


def _add_picture(parts: _Parts, connection: Connection, shapes: Shapes, seed: int) -> None:
    """A picture of the size that a model fixes, or of any; in the most usual of the formats that its readers take."""
    fixed = shapes.of_image(connection.name)
    if fixed is not None:
        _add_tensor(parts, connection, "UINT8", fixed, seed, picture=True)
        return
    usual, *others = shapes.picture_formats(connection.name)
    shape = (*_IMAGE_SIZE, usual.channels)
    _add_tensor(parts, connection, usual.datatype, shape, seed, picture=True, free=True, formats=tuple(others))


def _add_for_model(parts: _Parts, connection: Connection, prefix: str, facts: TensorFacts, seed: int) -> None:
    if facts.datatype not in ELEMENT_BYTES:
        parts.obstacles.append(
            NotExercised(
                None,
                f'input "{connection.name}": it goes to input "{facts.name}" of a model, and no request brings what is '
                f"of its type ({facts.datatype}) into a graph",
            )
        )
        return
    datatype = facts.datatype
    if prefix == "TENSOR" and datatype not in _TENSOR_TYPES:
        datatype = "FP32"
    _add_tensor(parts, connection, datatype, concrete_shape(facts), seed, facts=facts)


def _add_tensor(
    parts: _Parts,
    connection: Connection,
    datatype: str,
    shape: tuple[int, ...],
    seed: int,
    *,
    facts: TensorFacts | None = None,
    picture: bool = False,
    free: bool = False,
    guessed: bool = False,
    formats: tuple[PictureFormat, ...] = (),
) -> None:
    size = byte_size(datatype, shape)
    if size > MAX_BYTES:
        parts.obstacles.append(
            NotExercised(
                None,
                f'input "{connection.name}": it would hold {size >> 20} MiB, more than the {MAX_BYTES >> 20} MiB '
                "that are made up; give a sample",
            )
        )
        return
    tensor = Tensor(connection.name, datatype, shape, values(datatype, shape, seed, connection.name))
    parts.inputs.append(MadeInput(tensor, facts, picture, free, guessed, formats))
