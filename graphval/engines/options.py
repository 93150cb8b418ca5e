"""What a user may say about engines. Every engine takes what concerns it; only what says which server it is must be
meant for the engine that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphval.engines.tls import Tls


class Pull(StrEnum):
    """When an image is fetched."""

    MISSING = "missing"
    NEVER = "never"
    ALWAYS = "always"


ISOLATED = "isolated"
"""A network of the server's own that reaches this machine and nothing else."""

PRODUCTION_USER = "5000:5000"
"""The user of OVMS's image (``Dockerfile.ubuntu``, 2026.4)."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Choices that hold for a whole run.

    ``image`` is a container image by name, tag or digest (``None``: that of the release that is judged by). ``mounts``
    are paths beside the deployment that the server may read. ``environment`` is set in the server, and its values are
    secrets; ``server_flags`` are words of OVMS's command line. ``api_key_file`` holds the key of ``/v3``.
    ``binary`` is an OVMS executable. ``address`` and ``rest_address`` are where a server is already there, reached
    through ``tls`` if that is given.
    """

    image: str | None = None
    pull: Pull = Pull.MISSING
    platform: str | None = None
    user: str = PRODUCTION_USER
    network: str = ISOLATED
    devices: tuple[str, ...] = ()
    mounts: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    server_flags: tuple[str, ...] = ()
    api_key_file: Path | None = None
    binary: str | None = None
    address: str | None = None
    rest_address: str | None = None
    tls: Tls | None = None
