"""The report as JUnit XML: a suite per graph, a test case per rung, as continuous integration servers show them.

A rung that failed is a failure with the findings that say why; one that nobody climbed is skipped; an inconclusive
graph is an error, so that no server counts it as passed. Findings about the deployment as a whole are a suite too.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from graphval.findings import Finding, GraphReport, Phase, Report, Rung, Severity, Stage, StageStatus, Verdict
from graphval.report.age import moment
from graphval.report.belonging import by_graph, labels
from graphval.report.style import one_line
from graphval.report.words import then, when

_PHASE = {Rung.PARSE: Phase.PARSE, Rung.LOAD: Phase.LOAD, Rung.CREATE: Phase.CREATE, Rung.SERVE: Phase.SERVE}


def render_junit(report: Report) -> str:
    """The report as the text of a JUnit XML file."""
    root = ET.Element("testsuites", name="graphval")
    graphs, common = by_graph(report)
    for (graph, findings), label in zip(graphs, labels(report), strict=True):
        _graph_suite(root, graph, label, findings)
    if common:
        _common_suite(root, common)
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", f"{sum(graph.seconds for graph in report.graphs):.3f}")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _graph_suite(root: ET.Element, graph: GraphReport, label: str, findings: Sequence[Finding]) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(label))
    if graph.cached is not None:
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="cached", value=f"judged {moment(graph.cached.judged)}")
    told: set[int] = set()
    for stage in graph.stages:
        case = _case(suite, stage.stage.value, label, graph.file, stage.seconds)
        mine = [f for f in findings if f.phase is _PHASE[stage.stage]]
        told |= {id(finding) for finding in mine}
        _outcome(case, stage, mine, graph)
    if graph.verdict is Verdict.INCONCLUSIVE:
        case = ET.SubElement(
            suite, "testcase", name="conclusive", classname=_xml(label), file=_xml(graph.file), time="0"
        )
        reasons = [entry.reason for entry in graph.not_exercised] or ["the engine could not show what it should"]
        ET.SubElement(case, "error", message=_xml(reasons[0]), type="inconclusive").text = _xml("\n".join(reasons))
    rest = [finding for finding in findings if id(finding) not in told]
    _loose_cases(suite, rest, label)
    notes = [f"not exercised: {f'node {e.node}: ' if e.node else ''}{e.reason}" for e in graph.not_exercised]
    if notes:
        ET.SubElement(suite, "system-out").text = _xml("\n".join(notes))
    _count(suite, graph.seconds)


def _outcome(case: ET.Element, stage: Stage, findings: Sequence[Finding], graph: GraphReport) -> None:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if stage.status is StageStatus.FAIL or errors:
        first = (errors or list(findings))[:1]
        message = f"{first[0].code}: {first[0].message}" if first else f"{graph.name} does not pass {stage.stage.value}"
        failure = ET.SubElement(case, "failure", message=_xml(message), type=_xml(first[0].code if first else "rung"))
        failure.text = _xml("\n\n".join(map(_words, errors or findings)) or message)
    elif stage.status is StageStatus.SKIPPED:
        ET.SubElement(case, "skipped", message="not shown by this run")
    others = [finding for finding in findings if finding not in errors]
    if others:
        ET.SubElement(case, "system-out").text = _xml("\n\n".join(map(_words, others)))


def _common_suite(root: ET.Element, findings: Sequence[Finding]) -> None:
    suite = ET.SubElement(root, "testsuite", name="deployment")
    _loose_cases(suite, findings, "deployment")
    _count(suite, 0.0)


def _loose_cases(suite: ET.Element, findings: Sequence[Finding], label: str) -> None:
    """A test case per finding that no rung holds."""
    for finding in findings:
        name = f"{finding.code} {finding.location.file}:{finding.location.line}"
        case = _case(suite, name, label, finding.location.file)
        if finding.severity is Severity.ERROR:
            ET.SubElement(
                case, "failure", message=_xml(f"{finding.code}: {finding.message}"), type=_xml(finding.code)
            ).text = _xml(_words(finding))
        else:
            ET.SubElement(case, "system-out").text = _xml(_words(finding))


def _case(suite: ET.Element, name: str, label: str, file: str, seconds: float = 0.0) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", name=_xml(name), classname=_xml(label), file=_xml(file), time=f"{seconds:.3f}"
    )


def _words(finding: Finding) -> str:
    place = finding.location
    where = f"{place.file}:{place.line}:{place.column}"
    lines = [
        f"{where}: {finding.severity.value}[{finding.code}]: {one_line(finding.message)}",
        f"when: {when(finding)}",
        f"then: {then(finding)}",
    ]
    return "\n".join([*lines, f"help: {one_line(finding.help)}"] if finding.help else lines)


def _count(suite: ET.Element, seconds: float) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for kind, word in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(kind, str(sum(case.find(word) is not None for case in cases)))
    suite.set("time", f"{seconds:.3f}")


def _xml(text: str) -> str:
    """A text that XML can hold: what it cannot becomes visible, line ends stay."""
    return "\n".join(one_line(line) for line in text.split("\n"))


__all__ = ["render_junit"]
