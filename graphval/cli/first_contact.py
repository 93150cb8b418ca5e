"""What a newcomer meets: what can be checked here, and settings to begin with."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import Deployment, InputError, Kind, discover
from graphval.version import __version__

_SHOWN = 10
_PACKAGES = ("protobuf", "typer", "grpcio", "numpy", "mediapipe", "openvino", "openvino-genai")
_KINDS = {Kind.FILE: "graph file", Kind.DIRECTORY: "graph directory", Kind.CONFIG: "configuration"}


def look_around(folder: Path) -> Iterator[str]:
    """Lines that say what lies below ``folder`` and which command would check it."""
    try:
        found = discover([folder])
    except InputError:
        yield "Nothing here can be checked: no graph.pbtxt, no config.json."
        yield "Name a path: graphval lint PATH reads files, graphval check PATH also starts a throw-away server."
        return
    graphs = sum(len(deployment.graphs) for deployment in found)
    yield f"{_count(graphs, 'graph')} in {_count(len(found), 'deployment')} can be checked here:"
    yield ""
    for deployment in found[:_SHOWN]:
        yield f"  {deployment.path}  ({_about(deployment)})"
    if len(found) > _SHOWN:
        yield f"  … and {len(found) - _SHOWN} more"
    yield ""
    yield "graphval lint .     reads the files: milliseconds, starts nothing"
    yield "graphval check .    then starts a throw-away server and sends each graph requests"
    yield "graphval draw PATH  draws a graph; graphval doctor says what check would use"
    yield "graphval --help     everything else"


def _about(deployment: Deployment) -> str:
    parts = [_KINDS[deployment.kind], _count(len(deployment.graphs), "graph")]
    if deployment.models:
        parts.append(_count(len(deployment.models), "model"))
    return ", ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def starting_settings(folder: Path) -> str:
    """The text of a ``graphval.toml`` for what lies below ``folder``. Raises :class:`InputError` if that is nothing."""
    found = discover([folder])
    release = load_catalog(None).version
    missing = any(model.problem for deployment in found for model in deployment.models)
    lines = [
        "# Settings of graphval. The command line counts before them.",
        f"# Found here: {', '.join(str(deployment.path) for deployment in found[:_SHOWN])}",
        "",
        "# The OVMS release that will serve these graphs: fields and names change with each.",
        f'ovms-version = "{release}"',
        "",
        '# "strict" fails on warnings and advice too.',
        'profile = "default"',
        "",
        "# True where models are not at hand, as in a repository without them.",
        f"no-models = {'true' if missing else 'false'}",
    ]
    return "\n".join(lines) + "\n"


def versions() -> Iterator[str]:
    """What a bug report should say: graphval, the releases it knows, and what it runs on."""
    yield f"graphval {__version__}"
    yield f"judges by OVMS {load_catalog(None).version} unless told otherwise"
    yield f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    for package in _PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} not installed"
    runtimes = [name for name in ("docker", "podman", "ovms") if shutil.which(name)]
    yield f"on the PATH: {', '.join(runtimes) or 'no docker, podman or ovms'}"
