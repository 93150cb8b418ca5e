"""What a rule may look at."""

from __future__ import annotations

from collections.abc import Set
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from graphval.catalog import Catalog
from graphval.deployment.model import Deployment, GraphEntry
from graphval.graph import (
    MOST_CONNECTIONS,
    Graph,
    Handler,
    Node,
    Wiring,
    connections_of,
    contained_pairs,
    is_container,
    resolve,
)
from graphval.kept_property import kept_property
from graphval.rules.contracts import Contracts
from graphval.rules.flow import PacketFlow
from graphval.rules.graph_border import Border
from graphval.settings import DeclaredCalculator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Found = TypeVar("Found")
_UNREAD: Any = object()
"""In place of an answer: nobody has asked so far."""


class DeploymentContext:
    """A deployment and the graphs of it that could be read. ``no_models``: models and files are not at hand.

    ``calculators`` are those that the settings declare: a custom build has them, and no catalog knows them.
    """

    def __init__(
        self,
        deployment: Deployment,
        catalog: Catalog,
        *,
        no_models: bool,
        calculators: Iterable[DeclaredCalculator] = (),
    ) -> None:
        self.calculators = {calculator.name: calculator for calculator in calculators}
        self.declared_options = frozenset(c.options for c in self.calculators.values() if c.options)
        self.deployment = deployment
        self.catalog = catalog
        self.contracts = Contracts(catalog, self.calculators)
        self.no_models = no_models
        self.graphs: list[GraphContext] = []

    def seen(self) -> Seen:
        """What there is in the graphs together."""
        if len(self.graphs) == 1:  # as nearly always
            return self.graphs[0].seen
        all_seen = [context.seen for context in self.graphs]
        return Seen(*(frozenset().union(*sets) for sets in zip(*all_seen, strict=True))) if all_seen else NOTHING_SEEN


class Seen(NamedTuple):
    """What there is in a graph, for rules and families of rules that have something to look at in some graphs only.

    ``fields`` are the names of all that its file gives a value, ``calculators`` those of its nodes, nodes inside others
    included, ``prepared`` the kinds of nodes (``Python``, ``LLM`` …) as which OVMS prepares nodes.
    """

    fields: Set[str]
    calculators: Set[str]
    prepared: Set[str]


NOTHING_SEEN = Seen(frozenset(), frozenset(), frozenset())


class GraphContext:
    """One graph that could be read, its wiring, and the contracts of its nodes.

    ``unsure`` holds the positions of nodes with a text problem inside: node rules are not asked about them, since what
    they would see is not what the author meant.
    """

    def __init__(self, outer: DeploymentContext, entry: GraphEntry, graph: Graph, unsure: Iterable[int] = ()) -> None:
        self.deployment = outer.deployment
        self.catalog = outer.catalog
        self.no_models = outer.no_models
        self.contracts = outer.contracts
        self.contract = outer.contracts.of
        self.registered_name = outer.contracts.registered_name
        self.declared = outer.contracts.declared
        """What :class:`Contracts` tells of a node: many rules ask, and a method of this class would cost them a call."""
        self.entry = entry
        self.graph = graph
        self.unsure = frozenset(unsure)
        self._handlers: dict[int, Handler | None] = {}
        self.kept: dict[tuple[object, int], Any] = {}
        """What has been read of the nodes so far, for :func:`once`."""

    @kept_property
    def wiring(self) -> Wiring:
        return resolve(self.graph)

    @kept_property
    def contained(self) -> tuple[Node, ...]:
        """The nodes inside ``SwitchContainer`` nodes whose text is sound, up to ``MOST_CONNECTIONS``; their positions
        follow those of the graph's."""
        return tuple([inner for _, inner in self.contained_pairs])

    @kept_property
    def contained_pairs(self) -> tuple[tuple[Node, Node], ...]:
        """The nodes of :attr:`contained`, each after the container that it is directly in."""
        found: list[tuple[Node, Node]] = []
        left = MOST_CONNECTIONS
        for node in self.graph.nodes:
            if is_container(node) and node.position not in self.unsure:
                pairs = contained_pairs(node, len(self.graph.nodes) + len(found), left)
                left -= sum(connections_of(inner) for _, inner in pairs)
                found += pairs
        return tuple(found)

    @kept_property
    def seen(self) -> Seen:
        """What there is in the graph."""
        nodes = self.graph.nodes
        prepared = {kind for node in nodes if (kind := self.prepared_as(node)) is not None}
        calculators = {node.registered_as for node in (*nodes, *self.contained)}
        return Seen(self.graph.bound.names(), calculators, prepared)

    @kept_property
    def flow(self) -> PacketFlow:
        """The packet type of every stream and side packet, as far as contracts tell."""
        return PacketFlow(self.graph, self.wiring, self.border, self.contracts, self.contained_pairs)

    @kept_property
    def border(self) -> Border:
        """The inputs and outputs of the graph, where OVMS turns requests into packets and packets into answers."""
        return Border(self.graph, self.catalog, self.contracts)

    @kept_property
    def pooled(self) -> bool:
        """Whether OVMS would build a graph pool at load, so that graphs start before the first request.

        An ``HttpLLMCalculator`` without the execution contexts side packet switches the pool off with a warning (OVMS
        ``src/mediapipe_internal/mediapipegraphdefinition.cpp``, 2026.4). Releases without the directive ignore it;
        2026.2 presets the switch that turns pools off.
        """
        directive = self.graph.directive
        if directive is None or not directive.makes_pool or not self.reads_pool_directive:
            return False
        return all(
            node.calculator != "HttpLLMCalculator"
            or any("LLM_NODE_EXECUTION_CONTEXTS" in c.text for c in node.input_side_packets)
            for node in self.graph
        )

    def prepared_as(self, node: Node) -> str | None:
        """The kind of node (``Python``, ``LLM`` …) as which OVMS prepares a node at load; ``None`` where it does not."""
        initializer = self.catalog.node_initializer(node.calculator)
        return initializer.kind if initializer is not None else None

    @property
    def reads_pool_directive(self) -> bool:
        """Whether this release reads the pool directive as it is started by default."""
        return str(self.catalog.behaviour.get("graph_queue", "")).startswith("present, enabled")

    def handler(self, node: Node) -> Handler | None:
        """The input stream handler written for a node that comes into force; ``None``: the calculator's own choice.

        A handler on a subgraph node is dropped silently, except on ``InferenceCalculator``, which hands it to its
        implementation.
        """
        if node.position not in self._handlers:
            self._handlers[node.position] = self._handler(node)
        return self._handlers[node.position]

    def _handler(self, node: Node) -> Handler | None:
        return None if self.drops_scheduling(node) else self.graph.effective_handler(node)

    def is_subgraph(self, node: Node) -> bool:
        """Whether MediaPipe replaces the node by the nodes of a subgraph."""
        contract = self.contract(node)
        return contract is not None and contract.kind == "subgraph"

    def drops_scheduling(self, node: Node) -> bool:
        """Whether executor, handler and ``max_in_flight`` of a node are dropped without a word, as those of subgraphs
        are, ``InferenceCalculator`` apart."""
        return self.is_subgraph(node) and node.registered_as != "InferenceCalculator"


def once(read: Callable[[Node, GraphContext], Found]) -> Callable[[Node, GraphContext], Found]:
    """Make a function read each node once: many rules ask the same of it."""

    @wraps(read)
    def kept(node: Node, context: GraphContext) -> Found:
        key = (read, node.position)
        found: Found = context.kept.get(key, _UNREAD)
        if found is _UNREAD:
            found = context.kept[key] = read(node, context)
        return found

    return kept
