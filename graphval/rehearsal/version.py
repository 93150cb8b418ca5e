"""What the server says it is.

``ServerMetadata`` answers with OVMS's name, since clients look for it, and with a version that cannot be mistaken for
a release of OVMS.
"""

from __future__ import annotations

from functools import cache

SERVER_NAME = "OpenVINO Model Server"


@cache
def server_version() -> str:
    """The release that is rehearsed, marked as a rehearsal."""
    from graphval import catalog

    return f"{catalog.newest()}.0-rehearsal"
