"""Several reports of one run, each to where it was asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from graphval.report.form import Format
from graphval.reporting import listener

from .making import done

ROOT = Path(__file__).resolve().parents[2]
BROKEN = "graphs/broken/stream_without_producer"


def lint(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "graphval", "lint", BROKEN, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_all_forms_at_once(tmp_path: Path) -> None:
    files = {form: tmp_path / f"report.{form}" for form in Format}
    ran = lint(*(word for form, file in files.items() for word in ("--report", f"{form}={file}")), "--format", "json")
    assert (ran.returncode, ran.stderr) == (1, "")
    texts = {form: file.read_text(encoding="utf-8") for form, file in files.items()}
    assert all("GV210" in text for text in texts.values())
    assert json.loads(texts[Format.JSON])["findings"] == json.loads(ran.stdout)["findings"]
    assert json.loads(texts[Format.SARIF])["version"] == "2.1.0"
    assert ET.fromstring(texts[Format.JUNIT]).get("failures") == "1"
    assert texts[Format.TEXT].startswith("error[GV210]")


@pytest.mark.parametrize("wrong", ["sarif", "sarif=", "=x", "pdf=x.pdf"])
def test_a_report_that_cannot_be_made_is_a_usage_error(wrong: str) -> None:
    ran = lint("--report", wrong)
    assert ran.returncode == 2
    assert "--report wants FORM=FILE" in ran.stderr
    assert ran.stdout == ""


def test_a_file_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    ran = lint("--report", f"sarif={tmp_path}/nowhere/x.sarif")
    assert ran.returncode == 2
    assert "cannot write" in ran.stderr


@pytest.mark.parametrize("form", list(Format))
def test_every_form_has_a_listener_that_waits_for_the_end(form: Format, tmp_path: Path) -> None:
    file = tmp_path / "report"
    with file.open("w", encoding="utf-8") as stream:
        listener(form, stream)(done())
    assert file.read_text(encoding="utf-8")


def test_a_form_loads_only_what_it_needs() -> None:
    code = (
        "import sys; from graphval.cli import main; sys.argv = ['graphval', 'lint', sys.argv[1]]\n"
        "try: main()\n"
        "except SystemExit: print(*sorted(n for n in sys.modules if n.startswith('graphval.report.')), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, BROKEN], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    loaded = {name.rpartition(".")[2] for name in ran.stderr.split()}
    assert "text" in loaded
    assert loaded.isdisjoint({"sarif", "junit", "github", "gitlab", "markdown", "html", "json_report"})
