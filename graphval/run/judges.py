"""Processes that judge deployments, which may be begun before it is known what there is to judge."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from graphval.catalog import load
from graphval.deployment import Deployment
from graphval.run.crew import Crew, Do

if TYPE_CHECKING:
    from graphval.run.verdict import Judged
    from graphval.settings import Settings

_MOST = 8
"""Processes are made before it is known how much there is to be done."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def judges(processes: int) -> Crew:
    """So many processes at most, to which deployments are given by the list. What these have in common is the OVMS
    release and the settings; what comes of a list is a list of :class:`~graphval.run.verdict.Judged`."""
    return Crew(min(processes, _MOST), _prepare)


def _prepare() -> Do:
    """Import and read what every deployment is judged with."""
    from graphval.rules.registry import import_usual
    from graphval.run.judging import judge_one

    load()
    import_usual()

    def judge_share(common: tuple[str, Settings], share: list[Deployment]) -> list[Judged]:
        version, settings = common
        return [judge_one(deployment, load(version), settings) for deployment in share]

    return judge_share


__all__ = ["judges", "processors"]
