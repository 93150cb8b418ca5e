"""Faults of names, tags, producers, consumers and back edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graphval.graph import Connection, TagMap

from . import Fault
from .editing import added, plain_nodes, renamed, replaced, unpooled, within, without
from .graphs import Good

NOBODY = "nobody_knows_it"


def _all_lists(good: Good) -> Iterator[TagMap]:
    yield from (good.graph.inputs, good.graph.outputs)
    for node in good.graph:
        yield from (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets)


def _entry(connection: Connection, name: str) -> str:
    return connection.text[: len(connection.text) - len(connection.name)] + name


def _no_declaration(field: str) -> Fault:
    def into(good: Good) -> Iterator[str]:
        yield without(good, [entry.whole for entry in good.graph.bound.all(field)])

    return Fault("GV201", f"no {field}", into)


def _odd_tags(good: Good) -> Iterator[str]:
    for entries in _all_lists(good):
        for connection in entries:
            if connection.tag and not connection.tag.startswith("__"):
                yield renamed(good, connection, connection.text.replace(connection.tag, connection.tag.lower()))


def _number_with_zero(good: Good) -> Iterator[str]:
    for entries in _all_lists(good):
        for connection in entries:
            if connection.tag:
                yield renamed(good, connection, f"{connection.tag}:00:{connection.name}")


def _same_index(good: Good) -> Iterator[str]:
    for node in good.graph:
        for connection in node.outputs:
            if connection.tag:
                place = connection.place
                yield replaced(good, place, f'{place.text} output_stream: "{_entry(connection, NOBODY)}"')


def _gap(good: Good) -> Iterator[str]:
    for entries in _all_lists(good):
        uses = Counter(connection.tag for connection in entries)
        for connection in entries:
            if connection.tag and uses[connection.tag] == 1:
                yield renamed(good, connection, f"{connection.tag}:2:{connection.name}")


def _output_again(good: Good) -> Iterator[str]:
    for connection in good.graph.outputs:
        if not connection.tag.startswith("RESPONSE"):
            entry = f"{connection.tag}_AGAIN:{connection.name}" if connection.tag else connection.text
            yield from added(f'output_stream: "{entry}"')(good)


def _written_again(good: Good) -> Iterator[str]:
    for node in good.graph:
        for connection in node.outputs:
            yield from added(
                f'node {{ calculator: "PassThroughCalculator" input_stream: "{good.feed}" '
                f'output_stream: "{connection.name}" }}'
            )(good)


def _packet_again(good: Good) -> Iterator[str]:
    for node in good.graph:
        for connection in node.output_side_packets:
            if node.calculator == "StringToIntCalculator":
                yield from added(
                    'node { calculator: "StringToIntCalculator" input_side_packet: "text" '
                    f'output_side_packet: "{connection.name}" }}'
                )(good)


def _unknown_stream(good: Good) -> Iterator[str]:
    wiring = good.context.wiring
    for node in good.graph:
        for connection in node.inputs:
            producer = wiring.producer(connection.name)
            in_use = len(wiring.consumers[connection.name]) > 1 or (producer is not None and producer.node is not None)
            if in_use and not wiring.is_back_edge(node, connection):
                yield renamed(good, connection, _entry(connection, NOBODY))


def _unknown_packet(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        for connection in node.input_side_packets:
            needed = good.context.flow.side_packet_needed(node, connection)
            if needed is not None and needed.names and not needed.names & {"std::string", "int64_t", "bool"}:
                yield renamed(good, connection, _entry(connection, NOBODY))


def _no_back_edge(good: Good) -> Iterator[str]:
    for node in good.graph:
        for info in node.bound.all("input_stream_info"):
            yield without(good, [info.whole])


def _info(text: str) -> Fault:
    def into(good: Good) -> Iterator[str]:
        for node in plain_nodes(good):
            yield within(node, good, f'input_stream_info {{ tag_index: "{text}" back_edge: true }}')

    return Fault("GV214", f'input_stream_info names "{text}"', into)


def _info_twice(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        for connection in node.inputs:
            info = f'input_stream_info {{ tag_index: "{connection.tag_index}" }}'
            if not any(node.inputs.find(given.tag_index) is connection for given in node.stream_infos):
                yield within(node, good, f"{info} {info}")


def _forward_edge(good: Good) -> Iterator[str]:
    for node in plain_nodes(good):
        for connection in node.inputs:
            given = any(node.inputs.find(info.tag_index) is connection for info in node.stream_infos)
            if not given and not good.context.wiring.back_edges:
                yield within(node, good, f'input_stream_info {{ tag_index: "{connection.tag_index}" back_edge: true }}')


def _unread_input(good: Good) -> Iterator[str]:
    if not any(entry.tag.startswith(("HTTP", "REQUEST")) for entry in good.graph.inputs):
        yield from added(f'input_stream: "{NOBODY}"')(good)


def _lost_output(good: Good) -> Iterator[str]:
    if not any(entry.tag.startswith(("HTTP", "RESPONSE")) for entry in good.graph.outputs):
        yield from added(f'output_stream: "{NOBODY}"')(good)


_GATE = (
    'node {{ calculator: "GateCalculator" input_stream: "{{feed}}" output_stream: "gated" input_side_packet: "{}" }}'
)
_UNNAMED = 'node {{ calculator: "PassThroughCalculator" input_stream: "{{feed}}" output_stream: "{}" }}'

FAULTS = (
    _no_declaration("input_stream"),
    _no_declaration("output_stream"),
    Fault("GV202", "a tag in lower case", _odd_tags),
    Fault("GV202", "an index with a leading zero", _number_with_zero),
    Fault("GV202", "a graph side packet without a name", added('input_side_packet: "TAG:"')),
    Fault("GV203", "an empty input", added('input_stream: ""')),
    Fault("GV203", "an empty output", added('output_stream: ""')),
    Fault("GV203", "an empty side packet", added('input_side_packet: ""')),
    Fault("GV204", "two outputs of one tag and index", _same_index),
    Fault("GV205", "a tag that begins with index 2", _gap),
    Fault("GV206", "a graph output twice", _output_again),
    Fault("GV208", "a stream of another node written again", _written_again),
    Fault("GV209", "a side packet made again", _packet_again),
    Fault("GV210", "a stream that nobody makes", _unknown_stream, beside=frozenset({"GV216"})),
    Fault("GV211", "an output that nobody makes", _lost_output),
    Fault("GV212", "a side packet that nobody can give", _unknown_packet),
    Fault("GV213", "a loop without its back edge", _no_back_edge),
    Fault(
        "GV213",
        "a node that reads itself",
        added(
            'node { calculator: "MergeCalculator" input_stream: "{feed}" input_stream: "round" output_stream: "round" }'
        ),
    ),
    _info("NOSUCH"),
    _info("lower"),
    _info("9"),
    Fault("GV214", "an input's info twice", _info_twice),
    Fault("GV215", "a back edge that does not come back", _forward_edge),
    Fault("GV216", "an input that nobody reads", _unread_input),
    Fault("GV218", "an optional side packet from nobody", unpooled(added(_GATE.format(f"ALLOW:{NOBODY}")))),
    Fault(
        "GV220",
        "a name like a generated one",
        added(
            'node { name: "MergeCalculator_1" calculator: "PassThroughCalculator" input_stream: "{feed}" '
            'output_stream: "generated" }',
            *(
                f'node {{ calculator: "MergeCalculator" input_stream: "{{feed}}" output_stream: "{name}" }}'
                for name in ("merged_one", "merged_two")
            ),
        ),
    ),
    Fault("GV221", "an output side packet of the graph", added(f'output_side_packet: "{NOBODY}"')),
    Fault("GV221", "a packet factory", added('packet_factory { packet_factory: "Some" }')),
)
