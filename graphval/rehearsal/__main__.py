"""Start the rehearsal server: ``python -m graphval.rehearsal --config_path … --port …``."""

from __future__ import annotations

import os
import signal
import sys
import threading

from graphval.rehearsal.arguments import Arguments, UsageError, parse_arguments
from graphval.rehearsal.isolation import Doors, PortBusy, cut_off, open_doors
from graphval.rehearsal.journal import Level, journal
from graphval.rehearsal.limits import die_with_parent, limit_process

EXIT_OK, EXIT_START_FAILED, EXIT_USAGE = 0, 1, 64
_POLL = 0.2


def main(words: list[str]) -> int:
    """Run until told to stop; the process's exit code."""
    try:
        arguments = parse_arguments(words)
    except UsageError as error:
        journal.usage(str(error))
        return EXIT_USAGE
    if arguments.help or arguments.version:
        _print_about(arguments)
        return EXIT_OK
    journal.configure(Level[arguments.log_level], arguments.log_path)
    limit_process(arguments.memory_mib, arguments.cpu_seconds)
    die_with_parent()
    stop = threading.Event()
    doors = _without_network(arguments) if arguments.no_network else Doors()
    if doors is None:
        return EXIT_START_FAILED
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return _serve(arguments, doors, stop)


def _without_network(arguments: Arguments) -> Doors | None:
    """Open the ports, and cut this process off from any other network; ``None`` where a port is busy."""
    grpc = arguments.grpc_bind_address, arguments.port
    rest = arguments.rest_bind_address, arguments.rest_port
    try:
        doors = open_doors(grpc, rest)
    except PortBusy as busy:
        if busy.grpc:
            journal.error(f"Failed to start gRPC server - at {grpc[0]}:{grpc[1]} - port is busy")
        else:
            journal.error(f"Failed to start REST server at {rest[0]}:{rest[1]}")
        return None
    if not cut_off():
        journal.info("this process may not have a network of its own; user code can reach the network", "rehearsal")
    return doors


def _serve(arguments: Arguments, doors: Doors, stop: threading.Event) -> int:
    # Heavy libraries are loaded only once it is clear that there is something to serve.
    from graphval import catalog
    from graphval.catalog.server_texts import statuses
    from graphval.rehearsal import rest_service
    from graphval.rehearsal.grpc_service import GrpcFailure, start_grpc
    from graphval.rehearsal.loading import StartRefused, enabled_metrics, load_all, read_deployment
    from graphval.rehearsal.metrics import Metrics
    from graphval.rehearsal.reload import Reloader
    from graphval.rehearsal.servables import Servables
    from graphval.rehearsal.shutdown import shut_down

    _announce(arguments)
    servables = Servables(api_key=arguments.api_key)
    grpc_server = rest_server = None
    try:
        if arguments.port:
            journal.info("GRPCServerModule starting")
            journal.info(f"Binding gRPC server to address: {arguments.grpc_bind_address}:{arguments.port}")
            grpc_server = start_grpc(servables, arguments.grpc_bind_address, arguments.port, doors.grpc)
            journal.info("GRPCServerModule started")
            journal.info(f"Started gRPC server on port {arguments.port}")
        else:
            journal.info("Port was not set. GRPC server will not be started.")
        if arguments.rest_port:
            rest_server = rest_service.start_rest(servables, arguments, doors.rest)
        journal.info("ServableManagerModule starting")
        loaded = catalog.load()
        statuses()  # read now, so that the first refusal need not wait for the file
        _announce_calculators(loaded)
        found = read_deployment(arguments)
        servables.metrics = Metrics(enabled_metrics(found, arguments))
        load_all(found, arguments, loaded, servables)
        servables.reload = Reloader(found, arguments, loaded, servables).reload
    except (GrpcFailure, rest_service.RestFailure) as error:
        journal.error(str(error))
        return EXIT_START_FAILED
    except StartRefused as refusal:
        journal.error(f"ovms::ModelManager::Start() Error: {refusal}")
        return refusal.code
    servables.ready.set()
    journal.info("ServableManagerModule started")
    journal.info("Started cleaner thread", "modelmanager")
    while not stop.wait(_POLL):
        pass
    shut_down(grpc_server, rest_server, servables)
    return EXIT_OK


def _announce(arguments: Arguments) -> None:
    from graphval.rehearsal.version import SERVER_NAME, server_version

    journal.info(f"{SERVER_NAME} {server_version()}")
    for key, value in (
        ("model_path", arguments.model_path),
        ("model_name", arguments.model_name),
        ("config_path", arguments.config_path),
        ("gRPC port", arguments.port),
        ("REST port", arguments.rest_port),
        ("gRPC bind address", arguments.grpc_bind_address),
        ("REST bind address", arguments.rest_bind_address),
        ("log level", arguments.log_level),
        ("log path", arguments.log_path),
    ):
        if value != "" or key == "log path":
            journal.debug(f"{key}: {value}")
    journal.info("PythonInterpreterModule starting")
    journal.info("PythonInterpreterModule started")


def _announce_calculators(loaded: object) -> None:
    from graphval.catalog import Catalog

    assert isinstance(loaded, Catalog)
    for kind, names in (
        ("Calculators", loaded.calculators),
        ("Subgraphs", loaded.subgraphs),
        ("InputStreamHandlers", loaded.input_stream_handlers),
        ("OutputStreamHandlers", loaded.output_stream_handlers),
    ):
        journal.debug(f"Registered {kind}: {', '.join(sorted(names))}\n", "modelmanager")


def _print_about(arguments: Arguments) -> None:
    from graphval.rehearsal.version import SERVER_NAME, server_version

    if arguments.version:
        sys.stdout.write(f"{SERVER_NAME} {server_version()}\n")
    else:
        sys.stdout.write((__doc__ or "") + "\n")


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that hang for ever, as OVMS's would, must not keep the process from ending.
    os._exit(code)
