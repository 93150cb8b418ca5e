"""A server in a throw-away container, made as production would make it, and always removed."""

from __future__ import annotations

import os
import re
import resource
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from graphval.deadlines import ServerPhase
from graphval.deployment.stage import stage
from graphval.engines import leftovers
from graphval.engines.container_words import (
    DEADLINE_LABEL,
    GRPC_PORT,
    OWNER_LABEL,
    REST_PORT,
    Container,
    Host,
    create_words,
)
from graphval.engines.interface import EngineError, Exit, Launch, Limits, Starting, Steps, Written, exit_of
from graphval.engines.mounts import mounts_of
from graphval.engines.options import ISOLATED, EngineOptions, Pull
from graphval.engines.owner import this_process
from graphval.engines.ports import LOOPBACK
from graphval.engines.process import ServerProcess, running
from graphval.engines.readable import Reader, reader_of
from graphval.engines.runtime import ContainerRuntime, Image, RuntimeFailure
from graphval.engines.secrets import refuse_trace, secrets_of
from graphval.engines.workspace import workspace

_LIFE = 6 * 3600
"""Seconds after which a container whose owner cannot be known (another boot, another machine) may be removed."""

_FILES, _TASKS = 1 << 20, 1 << 15
"""Open files as docker grants them; tasks of the user, all containers together: --pids-limit counts each alone."""

_KEY_IN_CONTAINER = Path("/run/graphval/api_key")
_ABORTED = re.compile(r"Check failed: |^terminate called ", re.MULTILINE)
_SIGSEGV = 139
_CATCHES_UP, _PAUSE = 5.0, 0.1
"""Seconds that a runtime may take to know that a container has ended, and between two questions."""
_NO_INIT = re.compile(r"container-init binary not found|docker-init")


class ContainerEngine:
    """Starts servers with one runtime and one image."""

    def __init__(self, runtime: ContainerRuntime, image: Image, options: EngineOptions) -> None:
        self._runtime = runtime
        self._image = image
        self._options = options
        self._published: bool | None = None

    @property
    def name(self) -> str:
        return self._runtime.program

    @property
    def image(self) -> str | None:
        return self._image.digest

    @property
    def build(self) -> str | None:
        return self._image.digest

    @property
    def is_ovms(self) -> bool:
        return True

    @property
    def reader(self) -> Reader | None:
        return reader_of(self._options.user, mapped=bool(self._published))

    def start(self, launch: Launch, limits: Limits) -> Starting:
        return Starting(self._started(launch, limits))

    def _started(self, launch: Launch, limits: Limits) -> Steps:
        runtime, name = self._runtime, f"graphval-{uuid4().hex[:12]}"
        refuse_trace(self._options)
        secrets = secrets_of(self._options)
        leftovers.sweep(runtime)
        leftovers.remember(runtime, name)
        with workspace() as folder:
            try:
                yield ServerPhase.CREATE
                init = self._create(name, launch, limits, folder)
                client = ServerProcess(
                    [runtime.program, "start", "--attach", name],
                    folder=folder,
                    environment=os.environ,
                    grpc="",
                    rest=None,
                    secrets=secrets,
                )
                with running(client, 0.0):
                    yield from client.starting(limits)
                    server = ContainerServer(client, runtime, name, init=init)
                    server.exit()
                    yield server
                    server.settle()
            finally:
                leftovers.remove(runtime, name, max(limits.stop, 10.0))

    def _create(self, name: str, launch: Launch, limits: Limits, folder: Path) -> bool:
        """Make the container, and its network where it needs one; whether it has an init program."""
        labels = {OWNER_LABEL: str(this_process()), DEADLINE_LABEL: str(int(time.time()) + _LIFE)}
        network, published = self._options.network, True
        if network == ISOLATED:
            if self._published is None:
                self._published = self._runtime.confinement().rootless
            published = self._published
            network = "bridge" if published else self._make_network(name, labels, limits)
        staged = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
        arguments = stage(launch.deployment, launch.without, staged)
        staged.chmod(0o755)
        mounts = [(path, path) for path in mounts_of(launch.deployment, self._options.mounts)]
        if any(staged.iterdir()):
            mounts.append((staged, staged))
        environment = {"GLOG_minloglevel": "0", **self._options.environment, **launch.environment}
        words = [
            *arguments.words,
            "--port", str(GRPC_PORT), "--rest_port", str(REST_PORT),
            "--log_level", launch.log_level,
            *self._options.server_flags,
        ]  # fmt: skip
        if self._options.api_key_file is not None:
            mounts.append((_readable_copy(self._options.api_key_file, folder), _KEY_IN_CONTAINER))
            words += ["--api_key_file", str(_KEY_IN_CONTAINER)]
        container = Container(name, self._image.id, network, published, labels, mounts, sorted(environment), words)
        try:
            self._create_container(container, limits, environment)
        except RuntimeFailure as failure:
            if not _NO_INIT.search(failure.said):
                raise
            self._create_container(replace(container, init=False), limits, environment)
            return False
        return True

    def _create_container(self, container: Container, limits: Limits, environment: dict[str, str]) -> None:
        words = create_words(container, self._options, limits, _host())
        self._runtime.run(words, limits.create, environment)

    def _make_network(self, name: str, labels: dict[str, str], limits: Limits) -> str:
        words = ["network", "create", "--internal"]
        words += [word for label, value in labels.items() for word in ("--label", f"{label}={value}")]
        self._runtime.run([*words, name], limits.create)
        return name


class ContainerServer:
    """A server in a container, watched through the client that is attached to it."""

    def __init__(self, client: ServerProcess, runtime: ContainerRuntime, name: str, *, init: bool) -> None:
        self._client = client
        self._runtime = runtime
        self._name = name
        self._init = init
        self._end: Exit | None = None
        self._addresses: tuple[str, str] | None = None

    @property
    def grpc(self) -> str:
        return self._address()[0]

    @property
    def rest(self) -> str | None:
        return self._address()[1]

    @property
    def tls(self) -> None:
        return None

    @property
    def loaded(self) -> bool:
        return self._client.loaded

    def exit(self) -> Exit | None:
        return self._read(self._client.exit())

    def wait(self, seconds: float) -> Exit | None:
        return self._read(self._client.wait(seconds))

    @property
    def written(self) -> Written:
        return self._client.written

    def stdout(self, since: int = 0) -> str:
        return self._client.stdout(since)

    def stderr(self, since: int = 0) -> str:
        return self._client.stderr(since)

    def settle(self) -> None:
        """End the server and keep how it ended: it is to be known after its container is gone, too."""
        self.exit()
        if self._end is None:
            self._end = Exit(137, "SIGKILL")

    def _address(self) -> tuple[str, str]:
        if self._addresses is None:
            if self._end is not None:
                return f"{LOOPBACK}:1", f"{LOOPBACK}:1"
            self._addresses = _addresses(self._runtime.inspect(self._name)["NetworkSettings"])
        return self._addresses

    def _read(self, client: Exit | None) -> Exit | None:
        """How the container ended, now that its client has. Raises :class:`EngineError` if only the client has."""
        if client is None or self._end is not None:
            return self._end
        state = self._state()
        deadline = time.monotonic() + _CATCHES_UP
        while state.get("Running") and time.monotonic() < deadline:
            # The client hears of the end before the runtime has written it down.
            time.sleep(_PAUSE)
            state = self._state()
        if state.get("Running"):
            raise EngineError(f"the connection to {self._runtime.program} broke while the server ran")
        if state.get("Error") or state.get("Status") in ("created", "initialized", "configured"):
            raise RuntimeFailure(self._runtime.explain(str(state.get("Error") or self.stderr())))
        self._end = self._exit(int(state["ExitCode"]), bool(state.get("OOMKilled")))
        return self._end

    def _state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = self._runtime.inspect(self._name)["State"]
        except RuntimeFailure as failure:
            raise EngineError(f"the container is gone: {failure}") from failure
        return state

    def _exit(self, code: int, out_of_memory: bool) -> Exit:
        if code == _SIGSEGV and not self._init and _ABORTED.search(self.stderr()):
            # As process 1 an abort shows as a memory fault (OVMS exit codes, 2026.4).
            code = 134
        if out_of_memory:
            return Exit(137, "SIGKILL", "memory")
        return exit_of(code)


def _addresses(settings: dict[str, Any]) -> tuple[str, str]:
    """Where gRPC and REST are reached: through loopback if they are published there, else at the container's own."""
    ports = settings.get("Ports") or {}
    found = [ports.get(f"{port}/tcp") for port in (GRPC_PORT, REST_PORT)]
    if all(found):
        return tuple(f"{LOOPBACK}:{entries[0]['HostPort']}" for entries in found)  # type: ignore[index, return-value]
    for network in (settings.get("Networks") or {}).values():
        if network.get("IPAddress"):
            return f"{network['IPAddress']}:{GRPC_PORT}", f"{network['IPAddress']}:{REST_PORT}"
    raise EngineError("the container has no address; choose a network with --network")


def _host() -> Host:
    def most(kind: int, usual: int) -> int:
        hard = resource.getrlimit(kind)[1]
        return usual if hard == resource.RLIM_INFINITY else min(hard, usual)

    return Host(
        Path("/sys/fs/selinux/enforce").is_file(),
        most(resource.RLIMIT_NOFILE, _FILES),
        most(resource.RLIMIT_NPROC, _TASKS),
    )


def _readable_copy(file: Path, folder: Path) -> Path:
    """A copy of a secret that the container's user can read; on this machine its folder is ours alone."""
    copy = folder / "api_key"
    try:
        copy.write_bytes(file.read_bytes())
    except OSError as error:
        raise EngineError(f"the API key cannot be read from {file}: {error.strerror}") from error
    copy.chmod(0o444)
    return copy


def obtain_image(
    runtime: ContainerRuntime, names: Sequence[str], options: EngineOptions, seconds: float
) -> Generator[ServerPhase, None, Image]:
    """The first of these images that is here, or the first of all, pulled, if that is wished: a phase of its own.

    Raises :class:`EngineError` if none can be had.
    """
    if options.pull != Pull.ALWAYS:
        found = runtime.image(*names)
        if found is not None:
            return found
    wanted = names[0]
    if options.pull == Pull.NEVER:
        raise EngineError(
            f"image {wanted} is not here: {runtime.program} pull {wanted}, or let graphval fetch it with "
            f"--engine {runtime.program} --pull missing"
        )
    yield ServerPhase.PULL
    runtime.pull(wanted, options.platform, seconds)
    found = runtime.image(wanted)
    if found is None:
        raise EngineError(f"image {wanted} was pulled and is not here")
    return found
