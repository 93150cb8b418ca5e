"""Which folders of this machine a container must see to serve a deployment: those of the deployment and no others.

They are mounted where they lie, so that absolute paths in configurations and graphs mean the same inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graphval.deployment.model import Deployment, Kind
from graphval.engines.interface import EngineError


def mounts_of(deployment: Deployment, allowed: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The folders to mount, none inside another. ``allowed`` are mounted, too.

    Raises :class:`EngineError` for a graph or model that lies in none of them: production would mount the deployment's
    folder, and what is not in it would be missing there.
    """
    roots = [_root(deployment), *(path.absolute() for path in allowed)]
    for what, path in _needed(deployment):
        if path.exists() and not any(_within(path, root) for root in roots):
            raise EngineError(f"{what} lies outside the deployment ({path}); put it below {roots[0]} or allow --mount")
    roots = list(dict.fromkeys(roots))
    return tuple(root for root in roots if not any(_within(root, other) and root != other for other in roots))


def _root(deployment: Deployment) -> Path:
    path = deployment.path.absolute()
    return path if deployment.kind is Kind.DIRECTORY else path.parent


def _needed(deployment: Deployment) -> Iterator[tuple[str, Path]]:
    for graph in deployment.graphs:
        yield f'graph "{graph.name}"', graph.file.absolute()
        yield f'the base path of graph "{graph.name}"', graph.base_path.absolute()
    for model in deployment.models:
        if "://" not in str(model.config.get("base_path", "")):
            yield f'model "{model.name}"', model.base_path.absolute()


def _within(path: Path, folder: Path) -> bool:
    # Links are followed: one that leads out of what is mounted leads nowhere in the container.
    return path.resolve().is_relative_to(folder.resolve())
