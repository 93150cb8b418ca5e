"""How a graph is run here: per node, whether the framework runs it, we do, or nobody can.

Made once at load; every request runs by it. The configuration for the framework holds the real nodes only; what goes
from a real node to one of ours is observed, what comes back enters as a graph input stream of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphval.catalog import Catalog
from graphval.graph import Graph, Handler, Node, Wiring, contained_nodes, resolve
from graphval.graph.ports import port_of
from graphval.rehearsal.expansion.detections import DetectionEntry
from graphval.rehearsal.expansion.entry import Entry
from graphval.rehearsal.expansion.handlers import (
    DEFAULT,
    WHEEL_HANDLERS,
    Firing,
    firing_of,
    mux_control,
    written_handler,
)
from graphval.rehearsal.expansion.liveness import settled_streams
from graphval.rehearsal.expansion.tensor_vectors import IMAGE_TO_TENSOR, Tap, add_entry, add_tap, image_size
from graphval.rehearsal.framework import has_calculator
from graphval.rehearsal.nodes.inference import output_tensors, type_of_tag
from graphval.rehearsal.nodes.interface import Factory
from graphval.rehearsal.nodes.registry import bridged_calculator
from graphval.rehearsal.packets import MP_TENSOR, MP_TENSORS

if TYPE_CHECKING:
    from graphval.rehearsal.models import Models

BRIDGE_TAG = "GRAPHVAL_BRIDGE"
DETECTIONS_MADE = "OpenVINOTensorsToDetectionsCalculator"
TFLITE_INFERENCE, TFLITE_INFERENCE_ON_CPU = "InferenceCalculator", "InferenceCalculatorCpu"
"""A subgraph that becomes the first implementation that is registered: the server has the second only, the wheel puts
one for GPUs before it (``mediapipe/calculators/tensor/inference_calculator.cc``)."""


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
    taps: dict[str, Tap] = field(default_factory=dict)
    """Tensor vectors read by our nodes, by the stream that is observed for them."""
    made: dict[str, Entry] = field(default_factory=dict)
    """Vectors made by our nodes for real ones, by stream."""
    side_taps: set[str] = field(default_factory=set)
    """Side packets made by real nodes for ours."""
    side_packets_needed: list[str] = field(default_factory=list)
    """Side packets without which nodes outside the framework do not start."""
    mux_controls: set[str] = field(default_factory=set)
    """Streams that tell a Mux handler which input to take."""
    wanted: dict[str, str] = field(default_factory=dict)
    """The packet type that nodes outside the framework take, by graph input."""
    trace_log_breaks: bool = False
    """Whether the server dies of the size of the trace log when a graph starts."""

    @property
    def all_real(self) -> bool:
        return not self.bridged and not self.not_exercised


def make_plan(graph: Graph, catalog: Catalog, models: Models) -> Plan:
    """The plan for a graph whose calculators are all known to the catalog. ``models`` are those served already."""
    wiring = resolve(graph)
    # The bindings print the message and parse it again, so that it has to be one that knows its extensions.
    config = type(graph.bound.message)()
    config.CopyFrom(graph.bound.message)
    plan = Plan(graph, wiring, config)
    _settle_profiler(plan)
    real: list[tuple[Node, Firing]] = []
    for node in graph.nodes:
        plan.handlers[node.position] = written_handler(graph, node, catalog)
        _place(plan, catalog, node, real)
    real = _without_starved(plan, real)
    sizes, shapes = _tensor_crossings(plan, real, models)
    _strip_to(plan, catalog, real)
    _connect(plan, sizes, shapes)
    plan.settled = settled_streams(graph, wiring)
    for node, _ in real:
        control = mux_control(node, plan.handlers[node.position])
        if control is not None:
            plan.mux_controls.add(control)
    plan.observed |= plan.mux_controls
    plan.side_packets_needed = list(_side_packets_needed(plan, catalog))
    return plan


def _side_packets_needed(plan: Plan, catalog: Catalog) -> Iterator[str]:
    for node in (*(part.node for part in plan.bridged), *(part.node for part in plan.not_exercised)):
        contract = catalog.calculator(node.registered_as)
        for connection in node.input_side_packets:
            port = port_of(contract.input_side_packets, connection) if contract is not None else None
            if port is None or not port.may_be_empty:
                yield connection.name


def _settle_profiler(plan: Plan) -> None:
    """A negative size of the trace log was seen to end the server at a request; the wheel does not even get so far. Nor
    does it with a filter that is no regular expression, of which the server may only write to its log (MediaPipe
    ``framework/profiler/graph_profiler.cc``): nobody reads the profile here, so there is no filter."""
    profiler = plan.config.profiler_config
    profiler.ClearField("calculator_filter")
    if profiler.trace_enabled and profiler.trace_log_capacity < 0:
        plan.trace_log_breaks = True
        profiler.ClearField("trace_log_capacity")


def _place(plan: Plan, catalog: Catalog, node: Node, real: list[tuple[Node, Firing]]) -> None:
    name = node.registered_as
    bridged = bridged_calculator(name)
    handler = plan.handlers[node.position]
    firing = firing_of(node, handler, own="" if bridged is None else DEFAULT)
    if bridged is not None:
        if firing.obstacle:
            reason = f"its input stream handler has no counterpart here: {firing.obstacle}"
            plan.not_exercised.append(NotExercisedPart(node, reason))
        else:
            plan.bridged.append(BridgedPart(node, bridged, firing))
    elif not has_calculator(name):
        plan.not_exercised.append(NotExercisedPart(node, f"{name} is not part of the MediaPipe wheel"))
    elif own := foreign_inner_calculator(catalog, name):
        plan.not_exercised.append(NotExercisedPart(node, f"{name} contains {own}, which the wheel's {name} does not"))
    elif name == "AnnotationOverlayCalculator" and any(e.has("UIMAGE") for e in (node.inputs, node.outputs)):
        plan.not_exercised.append(NotExercisedPart(node, "the wheel draws on UIMAGE with a graphics processor only"))
    elif held := _foreign_contained(plan.graph, catalog, node):
        plan.not_exercised.append(NotExercisedPart(node, f"it holds {held}, which the framework does not run"))
    else:
        if handler is not None and handler.name not in WHEEL_HANDLERS and not firing.wheel:
            plan.not_exercised.append(
                NotExercisedPart(
                    node, f"{handler.name} is not part of the MediaPipe wheel and has no counterpart for this node"
                )
            )
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
                    starved[node.position] = (
                        f'its side packet "{connection.name}" comes from node '
                        f'"{producer.node.canonical_name}", which the framework does not run'
                    )
        if not starved:
            return real
        plan.not_exercised += [NotExercisedPart(n, starved[n.position]) for n, _ in real if n.position in starved]
        real = [(n, firing) for n, firing in real if n.position not in starved]


def foreign_inner_calculator(catalog: Catalog, name: str) -> str:
    """A calculator inside a subgraph that the wheel lacks; empty if the wheel's subgraph is the server's."""
    contract = catalog.calculator(name)
    if contract is None:
        return ""
    return next((inner for inner in contract.expands_to if not has_calculator(inner)), "")


def _foreign_contained(graph: Graph, catalog: Catalog, node: Node) -> str:
    """A calculator inside a container that the framework does not run; empty if it runs them all."""
    names = (inner.registered_as for inner in contained_nodes(node, len(graph.nodes)))
    return next(
        (n for n in names if bridged_calculator(n) or not has_calculator(n) or foreign_inner_calculator(catalog, n)), ""
    )


def _strip_to(plan: Plan, catalog: Catalog, real: list[tuple[Node, Firing]]) -> None:
    """Leave the real nodes only, each under a handler the wheel has."""
    whole = list(plan.config.node)
    replace_graph_handler = plan.graph.handler is not None and plan.graph.handler.name not in WHEEL_HANDLERS
    del plan.config.node[:]
    for node, firing in real:
        kept = plan.config.node.add()
        kept.CopyFrom(whole[node.position])
        contract = catalog.calculator(node.registered_as)
        drop_foreign_options(kept, contract.options_message if contract is not None else None)
        if not plan.all_real and not kept.name:
            kept.name = node.canonical_name
        if node.registered_as == TFLITE_INFERENCE:
            kept.calculator = TFLITE_INFERENCE_ON_CPU
            kept.name = f"{node.canonical_name.lower()}__{TFLITE_INFERENCE_ON_CPU}"
        handler = plan.graph.effective_handler(node)
        if handler is not None and (firing.wheel or handler.name not in WHEEL_HANDLERS):
            # Also on subgraph nodes, where it means nothing: the wheel must not meet a name it does not know.
            kept.ClearField("input_stream_handler")
            kept.input_stream_handler.input_stream_handler = firing.wheel or DEFAULT
    if replace_graph_handler:
        plan.config.ClearField("input_stream_handler")


def drop_foreign_options(node: Any, own: str | None) -> None:
    """Leave out options of other calculators: nobody reads them, and the wheel may not know their names."""
    for extension, _ in node.options.ListFields():
        if extension.is_extension and extension.message_type.full_name != own:
            node.options.ClearExtension(extension)
    for position in reversed(range(len(node.node_options))):
        if node.node_options[position].type_url.rpartition("/")[2] != own:
            del node.node_options[position]


def _tensor_crossings(
    plan: Plan, real: list[tuple[Node, Firing]], models: Models
) -> tuple[dict[str, tuple[int, int]], dict[str, list[tuple[int, ...]]]]:
    """MediaPipe tensors between real nodes and ours: image sizes of those read, shapes of those made, by stream.

    An inference node whose tensors cannot cross faithfully is taken out of the plan, with the reason.
    """
    running = {node.position for node, _ in real}
    sizes: dict[str, tuple[int, int]] = {}
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for part in list(plan.bridged):
        node, reason = part.node, ""
        if node.registered_as != "OpenVINOInferenceCalculator":
            continue
        for connection in node.inputs:
            producer = plan.wiring.producer(connection.name)
            if (
                type_of_tag(connection.tag) not in (MP_TENSOR, MP_TENSORS)
                or producer is None
                or producer.node is None
                or producer.node.position not in running
            ):
                continue
            size = image_size(producer.node) if producer.node.registered_as == IMAGE_TO_TENSOR else None
            if size is None or type_of_tag(connection.tag) == MP_TENSOR:
                reason = f'the tensors on stream "{connection.name}" cannot be read here'
            else:
                sizes[connection.name] = size
        for connection in node.outputs:
            readers = plan.wiring.consumers.get(connection.name, ())
            if type_of_tag(connection.tag) not in (MP_TENSOR, MP_TENSORS) or not any(
                r.node is not None and r.node.position in running for r in readers
            ):
                continue
            known = output_tensors(plan.wiring, node, connection.tag, models)
            if known is None:
                continue  # no such model: the session fails before anything is emitted
            if type_of_tag(connection.tag) == MP_TENSOR or any(
                info.datatype != "FP32" or -1 in info.shape or 0 in info.shape for info in known
            ):
                reason = f'the tensors on stream "{connection.name}" cannot be made here'
            else:
                shapes[connection.name] = [info.shape for info in known]
        if reason:
            plan.bridged.remove(part)
            plan.not_exercised.append(NotExercisedPart(node, reason))
    return sizes, shapes


def _connect(plan: Plan, sizes: dict[str, tuple[int, int]], shapes: dict[str, list[tuple[int, ...]]]) -> None:
    outside = [part.node for part in plan.bridged] + [part.node for part in plan.not_exercised]
    bridged = {part.node.position for part in plan.bridged}
    running = {node.position for node in plan.graph.nodes} - {node.position for node in outside}
    for node in outside:
        for connection in node.outputs:
            if connection.name in plan.entries:
                continue
            if connection.name in shapes and node.position in bridged:
                entry = add_entry(plan.config, connection.name, shapes[connection.name])
                plan.made[connection.name] = entry
                plan.entries.update(entry.parts)
            elif node.position in bridged and node.registered_as == DETECTIONS_MADE and connection.tag == "DETECTIONS":
                detections = DetectionEntry(connection.name)
                detections.add_to(plan.config)
                plan.made[connection.name] = detections
                plan.entries.update(detections.parts)
            else:
                plan.entries.add(connection.name)
    for position, name in enumerate(sorted(plan.entries)):
        plan.config.input_stream.append(f"{BRIDGE_TAG}:{position}:{name}")
    produced = plan.wiring.producers
    plan.observed = {c.name for c in plan.graph.outputs if c.name in produced}
    for part in plan.bridged:
        for connection in part.node.inputs:
            if connection.name in sizes:
                tap = Tap(connection.name, f"graphval_floats_{connection.name}", *sizes[connection.name])
                if tap.floats not in plan.taps:
                    add_tap(plan.config, tap)
                    plan.taps[tap.floats] = tap
            elif connection.name in produced:
                plan.observed.add(connection.name)
        for connection in part.node.input_side_packets:
            producer = plan.wiring.side_producer(connection.name)
            if producer is not None and producer.node is not None and producer.node.position in running:
                plan.side_taps.add(connection.name)
    plan.observed |= plan.taps.keys()
