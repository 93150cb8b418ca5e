"""Every example is complete: an expectation, a comment that says what it shows, and one mistake at most."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path

import pytest

from graphval.findings import By, Effect, Phase, Rung, StageStatus, Verdict

from .catalogue import EXAMPLES, GRAPHS, SAMPLES, Example, examples

each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
each_broken = pytest.mark.parametrize("example", examples("broken"), ids=lambda example: example.id)

EXIT_CODES = {"pass": 0, "fail": 1, "inconclusive": 3}


def test_there_are_enough_of_them() -> None:
    assert len(examples("good")) >= 8
    assert len(examples("broken")) >= 10


@each
def test_has_an_expectation_in_the_words_of_the_report(example: Example) -> None:
    expect = example.expect
    assert set(expect) == {"verdict", "exit_code", "graphs", "findings"}
    assert Verdict(expect["verdict"])
    assert expect["exit_code"] == EXIT_CODES[expect["verdict"]]
    for graph in expect["graphs"].values():
        assert set(graph) == {"verdict", "reached", "stages", "not_exercised"}
        assert Verdict(graph["verdict"])
        assert Rung(graph["reached"])
        assert list(graph["stages"]) == ["parse", "load", "create", "serve"]
        assert all(StageStatus(status) for status in graph["stages"].values())
        assert graph["not_exercised"] == sorted(graph["not_exercised"])
    for finding in expect["findings"]:
        assert set(finding) == {"code", "phase", "effect", "file", "line", "by"}
        assert finding["phase"] in set(Phase)
        assert finding["effect"] in set(Effect)
        assert finding["by"] in set(By)
        lines = (example.folder / finding["file"]).read_text(encoding="utf-8").splitlines()
        assert lines[finding["line"] - 1].strip()


@each
def test_each_graph_begins_with_a_comment_on_what_it_shows(example: Example) -> None:
    assert example.graph_files
    for file in example.graph_files:
        lines = file.read_text(encoding="utf-8").splitlines()
        comment = list(takewhile(lambda line: line.startswith("#"), lines))
        assert 3 <= len(comment) <= 10, file
        assert all(len(line) <= 120 for line in lines), file


@pytest.mark.parametrize("example", examples("good"), ids=lambda example: example.id)
def test_good_ones_pass_without_a_finding_and_what_is_not_shown_is_named(example: Example) -> None:
    assert example.expect["verdict"] == "pass"
    assert example.expect["findings"] == []
    for graph in example.expect["graphs"].values():
        served = set(graph["stages"].values()) == {"pass"}
        assert served or (graph["reached"] in ("load", "create") and graph["not_exercised"])


@each_broken
def test_broken_ones_hold_one_mistake(example: Example) -> None:
    assert example.expect["verdict"] == "fail"
    places = {(finding["file"], finding["line"]) for finding in example.expect["findings"]}
    assert len(places) == 1


def test_no_two_broken_examples_show_the_same_mistake() -> None:
    # The chat graph repeats the sync-set mistake on purpose: it is the one that language model graphs make most.
    repeated = {"broken/sync_set_kills_chat"}
    shown = [
        (example.expect["findings"][0]["code"], example.expect["findings"][0]["phase"])
        for example in examples("broken")
        if example.id not in repeated
    ]
    assert len(shown) == len(set(shown))


def test_samples_belong_to_a_graph_of_an_example() -> None:
    graphs = {(example.folder.name, name) for example in EXAMPLES for name in example.expect["graphs"]}
    samples = sorted(SAMPLES.glob("*/*/*.json"))
    assert samples
    for sample in samples:
        assert (sample.parent.parent.name, sample.parent.name) in graphs, sample


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*/*/*.json")), ids=lambda path: path.stem)
def test_samples_fit_the_graph_they_are_for(sample: Path) -> None:
    body = json.loads(sample.read_text(encoding="utf-8"))
    if sample.name.endswith(".openai.json"):
        assert body["model"] == sample.parent.name
        return
    example = next(e for e in EXAMPLES if e.folder.name == sample.parent.parent.name)
    text = next(
        file.read_text(encoding="utf-8")
        for file in example.graph_files
        if file.parent.name == sample.parent.name or file.parent == example.folder
    )
    declared = {line.split('"')[1].rsplit(":", 1)[-1] for line in text.splitlines() if line.startswith("input_stream:")}
    assert {tensor["name"] for tensor in body["inputs"]} == declared


def test_nothing_of_this_machine_is_written_into_the_examples() -> None:
    folders = [f"/{name}/".encode() for name in ("tmp", "home", "root")]
    for file in sorted(GRAPHS.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            assert not any(folder in content for folder in folders), file
