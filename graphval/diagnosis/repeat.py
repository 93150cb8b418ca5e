"""How a user sees again what a probe showed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from graphval.findings import Finding
from graphval.probe.asking import SAMPLES, ProbeSettings
from graphval.probe.forms import Form, form_for, written
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Plan, Probe

_LONGEST = 2_000
"""Characters of a line that stands in a report; a longer one is made by the command beside it."""


def tell_repeat(findings: list[Finding], seen: int, plan: Plan, probe: Probe, graph: str, path: str) -> None:
    """Give the findings from ``seen`` on, which a probe showed, the command that makes just its request again, and a
    line that sends it."""
    number = plan.number_of(probe)
    if not path or not number or seen == len(findings):
        return
    words = ["graphval", "request", path, "--graph", graph, *_made_by(plan.settings, graph), "--probe", str(number)]
    form = form_for(probe)
    if form is not Form.JSON:
        words += ["--form", form.value]
    evidence = {"repeat": shlex.join(words)}
    sending = Form.CURL if isinstance(probe.request, HttpRequest) else Form.GRPCURL
    line = written(probe, sending, keyed=plan.keyed).decode().rstrip("\n")
    if len(line) <= _LONGEST:
        evidence["send"] = line
    for position in range(seen, len(findings)):
        finding = findings[position]
        findings[position] = finding._replace(evidence={**finding.evidence, **evidence})


def _made_by(settings: ProbeSettings, graph: str) -> Iterator[str]:
    """The options that make the same requests again, where they are not the usual ones."""
    usual = ProbeSettings()
    if settings.depth is not usual.depth:
        yield from ("--probes", settings.depth.value)
    if settings.seed != usual.seed:
        yield from ("--seed", str(settings.seed))
    for folder in settings.samples:
        if folder != SAMPLES:
            yield from ("--samples", str(folder))
    for file in settings.named.get(graph, ()):
        yield from ("--sample", f"{graph}={file}")
