"""Finding deployments and judging them by their files alone, one by one or side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.catalog import Catalog
from graphval.deployment import Deployment, Discovery, Found
from graphval.run.crew import Crew, CrewError
from graphval.settings import Settings

if TYPE_CHECKING:
    from graphval.run.verdict import Judged

_SHARE = 25
"""Deployments that a process takes at a time."""
_FIRST_SHARE = 10
"""Those of the first task, which one process does before there are others."""


def find_and_judge(
    paths: Iterable[str | Path], catalog: Catalog, settings: Settings, judges: Crew | None = None
) -> tuple[Found, Iterator[Judged]]:
    """What the paths hold, and what the files tell about each deployment, in the same order. ``judges``
    (:func:`graphval.run.judges.judges`) are at it while this process still searches, and are let go at the end; where
    there are none, this process judges."""
    discovery = Discovery(paths)
    if judges is None:
        found = discovery.rest()
        return found, _judge_here(found.deployments, catalog, settings)
    given: list[Deployment] = []
    try:
        judges.begin((catalog.version, settings))
        while share := discovery.next(_SHARE if given else _FIRST_SHARE):
            judges.give(share)
            given += share
        found = discovery.rest()
    except CrewError:  # one of them was killed
        judges.close()
        found = discovery.rest()
        return found, _judge_here(found.deployments, catalog, settings)
    except BaseException:
        judges.close()
        raise
    return found, _judged_there(judges, given, found, catalog, settings)


def _judge_here(deployments: Iterable[Deployment], catalog: Catalog, settings: Settings) -> Iterator[Judged]:
    from graphval.run.judging import judge_one

    return (judge_one(deployment, catalog, settings) for deployment in deployments)


def _judged_there(
    judges: Crew, given: list[Deployment], found: Found, catalog: Catalog, settings: Settings
) -> Iterator[Judged]:
    """What the others tell about each deployment that counts: of a path that holds something that cannot be judged, or
    of one that is named twice, there may be more."""
    counting = {id(deployment) for deployment in found.deployments}
    told = 0
    try:
        for deployment, judged in zip(given, chain.from_iterable(judges.results()), strict=True):
            if id(deployment) in counting:
                told += 1
                yield judged
    except CrewError:  # one of them was killed
        yield from _judge_here(found.deployments[told:], catalog, settings)
    finally:
        judges.close()


__all__ = ["find_and_judge"]
