"""What settings do to a run: the command line over a file over the defaults, and the library with none of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import graphval
from graphval.findings import Severity, Verdict
from graphval.settings import DeclaredCalculator, SettingsError

from .running import graphval as run

# An unread input (GV216, a warning), an output nobody produces (GV211), an unknown calculator (GV301).
GRAPH = """\
input_stream: "in"
input_stream: "unread"
output_stream: "out"
output_stream: "lost"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "mid" }
node { calculator: "AcmeCalculator" input_stream: "mid" output_stream: "out" }
"""
ALL = ["GV216", "GV211", "GV301"]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    file = tmp_path / "project" / "graph.pbtxt"
    file.parent.mkdir()
    file.write_text(GRAPH, encoding="utf-8")
    return file


def lint(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return run("lint", *words, cwd=cwd)


def codes(*words: str | Path) -> list[str]:
    done = lint(*words, "--format", "json")
    assert done.stderr == ""
    return [finding["code"] for finding in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ALL),
        (("--select", "GV2"), ["GV216", "GV211"]),
        (("--select", "GV216,GV301"), ["GV216", "GV301"]),
        (("--select", "GV216", "--select", "GV301"), ["GV216", "GV301"]),
        (("--ignore", "GV2"), ["GV301"]),
        (("--select", "GV2", "--ignore", "GV211"), ["GV216"]),
        (("--ignore", "GV"), []),
    ],
)
def test_select_and_ignore(graph: Path, words: tuple[str, ...], found: list[str]) -> None:
    assert codes(graph, *words) == found


def test_severity(graph: Path) -> None:
    done = lint(graph, "--severity", "GV2=info,GV301=warning", "--severity", "GV211=warning")
    assert done.returncode == 0
    heads = [line.partition(":")[0] for line in done.stdout.splitlines() if "[GV" in line]
    assert heads == ["info[GV216]", "warning[GV211]", "warning[GV301]"]
    assert "load ok" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (("--ignore", "GV211,GV301"), 0, "pass"),
        (("--ignore", "GV211,GV301", "--profile", "strict"), 1, "fail"),
        (("--ignore", "GV211,GV301", "--profile", "strict", "--severity", "GV216=info"), 1, "fail"),
        (("--ignore", "GV211,GV301", "--profile", "strict", "--fail-on", "error"), 0, "pass"),
        (("--ignore", "GV211,GV301", "--fail-on", "warning"), 1, "fail"),
        (("--ignore", "GV211,GV301", "--fail-on", "warning", "--severity", "GV216=info"), 0, "pass"),
        (("--profile", "default"), 1, "fail"),
    ],
)
def test_what_fails(graph: Path, words: tuple[str, ...], code: int, verdict: str) -> None:
    done = lint(graph, *words, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (code, verdict)


def test_a_file_is_found_upwards_and_the_command_line_counts_before_it(graph: Path) -> None:
    settings = graph.parents[1] / "graphval.toml"
    settings.write_text('ignore = ["GV301", "GV211"]\nprofile = "strict"\n', encoding="utf-8")
    assert codes(graph) == ["GV216"]
    assert lint(graph).returncode == 1
    assert lint(graph, "--profile", "default").returncode == 0
    assert codes(graph, "--ignore", "GV216") == ["GV211", "GV301"]
    assert codes(graph, "--no-settings") == ALL
    other = graph.parent / "other.toml"
    other.write_text('select = ["GV301"]', encoding="utf-8")
    assert codes(graph, "--settings", other) == ["GV301"]


def test_the_current_folder_does_not_count(graph: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "graphval.toml").write_text('ignore = ["GV"]', encoding="utf-8")
    assert lint(graph, cwd=elsewhere).returncode == 1
    assert lint(elsewhere, cwd=elsewhere).returncode == 2


def test_a_release_and_missing_models_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "graphval.toml").write_text('ovms-version = "2025.3"\nno-models = true\n', encoding="utf-8")
    (tmp_path / "graph.pbtxt").write_text(GRAPH, encoding="utf-8")
    assert lint(tmp_path).stdout.rstrip().endswith("OVMS 2025.3)")
    assert lint(tmp_path, "--ovms-version", "2026.4").stdout.rstrip().endswith("OVMS 2026.4)")
    (tmp_path / "graphval.toml").write_text('ovms-version = "2019"\n', encoding="utf-8")
    done = lint(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "graphval.toml:1:16: no catalog for OVMS 2019; known releases: " in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--select", "GV999"), 'no code is or begins with "GV999"; see graphval rules'),
        (("--ignore", "gv2"), 'no code is or begins with "gv2"; write GV2'),
        (("--severity", "GV216"), "--severity takes CODE=LEVEL, LEVEL being one of error, warning, info, not GV216"),
        (
            ("--severity", "GV2=bad"),
            "--severity takes CODE=LEVEL, LEVEL being one of error, warning, info, not GV2=bad",
        ),
        (("--settings", "nowhere.toml"), "nowhere.toml cannot be read: No such file or directory"),
        (("--settings", "x.toml", "--no-settings"), "--settings and --no-settings exclude each other"),
        (("--profile", "lax"), "'lax' is not one of 'default', 'strict'"),
        (("--baseline", "nowhere.json"), "nowhere.json cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_on_the_command_line(graph: Path, words: tuple[str, ...], told: str) -> None:
    done = lint(graph, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_each_mistake_of_a_file_is_a_line(graph: Path) -> None:
    (graph.parent / "graphval.toml").write_text("no-models = 1\nslect = []\n", encoding="utf-8")
    done = lint(graph, cwd=graph.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "graphval: graphval.toml:1:13: no-models is true or false, not the number 1",
        'graphval: graphval.toml:2:1: there is no setting "slect"; did you mean select?',
    ]


def test_the_library_reads_no_file_unless_asked(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = graph.parent / "graphval.toml"
    settings.write_text('ignore = ["GV"]\n', encoding="utf-8")
    monkeypatch.chdir(graph.parent)

    def found(**how: object) -> list[str]:
        return [finding.code for finding in graphval.lint([graph], **how).findings]  # type: ignore[arg-type]

    assert found() == ALL
    assert found(settings=settings) == []
    assert found(settings=settings, ignore=["GV211"]) == ["GV216", "GV301"]
    assert found(select=["GV3"]) == ["GV301"]
    assert found() == ALL
    report = graphval.lint([graph], severity={"GV": "info"})
    assert (report.verdict, {f.severity for f in report.findings}) == (Verdict.PASS, {Severity.INFO})
    assert graphval.lint([graph], severity={"GV": "info"}, profile="strict").verdict is Verdict.FAIL
    assert graphval.check([graph], engine="none", ignore=["GV"]).findings == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"select": ["GV999"]},
        {"select": "GV2"},
        {"severity": {"GV2": "bad"}},
        {"severity": {"G9": "error"}},
        {"profile": "lax"},
        {"fail_on": "never"},
        {"settings": "nowhere.toml"},
        {"baseline": "nowhere.json"},
    ],
)
def test_the_library_refuses_what_there_is_not(graph: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        graphval.lint([graph], **wrong)  # type: ignore[arg-type]


def test_what_could_not_be_read_cannot_be_silenced(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text('input_stream "in"\n', encoding="utf-8")
    for how in ({"ignore": ["GV"]}, {"severity": {"GV": "info"}}, {"select": ["GV5"]}):
        report = graphval.lint([tmp_path], **how)  # type: ignore[arg-type]
        assert (report.verdict, [f.code for f in report.findings]) == (Verdict.FAIL, ["GV102"])
    config = tmp_path / "config.json"
    config.write_text('{"model_config_list": [],}', encoding="utf-8")
    assert [f.code for f in graphval.lint([config], ignore=["GV"]).findings] == ["GV151"]
    config.write_text('{"model_config_list": [], "mediapipe_config_list": [{"name": "g"}]}', encoding="utf-8")
    assert [f.code for f in graphval.lint([config], ignore=["GV"]).findings] == ["GV610"]


# -- calculators of a custom build ------------------------------------------------------------------------------------

CUSTOM = """\
input_stream: "IMAGE:in"
output_stream: "out"
node {{
  calculator: "BlurCalculator"
  input_stream: "{tag}:in"
  output_stream: "out"
  {options}
}}
"""
ANY = "node_options: { [type.googleapis.com/acme.BlurOptions] { sigma: 2 } }"
EXTENSION = "options { [acme.BlurOptions.ext] { sigma: 2 kernel { size: 3 } } }"


def judged(folder: Path, declared: DeclaredCalculator | str, tag: str = "IMAGE", options: str = "") -> list[str]:
    (folder / "graph.pbtxt").write_text(CUSTOM.format(tag=tag, options=options), encoding="utf-8")
    return [finding.code for finding in graphval.lint([folder], calculators=[declared]).findings]


@pytest.mark.parametrize("tag", ["IMAGE", "OTHER"])
def test_a_declared_calculator_is_known_and_its_contract_is_not(tmp_path: Path, tag: str) -> None:
    assert judged(tmp_path, "SharpenCalculator", tag) == ["GV301"]
    assert judged(tmp_path, "BlurCalculator", tag) == []
    [graph] = graphval.lint([tmp_path], calculators=["BlurCalculator"]).graphs
    assert [(entry.node, entry.reason) for entry in graph.not_exercised] == [
        ("BlurCalculator", "BlurCalculator is declared in the settings, not known")
    ]


@pytest.mark.parametrize("options", [ANY, EXTENSION])
def test_its_options_are_known_where_they_are_declared(tmp_path: Path, options: str) -> None:
    assert judged(tmp_path, "BlurCalculator", options=options) in (["GV126"], ["GV127"])
    assert judged(tmp_path, DeclaredCalculator("BlurCalculator", "acme.BlurOptions"), options=options) == []
    assert judged(tmp_path, DeclaredCalculator("BlurCalculator", "acme.BlurOption"), options=options) != []


@pytest.mark.parametrize(
    ("inputs", "outputs", "tag", "found"),
    [
        (("IMAGE",), ("",), "IMAGE", []),
        (("IMAGE*",), None, "IMAGE:0", []),
        (("IMAGE", "MASK?"), None, "IMAGE", []),
        (("IMAGE", "MASK"), None, "IMAGE", ["GV303"]),
        (("IMAGE?",), None, "OTHER", ["GV304"]),
        (("IMAGE",), ("BLURRED",), "IMAGE", ["GV303"]),
        (None, ("",), "OTHER", []),
        ((), None, "IMAGE", ["GV304"]),
    ],
)
def test_its_tags_are_held_where_they_are_declared(
    tmp_path: Path, inputs: tuple[str, ...] | None, outputs: tuple[str, ...] | None, tag: str, found: list[str]
) -> None:
    assert judged(tmp_path, DeclaredCalculator("BlurCalculator", "", inputs, outputs), tag) == found


def test_a_release_knows_its_own_calculators_better(tmp_path: Path) -> None:
    text = CUSTOM.replace("BlurCalculator", "PassThroughCalculator").format(tag="IMAGE", options="")
    (tmp_path / "graph.pbtxt").write_text(text, encoding="utf-8")
    without = graphval.lint([tmp_path]).findings
    assert graphval.lint([tmp_path], calculators=["PassThroughCalculator"]).findings == without


def test_a_graph_with_one_is_not_rehearsed(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text(CUSTOM.format(tag="IMAGE", options=""), encoding="utf-8")
    (tmp_path / "graphval.toml").write_text("[calculators.BlurCalculator]\n", encoding="utf-8")
    done = run("check", tmp_path, "--engine", "rehearsal", "--format", "json")
    report = json.loads(done.stdout)
    [graph] = report["graphs"]
    assert (done.returncode, report["findings"], graph["reached"]) == (0, [], "load")
    reason = "only a build of OVMS that has BlurCalculator can load this graph"
    assert reason in [entry["reason"] for entry in graph["not_exercised"]]
