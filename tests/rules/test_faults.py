"""Each rule kills its own mutant: single faults in good graphs (see ``faults``)."""

from __future__ import annotations

import pytest

from graphval.findings import Severity
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules

from .faults import Fault, families
from .faults.graphs import Good, good_graphs
from .judging import judged

FAMILIES = families()
FAULTS = [fault for faults in FAMILIES.values() for fault in faults]
OF_GENERATIVE_GRAPHS = {"GV705", "GV750", "GV751"}
"""Their faults are put into graphs of generative nodes, in ``test_genai_faults``."""


def family_of(rule: Rule) -> str:
    assert rule.check is not None
    return rule.check.__module__.rpartition(".")[0].rpartition(".")[2]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_rule_fires_and_nothing_else_does(fault: Fault) -> None:
    tried = 0
    for good in good_graphs():
        for text in fault.into(good):
            tried += 1
            assert text != good.text
            said = {finding.code for finding in findings(text)}
            assert fault.code in said, shown(good, text)
            assert said <= {fault.code} | fault.beside, shown(good, text)
    assert tried > 0


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_each_rule_of_a_family_has_a_fault(family: str) -> None:
    rules = {r.code for r in all_rules().values() if r.level in (Level.NODE, Level.GRAPH) and family_of(r) == family}
    assert rules - {fault.code for fault in FAMILIES[family]} <= OF_GENERATIVE_GRAPHS


@pytest.mark.parametrize("good", good_graphs(), ids=lambda good: good.name)
def test_nothing_is_said_of_good_graphs(good: Good) -> None:
    assert findings(good.text) == []


def findings(text: str) -> list:
    found = judged(text, no_models=True).findings
    return [finding for finding in found if finding.severity in (Severity.ERROR, Severity.WARNING)]


def shown(good: Good, text: str) -> str:
    lines = [f"{f.code} at {f.location.line}:{f.location.column}: {f.message}" for f in findings(text)]
    return f"{good.name}: {lines}\n{text}"
