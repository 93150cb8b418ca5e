"""Stopping in OVMS's order: gRPC, REST, servables, Python.

Source: OVMS ``src/server.cpp`` (2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphval.rehearsal.journal import journal
from graphval.rehearsal.python.load import finalise

if TYPE_CHECKING:
    from graphval.rehearsal.servables import Servables

_GRPC_GRACE = 5.0


def shut_down(grpc_server: Any, rest_server: Any, servables: Servables) -> None:
    """End what serves, with OVMS's lines about it; a server that is ``None`` was never started."""
    if grpc_server is not None:
        journal.info("GRPCServerModule shutting down")
        grpc_server.stop(_GRPC_GRACE).wait(_GRPC_GRACE)
        journal.info("Shutdown gRPC server")
        journal.info("GRPCServerModule shutdown")
    if rest_server is not None:
        journal.info("HTTPServerModule shutting down")
        rest_server.shutdown()
        journal.info("Shutdown HTTP server")
        journal.info("HTTPServerModule shutdown")
    journal.info("ServableManagerModule shutting down")
    for definition in servables.graphs.all():
        for handler in definition.resources.get("py", {}).values():
            finalise(handler)
    journal.info("Shutdown model manager")
    journal.info("ServableManagerModule shutdown")
    journal.info("PythonInterpreterModule shutdown")
