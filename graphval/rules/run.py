"""Applying the rules: a deployment in, findings out."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from graphval.catalog import Catalog
from graphval.deployment.model import Deployment, GraphEntry
from graphval.findings import Edit, Finding, NotExercised, Phase, Related, Severity, Span
from graphval.graph import Graph, Node, Wiring, build_graph, graph_schema
from graphval.rules.context import DeploymentContext, GraphContext
from graphval.rules.drift import advice_on_problem
from graphval.rules.ignore import Ignores
from graphval.rules.listed import all_codes
from graphval.rules.mechanism import Answer, Hit, Level, Rule, Skip
from graphval.rules.registry import Panel, concerned, find_rule, panel, rule_about
from graphval.rules.removed_field import removal
from graphval.rules.signs import signs_of
from graphval.settings import Settings
from graphval.textproto import BoundMessage, Document, Fix, Place, Problem, Source, bind, parse

NOTHING_SET = Settings()
MAX_HITS = 100
"""After so many hits of one rule in one graph, listing more helps nobody. Of a deployment every hit counts: it may be the
only one about its graph."""
_SHOWN_AGAIN = 10


class JudgedGraph(NamedTuple):
    """What the files tell about one graph. ``graph`` is ``None`` where its text could not be read as one.

    ``never_loaded``: an earlier graph has its name, so that OVMS passes over this one.
    """

    entry: GraphEntry
    graph: Graph | None
    findings: tuple[Finding, ...]
    skips: tuple[NotExercised, ...]
    context: GraphContext | None = None
    never_loaded: bool = False

    @property
    def wiring(self) -> Wiring | None:
        return self.context.wiring if self.context is not None else None


class Judgement(NamedTuple):
    """What the files tell about a deployment. ``findings`` are those that belong to no single graph."""

    deployment: Deployment
    graphs: tuple[JudgedGraph, ...]
    findings: tuple[Finding, ...]
    skips: tuple[NotExercised, ...] = ()


def judge(
    deployment: Deployment, catalog: Catalog, settings: Settings = NOTHING_SET, *, no_models: bool = False
) -> Judgement:
    """Apply every rule to a deployment and its graphs. Reads files, runs nothing.

    ``settings`` say which findings are reported, how much they weigh, and which calculators a custom build has besides.
    ``no_models``, or the setting of that name: models and files that a graph names are not at hand; what needs them
    becomes a skip.
    """
    no_models = no_models or bool(settings.no_models)
    outer = DeploymentContext(deployment, catalog, no_models=no_models, calculators=settings.calculators)
    read = [_read(entry, outer) for entry in deployment.graphs]
    outer.graphs = [context for context, _ in read if context is not None]
    rules = panel(concerned(outer))
    judged = tuple(
        _judge_graph(entry, context, text_findings, rules)
        for entry, (context, text_findings) in zip(deployment.graphs, read, strict=True)
    )
    findings = [
        finding if document is deployment.config_document else finding._replace(severity=Severity.WARNING)
        for document in deployment.documents
        for finding in _text_findings(document.source, document.problems, None)
    ]
    common = _Collected(None, findings)
    common.ask(rules.of_deployments, outer)
    about: dict[str | None, list[Finding]] = {}
    for finding in findings:
        about.setdefault(finding.graph, []).append(finding)
    seen: set[str] = set()
    reported: list[JudgedGraph] = []
    for graph in judged:
        passed_over = graph.entry.name in seen
        seen.add(graph.entry.name)
        # Of a name that very many graphs have, the first one shows all.
        more = about.get(graph.entry.name, [])[: _SHOWN_AGAIN if passed_over else None]
        shown = _reported(graph, more, bool(common.skips), settings)
        if shown or graph.findings or passed_over:  # most graphs have nothing wrong, and stay as they are
            graph = graph._replace(findings=shown, never_loaded=passed_over)
        reported.append(graph)
    return Judgement(
        deployment,
        tuple(reported),
        _of_the_deployment(deployment, findings, settings),
        tuple(common.skips),
    )


def _of_the_deployment(deployment: Deployment, findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """The findings that belong to no graph, as the settings want them. A config.json that could not be read keeps its
    own: to silence them would pass what nobody has judged."""
    found = _in_order([finding for finding in findings if finding.graph is None])
    config = deployment.config_document
    if config is not None and config.problems:
        return found
    return tuple(weighed(found, settings))


def _reported(judged: JudgedGraph, more: Collection[Finding], skipped: bool, settings: Settings) -> tuple[Finding, ...]:
    """All findings about a graph but those that its comments silence or the settings leave out.

    A text that could not be read keeps its findings: to silence them would pass a graph that nobody has judged.
    ``skipped``: a rule about the deployment could not decide.
    """
    findings = _in_order((*judged.findings, *more)) if more else judged.findings
    if judged.graph is None:
        return findings
    source = judged.graph.document.source
    if "graphval:" not in source.text:
        return tuple(weighed(findings, settings))
    ignores = Ignores(judged.graph.document)
    kept = [f for f in findings if f.location.file != source.file or not ignores.silence(f)]
    in_doubt = skipped or bool(judged.skips) or any(f.phase is Phase.PARSE for f in findings)
    told = (_silences_nothing(place, in_doubt, settings) for place in ignores.unused())
    unused = list(islice((problem for problem in told if problem is not None), MAX_HITS))
    if unused:
        kept = list(_in_order((*kept, *_text_findings(source, unused, judged.entry.name))))
    return tuple(weighed(kept, settings))


def _silences_nothing(place: Place, in_doubt: bool, settings: Settings) -> Problem | None:
    """What is wrong with a code in an ignore comment that has silenced nothing; ``None`` where that is as it should be,
    or where the files cannot tell."""
    code = place.text
    if code not in all_codes():
        message = f"no rule has the code {code}"
        return Problem("ignore-silences-nothing", message, place.start, place.end, "see graphval rules")
    if in_doubt or not settings.selects(code):
        return None
    rule = find_rule(code)
    if rule is None or rule.level in (Level.ENGINE, Level.INPUT):
        return None
    message = f"this silences nothing: there is no {code} here"
    return Problem("ignore-silences-nothing", message, place.start, place.end, "remove it")


def weighed(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    """The findings that are selected, with the severity that is set for them."""
    for finding in findings:
        if settings.selects(finding.code):
            severity = settings.severity_of(finding.code)
            yield finding if severity is None else finding._replace(severity=severity)


def _read(entry: GraphEntry, outer: DeploymentContext) -> tuple[GraphContext | None, list[Finding]]:
    """Parse and bind one graph. After a syntax error there is no context: what follows would be guesswork."""
    if entry.source is None:
        return None, []
    if entry.problems:
        return None, _text_findings(entry.source, entry.problems, entry.name)
    document = parse(entry.source)
    if document.problems:
        # Binding still finds unknown names in what could be read, but only the syntax is certain.
        return None, _text_findings(entry.source, document.problems, entry.name)
    bound, problems = bind(document, graph_schema(outer.catalog))
    if outer.calculators:
        problems = [problem for problem in problems if not _is_declared(problem, entry.source, outer)]
    findings = _text_findings(entry.source, problems, entry.name, outer.catalog, document)
    graph = build_graph(entry.name, document, bound)
    return GraphContext(outer, entry, graph, _unsure(graph, problems)), findings


def _is_declared(problem: Problem, source: Source, outer: DeploymentContext) -> bool:
    """Whether a problem is only that nobody here knows the options message of a declared calculator."""
    if problem.kind not in ("unknown-type", "unknown-extension"):
        return False
    name = source.text[problem.start : problem.end].strip("[]").strip()
    return name.removeprefix("type.googleapis.com/").removesuffix(".ext") in outer.declared_options


def _unsure(graph: Graph, problems: Iterable[Problem]) -> set[int]:
    """The positions of the nodes in which a problem lies."""
    nodes = graph.nodes
    starts = [node.bound.start for node in nodes]
    found = set()
    for problem in problems:
        last = bisect_right(starts, problem.start) - 1
        if last >= 0 and problem.start <= nodes[last].bound.end:
            found.add(nodes[last].position)
    return found


def _judge_graph(
    entry: GraphEntry, context: GraphContext | None, text_findings: list[Finding], rules: Panel
) -> JudgedGraph:
    if context is None:
        return JudgedGraph(entry, None, _in_order(text_findings), ())
    collected = _Collected(context, list(text_findings))
    fields = rules.fields_that_matter(context.seen.fields)
    for node in context.graph:
        if context.declared(node) is not None:
            told = f"{node.calculator} is declared in the settings, not known"
            collected.skips.append(NotExercised(node.display, told))
        of_node = rules.about_node(node.registered_as, context.prepared_as(node), fields)
        if node.position not in context.unsure:
            collected.ask(of_node, node, context)
        elif not _in_doubt((node,), [f for f in text_findings if _inside(f.location, node.bound)]):
            collected.ask((rule for rule in of_node if rule.options_apart), node, context)
    for node in context.contained:
        of_ordinary = rules.about_node(node.registered_as, None, fields)
        collected.ask((rule for rule in of_ordinary if rule.of_framework), node, context)
    if not _in_doubt(context.graph, text_findings):
        collected.ask(rules.about_graph(fields, signs_of(context)), context)
    skips = tuple(dict.fromkeys(collected.skips))
    return JudgedGraph(entry, context.graph, _in_order(collected.findings), skips, context)


def _in_doubt(nodes: Iterable[Node], text_findings: list[Finding]) -> bool:
    """Whether a text problem may have cost a stream, for it lies in the options of none of these nodes: then rules about
    the wiring would report its shadow."""
    if not text_findings:
        return False
    options = sorted(
        block.place.span[1:]
        for node in nodes
        for name in ("options", "node_options", "input_stream_handler", "output_stream_handler")
        for block in node.bound.messages(name)
    )
    return not all(_inside_one(options, finding.location) for finding in text_findings)


def _inside(span: Span, block: BoundMessage) -> bool:
    outer = block.place.span
    return (outer.line, outer.column) <= (span.line, span.column) <= (outer.end_line, outer.end_column)


def _inside_one(blocks: list[tuple[int, int, int, int]], span: Span) -> bool:
    """Whether a place lies in one of the blocks, which follow each other: line and column of begin and end."""
    last = bisect_right(blocks, (span.line, span.column, sys.maxsize, 0)) - 1
    return last >= 0 and (span.line, span.column) <= blocks[last][2:]


class _Collected:
    """What the rules have answered about one graph; ``context`` is ``None`` for the deployment as a whole."""

    __slots__ = ("_context", "_hits", "_spent", "findings", "skips")

    def __init__(self, context: GraphContext | None, findings: list[Finding]) -> None:
        self._context = context
        self.findings = findings
        self.skips: list[NotExercised] = []
        self._hits: dict[str, int] = {}
        self._spent: set[str] = set()

    def ask(self, rules: Iterable[Rule], *about: Node | GraphContext | DeploymentContext) -> None:
        """Enter what the rules have to say about a node and its graph, about a graph or about a deployment."""
        spent = self._spent
        for rule in rules:
            if spent and rule.code in spent:
                continue
            for answer in rule.check(*about):
                if not self._take(rule, answer):
                    break

    def _take(self, rule: Rule, answer: Answer) -> bool:
        """Enter an answer; whether more of that rule are wanted."""
        if isinstance(answer, Skip):
            self.skips.append(NotExercised(answer.node.display if answer.node is not None else None, answer.reason))
            return True
        graph = self._context.entry.name if self._context is not None else None
        self.findings.append(_finding(rule, answer, self._context, graph))
        return self._context is None or not self._is_spent(rule)

    def _is_spent(self, rule: Rule) -> bool:
        """Count a hit; whether the rule has now found as many as are listed of one graph."""
        hits = self._hits[rule.code] = self._hits.get(rule.code, 0) + 1
        if hits < MAX_HITS:
            return False
        self._spent.add(rule.code)
        self.skips.append(NotExercised(None, f"{rule.code} was found {MAX_HITS} times and was not looked for further"))
        return True


def _finding(rule: Rule, hit: Hit, context: GraphContext | None, graph: str | None) -> Finding:
    phase = hit.phase or rule.phase
    if rule.start_run and phase is Phase.CREATE and context is not None and context.pooled:
        phase = Phase.LOAD
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=hit.severity or rule.severity,
        phase=phase,
        effect=hit.effect or rule.effect,
        graph=hit.graph or graph,
        message=_on_one_line(hit.message),
        location=hit.place.span,
        help=hit.help,
        label=hit.label,
        related=tuple(Related(message, place.span) for message, place in hit.related),
        node=hit.node.display if hit.node is not None else None,
        edits=_edits(hit),
    )


def _on_one_line(message: str) -> str:
    """A message is one line wherever it is shown, also where it quotes a name that holds a line feed."""
    return message.replace("\n", "\u240a")


def _edits(hit: Hit) -> tuple[Edit, ...]:
    fixes = (hit.fix,) if isinstance(hit.fix, Fix) else hit.fix
    return tuple(Edit(hit.place.source.span(f.start, f.end), f.text) for f in fixes if f.certain)


def _text_findings(
    source: Source,
    problems: Iterable[Problem],
    graph: str | None,
    catalog: Catalog | None = None,
    document: Document | None = None,
) -> list[Finding]:
    """``catalog`` and ``document``: of a name that is not there, another release may tell what to do."""
    findings = []
    for problem in problems:
        changed = advice_on_problem(problem, catalog) if catalog is not None else ""
        fix = removal(problem, changed, document) if changed and document is not None else problem.fix
        rule = rule_about(problem.kind)
        related = tuple((text, Place(source, start, end)) for text, start, end in problem.related)
        hit = Hit(
            Place(source, problem.start, problem.end),
            problem.message,
            help=changed or problem.help,
            related=related,
            fix=fix or (),
        )
        finding = _finding(rule, hit, None, graph)
        if problem.protobuf:
            finding = finding._replace(evidence={"protobuf": problem.protobuf})
        findings.append(finding)
    return findings


def _in_order(findings: Collection[Finding]) -> tuple[Finding, ...]:
    """By place, each once."""
    if not findings:
        return ()
    unique = {(f.code, f.location, f.message): f for f in findings}
    return tuple(sorted(unique.values(), key=lambda f: (f.location.file, f.location.line, f.location.column, f.code)))


__all__ = ["JudgedGraph", "Judgement", "judge", "weighed"]
