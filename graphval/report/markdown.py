"""The report as Markdown, for the comment on a pull request and the summary of a CI step.

Names come from files that nobody has vouched for: whatever Markdown or HTML would read in them is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Finding, GraphReport, Report, Severity, StageStatus, Verdict
from graphval.report.age import cached_words
from graphval.report.belonging import by_graph, labels
from graphval.report.excerpt import Sources, excerpt
from graphval.report.style import one_line
from graphval.report.verdict_line import verdict_line
from graphval.report.words import then, when

MAX_LENGTH = 60_000
"""Characters. GitHub refuses a comment beyond 65 536."""

_SPECIAL = re.compile(r"[\\`*\[\]|~@#>]|(?<!\w)_|_(?!\w)|(?<=www)\.|:(?=//)", re.IGNORECASE)
_VERDICT = {Verdict.PASS: "✅ pass", Verdict.FAIL: "❌ fail", Verdict.INCONCLUSIVE: "❔ inconclusive"}
_STATUS = {StageStatus.PASS: "✅", StageStatus.FAIL: "❌", StageStatus.SKIPPED: "–"}
_RANK = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}


def render_markdown(report: Report) -> str:
    """The report as GitHub-flavoured Markdown of at most :data:`MAX_LENGTH` characters."""
    head = "\n".join(_head(report)) + "\n"
    foot = f"\n<sub>graphval {escape(report.tool_version)}</sub>\n"
    graphs, common = by_graph(report)
    parts = [_finding(f) for f in sorted([*common, *(f for _, own in graphs for f in own)], key=_weight)]
    room = MAX_LENGTH - len(foot) - 100
    if len(head) > room:
        head = head[:room].rpartition("\n")[0] + "\n\n… more graphs than fit here\n"
        return head + foot
    taken: list[str] = []
    for part in parts:
        room -= len(part)
        if room < len(head):
            break
        taken.append(part)
    left = len(parts) - len(taken)
    more = f"\n… and {left} more finding{'' if left == 1 else 's'} than fit here\n" if left else ""
    return head + "".join(taken) + more + foot


def _weight(finding: Finding) -> tuple[int, str, int]:
    return list(Severity).index(finding.severity), finding.location.file, finding.location.line


def _head(report: Report) -> Iterator[str]:
    yield f"### graphval: {_VERDICT[report.verdict]}"
    yield ""
    yield escape(verdict_line(report))
    if not report.graphs:
        return
    yield ""
    yield "| graph | verdict | parse | load | create | serve | not exercised |"
    yield "|---|---|:-:|:-:|:-:|:-:|---|"
    for graph, label in zip(report.graphs, labels(report), strict=True):
        stages = " | ".join(_STATUS[stage.status] for stage in graph.stages)
        yield f"| {escape(label)} | {_VERDICT[graph.verdict]}{_cached(graph)} | {stages} | {_left_out(graph)} |"


def _cached(graph: GraphReport) -> str:
    return f" ({cached_words([graph.cached])})" if graph.cached is not None else ""


def _left_out(graph: GraphReport) -> str:
    nodes = list(dict.fromkeys(entry.node for entry in graph.not_exercised if entry.node))
    whole = [entry.reason for entry in graph.not_exercised if not entry.node]
    said = [f"node {escape(node)}" for node in nodes[:3]] + [escape(reason) for reason in whole[:1]]
    more = len(nodes[3:]) + len(whole[1:])
    return "; ".join(said) + (f"; {more} more" if more else "")


def _finding(finding: Finding) -> str:
    place = finding.location
    rows = excerpt(Sources(), place, one_line(finding.label), width=100)
    summary = (
        "<details><summary>"
        f"{_RANK[finding.severity]} <b>{escape(finding.code)}</b> {escape(one_line(finding.message))} "
        f"<code>{escape(one_line(place.file))}:{place.line}</code></summary>"
    )
    lines = ["", summary, ""]
    if rows:
        text = "\n".join(f"{row.number or '':>5} | {row.text}".rstrip() for row in rows)
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
        lines += [f"{fence}text", text, fence, ""]
    lines += [f"- **when** {escape(when(finding))}", f"- **then** {escape(then(finding))}"]
    if finding.help:
        lines.append(f"- **help** {escape(finding.help)}")
    lines += [
        f"- **also** {escape(entry.message)} ({escape(entry.location.file)}:{entry.location.line})"
        for entry in finding.related
    ]
    return "\n".join([*lines, "", "</details>", ""])


def escape(text: str) -> str:
    """A text of unknown origin inside Markdown: no markup, no link, no mention of anybody."""
    special = _SPECIAL.sub(lambda match: f"\0{ord(match[0])};", one_line(text))
    return special.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\0", "&#")
