"""Finding deployments and judging them by their files alone, one by one or, where there are many, side by side."""

from __future__ import annotations

import os
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

_MANY = 50
"""So many deployments outweigh the start of other processes."""
_SHARE = 25
"""Deployments that a process takes at a time."""
_MOST = 8
"""Processes are made before it is known how much there is to be done."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def find_and_judge(
    paths: Iterable[str | Path], catalog: Catalog, settings: Settings, *, processes: int = 1
) -> tuple[Found, Iterator[Judged]]:
    """What the paths hold, and what the files tell about each deployment, in the same order. ``processes``: so many at
    most, if it pays, judge while this one still searches."""
    discovery = Discovery(paths)
    first = discovery.next(_MANY) if processes > 1 else []
    if len(first) < _MANY:
        found = discovery.rest()
        return found, _judge_here(found.deployments, catalog, settings)

    def judge_share(share: list[Deployment]) -> list[Judged]:
        return list(_judge_here(share, catalog, settings))

    given = first
    crew = Crew(min(processes, _MOST), judge_share, given[:_SHARE])
    try:
        for at in range(_SHARE, _MANY, _SHARE):
            crew.give(given[at : at + _SHARE])
        while share := discovery.next(_SHARE):
            crew.give(share)
            given += share
        found = discovery.rest()
    except CrewError:  # one of them was killed
        crew.close()
        found = discovery.rest()
        return found, _judge_here(found.deployments, catalog, settings)
    except BaseException:
        crew.close()
        raise
    return found, _judged_there(crew, given, found, catalog, settings)


def _judge_here(deployments: Iterable[Deployment], catalog: Catalog, settings: Settings) -> Iterator[Judged]:
    from graphval.run.judging import judge_one

    return (judge_one(deployment, catalog, settings) for deployment in deployments)


def _judged_there(
    crew: Crew, given: list[Deployment], found: Found, catalog: Catalog, settings: Settings
) -> Iterator[Judged]:
    """What the others tell about each deployment that counts: of a path that holds something that cannot be judged, or
    of one that is named twice, there may be more."""
    counting = {id(deployment) for deployment in found.deployments}
    told = 0
    try:
        for deployment, judged in zip(given, chain.from_iterable(crew.results()), strict=True):
            if id(deployment) in counting:
                told += 1
                yield judged
    except CrewError:  # one of them was killed
        yield from _judge_here(found.deployments[told:], catalog, settings)
    finally:
        crew.close()


__all__ = ["find_and_judge", "processors"]
