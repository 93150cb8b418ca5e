"""``--changed-since``: only deployments that a change touches are judged."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from graphval.run.changed import NoRevision, changed_deployments

from .running import git, graphval

NODE = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }'
GOOD = f'input_stream: "in"\noutput_stream: "out"\n{NODE}\n'
CONFIG = {
    "model_config_list": [{"config": {"name": "m", "base_path": "models/m"}}],
    "mediapipe_config_list": [{"name": "served"}],
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("one", "two", "deploy/served"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "graph.pbtxt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "deploy" / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (tmp_path / "deploy" / "models" / "m" / "1").mkdir(parents=True)
    (tmp_path / "deploy" / "models" / "m" / "1" / "model.xml").write_text("<net/>", encoding="utf-8")
    (tmp_path / "bare.pbtxt").write_text(GOOD, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def touched(folder: Path) -> set[str]:
    paths = changed_deployments([folder], "HEAD", [folder / "samples"])
    return {str(path.relative_to(folder)) for path in paths}


@pytest.mark.parametrize(
    ("change", "deployments"),
    [
        ("README.md", set()),
        ("one/graph.pbtxt", {"one"}),
        ("two/handler.py", {"two"}),
        ("deploy/config.json", {"deploy/config.json"}),
        ("deploy/served/graph.pbtxt", {"deploy/config.json"}),
        ("deploy/models/m/1/model.xml", {"deploy/config.json"}),
        ("deploy/notes.txt", set()),
        ("samples/one/request.json", {"one"}),
        ("samples/served/request.json", {"deploy/config.json"}),
        ("bare.pbtxt", {"bare.pbtxt"}),
        ("ones/graph.txt", set()),
    ],
)
@pytest.mark.parametrize("committed", [True, False])
def test_a_change_touches(repository: Path, change: str, deployments: set[str], committed: bool) -> None:
    git(repository, "tag", "before")
    file = repository / change
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + "\n", encoding="utf-8")
    if committed:
        git(repository, "add", ".")
        git(repository, "commit", "-qm", "second")
    found = changed_deployments([repository], "before", [repository / "samples"])
    assert {str(path.relative_to(repository)) for path in found} == deployments


def test_what_was_removed_counts(repository: Path) -> None:
    (repository / "two" / "handler.py").write_text("", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    (repository / "two" / "handler.py").unlink()
    assert touched(repository) == {"two"}


@pytest.mark.parametrize(
    ("revision", "says"), [("nothing", "git knows no revision nothing"), ("--all", "is no revision")]
)
def test_an_unknown_revision_is_refused(repository: Path, revision: str, says: str) -> None:
    with pytest.raises(NoRevision, match=says):
        changed_deployments([repository], revision)


def test_outside_of_git_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text(GOOD, encoding="utf-8")
    ran = graphval(tmp_path, "lint", ".", "--changed-since", "HEAD")
    assert ran.returncode == 2
    assert "needs a git repository" in ran.stderr


def test_nothing_changed_passes_and_says_so_in_every_form(repository: Path) -> None:
    words = ("check", ".", "--changed-since", "HEAD", "--report", "json=r.json", "--report", "junit=r.xml")
    ran: subprocess.CompletedProcess[str] = graphval(repository, *words)
    assert (ran.returncode, ran.stdout) == (0, "nothing to judge has changed since HEAD\n")
    assert json.loads((repository / "r.json").read_text(encoding="utf-8"))["verdict"] == "pass"
    assert (repository / "r.xml").read_text(encoding="utf-8").startswith("<?xml")


def test_only_what_changed_is_judged(repository: Path) -> None:
    (repository / "one" / "graph.pbtxt").write_text(GOOD.replace('"in" output', '"inn" output'), encoding="utf-8")
    ran = graphval(repository, "lint", ".", "--changed-since", "HEAD", "--format", "json")
    assert [graph["name"] for graph in json.loads(ran.stdout)["graphs"]] == ["one"]
    assert ran.returncode == 1


@pytest.mark.parametrize(
    ("graph", "change"),
    [
        ('node_options { path: "../shared/llm" }', "shared/llm/weights.bin"),
        ("handler_path: '../shared/' 'handler.py'  # don't", "shared/handler.py"),
        ('# "../shared" and it\'s a comment', None),
    ],
)
def test_what_a_graph_names_elsewhere_counts(repository: Path, graph: str, change: str | None) -> None:
    (repository / "two" / "graph.pbtxt").write_text(f"{GOOD}{graph}\n", encoding="utf-8")
    file = repository / (change or "shared/handler.py")
    file.parent.mkdir(parents=True)
    file.write_text("1", encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    assert touched(repository) == set()
    file.unlink()
    assert touched(repository) == ({"two"} if change else set())


def test_samples_of_a_deployment_count(repository: Path) -> None:
    place = repository / "samples" / "deploy" / "served"
    place.mkdir(parents=True)
    (place / "request.json").write_text("{}", encoding="utf-8")
    assert touched(repository) == {"deploy/config.json"}
