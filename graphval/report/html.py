"""The report as one HTML page that needs nothing else: no network, no script from elsewhere.

A content security policy in the page allows its own style and script by their hashes and nothing more, so that even a
name that escaped escaping could not run. The page is whole without the script, which only eases the way through
pictures by keyboard.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape as _escape

from graphval.findings import Finding, GraphReport, NotExercised, Report, Severity, StageStatus
from graphval.report.age import cached_words, moment
from graphval.report.belonging import by_graph, labels
from graphval.report.excerpt import Sources, excerpt
from graphval.report.page import PAGE_CSS, SCRIPT
from graphval.report.style import one_line
from graphval.report.verdict_line import verdict_line
from graphval.report.words import then, when

_STATUS = {StageStatus.PASS: "passed", StageStatus.FAIL: "failed", StageStatus.SKIPPED: "not shown"}
_MARK = {StageStatus.PASS: "✓", StageStatus.FAIL: "✗", StageStatus.SKIPPED: "–"}
_LONGEST = 4000
"""Characters of one piece of evidence; logs can be long, and the JSON report holds all of it."""


@dataclass(frozen=True, slots=True)
class Drawings:
    """Pictures as ``<svg>`` elements by the position of their graph in the report, and the style they need."""

    svg: Mapping[int, str] = field(default_factory=dict)
    css: str = ""


def render_html(report: Report, drawings: Drawings | None = None) -> str:
    """The report as a page."""
    return "\n".join(_page(report, drawings or Drawings())) + "\n"


def escape(text: str) -> str:
    """A text of unknown origin inside HTML, attributes included."""
    return _escape(one_line(text))


def _page(report: Report, drawings: Drawings) -> Iterator[str]:
    css = drawings.css + PAGE_CSS
    policy = (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(SCRIPT)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    graphs, common = by_graph(report)
    names = labels(report)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>graphval: {report.verdict.value}</title>\n<style>{css}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#main">Skip to the findings</a>'
    yield f'<header><h1>graphval <span class="verdict {report.verdict.value}">{report.verdict.value}</span></h1>'
    yield f"<p>{escape(verdict_line(report))}</p></header>"
    yield from _overview(graphs, names)
    yield '<main id="main">'
    if common:
        yield '<section aria-labelledby="deployment"><h2 id="deployment">Deployment</h2>'
        yield from _findings(common)
        yield "</section>"
    for position, (graph, findings) in enumerate(graphs):
        yield from _graph(position, names[position], graph, findings, drawings.svg.get(position, ""))
    yield "</main>"
    if drawings.svg:
        yield _LEGEND
    yield f"<footer>graphval {escape(report.tool_version)}, OVMS {escape(report.target.ovms)}</footer>"
    yield f"<script>{SCRIPT}</script>\n</body>\n</html>"


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _overview(graphs: Sequence[tuple[GraphReport, list[Finding]]], names: Sequence[str]) -> Iterator[str]:
    if not graphs:
        return
    yield '<nav aria-label="Graphs"><table><thead><tr><th scope="col">graph</th><th scope="col">verdict</th>'
    yield "".join(f'<th scope="col">{stage.stage.value}</th>' for stage in graphs[0][0].stages)
    yield '<th scope="col">findings</th></tr></thead><tbody>'
    for position, (graph, findings) in enumerate(graphs):
        yield f'<tr><th scope="row"><a href="#graph-{position}">{escape(names[position])}</a></th>'
        yield f'<td><span class="verdict {graph.verdict.value}">{graph.verdict.value}</span></td>'
        for stage in graph.stages:
            status = _STATUS[stage.status]
            yield f'<td class="{stage.status.value}"><span aria-hidden="true">{_MARK[stage.status]}</span>'
            yield f'<span class="heard">{status}</span></td>'
        yield f"<td>{len(findings) or ''}</td></tr>"
    yield "</tbody></table></nav>"


def _graph(position: int, name: str, graph: GraphReport, findings: Sequence[Finding], svg: str) -> Iterator[str]:
    yield f'<section id="graph-{position}" aria-labelledby="name-{position}">'
    yield f'<h2 id="name-{position}">{escape(name)} '
    yield f'<span class="verdict {graph.verdict.value}">{graph.verdict.value}</span></h2>'
    yield f"<p><code>{escape(graph.file)}</code></p>"
    if graph.cached is not None:
        when_judged = escape(moment(graph.cached.judged))
        yield f'<p class="place">{escape(cached_words([graph.cached]))} (<time>{when_judged}</time>): '
        yield "nothing that the verdict depends on has changed since.</p>"
    yield '<ol class="rungs">'
    for stage in graph.stages:
        by = f" by {stage.by.value}" if stage.status is not StageStatus.SKIPPED else ""
        words = f"{stage.stage.value} {_STATUS[stage.status]}{by}"
        yield f'<li class="{stage.status.value}"><span aria-hidden="true">{_MARK[stage.status]}</span> {words}</li>'
    yield "</ol>"
    if svg:
        yield f'<figure tabindex="0" role="region" aria-label="Picture of {escape(name)}">{svg}</figure>'
    else:
        yield "<p>No picture: the file cannot be read, or holds more nodes than a picture can show.</p>"
    yield from _findings(findings)
    yield from _left_out(graph.not_exercised)
    yield "</section>"


def _left_out(entries: Sequence[NotExercised]) -> Iterator[str]:
    if not entries:
        return
    yield "<h3>Not exercised</h3><ul>"
    for entry in entries:
        who = f"node <code>{escape(entry.node)}</code>: " if entry.node else ""
        yield f"<li>{who}{escape(entry.reason)}</li>"
    yield "</ul>"


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    order = list(Severity)
    for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    place = finding.location
    yield f'<article class="{finding.severity.value}"><h3><span class="code">{finding.severity.value} '
    yield f"{escape(finding.code)}</span> {escape(finding.message)}</h3>"
    yield f'<p class="place"><code>{escape(place.file)}:{place.line}:{place.column}</code></p>'
    rows = excerpt(Sources(), place, one_line(finding.label))
    if rows:
        yield (
            "<pre>"
            + "\n".join(
                f'<span class="{"mark" if row.mark else "line"}">{row.number or "":>5} | {_escape(row.text)}</span>'
                for row in rows
            )
            + "</pre>"
        )
    elif finding.label:
        yield f"<p>{escape(finding.label)}</p>"
    yield f"<dl><dt>when</dt><dd>{escape(when(finding))}</dd><dt>then</dt><dd>{escape(then(finding))}</dd>"
    if finding.help:
        yield f"<dt>help</dt><dd>{escape(finding.help)}</dd>"
    for related in finding.related:
        where = f"{related.location.file}:{related.location.line}:{related.location.column}"
        yield f"<dt>also</dt><dd>{escape(related.message)} <code>{escape(where)}</code></dd>"
    yield "</dl>"
    if finding.evidence:
        yield "<details><summary>What the engine said</summary><dl>"
        for name, value in finding.evidence.items():
            text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
            cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
            lines = "\n".join(escape(line) for line in cut.split("\n"))
            yield f"<dt>{escape(name)}</dt><dd><pre>{lines}</pre></dd>"
        yield "</dl></details>"
    yield "</article>"


_LEGEND = """<aside aria-labelledby="legend"><h2 id="legend">How to read the pictures</h2><ul>
<li>Round boxes are the graph's inputs and outputs, square ones nodes; a double rim is a subgraph, folded; a barrel is a
model behind a session.</li>
<li>Full lines are streams, dashed violet ones side packets, long dashes back edges, dots lead from a model to its
session.</li>
<li>A green rim: an engine showed the node at work. A dashed rim: not exercised. Red and yellow: what a finding blames,
with its code.</li>
<li>By keyboard: Tab goes from box to box; the arrow keys follow streams up and down, and left and right within a
row.</li>
</ul></aside>"""


__all__ = ["Drawings", "render_html"]
