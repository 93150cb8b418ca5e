"""What a change touches: of the deployments that paths hold, those whose files differ from a revision of git.

Which files these are says :mod:`graphval.deployment.inputs`. Files that git does not know count as changed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from graphval.deployment import InputError, discover
from graphval.deployment.inputs import named_paths, own_files, own_folders, sample_files


class NoRevision(InputError):
    """git cannot say what has changed; the text says why."""


SAMPLES = (Path("samples"),)


def changed_deployments(
    paths: Iterable[str | Path],
    revision: str,
    samples: Iterable[Path] = SAMPLES,
    of_graphs: Mapping[str, tuple[Path, ...]] | None = None,
) -> list[Path]:
    """The paths of those deployments that differ from ``revision``; ``samples`` are the folders of request samples,
    ``of_graphs`` files of samples for single ones.
    Raises :class:`InputError`."""
    repositories = _Repositories(revision)
    touched: list[Path] = []
    for deployment in discover(paths):
        changes = repositories.changes_around(deployment.path)
        if not changes:
            continue
        files = {file.resolve() for file in own_files(deployment)}
        named = (
            *own_folders(deployment),
            *named_paths(deployment),
            *sample_files(deployment, samples, of_graphs or {}),
        )
        folders = {folder.resolve() for folder in named}
        if any(change in files or not folders.isdisjoint((change, *change.parents)) for change in changes):
            touched.append(deployment.path)
    return touched


class _Repositories:
    """What has changed in each repository that deployments lie in, asked once for each."""

    def __init__(self, revision: str) -> None:
        if revision.startswith("-"):
            raise NoRevision(f"{revision} is no revision")
        self._revision = revision
        self._changes: dict[Path, list[Path]] = {}

    def changes_around(self, path: Path) -> list[Path]:
        """The files that differ from the revision, and those that git does not know, in the repository of ``path``."""
        folder = Path(os.path.abspath(path if path.is_dir() else path.parent))
        around = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
        if around is None or around not in self._changes:
            # Where nothing marks a repository git may still be told of one by its environment, or say why not.
            changes = _changes(folder, self._revision)
            if around is None:
                return changes
            self._changes[around] = changes
        return self._changes[around]


def _changes(folder: Path, revision: str) -> list[Path]:
    with _git(folder, "rev-parse", "--show-toplevel", f"{revision}^{{commit}}") as asked:
        said, complaint = asked.communicate()
    if asked.returncode != 0:
        if said:
            raise NoRevision(
                f"git knows no revision {revision}; a shallow clone lacks it: fetch it, or clone with depth 0"
            )
        raise NoRevision(_no_repository(complaint))
    lines = said.splitlines()
    top, commit = Path("\n".join(lines[:-1])).resolve(), lines[-1]
    with (
        _git(top, "diff", "--name-only", "-z", "--no-renames", "--no-relative", commit, "--") as changed,
        _git(top, "ls-files", "--others", "--exclude-standard", "-z") as unknown,
    ):
        told = [process.communicate() for process in (changed, unknown)]
    for process, (_, complaint) in zip((changed, unknown), told, strict=True):
        if process.returncode != 0:
            raise NoRevision(_no_repository(complaint))
    return [top / name for names, _ in told for name in names.split("\0") if name]


def _git(folder: Path, *words: str) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            ["git", "-C", str(folder), *words],  # noqa: S607 - the git of the PATH is the user's
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", errors="surrogateescape",
        )  # fmt: skip
    except OSError as why:
        raise NoRevision(f"--changed-since needs git: {why.strerror or why}") from why


def _no_repository(complaint: str) -> str:
    said = complaint.strip().splitlines()
    return f"--changed-since needs a git repository: {said[-1] if said else 'git failed'}"
