"""How a user sees again what a probe showed."""

from __future__ import annotations

import shlex

from graphval.findings import Finding
from graphval.probe.plan import Plan, Probe


def tell_repeat(findings: list[Finding], seen: int, plan: Plan, probe: Probe, graph: str, path: str) -> None:
    """Give the findings from ``seen`` on, which a probe showed, the command that makes just its request again."""
    number = plan.number_of(probe)
    if not path or not number:
        return
    command = shlex.join(["graphval", "request", path, "--graph", graph, "--probe", str(number)])
    for position in range(seen, len(findings)):
        finding = findings[position]
        findings[position] = finding._replace(evidence={**finding.evidence, "repeat": command})
