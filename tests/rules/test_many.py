"""Many deployments are shared out over processes; what is found, and its order, must not depend on that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.deployment import discover
from graphval.run.judging import Judged, judge_all
from graphval.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COUNT = 230


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many graphs, good and broken in turn, that they are worth two processes."""
    folder = tmp_path_factory.mktemp("many")
    sources = sorted(ROOT.glob("graphs/*/*/graph.pbtxt"))
    for number in range(COUNT):
        file = folder / f"graph_{number:03}" / "graph.pbtxt"
        file.parent.mkdir()
        file.write_bytes(sources[number % len(sources)].read_bytes())
    return folder


def judged(folder: Path, processes: int) -> list[Judged]:
    deployments = discover([folder])
    assert len(deployments) == COUNT
    return [_timeless(one) for one in judge_all(deployments, load(), Settings(no_models=True), processes=processes)]


def _timeless(one: Judged) -> Judged:
    graphs = tuple(
        graph._replace(seconds=0.0, stages=tuple(stage._replace(seconds=0.0) for stage in graph.stages))
        for graph in one.graphs
    )
    return one._replace(graphs=graphs)


def test_two_processes_find_what_one_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = judged(folder, 1)
    assert sum(len(one.findings) for one in alone) > COUNT / 3
    shares: list[int] = []
    monkeypatch.setattr("graphval.run.judging._shared_out", _counting(shares))
    assert judged(folder, 2) == alone
    assert shares == [2]


def _counting(shares: list[int]) -> Callable[..., object]:
    from graphval.run.judging import _shared_out

    def shared_out(work: object, processes: int) -> object:
        shares.append(processes)
        return _shared_out(work, processes)  # type: ignore[arg-type]

    return shared_out


def test_a_few_are_judged_in_this_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphval.run.judging._shared_out", None)
    some = discover([folder])[:50]
    assert len(list(judge_all(some, load(), Settings(no_models=True), processes=8))) == 50
