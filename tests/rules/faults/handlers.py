"""Faults of stream handlers, in-flight limits and loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphval.graph import Node

from . import Fault
from .editing import added, plain_nodes, replaced, unpooled, within
from .graphs import Good


def handler(name: str, options: str = "") -> str:
    block = f"options {{ [mediapipe.{name}Options.ext] {{ {options} }} }}" if options else ""
    return f'input_stream_handler {{ input_stream_handler: "{name}" {block} }}'


def _on_nodes(text: Callable[[Node], str | None]) -> Callable[[Good], Iterator[str]]:
    """Into each node that has neither a handler of its own nor a calculator that asks for one, and that is no loop."""

    def into(good: Good) -> Iterator[str]:
        for node in plain_nodes(good):
            contract = good.context.contract(node)
            loops = any(good.context.wiring.is_back_edge(node, connection) for connection in node.inputs)
            if node.handler is None and contract is not None and contract.input_policy == "default" and not loops:
                written = text(node) if node.inputs else None
                if written is not None:
                    yield within(node, good, written)

    return into


def _sync(*sets: str) -> Callable[[Good], Iterator[str]]:
    """``{first}`` stands for the node's first input."""

    def text(node: Node) -> str:
        first = next(iter(node.inputs)).tag_index
        written = " ".join(f"sync_set {{ {entries} }}" for entries in sets)
        return handler("SyncSetInputStreamHandler", written.replace("{first}", first))

    return _on_nodes(text)


def _wrong_index(good: Good) -> Iterator[str]:
    """The sync sets that are there, with another index."""
    for node in good.graph:
        own = node.handler
        options = own.options_of("mediapipe.SyncSetInputStreamHandlerOptions") if own is not None else None
        for sync_set in options.messages("sync_set") if options is not None else ():
            for entry in sync_set.all("tag_index"):
                yield replaced(good, entry.place, '"LOOPBACK:1"')


def _no_sync_set(good: Good) -> Iterator[str]:
    """Loops of Python and LLM nodes, their handler taken away."""
    for node in good.graph:
        contract = good.context.contract(node)
        default = contract is not None and contract.input_policy == "default"
        for block in node.bound.all("input_stream_handler"):
            if default and any(good.context.wiring.is_back_edge(node, connection) for connection in node.inputs):
                yield replaced(good, block.whole, "")


def _parallel(good: Good) -> Iterator[str]:
    for node in good.graph:
        if node.handler is not None and node.handler.name == "SyncSetInputStreamHandler" and len(node.inputs) > 1:
            yield within(node, good, "max_in_flight: 4")


def _fields(text: str) -> Callable[[Good], Iterator[str]]:
    return _on_nodes(lambda node: text if node.bound.first("max_in_flight") is None else None)


_CHOICE = (
    'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:choice" node_options: { '
    "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: %d } } } }"
)
_SELECT = (
    'node { calculator: "SidePacketToStreamCalculator" input_stream: "TICK:{feed}" input_side_packet: "choice" '
    'output_stream: "AT_TICK:select" }'
)
_MUX = (
    'node { calculator: "MuxCalculator" input_stream: "INPUT:0:{feed}" input_stream: "INPUT:1:{feed}" '
    'input_stream: "SELECT:select" output_stream: "OUTPUT:muxed" }'
)
_PRESENT = (
    'node { calculator: "PacketPresenceCalculator" input_stream: "PACKET:{feed}" output_stream: "PRESENCE:there" }'
)
_ANY = 'node { calculator: "MergeCalculator" input_stream: "{feed}" output_stream: "any" }'
_IMMEDIATE = handler("ImmediateInputStreamHandler")
_BEGIN = (
    'node { calculator: "BeginLoopTensorCalculator" input_stream: "ITERABLE:any" '
    f'output_stream: "ITEM:item" output_stream: "BATCH_END:item_last" {_IMMEDIATE} }}'
)
_END = (
    'node { calculator: "EndLoopTensorCalculator" input_stream: "ITEM:item" input_stream: "BATCH_END:item_last" '
    'output_stream: "ITERABLE:gathered" }'
)
_PAIR = (
    'node { calculator: "PassThroughCalculator" input_stream: "{feed}" input_stream: "any" '
    f'output_stream: "one" output_stream: "two" {_IMMEDIATE} }}'
)
_SYNC_OPTIONS = 'options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "A" } } }'
_ALIGN = "TimestampAlignInputStreamHandler"

FAULTS = (
    Fault("GV501", "the wrong index in a loop", _wrong_index),
    Fault("GV501", "a tag the node does not have", _sync('tag_index: "NOSUCH"')),
    Fault("GV502", "a stream in two sync sets", _sync('tag_index: "{first}"', 'tag_index: "{first}"')),
    Fault("GV502", "a stream twice in a sync set", _sync('tag_index: "{first}" tag_index: "{first}"')),
    Fault("GV503", "an empty sync set", _sync("")),
    Fault("GV504", "a tag in lower case", _sync('tag_index: "lower:0"')),
    Fault("GV504", "an index that is no number", _sync('tag_index: "TAG:x"')),
    Fault(
        "GV505",
        "a base that is no input",
        _on_nodes(lambda node: handler(_ALIGN, 'timestamp_base_tag_index: "NOSUCH"')),
    ),
    Fault(
        "GV505",
        "no base and no untagged input",
        _on_nodes(lambda node: None if node.inputs.has("") else handler(_ALIGN)),
    ),
    *(
        Fault(
            "GV506",
            f"batch_size {size}",
            _on_nodes(
                lambda node, size=size: handler(  # type: ignore[misc]
                    "DefaultInputStreamHandler", f"batch_size: {size}"
                )
            ),
        )
        for size in (0, -1)
    ),
    Fault(
        "GV506",
        "a batch in parallel",
        _on_nodes(
            lambda node: (
                f"max_in_flight: 2 {handler('DefaultInputStreamHandler', 'batch_size: 2')}"
                if node.bound.first("max_in_flight") is None
                else None
            )
        ),
    ),
    Fault(
        "GV507",
        "a handler that keeps nothing",
        _on_nodes(lambda node: handler("FixedSizeInputStreamHandler", "trigger_queue_size: 0 target_queue_size: 0")),
    ),
    Fault("GV508", "an unknown handler", _on_nodes(lambda node: handler("SyncInputStreamHandler"))),
    Fault(
        "GV508",
        "an unknown output handler",
        _on_nodes(lambda node: 'output_stream_handler { output_stream_handler: "OutOfOrderOutputStreamHandler" }'),
    ),
    Fault("GV510", "a negative number of runs at once", _fields("max_in_flight: -2")),
    Fault("GV511", "sync sets in parallel", _parallel),
    Fault("GV513", "a loop without a sync set", _no_sync_set),
    Fault("GV514", "a loop that is begun once more at the end", unpooled(added(_ANY, _BEGIN, _END))),
    Fault(
        "GV517",
        "options of another handler",
        _on_nodes(
            lambda node: f'input_stream_handler {{ input_stream_handler: "DefaultInputStreamHandler" {_SYNC_OPTIONS} }}'
        ),
    ),
    Fault("GV517", "options of no handler", _on_nodes(lambda node: f"input_stream_handler {{ {_SYNC_OPTIONS} }}")),
    Fault("GV518", "two inputs apart", added(_ANY, _PAIR)),
    Fault(
        "GV515",
        "a control stream of bool",
        added(
            _PRESENT,
            (
                'node { calculator: "PassThroughCalculator" input_stream: "there" output_stream: "mux_out" '
                f"{handler('MuxInputStreamHandler')} }}"
            ),
        ),
    ),
    *(
        Fault("GV516", f"a mux that always takes {choice}", unpooled(added(_CHOICE % choice, _SELECT, _MUX)))
        for choice in (2, -1)
    ),
)
