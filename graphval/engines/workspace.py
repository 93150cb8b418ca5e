"""Folders for temporary files that are removed whatever happens: by their owner, or else by the next run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphval.engines.owner import parse, this_process

_PREFIX = "graphval-"


@contextmanager
def workspace() -> Iterator[Path]:
    """A new folder that only this user can enter. It is gone when the context is left."""
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{this_process()}-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def remove_abandoned() -> int:
    """Remove the folders of owners that are gone; how many there were."""
    count = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = parse(folder.name.removeprefix(_PREFIX).rpartition("-")[0])
        if owner is not None and owner.gone and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
            count += not folder.exists()
    return count
