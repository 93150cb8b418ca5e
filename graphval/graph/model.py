"""The objects a graph is made of, as written in its file.

Source of the meaning of each field: MediaPipe ``framework/calculator.proto`` and ``framework/mediapipe_options.proto``
(fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphval.graph.directive import QueueDirective
from graphval.graph.tagmap import TagMap
from graphval.kept_property import kept_property
from graphval.textproto import BoundMessage, Document, Place, Source


def _text(message: BoundMessage, name: str) -> str:
    found = message.by_name.get(name)
    return found[0].string if found is not None else ""


def _number(message: BoundMessage, name: str) -> int:
    found = message.by_name.get(name)
    return found[0].number if found is not None else 0


class Handler(NamedTuple):
    """``input_stream_handler { … }`` or ``output_stream_handler { … }`` of a node or of the graph.

    ``name`` is empty where the block names none; then its options count only if the calculator asks for no handler.
    """

    name: str
    bound: BoundMessage
    name_place: Place

    def options_of(self, message_type: str) -> BoundMessage | None:
        """The extension of that message type inside ``options``, if written."""
        for options in self.bound.messages("options"):
            for field in options.fields:
                if isinstance(field.value, BoundMessage) and field.value.type_name == message_type:
                    return field.value
        return None


class StreamInfo(NamedTuple):
    """``input_stream_info { tag_index: … back_edge: … }``."""

    tag_index: str
    back_edge: bool
    place: Place
    tag_index_place: Place


class Executor(NamedTuple):
    """One ``executor { … }`` of the graph; the default executor has no name."""

    name: str
    type: str
    bound: BoundMessage
    place: Place


class Node:
    """One ``node { … }``; ``position`` counts from 0 in text order."""

    def __init__(
        self,
        position: int,
        bound: BoundMessage,
        inputs: TagMap,
        outputs: TagMap,
        input_side_packets: TagMap,
        output_side_packets: TagMap,
    ) -> None:
        self.position = position
        self.bound = bound
        self.inputs = inputs
        self.outputs = outputs
        self.input_side_packets = input_side_packets
        self.output_side_packets = output_side_packets
        self.name = _text(bound, "name")
        self.calculator = _text(bound, "calculator")
        self.registered_as = self.calculator.removeprefix(".").replace(".", "::")
        """The name under which MediaPipe looks the calculator up: a leading dot only forces the global name, other dots
        become ``::`` (``framework/deps/registration.h``). OVMS itself compares :attr:`calculator` as written."""
        self.executor = _text(bound, "executor")
        self.max_in_flight = _number(bound, "max_in_flight")
        self.canonical_name = self.name or self.calculator
        """MediaPipe's name for the node in messages; :func:`build_graph` numbers the ones that repeat."""
        self.sound = inputs.sound and outputs.sound and input_side_packets.sound and output_side_packets.sound
        """Whether MediaPipe could build a tag map of each of its lists."""
        self.stream_infos = [_stream_info(info) for info in bound.messages("input_stream_info")]
        self.node_options = bound.messages("node_options")
        """Every ``node_options`` entry (an ``Any``) in text order; the message is its ``expanded``."""
        self.first_options = self.node_options[0].expanded if self.node_options else None
        """What the first ``node_options`` entry holds, all that OVMS reads of the nodes that it prepares."""
        self.option_extensions = [field for options in bound.messages("options") for field in options.fields]
        """Every ``[pkg.ext] { … }`` inside ``options``."""

    def __repr__(self) -> str:
        return f"Node({self.position}, {self.display!r})"

    @property
    def display(self) -> str:
        """How messages name the node: its name, else its calculator."""
        return self.name or self.calculator or f"node {self.position + 1}"

    @property
    def place(self) -> Place:
        return self.bound.place

    @property
    def calculator_place(self) -> Place:
        """The calculator's name, or the whole node where it has none."""
        return self.bound.place_of("calculator")

    @kept_property
    def handler(self) -> Handler | None:
        """The node's own ``input_stream_handler``; the effective one is :func:`Graph.effective_handler`."""
        return read_handler(self.bound, "input_stream_handler")

    @kept_property
    def output_handler(self) -> Handler | None:
        return read_handler(self.bound, "output_stream_handler")

    def options_of(self, message_type: str) -> BoundMessage | None:
        """The options the calculator would read: the extension, else the last ``node_options`` of that type.

        There is no merging (MediaPipe ``framework/tool/options_map.h``). ``None`` means defaults.
        """
        return self._options.get(message_type)

    @kept_property
    def _options(self) -> dict[str, BoundMessage]:
        """What :meth:`options_of` says of each message type; many rules ask."""
        written = [entry.expanded for entry in self.node_options]
        extensions = [field.value for field in self.option_extensions if isinstance(field.value, BoundMessage)]
        return {options.type_name: options for options in (*written, *reversed(extensions)) if options is not None}


class Graph:
    """One ``CalculatorGraphConfig`` as written, ``name`` being the servable's name."""

    def __init__(
        self,
        name: str,
        document: Document,
        bound: BoundMessage,
        directive: QueueDirective | None,
        nodes: tuple[Node, ...],
        inputs: TagMap,
        outputs: TagMap,
        input_side_packets: TagMap,
    ) -> None:
        self.name = name
        self.document = document
        self.bound = bound
        self.directive = directive
        self.nodes = nodes
        self.inputs = inputs
        self.outputs = outputs
        self.input_side_packets = input_side_packets
        self.num_threads = _number(bound, "num_threads")
        self.package = _text(bound, "package")
        self.type = _text(bound, "type")

    @property
    def source(self) -> Source:
        return self.document.source

    @property
    def file(self) -> str:
        return self.document.source.file

    @property
    def start(self) -> Place:
        """The first character of the file, for what concerns the graph as a whole."""
        return Place(self.source, 0, min(1, len(self.source.text)))

    @kept_property
    def handler(self) -> Handler | None:
        """The graph-level ``input_stream_handler``, which is copied to every node that has none of its own."""
        return read_handler(self.bound, "input_stream_handler")

    @kept_property
    def lists_sound(self) -> bool:
        """Whether MediaPipe could build a tag map of each list of streams and side packets, those of nodes included."""
        border = self.inputs.sound and self.outputs.sound and self.input_side_packets.sound
        return border and all(node.sound for node in self.nodes)

    @kept_property
    def executors(self) -> tuple[Executor, ...]:
        return tuple(Executor(_text(e, "name"), _text(e, "type"), e, e.place) for e in self.bound.messages("executor"))

    def effective_handler(self, node: Node) -> Handler | None:
        """The handler written for a node: its own block, else the graph-level one.

        A block without a name does not choose a handler. ``None``: the calculator's own choice, else the default.
        """
        own = node.handler
        if own is not None:
            return own if own.name else None
        return self.handler if self.handler is not None and self.handler.name else None

    def node_named(self, name: str) -> Node | None:
        """The node MediaPipe calls ``name`` in its messages."""
        return next((n for n in self.nodes if name in (n.canonical_name, n.name)), None)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)


def _stream_info(info: BoundMessage) -> StreamInfo:
    back_edge = bool(_number(info, "back_edge"))
    return StreamInfo(_text(info, "tag_index"), back_edge, info.place, info.place_of("tag_index"))


def read_handler(message: BoundMessage, field: str) -> Handler | None:
    """The stream handler block ``field`` of a node or graph."""
    block = next(iter(message.messages(field)), None)
    if block is None:
        return None
    return Handler(_text(block, field), block, block.place_of(field))
