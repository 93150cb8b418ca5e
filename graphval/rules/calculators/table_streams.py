"""Checks of calculators that route, pace and collect packets.

Source: `mediapipe/calculators/core/*.cc`, `mediapipe/calculators/internal/*.cc` and
`mediapipe/framework/tool/switch_container.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.graph import CHOOSING, Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.calculators.checks import (
    Check,
    Fault,
    Moment,
    Options,
    at_least_one,
    at_most_one,
    count,
    entries,
    exactly_one,
    excludes,
    fault_if,
    has,
    option,
    same_count,
    tag_map,
)


def _same_tags(one: str, other: str, text: str) -> Check:
    """Two lists use the same tags with the same indexes."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        first, second = tag_map(node, one), tag_map(node, other)
        if other == "outside" and not second:
            return
        for lists, against in ((first, second), (second, first)):
            for connection in lists:
                if connection.valid and against.get(connection.tag, connection.index) is None:
                    yield Fault(
                        f"{text}: {connection.tag_index} stands on one side only",
                        connection.place,
                        "give both sides the same tags and equally many entries",
                    )
                    return

    return check


def _constant_packets(node: Node, options: Options) -> Iterator[Fault]:
    outputs, packets = entries(node, "outside:PACKET"), options["packet"]
    if len(outputs) != len(packets):
        place = outputs[-1].place if outputs else node.calculator_place
        yield Fault(
            f"ConstantSidePacketCalculator has {len(outputs)} PACKET side packets but {len(packets)} packet options",
            place,
            "write one packet { … } for each PACKET",
        )
        return
    for position, packet in enumerate(packets):
        if packet.one_of("value") is None:
            places = list(options.bound.messages("packet")) if options.bound is not None else []
            place = places[position].place if position < len(places) else node.calculator_place
            yield Fault("packet has no value", place, "set one of int_value, float_value, bool_value, string_value, …")


def _flow_limiter_outputs(node: Node, options: Options) -> Iterator[Fault]:
    inputs, outputs = entries(node, "in:"), entries(node, "out:")
    if len(outputs) > len(inputs):
        yield Fault("FlowLimiterCalculator has more untagged outputs than untagged inputs", outputs[len(inputs)].place)
    elif len(outputs) < len(inputs):
        yield Fault(
            "FlowLimiterCalculator needs one untagged output for each untagged input", inputs[len(outputs)].place
        )


def _side_packet_to_stream(node: Node, options: Options) -> Iterator[Fault]:
    tags = sorted({connection.tag for connection in node.outputs})
    if len(tags) != 1:
        yield Fault(
            "the outputs of SidePacketToStreamCalculator use exactly one AT_… tag",
            node.calculator_place,
            "use one of AT_PRESTREAM, AT_POSTSTREAM, AT_ZERO, AT_TICK, AT_FIRST_TICK, AT_TIMESTAMP",
        )
        return
    tag = tags[0]
    ticks = tag in ("AT_TICK", "AT_FIRST_TICK")
    if ticks != has(node, "in:TICK"):
        place = next(iter(node.outputs)).place if ticks else entries(node, "in:TICK")[0].place
        yield Fault("the TICK input goes with AT_TICK and AT_FIRST_TICK, and only with them", place)
    timed = tag == "AT_TIMESTAMP"
    if timed != has(node, "side:TIMESTAMP"):
        place = next(iter(node.outputs)).place if timed else entries(node, "side:TIMESTAMP")[0].place
        yield Fault("the TIMESTAMP side packet goes with AT_TIMESTAMP, and only with it", place)
    sides = len(node.input_side_packets) - (1 if timed else 0)
    if sides != len(node.outputs) and timed == has(node, "side:TIMESTAMP"):
        yield Fault(
            f"SidePacketToStreamCalculator has {sides} side packets for {len(node.outputs)} outputs",
            node.calculator_place,
            "connect one side packet for each output",
        )


def _callback_type(node: Node, options: Options) -> bool:
    return options["type"] not in (1, 2)


def _data_stream(kind: str) -> Check:
    return fault_if(
        lambda node, options: not has(node, f"{kind}:DATA") and not has(node, f"{kind}:"),
        f"PacketResamplerCalculator has neither a DATA nor an untagged {'input' if kind == 'in' else 'output'} stream",
    )


def _cloner_outputs(node: Node, options: Options) -> Iterator[Fault]:
    cloned = len(entries(node, "in:")) - (0 if has(node, "in:TICK") else 1)
    if cloned < 0:
        yield Fault("PacketClonerCalculator has no tick input", node.calculator_place, "connect TICK")
    elif len(entries(node, "out:")) < cloned:
        yield Fault(
            f"PacketClonerCalculator clones {cloned} streams but has {len(entries(node, 'out:'))} outputs",
            node.calculator_place,
            "connect one output for each cloned input",
        )


def _nothing_contained(node: Node, options: Options) -> Iterator[Fault]:
    if len(options["contained_node"]):
        return
    connections = (*node.inputs, *node.outputs, *node.input_side_packets)
    connection = next((c for c in connections if c.tag not in CHOOSING), None)
    if connection is not None:
        yield Fault(
            f'SwitchContainer contains no node that could take "{connection.text}"',
            connection.place,
            'write contained_node: { calculator: "…" } into its options',
        )


def _tick_input_streams(node: Node, options: Options) -> Iterator[Fault]:
    """The option is gone through for each input until it names that input; what stands before that must be readable."""
    ticks = options.bound.all("tick_input_stream") if options.bound is not None else ()
    for connection in node.inputs if ticks else ():
        if connection.tag in CHOOSING:
            continue
        for tick in ticks:
            named = parse_tag_index(tick.string)
            if named is None:
                yield Fault(
                    f'SwitchContainer cannot read the tick_input_stream "{tick.string}"',
                    tick.place,
                    f'write TAG or TAG:index, such as "{connection.tag_index}"',
                )
                return
            if named == (connection.tag, connection.index):
                break


def _channels(one: str, other: str) -> Check:
    """Each tag of one list has, in the other, entries of channels: ``C0__TAG``."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        channels = {c.tag.partition("__")[2] for c in tag_map(node, other) if "__" in c.tag}
        for connection in tag_map(node, one):
            if connection.tag not in CHOOSING and connection.tag not in channels:
                yield Fault(
                    f'{node.calculator} has no channel for "{connection.text}"',
                    connection.place,
                    f"connect C0__{connection.tag} on the other side, or use SwitchContainer",
                )

    return check


def _unchannelled(one: str, other: str) -> Check:
    """Each entry of a channel, ``C0__TAG:0``, has, in the other list, the entry that it stands for."""

    def check(node: Node, options: Options) -> Iterator[Fault]:
        for connection in tag_map(node, one):
            _, channel, tag = connection.tag.partition("__")
            if channel and tag_map(node, other).get(tag, connection.index) is None:
                yield Fault(
                    f'{node.calculator} has nothing for the channel entry "{connection.text}" on its other side',
                    connection.place,
                    f"connect {tag} there",
                )

    return check


def _relayed_at_open(node: Node, options: Options) -> Iterator[Fault]:
    """Each output side packet of a channel tag is what the channel chosen at the beginning has under that tag."""
    if node.input_side_packets.has("SELECT") or node.input_side_packets.has("ENABLE"):
        return  # what they hold chooses
    chosen = options["select"] if options.has("select") else int(options["enable"])
    channels = {c.tag.partition("__")[2] for c in node.input_side_packets if "__" in c.tag}
    for connection in node.output_side_packets:
        wanted = f"C{chosen}__{connection.tag}"
        if connection.tag in channels and node.input_side_packets.get(wanted, connection.index) is None:
            yield Fault(
                f'SwitchMuxCalculator hands on {wanted}:{connection.index} as "{connection.text}", and has no such input',
                connection.place,
                f"connect the side packet of channel {chosen}, or choose another channel",
            )


TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
    "AddHeaderCalculator": {Moment.CONTRACT: (exactly_one("in:HEADER", "side:HEADER"),)},
    "CallbackCalculator": {
        Moment.CONTRACT: (
            at_least_one("side:CALLBACK", "side:VECTOR_CALLBACK"),
            fault_if(
                lambda n, o: len(entries(n, "in:")) > 1 and not has(n, "side:VECTOR_CALLBACK"),
                "only VECTOR_CALLBACK allows several inputs",
                port="in:",
            ),
            excludes("side:CALLBACK", "side:VECTOR_CALLBACK"),
        )
    },
    "CallbackPacketCalculator": {
        Moment.CONTRACT: (fault_if(_callback_type, "type must be VECTOR_PACKET or POST_STREAM_PACKET", field="type"),),
        Moment.OPEN: (fault_if(lambda n, o: not o["pointer"], "pointer is not set, so no callback can be made"),),
        Moment.OPEN_ABORT: (
            fault_if(
                lambda n, o: bool(o["pointer"]) and not _callback_type(n, o),
                "pointer is taken for a memory address of the server process",
                field="pointer",
                help="this calculator is of no use in a served graph: remove the node",
            ),
        ),
    },
    "CallbackWithHeaderCalculator": {
        Moment.CONTRACT_ABORT: (
            fault_if(
                lambda n, o: bool(n.input_side_packets.tags - {""}) and not has(n, "side:CALLBACK"),
                "CallbackWithHeaderCalculator looks up the side packet CALLBACK, which is not connected",
            ),
        )
    },
    "ConstantSidePacketCalculator": {Moment.CONTRACT: (_constant_packets,)},
    "CountingSourceCalculator": {Moment.CONTRACT: (at_least_one("side:MAX_COUNT", "side:ERROR_COUNT"),)},
    "FlowLimiterCalculator": {Moment.CONTRACT: (_flow_limiter_outputs,)},
    "GateCalculator": {
        Moment.CONTRACT: (
            at_most_one("in:ALLOW", "in:DISALLOW", "side:ALLOW", "side:DISALLOW"),
            same_count("in:", "out:"),
        )
    },
    "MakePairCalculator": {Moment.CONTRACT: (count("in", 2),)},
    "MuxCalculator": {Moment.CONTRACT: (exactly_one("in:SELECT", "side:SELECT"),)},
    "NonZeroCalculator": {Moment.CONTRACT: (exactly_one("in:INPUT", "side:INPUT"),)},
    "PacketClonerCalculator": {Moment.CONTRACT_ABORT: (_cloner_outputs,)},
    "PacketGeneratorWrapperCalculator": {
        Moment.CONTRACT: (fault_if(lambda n, o: True, "OVMS has no packet generators, so none can be wrapped"),)
    },
    "PacketInnerJoinCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: len(n.inputs) != len(n.outputs),
                "PacketInnerJoinCalculator needs as many outputs as inputs",
            ),
        )
    },
    "PacketResamplerCalculator": {
        Moment.CONTRACT_ABORT: (_data_stream("in"), _data_stream("out")),
        Moment.CONTRACT: (
            option("jitter", lambda v: not 0 <= v <= 1, "must be between 0 and 1"),
            fault_if(
                lambda n, o: o["jitter"] != 0 and not has(n, "side:SEED"),
                "jitter needs the side packet SEED",
                field="jitter",
            ),
        ),
        Moment.OPEN: (
            option("frame_rate", lambda v: not 0 < v <= 1_000_000, "must be above 0 and at most 1000000"),
            fault_if(
                lambda n, o: o["jitter"] != 0 and has(n, "side:SEED"),
                "OVMS has no secure random numbers, so jitter cannot be used",
                field="jitter",
            ),
        ),
    },
    "PacketSequencerCalculator": {Moment.CONTRACT: (same_count("in:INPUT", "out:OUTPUT"),)},
    "PacketThinnerCalculator": {
        Moment.OPEN_ABORT: (
            fault_if(
                lambda n, o: not has(n, "side:PERIOD") and o["period"] <= 0, "period must be above 0", field="period"
            ),
            fault_if(
                lambda n, o: o.has("start_time") and o.has("end_time") and o["start_time"] >= o["end_time"],
                "start_time must be before end_time",
                field="end_time",
            ),
        )
    },
    "PassThroughCalculator": {
        Moment.CONTRACT: (
            _same_tags("in", "out", "input and output streams of PassThroughCalculator must have the same tags"),
            _same_tags(
                "side", "outside", "input and output side packets of PassThroughCalculator must have the same tags"
            ),
        )
    },
    "ResourceProviderCalculator": {
        Moment.OPEN_ABORT: (
            fault_if(
                lambda n, o: (
                    len(entries(n, "outside:RESOURCE"))
                    > max(len(o["resource_id"]), len(entries(n, "side:RESOURCE_ID")))
                ),
                "there are more RESOURCE side packets than resource ids",
                port="outside:RESOURCE",
            ),
        )
    },
    "RoundRobinDemuxCalculator": {
        Moment.PROCESS_ABORT: (
            fault_if(lambda n, o: not has(n, "out:OUTPUT"), "RoundRobinDemuxCalculator has no OUTPUT stream"),
        )
    },
    "SequenceShiftCalculator": {
        Moment.PROCESS_ABORT: (
            fault_if(
                lambda n, o: (
                    not has(n, "side:PACKET_OFFSET")
                    and o["packet_offset"] > 0
                    and o["emit_empty_packets_before_first_packet"]
                ),
                "a positive packet_offset cannot be combined with emit_empty_packets_before_first_packet",
                field="emit_empty_packets_before_first_packet",
            ),
        )
    },
    "SidePacketToStreamCalculator": {Moment.CONTRACT: (_side_packet_to_stream,)},
    "SwitchContainer": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: o.has("select") and o.has("enable"),
                "only one of the options select and enable can be given",
                field="enable",
            ),
            at_most_one("in:SELECT", "in:ENABLE"),
            at_most_one("side:SELECT", "side:ENABLE"),
            _nothing_contained,
        ),
        Moment.CONTRACT_ABORT: (_tick_input_streams,),
    },
    "SwitchDemuxCalculator": {
        Moment.CONTRACT: (_channels("in", "out"), _unchannelled("out", "in"), _channels("side", "outside"))
    },
    "SwitchMuxCalculator": {
        Moment.CONTRACT: (_channels("out", "in"), _unchannelled("in", "out"), _unchannelled("side", "outside")),
        Moment.OPEN_ABORT: (_relayed_at_open,),
    },
    "VideoPreStreamCalculator": {
        Moment.CONTRACT: (
            fault_if(
                lambda n, o: (
                    not (len(n.inputs) == 1 and has(n, "in:"))
                    and not (has(n, "in:FRAME") and has(n, "in:VIDEO_PRESTREAM"))
                ),
                "VideoPreStreamCalculator takes one untagged input, or FRAME and VIDEO_PRESTREAM",
            ),
        )
    },
}
