"""From a graph and what was found about it to a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from graphval.draw.picture import Box, BoxKind, Edge, EdgeKind, Exercised, Picture, Port, Remark
from graphval.findings import By, Finding, GraphReport, NotExercised, Rung, Span, StageStatus
from graphval.graph import Connection, Graph, Node, TagMap, Wiring, resolve
from graphval.textproto import Place

_PATHS = ("models_path", "handler_path")
"""Options that say what a node works with, beside the servable of a session."""


def build_picture(
    graph: Graph,
    *,
    wiring: Wiring | None = None,
    findings: Iterable[Finding] = (),
    report: GraphReport | None = None,
    is_subgraph: Callable[[str], bool] = lambda _: False,
    made_by_server: Collection[str] = (),
) -> Picture:
    """The picture of ``graph`` with each finding on the box or edge it blames.

    ``report`` tells what an engine showed and what it left out. ``is_subgraph`` says of a calculator's name whether
    MediaPipe would expand it; subgraphs are shown folded. ``made_by_server``: side packets that OVMS makes itself.
    """
    return _Builder(graph, wiring or resolve(graph), findings, report, is_subgraph, made_by_server).build()


class _Builder:
    """Collects boxes and edges; positions in ``boxes`` are their numbers."""

    def __init__(
        self,
        graph: Graph,
        wiring: Wiring,
        findings: Iterable[Finding],
        report: GraphReport | None,
        is_subgraph: Callable[[str], bool],
        made_by_server: Collection[str],
    ) -> None:
        self._graph = graph
        self._wiring = wiring
        self._blame = _Blame(graph, findings)
        self._shown = _was_served(report)
        self._left_out: dict[str | None, NotExercised] = {}
        for entry in report.not_exercised if report is not None else ():
            self._left_out.setdefault(entry.node, entry)
        self._is_subgraph = is_subgraph
        self._made_by_server = made_by_server
        self._boxes: list[Box] = []
        self._edges: list[Edge] = []
        self._producers: dict[tuple[EdgeKind, str], list[tuple[int, int]]] = defaultdict(list)

    def build(self) -> Picture:
        graph = self._graph
        for entries, kind, word in (
            (graph.inputs, EdgeKind.STREAM, "input stream"),
            (graph.input_side_packets, EdgeKind.SIDE_PACKET, "input side packet"),
        ):
            for connection in entries:
                self._border(BoxKind.INPUT, connection, kind, word)
        nodes = {node.position: self._node(node) for node in graph}
        outputs = [self._border(BoxKind.OUTPUT, c, EdgeKind.STREAM, "output stream") for c in graph.outputs]
        for node in graph:
            self._inputs_of(node, nodes[node.position])
        for number, connection in zip(outputs, graph.outputs, strict=True):
            self._connect(EdgeKind.STREAM, connection, (number, 0), back=False)
        return Picture(graph.name, graph.file, tuple(self._boxes), tuple(self._edges), self._blame.rest())

    def _border(self, kind: BoxKind, connection: Connection, edge: EdgeKind, word: str) -> int:
        tag = _tag(connection)
        port = Port("", connection.name, edge)
        box = Box(kind, connection.name, f"{word} {tag}".rstrip(), line=_line(connection.place))
        box = replace(box, remarks=self._blame.of(connection.place))
        if kind is BoxKind.INPUT:
            self._producers[edge, connection.name].append((len(self._boxes), 0))
            return self._add(replace(box, outputs=(port,)))
        return self._add(replace(box, inputs=(port,)))

    def _node(self, node: Node) -> int:
        number = len(self._boxes)
        outputs = [*_ports(node.outputs, EdgeKind.STREAM), *_ports(node.output_side_packets, EdgeKind.SIDE_PACKET)]
        for position, (connection, port) in enumerate(outputs):
            self._producers[port.kind, connection.name].append((number, position))
        inputs = [*_ports(node.inputs, EdgeKind.STREAM), *_ports(node.input_side_packets, EdgeKind.SIDE_PACKET)]
        ports_in = [replace(port, remarks=self._blame.of(connection.place)) for connection, port in inputs]
        ports_out = [replace(port, remarks=self._blame.of(connection.place)) for connection, port in outputs]
        details, servable = _options(node)
        handler = self._graph.effective_handler(node)
        if handler is not None:
            details.append(f"input stream handler: {handler.name}")
        if node.executor:
            details.append(f"executor: {node.executor}")
        exercised, reason = self._exercised(node)
        kind = BoxKind.SUBGRAPH if self._is_subgraph(node.registered_as) else BoxKind.NODE
        if servable:
            ports_in.append(Port("", servable, EdgeKind.SERVABLE))
        box = Box(
            kind,
            node.canonical_name or node.display,
            node.calculator if node.calculator != node.canonical_name else "",
            tuple(ports_in),
            tuple(ports_out),
            tuple(details),
            self._blame.of_node(node),
            exercised,
            reason,
            _line(node.place),
        )
        self._add(box)
        if servable:
            model = self._model(servable)
            self._edges.append(Edge((model, 0), (number, len(ports_in) - 1), EdgeKind.SERVABLE, servable))
        return number

    def _model(self, servable: str) -> int:
        """The box of a servable; sessions of one model share it."""
        for number, box in enumerate(self._boxes):
            if box.kind is BoxKind.MODEL and box.title == servable:
                return number
        return self._add(Box(BoxKind.MODEL, servable, "model", outputs=(Port("", servable, EdgeKind.SERVABLE),)))

    def _exercised(self, node: Node) -> tuple[Exercised, str]:
        entry = self._left_out.get(node.canonical_name) or self._left_out.get(node.display) or self._left_out.get(None)
        if entry is not None:
            return Exercised.LEFT_OUT, entry.reason
        return (Exercised.SHOWN if self._shown else Exercised.UNSAID), ""

    def _inputs_of(self, node: Node, number: int) -> None:
        for position, connection in enumerate(node.inputs):
            back = self._wiring.is_back_edge(node, connection)
            self._connect(EdgeKind.STREAM, connection, (number, position), back=back)
        for position, connection in enumerate(node.input_side_packets, len(node.inputs)):
            self._connect(EdgeKind.SIDE_PACKET, connection, (number, position), back=False)

    def _connect(self, kind: EdgeKind, connection: Connection, target: tuple[int, int], *, back: bool) -> None:
        sources = self._producers.get((kind, connection.name))
        if not sources:
            outside = self._add(self._from_outside(kind, connection.name))
            sources = self._producers[kind, connection.name] = [(outside, 0)]
        remarks = self._blame.of(connection.place)
        self._edges += (Edge(source, target, kind, connection.name, back, remarks) for source in sources)

    def _from_outside(self, kind: EdgeKind, name: str) -> Box:
        """What stands for a producer that the graph does not hold."""
        port = Port("", name, kind)
        if kind is EdgeKind.SIDE_PACKET and name in self._made_by_server:
            return Box(BoxKind.INPUT, name, "side packet that the server makes", outputs=(port,))
        word = "stream" if kind is EdgeKind.STREAM else "side packet"
        return Box(BoxKind.MISSING, name, f"no producer of this {word}", outputs=(port,))

    def _add(self, box: Box) -> int:
        self._boxes.append(box)
        return len(self._boxes) - 1


class _Blame:
    """Which finding is about which place: the innermost thing drawn that holds the place it names."""

    def __init__(self, graph: Graph, findings: Iterable[Finding]) -> None:
        self._rest: list[Remark] = []
        self._at: dict[tuple[int, int], list[Remark]] = defaultdict(list)
        places = list(_places(graph))
        by_name = {name: node.place for node in graph for name in (node.canonical_name, node.display)}
        for finding in findings:
            remark = Remark(finding.severity, finding.code, finding.message)
            inside = (
                [p for p in places if _holds(p.span, finding.location)] if finding.location.file == graph.file else []
            )
            place = min(inside, key=lambda p: p.end - p.start, default=by_name.get(finding.node or ""))
            if place is None:
                self._rest.append(remark)
            else:
                self._at[place.start, place.end].append(remark)

    def of(self, place: Place) -> tuple[Remark, ...]:
        return tuple(self._at.get((place.start, place.end), ()))

    def of_node(self, node: Node) -> tuple[Remark, ...]:
        """What is said of the node, and of its ports: who looks at the node wants all of it."""
        connections = [
            connection
            for entries in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets)
            for connection in entries
        ]
        return tuple(dict.fromkeys((*self.of(node.place), *(r for c in connections for r in self.of(c.place)))))

    def rest(self) -> tuple[Remark, ...]:
        return tuple(dict.fromkeys(self._rest))


def _places(graph: Graph) -> Iterator[Place]:
    yield from (c.place for entries in (graph.inputs, graph.outputs, graph.input_side_packets) for c in entries)
    for node in graph:
        yield node.place
        for entries in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets):
            yield from (connection.place for connection in entries)


def _holds(outer: Span, inner: Span) -> bool:
    begin, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    return (outer.line, outer.column) <= begin and end <= (outer.end_line, outer.end_column)


def _was_served(report: GraphReport | None) -> bool:
    return report is not None and any(
        stage.stage is Rung.SERVE and stage.status is StageStatus.PASS and stage.by is By.ENGINE
        for stage in report.stages
    )


def _ports(entries: TagMap, kind: EdgeKind) -> Sequence[tuple[Connection, Port]]:
    return [(connection, Port(_tag(connection), connection.name, kind)) for connection in entries]


def _tag(connection: Connection) -> str:
    """The tag as it is usually written: an index of 0 goes without saying."""
    return connection.tag if not connection.tag or not connection.index else connection.tag_index


def _line(place: Place) -> int:
    return place.span.line


def _options(node: Node) -> tuple[list[str], str]:
    """What the options say about files, and the servable of a session."""
    details, servable = [], ""
    messages = [any_message.expanded for any_message in node.node_options if any_message.expanded is not None]
    for message in messages:
        for name in _PATHS:
            field = message.first(name)
            if field is not None and field.string:
                details.append(f"{name}: {field.string}")
        field = message.first("servable_name")
        if field is not None and field.string:
            servable = field.string
    return details, servable
