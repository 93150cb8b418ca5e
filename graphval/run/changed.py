"""What a change touches: of the deployments that paths hold, those whose files differ from a revision of git.

A deployment's files are its own (config.json, subconfigs, graph files), all that lies in its graphs' and models'
folders (models, handlers, tokenizers), and the samples of its graphs. Files that git does not know count as changed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from graphval.deployment import Deployment, InputError, discover


class NoRevision(InputError):
    """git cannot say what has changed; the text says why."""


def changed_deployments(paths: Iterable[str | Path], revision: str, samples: Path = Path("samples")) -> list[Path]:
    """The paths of those deployments that differ from ``revision``. Raises :class:`InputError`."""
    deployments = discover(paths)
    tops: dict[Path, list[Path]] = {}
    touched: list[Path] = []
    for deployment in deployments:
        top = _top(deployment.path)
        if top not in tops:
            tops[top] = _changes(top, revision)
        files = set(_files(deployment))
        folders = set(_folders(deployment, samples))
        if any(change in files or not folders.isdisjoint((change, *change.parents)) for change in tops[top]):
            touched.append(deployment.path)
    return touched


def _files(deployment: Deployment) -> Iterator[Path]:
    yield deployment.path.resolve()
    for document in deployment.documents:
        yield Path(document.source.file).resolve()
    for graph in deployment.graphs:
        yield graph.file.resolve()
        if graph.subconfig is not None:
            yield graph.subconfig.resolve()


def _folders(deployment: Deployment, samples: Path) -> Iterator[Path]:
    if deployment.path.is_dir():
        yield deployment.path.resolve()
    alone = deployment.path.suffix == ".pbtxt"
    for graph in deployment.graphs:
        # Beside a bare graph file lie others that have nothing to do with it.
        if not (alone and graph.file.name != "graph.pbtxt"):
            yield graph.base_path.resolve()
        yield (samples / graph.name).resolve()
    for model in deployment.models:
        yield model.base_path.resolve()


def _top(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    return Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n")).resolve()


def _changes(top: Path, revision: str) -> list[Path]:
    if revision.startswith("-"):
        raise NoRevision(f"{revision} is no revision")
    _git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    changed = _git(top, "diff", "--name-only", "-z", "--no-renames", revision, "--")
    unknown = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return [top / name for name in (changed + unknown).split("\0") if name]


def _git(folder: Path, *words: str) -> str:
    try:
        ran = subprocess.run(
            ["git", "-C", str(folder), *words],  # noqa: S607 - the git of the PATH is the user's
            capture_output=True, encoding="utf-8", errors="surrogateescape", check=False,
        )  # fmt: skip
    except OSError as why:
        raise NoRevision(f"--changed-since needs git: {why.strerror or why}") from why
    if ran.returncode == 0:
        return ran.stdout
    if words[0] == "rev-parse" and "--verify" in words:
        revision = words[-1].removesuffix("^{commit}")
        raise NoRevision(f"git knows no revision {revision}; a shallow clone lacks it: fetch it, or clone with depth 0")
    said = ran.stderr.strip().splitlines()
    raise NoRevision(f"--changed-since needs a git repository: {said[-1] if said else 'git failed'}")
