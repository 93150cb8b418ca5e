"""Where the settings file of a run lies.

One run has one settings file: the closest one upwards from the folder that all judged paths have in common. In a folder
``graphval.toml`` counts before ``pyproject.toml``, and a ``pyproject.toml`` without ``[tool.graphval]`` is passed over.
Files further up are not read: settings of two files are never mixed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from graphval.settings.model import OWN_FILE, PROJECT_FILE

_MAY_HOLD = rb"""(?m)["']?tool["']?[ \t]*\.[ \t]*["']?graphval|^[ \t]*\[?[ \t]*["']?tool["']?[ \t]*[\]=]"""
"""What a project file with a table tool.graphval has somewhere, however it is written."""


def find_settings(paths: Iterable[str | Path]) -> Path | None:
    """The settings file for judging ``paths``; ``None`` where there is none. Raises :class:`SettingsError` where a
    ``pyproject.toml`` on the way that names graphval is no TOML."""
    folders = [p if p.is_dir() else p.parent for p in (Path(os.path.abspath(path)) for path in paths)]
    folder = Path(os.path.commonpath(folders)) if folders else Path.cwd()
    for above in (folder, *folder.parents):
        if (above / OWN_FILE).is_file():
            return above / OWN_FILE
        if (above / PROJECT_FILE).is_file() and _names_graphval(above / PROJECT_FILE):
            return above / PROJECT_FILE
    return None


def _names_graphval(project: Path) -> bool:
    try:
        text = project.read_bytes()
    except OSError:
        return False
    # Most projects are another tool's: they cost no parsing.
    if re.search(_MAY_HOLD, text) is None:
        return False
    from graphval.settings.file import holds_settings

    return holds_settings(project)
