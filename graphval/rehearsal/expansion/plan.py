"""How a graph is run here: per node, whether the framework runs it, we do, or nobody can.

Made once at load; every request runs by it. The configuration for the framework holds the real nodes only; what goes
from a real node to one of ours is observed, what comes back enters as a graph input stream of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphval.catalog import Catalog
from graphval.graph import Graph, Handler, Node, Wiring, resolve
from graphval.rehearsal.expansion.handlers import DEFAULT, WHEEL_HANDLERS, Firing, firing_of, written_handler
from graphval.rehearsal.expansion.liveness import settled_streams
from graphval.rehearsal.framework import has_calculator
from graphval.rehearsal.nodes.interface import Factory
from graphval.rehearsal.nodes.registry import bridged_calculator

BRIDGE_TAG = "GRAPHVAL_BRIDGE"


@dataclass(frozen=True, slots=True)
class BridgedPart:
    """A node executed by us."""

    node: Node
    factory: Factory
    firing: Firing


@dataclass(frozen=True, slots=True)
class NotExercisedPart:
    """A node nobody can execute here, and why."""

    node: Node
    reason: str


@dataclass(slots=True)
class Plan:
    """``config`` is what the framework gets. ``observed`` are the streams to look at, ``entries`` those that enter
    from our nodes, ``settled`` those that are done once the graph inputs are closed and all is idle."""

    graph: Graph
    wiring: Wiring
    config: Any
    bridged: list[BridgedPart] = field(default_factory=list)
    not_exercised: list[NotExercisedPart] = field(default_factory=list)
    observed: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    handlers: dict[int, Handler | None] = field(default_factory=dict)
    """The written input stream handler that counts, by node position."""

    @property
    def all_real(self) -> bool:
        return not self.bridged and not self.not_exercised


def calculator_name(graph: Graph, node: Node) -> str:
    """The registered name a node means: a leading dot forces the global name space, other dots become ``::``."""
    return node.calculator.removeprefix(".").replace(".", "::")


def make_plan(graph: Graph, catalog: Catalog) -> Plan:
    """The plan for a graph whose calculators are all known to the catalog."""
    wiring = resolve(graph)
    # The bindings print the message and parse it again, so that it has to be one that knows its extensions.
    config = type(graph.bound.message)()
    config.CopyFrom(graph.bound.message)
    plan = Plan(graph, wiring, config)
    real: list[tuple[Node, Firing]] = []
    for node in graph.nodes:
        plan.handlers[node.position] = written_handler(graph, node, catalog)
        _place(plan, catalog, node, real)
    real = _without_starved(plan, real)
    _strip_to(plan, catalog, real)
    _connect(plan)
    plan.settled = settled_streams(graph, wiring)
    return plan


def _place(plan: Plan, catalog: Catalog, node: Node, real: list[tuple[Node, Firing]]) -> None:
    name = calculator_name(plan.graph, node)
    bridged = bridged_calculator(name)
    handler = plan.handlers[node.position]
    firing = firing_of(node, handler, own="" if bridged is None else DEFAULT)
    if bridged is not None:
        if firing.obstacle:
            plan.not_exercised.append(NotExercisedPart(node, f"its input stream handler has no counterpart here: {firing.obstacle}"))
        else:
            plan.bridged.append(BridgedPart(node, bridged, firing))
    elif not has_calculator(name):
        plan.not_exercised.append(NotExercisedPart(node, f"{name} is not part of the MediaPipe wheel"))
    elif own := _inner_nodes_of_the_server(catalog, name):
        plan.not_exercised.append(NotExercisedPart(node, f"{name} contains {own}, which the wheel's {name} does not"))
    else:
        if handler is not None and handler.name not in WHEEL_HANDLERS and not firing.wheel:
            plan.not_exercised.append(NotExercisedPart(
                node, f"{handler.name} is not part of the MediaPipe wheel and has no counterpart for this node"))
        else:
            real.append((node, firing))


def _without_starved(plan: Plan, real: list[tuple[Node, Firing]]) -> list[tuple[Node, Firing]]:
    """Real nodes that wait for a side packet of a node outside the framework cannot run either."""
    while True:
        outside = {part.node.position for part in plan.bridged} | {part.node.position for part in plan.not_exercised}
        starved: dict[int, str] = {}
        for node, _ in real:
            for connection in node.input_side_packets:
                producer = plan.wiring.side_producer(connection.name)
                if producer is not None and producer.node is not None and producer.node.position in outside:
                    starved[node.position] = (f'its side packet "{connection.name}" comes from node '
                                              f'"{producer.node.canonical_name}", which the framework does not run')
        if not starved:
            return real
        plan.not_exercised += [NotExercisedPart(n, starved[n.position]) for n, _ in real if n.position in starved]
        real = [(n, firing) for n, firing in real if n.position not in starved]


def _inner_nodes_of_the_server(catalog: Catalog, name: str) -> str:
    """A calculator inside a subgraph that the wheel lacks; empty if the wheel's subgraph is the server's."""
    contract = catalog.calculator(name)
    if contract is None:
        return ""
    return next((inner for inner in contract.expands_to if not has_calculator(inner)), "")


def _strip_to(plan: Plan, catalog: Catalog, real: list[tuple[Node, Firing]]) -> None:
    """Leave the real nodes only, each under a handler the wheel has."""
    whole = list(plan.config.node)
    replace_graph_handler = plan.graph.handler is not None and plan.graph.handler.name not in WHEEL_HANDLERS
    del plan.config.node[:]
    for node, firing in real:
        kept = plan.config.node.add()
        kept.CopyFrom(whole[node.position])
        contract = catalog.calculator(calculator_name(plan.graph, node))
        _drop_foreign_options(kept, contract.options_message if contract is not None else None)
        if not plan.all_real and not kept.name:
            kept.name = node.canonical_name
        handler = plan.graph.effective_handler(node)
        if handler is not None and (firing.wheel or handler.name not in WHEEL_HANDLERS):
            # Also on subgraph nodes, where it means nothing: the wheel must not meet a name it does not know.
            kept.ClearField("input_stream_handler")
            kept.input_stream_handler.input_stream_handler = firing.wheel or DEFAULT
    if replace_graph_handler:
        plan.config.ClearField("input_stream_handler")


def _drop_foreign_options(node: Any, own: str | None) -> None:
    """Leave out options of other calculators: nobody reads them, and the wheel may not know their names."""
    for field, _ in node.options.ListFields():
        if field.is_extension and field.message_type.full_name != own:
            node.options.ClearExtension(field)
    for position in reversed(range(len(node.node_options))):
        if node.node_options[position].type_url.rpartition("/")[2] != own:
            del node.node_options[position]


def _connect(plan: Plan) -> None:
    outside = [part.node for part in plan.bridged] + [part.node for part in plan.not_exercised]
    position = 0
    for node in outside:
        for connection in node.outputs:
            if connection.name not in plan.entries:
                plan.entries.add(connection.name)
                plan.config.input_stream.append(f"{BRIDGE_TAG}:{position}:{connection.name}")
                position += 1
    produced = plan.wiring.producers
    plan.observed = {c.name for part in plan.bridged for c in part.node.inputs if c.name in produced}
    plan.observed |= {c.name for c in plan.graph.outputs if c.name in produced}
