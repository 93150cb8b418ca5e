"""Finding deployments: from the paths that somebody names to all that they hold."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from graphval.deployment.files import MAX_MODEL_BYTES, display, is_directory, is_file, read_text
from graphval.deployment.load import (
    CONFIG_FILE,
    GRAPH_FILE,
    absolute,
    graph_directory,
    graph_file,
    inside,
    is_file_entry,
    load,
    server_config,
    single_graph,
)
from graphval.deployment.model import Deployment, InputError

_MODELS = ("*.xml", "*.onnx", "*/*.xml", "*/*.onnx")


class Found(NamedTuple):
    """What paths hold: the deployments, in a stable order, each once; and the paths that cannot be judged, with the
    reason. A path holds either."""

    deployments: list[Deployment]
    refused: list[tuple[str | Path, InputError]]


class Discovery:
    """A search for the deployments that the given paths hold, folders searched. It goes on only while somebody asks."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        self._found: dict[str, Deployment] = {}
        self._refused: list[tuple[str | Path, InputError]] = []
        self._steps = self._search(paths)

    def next(self, count: int) -> list[Deployment]:
        """So many more deployments, fewer if there are no more. Whether they count is known at the end: a path may turn
        out to hold something that cannot be judged."""
        return list(islice(self._steps, count))

    def rest(self) -> Found:
        """Search to the end, and all that was found."""
        deque(self._steps, maxlen=0)
        return Found(list(self._found.values()), self._refused)

    def _search(self, paths: Iterable[str | Path]) -> Iterator[Deployment]:
        for path in paths:
            held: list[Deployment] = []
            try:
                for deployment in _deployments(Path(path)):
                    held.append(deployment)
                    yield deployment
                if not held:
                    raise InputError(_why_nothing(Path(path)))
            except InputError as why:
                self._refused.append((path, why))
                continue
            for deployment in held:
                self._found.setdefault(absolute(deployment.path_as_text), deployment)


def discover(paths: Iterable[str | Path]) -> list[Deployment]:
    """The deployments that the given paths hold, folders searched, in a stable order, each once.

    Raises :class:`InputError` where a path does not exist, cannot be read or holds nothing to judge.
    """
    found, refused = discover_each(paths)
    if refused:
        raise refused[0][1]
    return found


def discover_each(paths: Iterable[str | Path]) -> Found:
    """What :func:`discover` finds in each path that can be judged, and the other paths, with the reason."""
    return Discovery(paths).rest()


def _why_nothing(folder: Path) -> str:
    """Why a folder holds nothing to judge; one that has a file of the right name and the wrong kind says so."""
    for file in (folder / GRAPH_FILE, folder / CONFIG_FILE):
        if os.path.lexists(file):
            return read_text(file)[2] or f"{display(file)} describes a model, not a server, and no graph lies beside it"
    nothing = f"{folder} holds no {GRAPH_FILE} and no {CONFIG_FILE}"
    if next((found for pattern in _MODELS for found in folder.glob(pattern)), None) is not None:
        return f"{nothing}, but a model: name the graph that uses it, or the {CONFIG_FILE} that lists it"
    return nothing


def _not_there(path: Path) -> str:
    """That a path does not exist, with the name beside it that may be meant."""
    from graphval.textproto.nearest import nearest  # only where somebody mistyped

    try:
        beside = [entry.name for entry in os.scandir(path.parent)]
    except (OSError, ValueError):
        beside = []
    meant = nearest(path.name, beside, 0.7)
    return f"{path} does not exist" + (f"; did you mean {path.with_name(meant)}?" if meant else "")


def _deployments(path: Path) -> Iterator[Deployment]:
    """The files and folders below ``path`` that are deployments of their own."""
    if not os.path.lexists(path):
        raise InputError(_not_there(path))
    if not is_directory(path):
        if not is_file(path):
            raise InputError(f"{path} is neither a file nor a folder")
        yield load(path)
        return
    # Of thousands of folders most are looked at only once: they are texts until one holds something.
    waiting = [str(path)]
    seen = _Seen()
    while waiting:
        folder = waiting.pop()
        try:
            if not seen.for_the_first_time(folder):
                continue  # a symlink led back
            entries = sorted(os.scandir(folder), key=_name_of)
        except OSError as why:
            raise InputError(f"{Path(folder)} cannot be read: {why.strerror or why}") from why
        by_name = {entry.name: entry for entry in entries}
        if CONFIG_FILE in by_name and not _is_model_config(Path(folder, CONFIG_FILE), by_name):
            yield server_config(Path(folder, CONFIG_FILE))
            continue
        graph = single_graph(folder, by_name)
        if graph is not None:
            yield graph_directory(folder, graph, by_name)
            continue
        yield from (
            graph_file(Path(entry.path)) for entry in entries if entry.name.endswith(".pbtxt") and is_file_entry(entry)
        )
        folders = [entry for entry in reversed(entries) if not entry.name.startswith(".") and _leads_on(entry)]
        seen.links_met = seen.links_met or any(entry.is_symlink() for entry in folders)
        waiting += [inside(folder, entry.name) for entry in folders]


class _Seen:
    """The folders that a search has looked at. Until it meets a link to a folder it comes to none twice, and the system
    need not be asked which is which."""

    def __init__(self) -> None:
        self.links_met = False
        self._unasked: list[str] = []
        self._asked: set[tuple[int, int]] = set()

    def for_the_first_time(self, folder: str) -> bool:
        """Enter a folder; false where it was seen before. Raises :class:`OSError` where it cannot be looked at."""
        if not self.links_met:
            self._unasked.append(folder)
            return True
        for earlier in self._unasked:
            with suppress(OSError):  # it is gone by now, so that no link leads to it
                self._asked.add(_identity(earlier))
        self._unasked.clear()
        this = _identity(folder)
        is_new = this not in self._asked
        self._asked.add(this)
        return is_new


def _identity(folder: str) -> tuple[int, int]:
    facts = os.stat(folder)  # noqa: PTH116
    return facts.st_dev, facts.st_ino


def _name_of(entry: os.DirEntry[str]) -> str:
    return entry.name


def _leads_on(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_model_config(config: Path, names: Collection[str]) -> bool:
    """Whether a ``config.json`` belongs to a model of Hugging Face, or a graph's subconfig, rather than to a server."""
    if GRAPH_FILE in names:
        return True
    source, _, _ = read_text(config, MAX_MODEL_BYTES)
    return source is not None and '"model_config_list"' not in source.text and '"model_type"' in source.text


__all__ = ["Discovery", "Found", "discover", "discover_each"]
