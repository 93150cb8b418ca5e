"""A node that is told to let nothing through feeds a graph output.

## What it does

Looks for nodes whose connections and options let no packet through: a `GateCalculator` without any control stream or
side packet whose option `allow` is not set (it is false by default), or with a constant that shuts it, a
`FlowLimiterCalculator` with `max_in_flight: 0`, a `SwitchContainer` whose option chooses a node that it does not have
(`enable: true` chooses the second one).
It follows their outputs to the nodes that read nothing else, and on to the graph's outputs. It also tells of outputs
that stay empty for the first packet, which is the only one of a unary request: a `SequenceShiftCalculator` with an
offset other than 0 (-1 by default), `PREV_LOOP` of a `PreviousLoopbackCalculator`.

## Why it is bad

The graph loads and runs, and the response lacks an output: every request fails with `Unknown error during mediapipe
execution`. Where only the first packet is dropped, every unary request fails, and streams lack their first response.
With a pool the responses come, without that output.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"  # error: [GV316]
  input_stream: "in"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } }
}
```

## How to fix

Let the node pass packets: give the gate its control input or `allow: true`, the limiter a `max_in_flight` of 1 or more,
the container one of its nodes; or take the graph's output from before it.

## Source

MediaPipe `mediapipe/calculators/core/gate_calculator.cc`, `flow_limiter_calculator.cc`, `sequence_shift_calculator.cc`
and `previous_loopback_calculator.cc` (fork of OVMS 2026.4); seen on the real server as failing requests. Of containers
`mediapipe/framework/tool/switch_demux_calculator.cc`; seen on the framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from graphval.findings import Effect, Phase, Severity
from graphval.graph import CHOOSING, Connection, Node
from graphval.rules.calculators.connections import fits
from graphval.rules.constants import constant_side_packet, constant_stream
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, Skip, graph_rule
from graphval.textproto import Place


def _gate(node: Node, context: GraphContext) -> tuple[str, Place] | None:
    controlled = False
    for entries, constant in ((node.inputs, constant_stream), (node.input_side_packets, constant_side_packet)):
        for tag, opens in (("ALLOW", True), ("DISALLOW", False)):
            control = entries.get(tag)
            value = constant(context, control.name, "bool_value") if control is not None else None
            if control is not None and value is not None and value.value is not opens:
                return f"the gate is shut for ever: {tag} is always {value.text}", control.place
            controlled |= control is not None
    if controlled:
        return None
    options = node.options_of("mediapipe.GateCalculatorOptions")
    if options is not None and options.reading["allow"]:
        return None
    place = options.place_of("allow") if options is not None else node.calculator_place
    return "the gate is shut for ever: nothing controls it, and its option allow is not true", place


def _limiter(node: Node, context: GraphContext) -> tuple[str, Place] | None:
    if node.input_side_packets.has("MAX_IN_FLIGHT") or node.input_side_packets.has("OPTIONS"):
        return None
    options = node.options_of("mediapipe.FlowLimiterCalculatorOptions")
    limit = options.first("max_in_flight") if options is not None else None
    if limit is None or limit.value != 0:
        return None
    return "max_in_flight 0 lets no packet through", limit.place


def _container(node: Node, context: GraphContext) -> tuple[str, Place] | None:
    """A container that hands everything to a node it does not have."""
    options = node.options_of("mediapipe.SwitchContainerOptions")
    if options is None or any(e.has(tag) for e in (node.inputs, node.input_side_packets) for tag in CHOOSING):
        return None
    chosen = [field for name in ("select", "enable") if (field := options.first(name)) is not None]
    held = len(options.messages("contained_node"))
    if len(chosen) != 1 or not held or 0 <= chosen[0].number < held:
        return None
    [choice] = chosen
    return (
        f"{choice.name} {choice.text} chooses node {int(choice.number)}, but the last node is {held - 1}",
        choice.place,
    )


def _shift(node: Node, context: GraphContext) -> tuple[str, Place] | None:
    if node.input_side_packets.has("PACKET_OFFSET"):
        return None
    options = node.options_of("mediapipe.SequenceShiftCalculatorOptions")
    offset = options.first("packet_offset") if options is not None else None
    if options is None or offset is None:
        return "with packet_offset -1, the default, the first packet is not emitted", node.calculator_place
    dies = offset.number > 0 and options.reading["emit_empty_packets_before_first_packet"]
    if offset.number == 0 or dies:
        return None
    return f"with packet_offset {offset.text} the first packet is not emitted", offset.place


def _loopback(node: Node, context: GraphContext) -> tuple[str, Place] | None:
    return "PREV_LOOP has nothing to go with the first packet", node.calculator_place


_MOST = 50_000
"""Connections that are looked at in one graph: the way from each node that is shut is walked anew."""

_Reason: TypeAlias = Callable[[Node, GraphContext], "tuple[str, Place] | None"]
_SHUT: dict[str, _Reason] = {
    "GateCalculator": _gate,
    "FlowLimiterCalculator": _limiter,
    "SwitchContainer": _container,
}
_LATE: dict[str, _Reason] = {"SequenceShiftCalculator": _shift, "PreviousLoopbackCalculator": _loopback}
_HOLD_BACK = frozenset({*_SHUT, *_LATE})


@graph_rule("GV316", "nothing-comes-out", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    if context.seen.calculators.isdisjoint(_HOLD_BACK):
        return
    left = _MOST
    for table, shut in ((_SHUT, True), (_LATE, False)):
        for node in context.graph:
            reason = table.get(node.registered_as)
            said = reason(node, context) if reason is not None else None
            if said is None or not _as_meant(context, node):
                continue
            output, looked_at = _graph_output(context, node, left)
            left -= looked_at
            if left < 0:
                yield Skip("what its shut nodes keep from its outputs is more than is looked at")
                return
            if output is None:
                continue
            message, place = said
            yield Hit(
                place,
                message,
                label=_WITHOUT[context.pooled] if shut else "",
                help=_LET_THROUGH if shut else _ASK_ON[context.pooled],
                related=((f'"{output.name}" stays empty', output.place),),
                severity=None if shut and not context.pooled else Severity.WARNING,
                effect=Effect.WRONG if context.pooled else None,
                node=node,
            )


_WITHOUT = ("every request fails without its output", "every request is answered without its output")
_LET_THROUGH = "let it through, or feed the graph's output from another node"
_ASK_ON = (
    "unary requests have one packet for each input, so they all fail: ask over a stream",
    "the first request that a graph of the pool gets is answered without it, the others with what came before",
)
"""Without a pool, and with one, whose graphs live on and answer with what outputs there are."""


def _as_meant(context: GraphContext, node: Node) -> bool:
    """Whether nothing else is wrong with the node, which would explain what it lacks."""
    contract = context.contract(node)
    return (
        node.position not in context.unsure
        and contract is not None
        and fits(node, context)
        and len(node.node_options) + len(node.option_extensions) <= 1
        and node.bound.first("option_value") is None
    )


def _graph_output(context: GraphContext, source: Node, most: int) -> tuple[Connection | None, int]:
    """A graph output that only ``source`` can fill, directly or through nodes that read nothing else, and how many
    connections were looked at: hardly more than ``most``."""
    looked_at = 0
    wiring = context.wiring
    dead = {connection.name for connection in source.outputs}
    waiting = [source]
    while waiting:
        for connection in waiting.pop().outputs:
            for endpoint in wiring.consumers.get(connection.name, ()):
                if endpoint.node is None:
                    return endpoint.connection, looked_at
                looked_at += len(endpoint.node.inputs) + len(endpoint.node.outputs)
                if looked_at > most:
                    return None, looked_at
                outputs = {written.name for written in endpoint.node.outputs}
                if not outputs <= dead and all(read.name in dead for read in endpoint.node.inputs):
                    dead |= outputs
                    waiting.append(endpoint.node)
    return None, looked_at
