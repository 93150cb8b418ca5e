"""Many deployments are judged side by side; what is found, and its order, must not depend on that."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.deployment import Deployment, Found, discover
from graphval.run import judging, many
from graphval.run.crew import Crew
from graphval.run.judges import judges
from graphval.run.verdict import Judged
from graphval.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COUNT = 230


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many graphs, good and broken in turn, that they are worth other processes."""
    folder = tmp_path_factory.mktemp("many")
    sources = sorted(ROOT.glob("graphs/*/*/graph.pbtxt"))
    for number in range(COUNT):
        file = folder / f"graph_{number:03}" / "graph.pbtxt"
        file.parent.mkdir()
        file.write_bytes(sources[number % len(sources)].read_bytes())
    return folder


def judged(paths: Iterable[Path], processes: int) -> tuple[Found, list[Judged]]:
    others = judges(processes) if processes > 1 else None
    found, all_judged = many.find_and_judge(paths, load(), Settings(no_models=True), others)
    return found, [_timeless(one) for one in all_judged]


def _timeless(one: Judged) -> Judged:
    graphs = tuple(
        graph._replace(seconds=0.0, stages=tuple(stage._replace(seconds=0.0) for stage in graph.stages))
        for graph in one.graphs
    )
    return one._replace(graphs=graphs)


def paths_of(deployments: Iterable[Deployment]) -> list[Path]:
    return [deployment.path for deployment in deployments]


@pytest.mark.parametrize("processes", [2, 3, 100])
def test_several_processes_find_what_one_finds(folder: Path, processes: int) -> None:
    found, alone = judged([folder], 1)
    assert len(alone) == COUNT
    assert sum(len(one.findings) for one in alone) > COUNT / 3
    together, side_by_side = judged([folder], processes)
    assert paths_of(together.deployments) == paths_of(found.deployments)
    assert side_by_side == alone


def test_what_is_named_twice_or_cannot_be_judged_counts_as_it_does_alone(folder: Path, tmp_path: Path) -> None:
    """The second path holds a folder of which the search learns only late that it cannot be judged."""
    for number in range(150):
        file = tmp_path / "half" / f"graph_{number:03}" / "graph.pbtxt"
        file.parent.mkdir(parents=True)
        file.write_text('input_stream: "a"\n', encoding="utf-8")
    (tmp_path / "half/zzz").mkdir()
    (tmp_path / "half/zzz/config.json").mkdir()
    paths = [folder / "graph_007", tmp_path / "half", folder, tmp_path / "gone"]
    found, alone = judged(paths, 1)
    together, side_by_side = judged(paths, 2)
    assert [path for path, _ in found.refused] == [tmp_path / "half", tmp_path / "gone"]
    assert paths_of(together.deployments) == paths_of(found.deployments)
    assert [(path, str(why)) for path, why in together.refused] == [(path, str(why)) for path, why in found.refused]
    assert side_by_side == alone


@pytest.mark.parametrize("count", [0, 1, 11, 36])
def test_a_few_are_judged_as_many_are(count: int, folder: Path) -> None:
    some = [deployment.path for deployment in discover([folder])[:count]]
    (together, side_by_side), (found, alone) = judged(some, 2), judged(some, 1)
    assert paths_of(together.deployments) == paths_of(found.deployments) == some
    assert side_by_side == alone


def test_the_settings_and_the_release_hold_for_all(folder: Path) -> None:
    settings = Settings(no_models=True, select=("GV3",), ovms_version="2026.2")
    _, alone = many.find_and_judge([folder], load("2026.2"), settings)
    _, side_by_side = many.find_and_judge([folder], load("2026.2"), settings, judges(2))
    expected = [_timeless(one) for one in alone]
    assert [_timeless(one) for one in side_by_side] == expected
    assert {finding.code[:3] for one in expected for finding in one.findings} == {"GV3"}


def test_there_are_no_more_than_eight(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    monkeypatch.setattr("graphval.run.judges.Crew", lambda size, _prepare: sizes.append(size))
    judges(2)
    judges(8)
    judges(100)
    assert sizes == [2, 8, 8]


@pytest.mark.parametrize("victim", ["graph_003", "graph_110"])
def test_where_a_process_is_killed_the_rest_is_judged_here(
    victim: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, alone = judged([folder], 1)
    here, judge_one = os.getpid(), judging.judge_one

    def mortal(deployment: Deployment, *rest: object) -> object:
        if os.getpid() != here and deployment.path.name == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return judge_one(deployment, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge_one", mortal)
    assert judged([folder], 2)[1] == alone


def test_where_a_process_is_killed_early_all_are_judged_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the search still goes on."""
    _, alone = judged([folder], 1)

    class Lost(Crew):
        def give(self, task: object) -> None:
            os.kill(self._first, signal.SIGKILL)
            while True:
                super().give(task)

    monkeypatch.setattr("graphval.run.judges.Crew", Lost)
    assert judged([folder], 2)[1] == alone
