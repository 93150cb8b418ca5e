"""The options of the command line about verdicts of earlier runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from graphval.settings import Settings

NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        envvar="GRAPHVAL_NO_CACHE",
        show_envvar=False,
        help="Exercise everything: take no verdict of an earlier run, and keep none.",
    ),
]
CacheDirOption = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        envvar="GRAPHVAL_CACHE_DIR",
        show_envvar=False,
        help="Where verdicts are kept; below XDG_CACHE_HOME or ~/.cache if not given.",
    ),
]


def cache_folder(no_cache: bool, folder: Path | None, settings: Settings) -> Path | None:
    """Where the run's verdicts are kept; ``None``: nowhere. The command line counts before the settings file."""
    if no_cache:
        return None
    from graphval.cache.store import folder_of

    return folder_of(settings.cache if folder is None else folder)
