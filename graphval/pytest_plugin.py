"""graphval in pytest.

A test that is marked ``@pytest.mark.graph("deploy/chat")`` fails before it runs where the graph would fail; it may take
the fixture ``graph_report`` to look closer. ``engine="none"`` reads files only, any other engine starts a server; the
other options of :func:`graphval.check` are taken too. The fixture ``check_graph`` judges paths that a test makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from graphval.findings import Report

_REPORTS = pytest.StashKey["Report"]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers",
        "graph(path, ..., engine='none'): fail unless graphval passes these; options of graphval.check",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Judge the graphs of a marked test before anything of it runs."""
    mark = item.get_closest_marker("graph")
    if mark is None:
        return
    if not mark.args:
        pytest.fail("@pytest.mark.graph wants the path of a graph", pytrace=False)
    paths = [item.config.rootpath / path for path in mark.args]
    report = item.stash[_REPORTS] = _judge(paths, mark.kwargs)
    if report.verdict.value != "pass":
        pytest.fail(_words(report), pytrace=False)


@pytest.fixture
def graph_report(request: pytest.FixtureRequest) -> Report:
    """The report on the graphs of ``@pytest.mark.graph``."""
    report: Report | None = request.node.stash.get(_REPORTS, None)
    if report is None:
        pytest.fail("graph_report wants a test that is marked @pytest.mark.graph(path)", pytrace=False)
    return report


@pytest.fixture
def check_graph() -> Callable[..., Report]:
    """A function that takes paths and the options of :func:`graphval.check`, and fails the test unless they pass."""

    def judge(*paths: str | Path, **options: Any) -> Report:
        report = _judge(paths, options)
        if report.verdict.value != "pass":
            pytest.fail(_words(report), pytrace=False)
        return report

    return judge


def _judge(paths: tuple[str | Path, ...] | list[Path], options: Mapping[str, Any]) -> Report:
    import graphval

    return graphval.check(paths, **{"engine": "none", **options})


def _words(report: Report) -> str:
    """The report as a terminal would show it."""
    from graphval.events import Done
    from graphval.report.form import Format
    from graphval.reporting import listener

    stream = StringIO()
    listener(Format.TEXT, stream)(Done(report))
    return stream.getvalue()
