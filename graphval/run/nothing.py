"""The report of a run that had nothing to judge."""

from __future__ import annotations

from graphval.catalog import load as load_catalog
from graphval.findings import Report, Target
from graphval.run.verdict import report


def empty_report() -> Report:
    """A report without graphs, which passes."""
    return report((), (), Target(load_catalog(None).version))
