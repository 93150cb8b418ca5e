"""A server that runs as another user cannot read what we can; production would fail just there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from graphval.deployment.model import Deployment, GraphEntry, Kind
from graphval.engines.readable import Reader, unreadable
from graphval.findings import By, Finding

_SHOWN = 5


def with_permissions(
    finding: Finding, deployment: Deployment, entry: GraphEntry | None, reader: Reader | None
) -> Finding:
    """What a server showed, with the files that its user could not read, if there are some. ``entry`` is the graph that
    the finding is about, ``None`` for the whole deployment."""
    if reader is None or finding.by is not By.ENGINE:
        return finding
    folders = {folder for path in _needed(deployment, entry) for folder in _way_to(path, deployment)}
    blocked = [folder for folder in sorted(folders) if next(unreadable([folder], reader, below=False), None)]
    found = blocked or list(islice(unreadable(_needed(deployment, entry), reader), _SHOWN))
    if not found:
        return finding
    return finding._replace(
        message=f"{finding.message}; {reader} cannot read {found[0]}",
        help=f"let the server's user read it (chmod -R a+rX {found[0]}), or name the right one with --user",
        evidence={**finding.evidence, "unreadable": [str(path) for path in found]},
    )


def _needed(deployment: Deployment, entry: GraphEntry | None) -> Iterator[Path]:
    """Files and folders that the server reads for a graph, or to start at all."""
    if entry is None:
        yield deployment.config_file or deployment.path
        return
    yield entry.file.absolute()
    yield entry.base_path.absolute()
    yield from (model.base_path.absolute() for model in deployment.models if model.base_path.exists())


def _way_to(path: Path, deployment: Deployment) -> Iterator[Path]:
    """The folders of the deployment that lead to a path."""
    root = deployment.path.absolute()
    root = root if deployment.kind is Kind.DIRECTORY else root.parent
    yield from (folder for folder in path.absolute().parents if folder.is_relative_to(root))
