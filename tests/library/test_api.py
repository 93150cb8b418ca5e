"""The public API: unchanged unless announced, typed for strict users, and silent."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import graphval
from graphval.library_options import CheckOptions, LintOptions

ROOT = Path(__file__).resolve().parents[2]
API = Path(__file__).parent / "api.txt"
USER = """
import asyncio
from collections.abc import Callable
from pathlib import Path

import graphval
from graphval.events import Done, FindingMade


def judge(folder: Path) -> list[str]:
    report = graphval.lint([folder], select=["GV5"], severity={"GV210": "warning"})
    assert report.verdict is graphval.Verdict.PASS or report.findings
    graphval.write_report(report, "sarif", folder / "out.sarif")
    found: list[graphval.Finding] = [f for f in report.findings if f.severity is graphval.Severity.ERROR]
    return [f"{f.location.file}:{f.location.line} {f.code}" for f in found]


def watch(folder: str) -> graphval.Report:
    for event in graphval.exercise([folder], engine="none"):
        match event:
            case FindingMade(finding):
                where: graphval.Span = finding.location
            case Done(report):
                graphs: tuple[graphval.GraphReport, ...] = report.graphs
                return report
            case _:
                continue
    raise AssertionError


async def watch_async(folder: str) -> graphval.Report:
    async for event in graphval.exercise_async([folder], engine="none"):
        if isinstance(event, Done):
            return event.report
    return await graphval.check_async([folder], engine="none", ovms_version="2026.3")


run: Callable[[], graphval.Report] = lambda: asyncio.run(watch_async("x"))
"""


def described() -> str:
    """Every public name with its signature."""
    lines = []
    for name in sorted(graphval.__all__):
        thing = getattr(graphval, name)
        if isinstance(thing, str):
            lines.append(f"{name}: str")
        else:
            kind = "class" if inspect.isclass(thing) else "async def" if inspect.iscoroutinefunction(thing) else "def"
            # What stands as text in an annotation is shown as text, wherever Python has wrapped it.
            signature = re.sub(r"ForwardRef\(('[^']*')\)", r"\1", str(inspect.signature(thing)))
            lines.append(f"{kind} {name}{signature}")
    for options in (LintOptions, CheckOptions):
        lines += [f"{options.__name__}.{name}" for name in sorted(options.__annotations__)]
    return "\n".join(lines) + "\n"


def test_the_api_is_the_announced_one() -> None:
    """After a change that is meant: ``python -m tests.library.test_api`` in the project's folder, and a line in
    docs/library.md."""
    assert described() == API.read_text(encoding="utf-8")


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    assert [name for name in graphval.__all__ if name != "__version__" and f"`{name}" not in page] == []
    assert all(inspect.getdoc(getattr(graphval, name)) for name in graphval.__all__)


def test_options_that_are_passed_on_are_those_of_the_functions() -> None:
    for function, options in ((graphval.lint, LintOptions), (graphval.check, CheckOptions)):
        taken = set(inspect.signature(function).parameters) - {"paths"}
        assert taken == set(options.__annotations__) | (set(LintOptions.__annotations__) & taken)


def test_strict_users_are_served(tmp_path: Path) -> None:
    file = tmp_path / "user.py"
    file.write_text(USER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", str(file)]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert (ROOT / "graphval" / "py.typed").is_file()


def test_importing_loads_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import graphval\n"
        "print(*sorted(n for n in set(sys.modules) - before if n.startswith('graphval') or 'proto' in n))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["graphval", "graphval.version"]


def test_it_prints_and_keeps_nothing(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    first = graphval.lint(["graphs/broken/stream_without_producer"])
    other = graphval.lint(["graphs/good/relay"])
    again = graphval.lint(["graphs/broken/stream_without_producer"])
    assert (first.findings, other.findings) == (again.findings, ())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html"])
def test_reports_are_written(form: str, tmp_path: Path) -> None:
    report = graphval.lint([ROOT / "graphs" / "good" / "relay"])
    graphval.write_report(report, form, tmp_path / "report")
    assert (tmp_path / "report").stat().st_size


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        graphval.write_report(graphval.lint([ROOT / "graphs" / "good" / "relay"]), "pdf", "x")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        graphval.nothing  # noqa: B018


if __name__ == "__main__":
    API.write_text(described(), encoding="utf-8")
