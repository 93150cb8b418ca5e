"""Input stream handlers: the checks that end the process, and what a node runs under here.

The wheel registers the Default, FixedSize and Immediate handlers only. The checks of the others are made here with the
same effect; the node then runs under the nearest handler that keeps its meaning, or is not exercised.
Sources: ``mediapipe/framework/stream_handler/*.cc`` and ``input_stream_handler.cc`` (fork of OVMS 2026.4); texts as the
server was seen to print them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphval.catalog import Catalog
from graphval.graph import Graph, Handler, Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rehearsal.death import check_failed
from graphval.rehearsal.nodes.interface import Port

DEFAULT = "DefaultInputStreamHandler"
IMMEDIATE = "ImmediateInputStreamHandler"
SYNC_SET = "SyncSetInputStreamHandler"
TIMESTAMP_ALIGN = "TimestampAlignInputStreamHandler"
FIXED_SIZE = "FixedSizeInputStreamHandler"
EARLY_CLOSE = "EarlyCloseInputStreamHandler"
MUX = "MuxInputStreamHandler"
WHEEL_HANDLERS = frozenset({DEFAULT, IMMEDIATE, FIXED_SIZE})
REGISTERED = WHEEL_HANDLERS | {
    SYNC_SET,
    TIMESTAMP_ALIGN,
    EARLY_CLOSE,
    "BarrierInputStreamHandler",
    MUX,
}

_TAG_INDEX_FORM = r'"([A-Z_][A-Z0-9_]*)?(:(0|[1-9][0-9]*))?" (examples: "TAG" "VIDEO:2").'


@dataclass(frozen=True, slots=True)
class Firing:
    """How a node's inputs are put together.

    ``sync_sets`` holds for a node executed by us; ``wheel`` is the handler to write on a node that the framework runs
    (empty: leave what is written). ``obstacle`` says why neither keeps the meaning.
    """

    sync_sets: tuple[tuple[Port, ...], ...] = ()
    wheel: str = ""
    obstacle: str = ""


def firing_of(node: Node, handler: Handler | None, own: str = DEFAULT) -> Firing:
    """How ``node`` fires; ``own`` is the handler its calculator asks for where none is written."""
    name = handler.name if handler is not None else own
    ports = tuple((c.tag, c.index) for c in node.inputs)
    together, apart = (ports,) if ports else (), tuple((port,) for port in ports)
    match name:
        case "DefaultInputStreamHandler":
            return Firing(together)
        case "ImmediateInputStreamHandler":
            return Firing(apart)
        case "EarlyCloseInputStreamHandler":
            # It differs from the default one only after an input has closed.
            return Firing(together, wheel=DEFAULT)
        case "SyncSetInputStreamHandler" if handler is not None:
            groups = _sync_sets(node, handler)
            if len(groups) <= 1:
                return Firing(groups, wheel=DEFAULT)
            if all(len(group) == 1 for group in groups):
                return Firing(groups, wheel=IMMEDIATE)
            return Firing(groups, obstacle="")
        case "FixedSizeInputStreamHandler" if handler is not None:
            # The server was seen to answer whatever the limits are, unless both are zero; the wheel drops more.
            limits = _options(handler, "mediapipe.FixedSizeInputStreamHandlerOptions")
            harmless = limits is None or not (
                limits.trigger_queue_size == 0 and limits.target_queue_size == 0 and not limits.fixed_min_size
            )
            return Firing(
                together,
                wheel=DEFAULT if harmless else "",
                obstacle="" if len(ports) <= 1 or harmless else f"{name} with several inputs",
            )
        case _ if len(ports) <= 1:
            return Firing(together, wheel=DEFAULT)
        case _:
            return Firing(obstacle=f"{name} with several inputs")


def written_handler(graph: Graph, node: Node, catalog: Catalog) -> Handler | None:
    """The handler that counts for a node. What is written on a subgraph node is dropped with the node itself, except
    that ``InferenceCalculator`` hands it on."""
    contract = catalog.calculator(node.registered_as)
    if contract is not None and contract.kind == "subgraph" and contract.name != "InferenceCalculator":
        return None
    return graph.effective_handler(node)


def check_construction(node: Node, handler: Handler | None) -> None:
    """The checks of a handler's constructor, made whenever a graph is initialized. Ends the process if one fails.

    The framework makes those of its own handlers itself, where a node of the wheel keeps the handler that is written.
    """
    if handler is None:
        return
    match handler.name:
        case "TimestampAlignInputStreamHandler":
            _check_timestamp_base(node, handler)
        case "DefaultInputStreamHandler" | "FixedSizeInputStreamHandler":
            _check_batch(node, handler)


def check_start(node: Node, handler: Handler | None) -> None:
    """The checks made when a run starts. Ends the process if one fails."""
    if handler is not None and handler.name == SYNC_SET:
        _check_sync_sets(node, handler)


def mux_control(node: Node, handler: Handler | None) -> str | None:
    """The stream that tells a Mux handler which input to take: the last one in the order of tags and indexes."""
    if handler is None or handler.name != MUX or not len(node.inputs):
        return None
    return max(node.inputs, key=lambda c: (c.tag, c.index)).name


def check_mux_control(stored: str) -> None:
    """A control packet is read as an int and nothing asks before. Ends the process where it is anything else."""
    if stored != "int":
        check_failed("packet.h", 818, f'Packet::Get() failed: The Packet stores "{stored}", but "int" was requested.')


def _options(handler: Handler, message: str) -> Any:
    bound = handler.options_of(message)
    return bound.message if bound is not None else None


def _sync_sets(node: Node, handler: Handler) -> tuple[tuple[Port, ...], ...]:
    """The sets as written, and all inputs that none of them lists as one more."""
    options = _options(handler, "mediapipe.SyncSetInputStreamHandlerOptions")
    groups: list[tuple[Port, ...]] = []
    for sync_set in options.sync_set if options is not None else ():
        found = (node.inputs.find(tag_index) for tag_index in sync_set.tag_index)
        groups.append(tuple((c.tag, c.index) for c in found if c is not None))
    listed = {port for group in groups for port in group}
    rest = tuple((c.tag, c.index) for c in node.inputs if (c.tag, c.index) not in listed)
    return tuple(groups) + ((rest,) if rest else ())


def _check_sync_sets(node: Node, handler: Handler) -> None:
    options = _options(handler, "mediapipe.SyncSetInputStreamHandlerOptions")
    used: set[Port] = set()
    file = "sync_set_input_stream_handler.cc"
    for sync_set in options.sync_set if options is not None else ():
        if not sync_set.tag_index:
            check_failed(file, 50, "Check failed: 0 < sync_set.tag_index_size() (0 vs. 0) ")
        for tag_index in sync_set.tag_index:
            if parse_tag_index(tag_index) is None:
                check_failed(
                    file,
                    54,
                    "Non-OK-status: tool::ParseTagIndex(tag_index, &tag, &index) status: "
                    f'INVALID_ARGUMENT: TAG:index is invalid, "{tag_index}" does not match ' + _TAG_INDEX_FORM,
                )
            connection = node.inputs.find(tag_index)
            if connection is None:
                check_failed(file, 56, f'Check failed: id.IsValid() stream "{tag_index}" is not found.')
            port = (connection.tag, connection.index)
            if port in used:
                check_failed(
                    file,
                    58,
                    "Check failed: !mediapipe::ContainsKey(used_ids, id) "
                    f'stream "{tag_index}" is in more than one sync set.',
                )
            used.add(port)


def _check_timestamp_base(node: Node, handler: Handler) -> None:
    options = _options(handler, "mediapipe.TimestampAlignInputStreamHandlerOptions")
    tag_index = options.timestamp_base_tag_index if options is not None else ""
    file = "timestamp_align_input_stream_handler.cc"
    if parse_tag_index(tag_index) is None:
        check_failed(
            file,
            50,
            "Non-OK-status: tool::ParseTagIndex( handler_options.timestamp_base_tag_index(), &tag, "
            f'&index) status: INVALID_ARGUMENT: TAG:index is invalid, "{tag_index}" does not match ' + _TAG_INDEX_FORM,
        )
    if node.inputs.find(tag_index) is None:
        check_failed(file, 53, f'Check failed: timestamp_base_stream_id_.IsValid() stream "{tag_index}" is not found.')


def _check_batch(node: Node, handler: Handler) -> None:
    options = _options(handler, "mediapipe.DefaultInputStreamHandlerOptions")
    batch = options.batch_size if options is not None else 1
    file = "input_stream_handler.cc"
    if batch < 1:
        check_failed(
            file, 325, f"Check failed: batch_size >= 1 ({batch} vs. 1) Batch size has to be greater than or equal to 1."
        )
    if batch > 1 and node.max_in_flight > 1:
        check_failed(
            file,
            327,
            "Check failed: !calculator_run_in_parallel_ || batch_size == 1 "
            "Batching cannot be combined with parallel execution.",
        )
