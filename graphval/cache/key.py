"""What a verdict depends on, as one digest: the same digest, the same verdict.

It covers graphval itself, the release or captured build that is judged by, the settings that rules look at, engine,
image or libraries, options, limits and samples, and the content of all files of the deployment. What cannot be known
by its content makes a verdict one that is not kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import scrypt, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.deployment.inputs import named_paths, own_files, own_folders, sample_files
from graphval.version import __version__

if TYPE_CHECKING:
    from graphval.cache.contents import Contents
    from graphval.catalog import Catalog
    from graphval.deployment import Deployment
    from graphval.engines.interface import Engine
    from graphval.engines.options import EngineOptions
    from graphval.run.terms import Terms
    from graphval.settings import Settings

FORM = 1
"""Changes whenever keys or entries are made in another way."""

_PACKAGE = Path(__file__).resolve().parents[1]
_CONTAINERS = frozenset({"docker", "podman", "nerdctl"})
_REHEARSAL = "rehearsal"
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a rehearsal sees of our environment."""

_AFTERWARDS = frozenset({"baseline", "cache", "fail_on", "profile"})
"""Settings that are about what becomes of findings, and not about what is found."""


def not_kept(engine: Engine, options: EngineOptions, terms: Terms) -> str:
    """Why verdicts of a run are not to be kept, in one line; empty where they may be."""
    if engine.name not in {*_CONTAINERS, _REHEARSAL}:
        return f"what the engine {engine.name} serves with cannot be told by its content"
    if engine.name in _CONTAINERS and engine.build is None:
        return "the image has no digest"
    if engine.name in _CONTAINERS and options.network != "isolated":
        return "the server may reach other machines"
    if options.devices:
        return "what a device does depends on its driver"
    if terms.budget is not None:
        return "how much is asked within a budget depends on how busy the machine is"
    return ""


def conditions_of(
    engine: Engine, options: EngineOptions, terms: Terms, settings: Settings, catalog: Catalog, contents: Contents
) -> str:
    """The digest of all that the deployments of a run have in common. Raises
    :class:`~graphval.cache.contents.TooManyFiles`."""
    told = {
        "form": FORM,
        "graphval": [__version__, contents.of_installed(_PACKAGE)],
        "release": [catalog.version, plain(getattr(catalog, "captured", None))],
        "settings": {name: value for name, value in plain(settings).items() if name not in _AFTERWARDS},
        "engine": [engine.name, engine.build],
        "machine": [os.uname().sysname, os.uname().machine, os.getuid(), str(Path.cwd())],
        "libraries": _libraries() if engine.name == _REHEARSAL else None,
        "options": {name: value for name, value in plain(options).items() if name != "environment"},
        "secrets": _secrets(options),
        "files": {str(path): contents.of(path) for path in _named_by(options)},
        "terms": plain(terms),
    }
    return _digest(told)


def key_of(deployment: Deployment, conditions: str, terms: Terms, contents: Contents) -> str:
    """The digest for one deployment under these conditions. Raises :class:`~graphval.cache.contents.TooManyFiles`."""
    paths = [
        *own_files(deployment),
        *own_folders(deployment),
        *named_paths(deployment),
        *sample_files(deployment, terms.settings.samples, terms.settings.named),
    ]
    absolute = {os.path.abspath(path) for path in paths}
    return _digest(
        {
            "conditions": conditions,
            "deployment": [deployment.kind.value, str(deployment.path), os.path.abspath(deployment.path)],
            "files": {path: contents.of(Path(path)) for path in sorted(absolute)},
        }
    )


def reaches_out(deployment: Deployment) -> bool:
    """Whether a deployment names a model of an object store, of which nothing is known here."""
    from graphval.deployment.versions import is_cloud

    return any(is_cloud(str(model.config.get("base_path", ""))) for model in deployment.models)


def plain(value: Any) -> Any:
    """A value of settings, options or terms as JSON holds it, alike for what is alike."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case Path():
            return os.path.abspath(value)
        case Mapping():
            return {str(plain(key)): plain(entry) for key, entry in value.items()}
        case set() | frozenset():
            return sorted(map(plain, value), key=str)
    if is_dataclass(value) or hasattr(value, "_fields"):
        names = value._fields if hasattr(value, "_fields") else [field.name for field in fields(value)]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


def _digest(told: Any) -> str:
    text = json.dumps(told, sort_keys=True, ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()


def _libraries() -> list[str]:
    """Interpreter and packages that user code and graphs run on: every distribution installed, by name and version."""
    found = {entry for folder in sys.path for entry in _listed(folder) if entry.endswith((".dist-info", ".egg-info"))}
    inherited = [f"{name}={os.environ[name]}" for name in _INHERITED if name in os.environ]
    return [sys.version, sys.executable, *inherited, *sorted(found)]


def _listed(folder: str) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder or ".")]
    except OSError:
        return []


def _secrets(options: EngineOptions) -> str:
    """A digest of what must not be guessed from a key: made slowly, and with what is no secret as its salt."""
    from graphval.engines.secrets import api_key_of

    told = json.dumps([sorted(options.environment.items()), api_key_of(options)])
    if not options.environment and options.api_key_file is None:
        return ""
    return scrypt(told.encode("utf-8", "surrogatepass"), salt=b"graphval.verdict", n=1 << 14, r=8, p=1).hex()


def _named_by(options: EngineOptions) -> Iterator[Path]:
    """Files and folders that options let the server read."""
    yield from options.mounts
    for word in options.server_flags:
        path = Path(word.rpartition("=")[2])
        if path.is_absolute():
            yield path
