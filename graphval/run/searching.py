"""Finding deployments while something else is done, where there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from graphval.deployment import Deployment, Discovery, Found
from graphval.run.processes import WORTH_A_PROCESS, inherited, inheriting

_MANY = 2 * WORTH_A_PROCESS


def find(
    paths: Iterable[str | Path], meanwhile: Callable[[Sequence[Deployment]], None], *, processes: int = 1
) -> Found:
    """What the paths hold. If that is much, and there may be more than one process, another one searches while this one
    does what is to be done ``meanwhile``, with the first deployments; it is not yet sure that they count."""
    discovery = Discovery(paths)
    if processes < 2:
        return discovery.rest()
    first = discovery.next(_MANY)
    if len(first) < _MANY:
        return discovery.rest()
    with inheriting(discovery, 1) as searching:
        rest = searching.submit(_search_on)
        meanwhile(first)
        return rest.result()


def _search_on() -> Found:
    discovery: Discovery = inherited()
    return discovery.rest()


__all__ = ["find"]
