"""File names as machines want them."""

from __future__ import annotations

from pathlib import Path, PurePath
from urllib.parse import quote


def relative_uri(file: str) -> tuple[str, bool]:
    """A file as a URI, and whether it is relative to the folder the run was started in.

    Bytes that are no UTF-8 are percent-encoded as they are on disk.
    """
    path = Path(file)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return "file://" + _quoted(path), False
    if ".." in path.parts:
        return "file://" + _quoted(Path.cwd() / path), False
    return _quoted(path), True


def _quoted(path: PurePath) -> str:
    return quote(str(path).encode("utf-8", "surrogateescape"), safe="/")


def relative_path(file: str) -> str:
    """A file relative to the folder the run was started in, without ``./``, where it lies below it."""
    path = Path(file)
    try:
        return str(path.relative_to(Path.cwd()) if path.is_absolute() else path)
    except ValueError:
        return str(path)
