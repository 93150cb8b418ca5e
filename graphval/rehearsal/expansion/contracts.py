"""The framework's checks on what the framework does not get to see: nodes it does not run, and the wiring around them.

Worded as the framework words them. For graphs of real nodes alone only :func:`unknown_calculator` matters. Source:
``mediapipe/framework/validated_graph_config.cc``, ``packet_type.cc`` (fork of OVMS 2026.4); contracts from the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphval.catalog import Catalog, Port
from graphval.graph import Connection, Graph, Node, TagMap, Wiring, contained_nodes, is_container
from graphval.graph.ports import port_of
from graphval.rehearsal.expansion.plan import (
    TFLITE_INFERENCE,
    Plan,
    drop_foreign_options,
    foreign_inner_calculator,
)
from graphval.rehearsal.framework import OK, AbslStatus, bindings, has_calculator, status_of
from graphval.rehearsal.nodes.contracts import own_checks

_FAILED = "ValidatedGraphConfig Initialization failed.\n"
_NAME_FORM = (
    r'"([A-Z_][A-Z0-9_]*:((0|[1-9][0-9]*):)?)?[a-z_][a-z0-9_]*" '
    '(examples: "TAG:name" "VIDEO:2:name_b", "longer_name").'
)


def unknown_calculator(graph: Graph, catalog: Catalog) -> AbslStatus:
    """Names that the server does not register, although the wheel may."""
    known = catalog.calculators | catalog.subgraphs
    held = (inner for node in graph.nodes for inner in contained_nodes(node, len(graph.nodes)))
    unknown = [n.calculator for n in (*graph.nodes, *held) if n.registered_as not in known]
    if not unknown:
        return OK
    lines = (f'No registered object with name: {name}; Unable to find Calculator "{name}"' for name in unknown)
    return AbslStatus("NOT_FOUND", _FAILED + "\n".join(lines))


def node_contracts(plan: Plan, catalog: Catalog) -> AbslStatus:
    """Tag maps and contracts of the nodes the framework does not run, and what its GPU build lets pass elsewhere."""
    for node in plan.graph.nodes:
        complaint = _gpu_problem(node, node.registered_as, catalog)
        if complaint:
            return AbslStatus("INVALID_ARGUMENT", f"{_FAILED}{complaint}")
        if node.registered_as == TFLITE_INFERENCE:
            status = _alone(plan, node, catalog)
            if not status.ok:
                return status
    for node in _outside(plan):
        for entries in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets):
            problem = _tag_map_problem(entries)
            if problem:
                return AbslStatus("UNKNOWN", f"{_FAILED}; Unable to initialize TagMaps for node.\n{problem}")
        name = node.registered_as
        failed = own_checks(name, node)
        if failed is not None:
            return AbslStatus(failed.code, f"{_FAILED}{name}: {failed.message}")
        if has_calculator(name) and not foreign_inner_calculator(catalog, name) and not is_container(node):
            status = _alone(plan, node, catalog)
            if not status.ok:
                return status
            continue
        complaint = _contract_problem(node, name, catalog)
        if complaint:
            return AbslStatus("INVALID_ARGUMENT", f"{_FAILED}{complaint}")
    return OK


def whole(plan: Plan, catalog: Catalog) -> AbslStatus:
    """What the wheel says of a graph of which it has every node, though it cannot run them all: handlers apart, the
    checks are the same. OK where it has not."""
    names = [(node, node.registered_as) for node in plan.graph.nodes]
    if not all(
        has_calculator(n) and not foreign_inner_calculator(catalog, n) and not is_container(o) for o, n in names
    ):
        return OK
    config = type(plan.config)()
    config.CopyFrom(plan.graph.bound.message)
    config.ClearField("input_stream_handler")
    for node, name in names:
        kept = config.node[node.position]
        kept.ClearField("input_stream_handler")
        contract = catalog.calculator(name)
        drop_foreign_options(kept, contract.options_message if contract is not None else None)
    return _validated(config)


def _alone(plan: Plan, node: Node, catalog: Catalog) -> AbslStatus:
    """What the wheel says of a node that it has but does not run as it stands in this graph: its contract is the
    same."""
    whole: Any = plan.graph.bound.message
    config = type(whole)()
    kept = config.node.add()
    kept.CopyFrom(whole.node[node.position])
    contract = catalog.calculator(node.registered_as)
    drop_foreign_options(kept, contract.options_message if contract is not None else None)
    kept.ClearField("executor")
    kept.ClearField("input_stream_handler")
    for kind in ("input_stream", "output_stream", "input_side_packet", "output_side_packet"):
        # Under names of its own, so that nothing but the node is looked at.
        entries = getattr(kept, kind)
        for at, text in enumerate(entries):
            entries[at] = f"{text[: text.rfind(':') + 1]}{kind}_{at}"
    config.input_stream.extend(text.rpartition(":")[2] for text in kept.input_stream)
    return _validated(config)


def _validated(config: Any) -> AbslStatus:
    try:
        bindings().validated_graph_config.ValidatedGraphConfig().initialize(graph_config=config)
    except (ValueError, RuntimeError, NotImplementedError) as error:
        return status_of(error)
    return OK


def wanted_types(plan: Plan, catalog: Catalog) -> dict[str, str]:
    """What nodes outside the framework take from graph inputs, where their contract names one type."""
    wanted: dict[str, str] = {}
    outside = {node.position for node in _outside(plan)}
    for connection in plan.graph.inputs:
        for reader in plan.wiring.consumers.get(connection.name, ()):
            if reader.node is not None and reader.node.position in outside and connection.name not in wanted:
                name = stated_type(reader.node, reader.connection, catalog, output=False)
                if name:
                    wanted[connection.name] = name
    return wanted


def surroundings(plan: Plan, catalog: Catalog) -> AbslStatus:
    """Producers, cycles, executors and packet types around the nodes the framework does not run."""
    graph, wiring = plan.graph, plan.wiring
    for name, ends in wiring.side_producers.items():
        if len(ends) > 1:
            return AbslStatus("UNKNOWN", f'; Output Side Packet "{name}" defined twice.')
    for name, ends in wiring.producers.items():
        if len(ends) > 1:
            return AbslStatus("UNKNOWN", f'; Output Stream "{name}" defined twice.')
    for node in graph.nodes:
        for connection in node.inputs:
            if wiring.producers.get(connection.name):
                continue
            if wiring.is_back_edge(node, connection):
                return AbslStatus(
                    "INTERNAL",
                    "; RET_CHECK failure (mediapipe/framework/validated_graph_config.cc:885) "
                    "iter != stream_to_producer_.end()Unable to find upstream edge for back "
                    f'edge "{connection.name}" (shouldn\'t have passed validation).',
                )
            return AbslStatus(
                "UNKNOWN",
                f'; Input Stream "{connection.name}" for node with sorted index '
                f"{node.position} name {node.canonical_name} does not have a corresponding "
                "output stream.",
            )
    if wiring.cycles:
        names = ", ".join(node.canonical_name for node in wiring.cycles[0])
        return AbslStatus(
            "UNKNOWN", f"; Generator side packet cycle or calculator stream cycle detected in graph: [{names}]"
        )
    declared = {executor.name for executor in graph.executors}
    for node in _outside(plan):
        if node.executor and node.executor not in declared:
            return AbslStatus(
                "INVALID_ARGUMENT", f'; The executor "{node.executor}" is not declared in an ExecutorConfig.'
            )
    return _side_type_mismatch(wiring, catalog) or _type_mismatch(plan, wiring, catalog)


def _outside(plan: Plan) -> Iterator[Node]:
    outside = {part.node.position for part in plan.bridged} | {part.node.position for part in plan.not_exercised}
    return (node for node in plan.graph.nodes if node.position in outside)


def _tag_map_problem(entries: TagMap) -> str:
    for connection in entries.malformed:
        return f'TAG:index:name is invalid, "{connection.text}" does not match {_NAME_FORM}'
    for first, second in entries.clashes:
        return (
            f'; tag "{first.tag}" index {first.index} already had a name "{first.name}" but is being reassigned '
            f'a name "{second.name}"'
        )
    for tag, _, _ in entries.gaps:
        return f'; Not all indexes were assigned names.  Tag "{tag}" has the following:'
    return ""


def _gpu_problem(node: Node, name: str, catalog: Catalog) -> str:
    """The wheel is built with GPU support, the server without: tags for GPU buffers exist in the wheel only."""
    contract = catalog.calculator(name)
    if contract is None or contract.kind == "subgraph":
        return ""
    options = node.options_of(contract.options_message) if contract.options_message else None
    if options is not None and name == "ImageCloneCalculator" and getattr(options.message, "output_on_gpu", False):
        return f"{name}: GPU processing is disabled in build flags"
    for kind, ports, entries in (
        ("input streams", contract.inputs, node.inputs),
        ("output streams", contract.outputs, node.outputs),
    ):
        for connection in entries:
            port = port_of(ports, connection)
            if connection.tag.endswith("_GPU") and (port is None or port.type == "untyped"):
                return (
                    f"{name}::GetContract failed to validate: \nFor {kind} ValidatePacketTypeSet failed: \n"
                    f'Tag "{connection.tag}" index {connection.index} was not expected.'
                )
    return ""


def _subgraph_field(node: Node) -> str:
    """Fields that only calculators may have."""
    config: Any = node.bound.message
    if (
        config.source_layer
        or config.buffer_size_hint
        or config.HasField("output_stream_handler")
        or config.input_stream_info
    ):
        return f'; Subgraph "{node.name or node.calculator}" has a field that is only applicable to calculators.'
    return ""


def _subgraph_problem(node: Node, name: str, ports: tuple[Port, ...], kind: str, entries: TagMap) -> str:
    """A subgraph refuses tags it does not have; ones that are missing do not matter."""
    for connection in entries:
        if not any(port.tag in ("*", connection.tag) for port in ports):
            return (
                f"while processing the {kind} of subgraph node {node.name or name}: "
                f'; Tag "{connection.tag}" does not exist in the subgraph config.'
            )
    return ""


def _contract_problem(node: Node, name: str, catalog: Catalog) -> str:
    contract = catalog.calculator(name)
    if contract is None:
        return ""
    for kind, ports, entries in (
        ("input streams", contract.inputs, node.inputs),
        ("output streams", contract.outputs, node.outputs),
        ("input side packets", contract.input_side_packets, node.input_side_packets),
    ):
        if contract.kind == "subgraph":
            complaint = _subgraph_field(node) or _subgraph_problem(node, name, ports, kind, entries)
            if complaint:
                return complaint
            continue
        complaint = _port_problem(ports, entries)
        if complaint:
            return f"{name}::GetContract failed to validate: \nFor {kind} ValidatePacketTypeSet failed: \n{complaint}"
    return ""


def _port_problem(ports: Iterable[Port], entries: TagMap) -> str:
    ports = tuple(ports)
    for port in ports:
        if not port.optional and port.tag != "*" and entries.get(port.tag, port.position or 0) is None:
            return f'Failed to get tag "{port.tag}" index {port.position or 0}'
    for connection in entries:
        if port_of(ports, connection) is None:
            return f'Tag "{connection.tag}" index {connection.index} was not expected.'
    return ""


# -- packet types ----------------------------------------------------------------------------------------------------


def _side_type_mismatch(wiring: Wiring, catalog: Catalog) -> AbslStatus | None:
    """A side packet that a node puts out under a tag its contract does not know has no type, and so fits no one."""
    for name, readers in wiring.side_consumers.items():
        producer = wiring.side_producer(name)
        if producer is None or producer.node is None:
            continue
        contract = catalog.calculator(producer.node.registered_as)
        if contract is None or contract.kind == "subgraph":
            continue
        if port_of(contract.output_side_packets, producer.connection) is not None:
            continue
        for reader in readers:
            if reader.node is None:
                continue
            wanted = catalog.calculator(reader.node.registered_as)
            port = port_of(wanted.input_side_packets, reader.connection) if wanted is not None else None
            if port is not None and port.type not in ("Any", "untyped"):
                return AbslStatus(
                    "UNKNOWN",
                    f'Input side packet "{name}" of Calculator "{reader.node.canonical_name}" '
                    f'expected a packet of type "std::{port.type}" but the connected output '
                    'side packet will be of type "[Undefined Type]"',
                )
    return None


def _type_mismatch(plan: Plan, wiring: Wiring, catalog: Catalog) -> AbslStatus:
    """Edges of which at least one end is a node the framework does not run; both ends must name a type."""
    outside = {node.position for node in _outside(plan)}
    for name, readers in wiring.consumers.items():
        producer = wiring.producer(name)
        if producer is None or producer.node is None:
            continue
        made = stated_type(producer.node, producer.connection, catalog, output=True)
        for reader in readers:
            if reader.node is None or not {producer.node.position, reader.node.position} & outside:
                continue
            taken = stated_type(reader.node, reader.connection, catalog, output=False)
            if made and taken and made != taken:
                return AbslStatus(
                    "UNKNOWN",
                    f'Input stream "{name}" of calculator "{_described(reader.node)}" '
                    f'expects packets of type "{taken}" but the connected output stream '
                    f'will contain packets of type "{made}"',
                )
    return OK


def stated_type(node: Node, connection: Connection, catalog: Catalog, *, output: bool) -> str:
    """The one C++ type that a contract names for a connection, in the server's words; empty if it names none."""
    from graphval.rehearsal.nodes.inference import type_of_tag

    contract = catalog.calculator(node.registered_as)
    if contract is None or contract.kind == "subgraph":
        return ""
    port = port_of(contract.outputs if output else contract.inputs, connection)
    if port is None:
        return ""
    if port.type == "by tag prefix":
        return type_of_tag(connection.tag)
    return _CPP_NAMES.get(port.type, "")


_CPP_NAMES = {
    "ov::Tensor": "ov::Tensor",
    "Tensor": "mediapipe::Tensor",
    "mediapipe::Tensor": "mediapipe::Tensor",
    "vector<Tensor>": "std::vector<mediapipe::Tensor>",
    "vector<ov::Tensor>": "std::vector<ov::Tensor>",
    "ImageFrame": "mediapipe::ImageFrame",
    "Image": "mediapipe::Image",
    "HttpPayload": "ovms::HttpPayload",
    "bool": "bool",
    "int": "int",
    "float": "float",
    "std::string": "std::string",
    "Detection": "mediapipe::Detection",
    "vector<Detection>": "std::vector<mediapipe::Detection>",
    "NormalizedRect": "mediapipe::NormalizedRect",
    "vector<float>": "std::vector<float>",
    "tensorflow::Tensor": "tensorflow::Tensor",
    "PyObjectWrapper<py::object>": "ovms::PyObjectWrapper<pybind11::object>",
}


def _described(node: Node) -> str:
    """A node as the framework prints it: ``[Calculator, input stream: TAG:name, and output stream: name]``."""
    parts = [node.canonical_name]
    parts += _listed("input side packet", node.input_side_packets)
    parts += _listed("input stream", node.inputs)
    streams = _listed("output stream", node.outputs)
    parts += [f"and {text}" for text in streams]
    return "[" + ", ".join(parts) + "]"


def _listed(kind: str, entries: TagMap) -> list[str]:
    texts = [c.text for c in entries]
    if not texts:
        return []
    return [f"{kind}: {texts[0]}"] if len(texts) == 1 else [f"{kind}s: <{','.join(texts)}>"]
