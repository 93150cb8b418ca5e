"""Loading one graph: OVMS's checks in OVMS's order.

Source: OVMS ``src/mediapipe_internal/mediapipegraphdefinition.cpp`` (2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphval.catalog import Catalog
from graphval.graph import Graph, build_graph, graph_schema, numbered_names
from graphval.rehearsal import initialisers
from graphval.rehearsal.death import check_failed, memory_fault
from graphval.rehearsal.expansion import contracts
from graphval.rehearsal.expansion.handlers import REGISTERED, check_construction
from graphval.rehearsal.expansion.plan import make_plan
from graphval.rehearsal.framework import OK, AbslStatus, bindings, status_of
from graphval.rehearsal.graph_definition import GraphDefinition, State
from graphval.rehearsal.journal import journal
from graphval.rehearsal.pool import Pool, pool_size
from graphval.rehearsal.servables import Servables
from graphval.rehearsal.status import Escaped, Refused, refuse
from graphval.rehearsal.stream_types import Border, PacketType, border_of
from graphval.textproto import Source, bind, parse

if TYPE_CHECKING:
    from graphval.deployment.model import GraphEntry

_MM = "modelmanager"


def load_graph(entry: GraphEntry, catalog: Catalog, servables: Servables) -> GraphDefinition:
    """Validate a graph and enter it. The definition's state tells how it went.

    Raises :class:`Escaped` where an exception leaves an initialiser in OVMS: the graph is then not
    entered. Raises :class:`Refused` with MEDIAPIPE_GRAPH_NAME_OCCUPIED where OVMS does not enter it either.
    """
    definition = GraphDefinition(entry.name, entry.base_path)
    journal.debug(f"Mediapipe graph:{entry.name} was not loaded so far. Triggering load", _MM)
    journal.debug(f"Started validation of mediapipe: {entry.name}", _MM)
    if servables.models.get(entry.name) is not None:
        journal.error(f"Mediapipe graph name: {entry.name} is already occupied by model or pipeline.", _MM)
        raise refuse("MEDIAPIPE_GRAPH_NAME_OCCUPIED")
    try:
        _validate(definition, entry, catalog, servables)
    except Refused as refusal:
        definition.enter(State.LOADING_PRECONDITION_FAILED)
        servables.graphs.add(definition)
        journal.debug(f"Loading graph {entry.name} failed: {refusal.status.text}", _MM)
        raise
    except Escaped:
        definition.enter(State.LOADING_PRECONDITION_FAILED)
        raise
    definition.enter(State.AVAILABLE)
    servables.graphs.add(definition)
    return definition


def _validate(definition: GraphDefinition, entry: GraphEntry, catalog: Catalog, servables: Servables) -> None:
    graph = read_graph(entry, catalog)
    size = pool_size(graph)
    _read_borders(definition, graph)
    status = dry_initialize(definition, graph, catalog, servables)
    if not status.ok:
        journal.error(f"Mediapipe graph: {definition.name} initialization failed with message: {status}", _MM)
        raise refuse("MEDIAPIPE_GRAPH_INITIALIZATION_ERROR", str(status))
    journal.info("MediapipeGraphDefinition initializing graph nodes")
    initialisers.initialise_nodes(definition, graph)
    assert definition.plan is not None
    for part in definition.plan.not_exercised:
        definition.blockers.append((part.node.canonical_name, part.reason))
    for node, reason in definition.blockers:
        journal.not_exercised(definition.name, node, reason)
    if size > 0:
        definition.pool = Pool(definition, size, servables.models)
    else:
        journal.debug(f"Graph queue creation disabled for mediapipe: {definition.name} (graph_queue_size=0)")
    others = [other for other in servables.graphs.all() if other.name != definition.name]
    taken = {name for other in others for name in (other.name, *other.aliases)}
    if any(alias in taken or servables.models.get(alias) is not None for alias in definition.aliases):
        journal.error(f"LoRA alias in graph '{definition.name}' conflicts with an existing servable", _MM)
        raise refuse("MEDIAPIPE_GRAPH_NAME_OCCUPIED")
    journal.debug(f"Finished validation of mediapipe: {definition.name}", _MM)
    for kind, borders in (("inputs", definition.inputs), ("outputs", definition.outputs)):
        lines = "".join(f"\nname: {b.name}; mapping: ; shape: (); precision: UNDEFINED; layout: ..." for b in borders)
        journal.info(f"Mediapipe: {definition.name} {kind}: {lines}", _MM)
    journal.info(f"Mediapipe: {definition.name} kfs pass through: {str(definition.passthrough).lower()}", _MM)


def read_graph(entry: GraphEntry, catalog: Catalog) -> Graph:
    """Open, parse and bind the pbtxt. Raises :class:`Refused`."""
    if entry.problems:
        # A text that graphval's own reader does not begin with; protobuf would give up on it too.
        journal.protobuf_error(f"1:1: {entry.problems[0].message}")
        journal.error(f"Trying to parse mediapipe graph definition: {entry.name} failed", _MM)
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
    if entry.source is None:
        journal.error(f"Failed to open mediapipe graph definition: {entry.name}, file: {entry.file}", _MM)
        raise refuse("FILE_INVALID")
    journal.debug(f"Content of file {entry.file}:\n{entry.source.text}")
    if not entry.source.text:
        journal.error(f"Trying to parse empty mediapipe graph definition: {entry.name} failed", _MM)
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
    document = parse(Source(str(entry.file), entry.source.text))
    problems = list(document.problems)
    bound, more = bind(document, graph_schema(catalog))
    problems += more
    if problems:
        first = min(problems, key=lambda problem: problem.start)
        line, column = document.source.position(first.start)
        journal.protobuf_error(
            first.protobuf if ":" in first.protobuf[:6] else f"{line}:{column}: {first.protobuf or first.message}"
        )
        journal.error(f"Trying to parse mediapipe graph definition: {entry.name} failed", _MM)
        raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
    return build_graph(entry.name, document, bound)


def _read_borders(definition: GraphDefinition, graph: Graph) -> None:
    config: Any = graph.bound.message
    definition.inputs = _borders(definition.name, "input", config.input_stream)
    definition.outputs = _borders(definition.name, "output", config.output_stream)
    for text in config.input_side_packet:
        if not border_of(text).name:
            journal.error(f"Creating Mediapipe graph input side packet name failed for: {text}", _MM)
            raise refuse("MEDIAPIPE_WRONG_INPUT_SIDE_PACKET_STREAM_PACKET_NAME")
    if not definition.inputs or not definition.outputs:
        journal.error(
            f"Failed to prepare mediapipe graph: {definition.name}; having less than one input or output is disallowed",
            _MM,
        )
        raise refuse("INTERNAL_ERROR")
    _check_passthrough(definition)


def _borders(graph: str, kind: str, texts: Any) -> list[Border]:
    made: list[Border] = []
    for text in texts:
        if text == "":
            # OVMS looks at the first token of a string that has none.
            memory_fault()
        border = border_of(text)
        taken = any(other.name == border.name for other in made)
        if not border.name or taken:
            suffix = f". {kind.capitalize()} with the same name already exists." if taken else ""
            journal.error(f"Creating Mediapipe graph {kind}s name failed for: {text}{suffix}", _MM)
            journal.error(f"Failed to create {kind}s info for mediapipe graph definition: {graph}", _MM)
            raise refuse(f"MEDIAPIPE_WRONG_{kind.upper()}_STREAM_PACKET_NAME")
        journal.debug(f"setting {kind} stream: {border.name} packet type: {border.type} from: {text}", _MM)
        made.append(border)
    return made


def _check_passthrough(definition: GraphDefinition) -> None:
    inputs = [border.type for border in definition.inputs]
    outputs = [border.type for border in definition.outputs]
    if PacketType.TFLITE_TENSOR in inputs + outputs:
        journal.info("There is no support for TfLiteTensor deserialization & serialization", _MM)
        raise refuse("NOT_IMPLEMENTED")
    request, response = PacketType.REQUEST in inputs, PacketType.RESPONSE in outputs
    prefix = f"Failed to prepare mediapipe graph configuration: {definition.name}; "
    if request and not response:
        journal.error(
            prefix + "KFS passthrough mode is misconfigured. KServe for mediapipe graph passing whole KFS "
            "request and response requires: RESPONSE tag in the output stream name",
            _MM,
        )
        raise refuse("MEDIAPIPE_KFS_PASSTHROUGH_MISSING_OUTPUT_RESPONSE_TAG")
    if response and not request:
        journal.error(
            prefix + "KServe for mediapipe graph passing whole KFS request and response requires: REQUEST "
            "tag in the input stream name",
            _MM,
        )
        raise refuse("MEDIAPIPE_KFS_PASSTHROUGH_MISSING_INPUT_REQUEST_TAG")
    if request:
        for count, word, payload, name in (
            (len(outputs), "output", "response", "OUTPUT"),
            (len(inputs), "input", "request", "INPUT"),
        ):
            if count != 1:
                journal.error(
                    "KServe passthrough through mediapipe graph requires having only one "
                    f"{word}{'' if word == 'output' else ' '}({payload})",
                    _MM,
                )
                raise refuse(f"MEDIAPIPE_KFS_PASS_WRONG_{name}_STREAM_COUNT")


def dry_initialize(definition: GraphDefinition, graph: Graph, catalog: Catalog, servables: Servables) -> AbslStatus:
    """``CalculatorGraph::Initialize`` on a throw-away graph, and the plan that requests run by."""
    status = contracts.unknown_calculator(graph, catalog)
    if not status.ok:
        return status
    plan = make_plan(graph, catalog, servables.models)
    definition.plan = plan
    status = contracts.node_contracts(plan, catalog)
    if not status.ok:
        return status
    if not plan.all_real:
        plan.wanted = contracts.wanted_types(plan, catalog)
        for check in (contracts.whole, contracts.surroundings):
            status = check(plan, catalog)
            if not status.ok:
                return status
    for node in graph.nodes:
        handler = plan.handlers[node.position]
        if handler is not None and handler.name not in REGISTERED:
            return AbslStatus(
                "NOT_FOUND",
                "CalculatorGraph::InitializeCalculatorNodes failed: \n"
                f"No registered object with name: {handler.name}; "
                f'"{handler.name}" is not a registered input stream handler.',
            )
    try:
        bindings().calculator_graph.CalculatorGraph(graph_config=plan.config)
    except (ValueError, RuntimeError, NotImplementedError) as error:
        return status_of(error)
    for node in graph.nodes:
        handler = plan.handlers[node.position]
        check_construction(node, handler)
    _check_profiled_names(graph, catalog)
    return OK


def _check_profiled_names(graph: Graph, catalog: Catalog) -> None:
    """The profiler takes a name once, of the nodes there are when subgraphs have been replaced. Ends the process if two
    share one, whether the framework has them both or not."""
    seen: set[str] = set()
    for name in numbered_names([node for node in graph.nodes if node.registered_as not in catalog.subgraphs]):
        if name in seen:
            check_failed("graph_profiler.cc", 195, f'iter.second Calculator "{name}" has already been added.')
        seen.add(name)
