"""What a rule is.

A rule is one module: its docstring is its documentation (headings ``What it does``, ``Why it is bad``, ``Bad``, ``Good``,
optional ``Limits``, then ``Source``), and one decorated function looks for the mistake. The fenced blocks under ``Bad``
and ``Good`` are files; the tests hold that the bad one gets exactly this code where it says ``# error: [GV…]`` and that
the good one gets no error. ``graphval explain`` prints the same text, so nothing can rot.

A rule says where and what; code, name, phase, effect and severity come from its metadata unless a hit overrides them.
A rule that cannot decide yields a :class:`Skip` with the reason; it never guesses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from graphval.findings import Effect, Phase, Severity
from graphval.textproto import Fix, Place

if TYPE_CHECKING:
    from typing import Required, TypedDict, Unpack

    from graphval.graph import Node
    from graphval.rules.context import DeploymentContext, GraphContext


_ABOUT_POOLS = "GV52"


class Level(Enum):
    """What a rule looks at: one graph's text problems, each node, each graph, the deployment as a whole, what a running
    engine showed, or the paths that were given. Of the last two the findings are made elsewhere, and the rule is their
    documentation."""

    TEXT = "text"
    NODE = "node"
    GRAPH = "graph"
    DEPLOYMENT = "deployment"
    ENGINE = "engine"
    INPUT = "input"


class Hit(NamedTuple):
    """One place where a rule found its mistake.

    ``phase``, ``effect`` and ``severity`` of ``None`` mean: as the rule's metadata says. ``graph`` names the graph a
    deployment rule speaks of; other rules leave it alone. ``fix`` is the mend, in the source of ``place``, where nothing
    else can have been meant (``place.rewritten("…")`` makes one); several are applied together.
    """

    place: Place
    message: str
    help: str = ""
    label: str = ""
    related: tuple[tuple[str, Place], ...] = ()
    node: Node | None = None
    phase: Phase | None = None
    effect: Effect | None = None
    severity: Severity | None = None
    graph: str | None = None
    fix: Fix | tuple[Fix, ...] = ()


class Skip(NamedTuple):
    """What a rule could not decide from the files, and why; it becomes a *not exercised* entry of the report."""

    reason: str
    node: Node | None = None


Answer: TypeAlias = Hit | Skip
NodeCheck: TypeAlias = "Callable[[Node, GraphContext], Iterator[Answer]]"
GraphCheck: TypeAlias = "Callable[[GraphContext], Iterator[Answer]]"
DeploymentCheck: TypeAlias = "Callable[[DeploymentContext], Iterator[Answer]]"


def _found_elsewhere(*_: object) -> Iterator[Answer]:
    """The check of a rule whose findings others make: reading the text, or an engine."""
    return iter(())


class Rule(NamedTuple):
    """Metadata, documentation and check of one code.

    ``start_run``: the mistake bites when a graph is started, so with a graph pool its phase moves from ``create`` to
    ``load`` (OVMS builds and starts the pool when it loads the graph). ``kinds``: the text problems a ``TEXT`` rule
    reports.

    Most rules have nothing to look at in most graphs, and what they need is told here, so that they need not be asked.
    ``written``: one of these fields must be written somewhere in the file of the graph. ``signs``, of a rule about
    graphs: the graph must show one of these (see :mod:`graphval.rules.signs`). A rule about nodes may be about some of
    them: those that OVMS prepares as one of the kinds ``prepared_as`` (``LLM``, ``Python`` …), those of the
    ``calculators``. Empty: whatever is written or shown, and every node.

    ``options_apart``: a rule about nodes that looks at nothing in their options and handlers, so that it is asked about
    nodes whose options cannot be read, too.
    """

    code: str
    name: str
    level: Level
    phase: Phase
    effect: Effect
    severity: Severity
    doc: str
    check: Callable[..., Iterator[Answer]] = _found_elsewhere
    start_run: bool = False
    kinds: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    prepared_as: tuple[str, ...] = ()
    calculators: Collection[str] = ()
    options_apart: bool = False

    @property
    def of_framework(self) -> bool:
        """Whether the rule is about what MediaPipe itself checks of a node, so that it holds for nodes inside others too.

        What OVMS does (preparing resources, looking models up) it does for the nodes of the file only.
        """
        return self.code[2] in "2345" and not self.code.startswith(_ABOUT_POOLS)

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.doc.strip().partition("\n")[0]


if TYPE_CHECKING:

    class _Facts(TypedDict, total=False):
        """What a rule says of itself besides its code and name; see :class:`Rule`."""

        phase: Required[Phase]
        effect: Required[Effect]
        severity: Severity

    class _AskedFacts(_Facts, total=False):
        start_run: bool
        written: tuple[str, ...]

    class _GraphFacts(_AskedFacts, total=False):
        signs: tuple[str, ...]

    class _NodeFacts(_AskedFacts, total=False):
        prepared_as: tuple[str, ...]
        calculators: Collection[str]
        options_apart: bool


def _rule(code: str, name: str, level: Level, check: Callable[..., Iterator[Answer]], facts: _Facts) -> Rule:
    doc = sys.modules[check.__module__].__doc__ or ""
    return Rule(code, name, level, doc=doc, check=check, **{"severity": Severity.ERROR, **facts})  # type: ignore[arg-type]


def node_rule(code: str, name: str, **facts: Unpack[_NodeFacts]) -> Callable[[NodeCheck], Rule]:
    """Make a rule of a function that is called for each node of each graph, as far as ``written``, ``prepared_as`` and
    ``calculators`` (see :class:`Rule`) do not leave it out. It is an error unless ``severity`` says otherwise."""
    return lambda check: _rule(code, name, Level.NODE, check, facts)


def graph_rule(code: str, name: str, **facts: Unpack[_GraphFacts]) -> Callable[[GraphCheck], Rule]:
    """Make a rule of a function that is called once for each graph that has what ``written`` and ``signs`` ask for (see
    :class:`Rule`)."""
    return lambda check: _rule(code, name, Level.GRAPH, check, facts)


def deployment_rule(code: str, name: str, **facts: Unpack[_Facts]) -> Callable[[DeploymentCheck], Rule]:
    """Make a rule of a function that is called once for each deployment."""
    return lambda check: _rule(code, name, Level.DEPLOYMENT, check, facts)


def text_rule(
    code: str,
    name: str,
    *,
    kinds: tuple[str, ...],
    doc: str,
    phase: Phase = Phase.PARSE,
    effect: Effect = Effect.REJECT,
    severity: Severity = Severity.ERROR,
) -> Rule:
    """A rule that reports problems of these kinds, which reading the text has already found."""
    return Rule(code, name, Level.TEXT, phase, effect, severity, doc, kinds=kinds)


def engine_rule(
    code: str, name: str, *, doc: str, phase: Phase, effect: Effect, severity: Severity = Severity.ERROR
) -> Rule:
    """The metadata and documentation of a finding that only a running engine can make."""
    return Rule(code, name, Level.ENGINE, phase, effect, severity, doc)


def input_rule(
    code: str, name: str, *, doc: str, phase: Phase, effect: Effect, severity: Severity = Severity.ERROR
) -> Rule:
    """The metadata and documentation of a finding about the paths that were given."""
    return Rule(code, name, Level.INPUT, phase, effect, severity, doc)
