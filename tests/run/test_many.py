"""Many deployments are judged side by side; what is found, and its order, must not depend on that."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.deployment import Deployment, Found, discover
from graphval.run import many
from graphval.run.crew import Crew
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
    found, all_judged = many.find_and_judge(paths, load(), Settings(no_models=True), processes=processes)
    return found, [_timeless(one) for one in all_judged]


def _timeless(one: Judged) -> Judged:
    graphs = tuple(
        graph._replace(seconds=0.0, stages=tuple(stage._replace(seconds=0.0) for stage in graph.stages))
        for graph in one.graphs
    )
    return one._replace(graphs=graphs)


def paths_of(deployments: Iterable[Deployment]) -> list[Path]:
    return [deployment.path for deployment in deployments]


@pytest.fixture
def crews(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the crews that are made."""
    sizes: list[int] = []

    class Counted(Crew):
        def __init__(self, size: int, *rest: object) -> None:
            sizes.append(size)
            super().__init__(size, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(many, "Crew", Counted)
    return sizes


@pytest.mark.parametrize("processes", [2, 3, 100])
def test_several_processes_find_what_one_finds(folder: Path, processes: int, crews: list[int]) -> None:
    found, alone = judged([folder], 1)
    assert len(alone) == COUNT
    assert sum(len(one.findings) for one in alone) > COUNT / 3
    assert crews == []
    together, side_by_side = judged([folder], processes)
    assert paths_of(together.deployments) == paths_of(found.deployments)
    assert side_by_side == alone
    assert crews == [min(processes, 8)]


def test_what_is_named_twice_or_cannot_be_judged_counts_as_it_does_alone(
    folder: Path, tmp_path: Path, crews: list[int]
) -> None:
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
    assert crews == [2]
    assert [path for path, _ in found.refused] == [tmp_path / "half", tmp_path / "gone"]
    assert paths_of(together.deployments) == paths_of(found.deployments)
    assert [(path, str(why)) for path, why in together.refused] == [(path, str(why)) for path, why in found.refused]
    assert side_by_side == alone


def test_a_few_are_judged_in_this_process(folder: Path, crews: list[int]) -> None:
    some = [deployment.path for deployment in discover([folder])[:49]]
    assert len(judged(some, 8)[1]) == 49
    assert crews == []


@pytest.mark.parametrize("victim", ["graph_003", "graph_110"])
def test_where_a_process_is_killed_the_rest_is_judged_here(
    victim: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, alone = judged([folder], 1)
    here, judge_here = os.getpid(), many._judge_here

    def mortal(deployments: list[Deployment], *rest: object) -> object:
        if os.getpid() != here and any(deployment.path.name == victim for deployment in deployments):
            os.kill(os.getpid(), signal.SIGKILL)
        return judge_here(deployments, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(many, "_judge_here", mortal)
    assert judged([folder], 2)[1] == alone


def test_where_a_process_is_killed_early_all_are_judged_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the search still goes on."""
    _, alone = judged([folder], 1)

    class Lost(Crew):
        def give(self, task: object) -> None:
            os.kill(self._first, signal.SIGKILL)
            while True:
                super().give(task)

    monkeypatch.setattr(many, "Crew", Lost)
    assert judged([folder], 2)[1] == alone
