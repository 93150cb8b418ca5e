"""What graphval says of each example is what its ``expect.json`` says, rung by rung and finding by finding."""

from __future__ import annotations

from typing import Any

import pytest

from .catalogue import EXAMPLES, Example
from .conftest import Run, graphval

each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)


def key(finding: dict[str, Any], file: str, line: int) -> tuple[str, str, str, str, int, str]:
    return finding["code"], finding["phase"], finding["effect"], file, line, finding["by"]


def expected(example: Example) -> list[tuple[str, str, str, str, int, str]]:
    return sorted(key(finding, finding["file"], finding["line"]) for finding in example.expect["findings"])


def found(example: Example, run: Run) -> list[tuple[str, str, str, str, int, str]]:
    return sorted(
        key(finding, example.relative(finding["location"]["file"]), finding["location"]["line"])
        for finding in run.findings(example)
    )


@each
def test_each_graph_reaches_the_rung_it_should(example: Example, checked: Run) -> None:
    said = {
        name: {
            "verdict": graph["verdict"],
            "reached": graph["reached"],
            "stages": {stage["stage"]: stage["status"] for stage in graph["stages"]},
            "not_exercised": sorted(item["node"] or "" for item in graph["not_exercised"]),
        }
        for name, graph in checked.graphs(example).items()
    }
    assert said == example.expect["graphs"]


@each
def test_check_finds_the_one_mistake_and_nothing_else(example: Example, checked: Run) -> None:
    assert found(example, checked) == expected(example)


@each
def test_lint_finds_what_files_alone_can_tell(example: Example, linted: Run) -> None:
    assert found(example, linted) == [finding for finding in expected(example) if finding[-1] == "static"]


def test_every_graph_of_the_report_belongs_to_an_example(checked: Run) -> None:
    files = [graph["file"] for graph in checked.report["graphs"]]
    files += [finding["location"]["file"] for finding in checked.report["findings"]]
    assert [file for file in files if not any(example.holds(file) for example in EXAMPLES)] == []


def test_the_whole_run_fails_because_some_graphs_are_broken(checked: Run) -> None:
    assert (checked.exit_code, checked.report["verdict"]) == (1, "fail")
    assert checked.report["target"]["engine"] == "rehearsal"


@pytest.mark.parametrize("name", ["good/relay", "good/python_fahrenheit", "broken/output_without_producer"])
def test_exit_code_of_one_deployment_alone(name: str) -> None:
    example = next(example for example in EXAMPLES if example.id == name)
    run = graphval("check", f"graphs/{name}", "--engine", "rehearsal")
    assert (run.exit_code, run.report["verdict"]) == (example.expect["exit_code"], example.expect["verdict"])
