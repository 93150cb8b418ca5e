"""The command line that makes a container, alike for every runtime.

The container runs as production would run OVMS: no root, no capabilities, a file system it cannot write, limits on
memory, processes and CPU, nothing of this machine but the deployment, read-only. Facts: OVMS's
``docs/security_considerations.md`` and ``Dockerfile.ubuntu`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphval.engines.interface import Limits
from graphval.engines.options import EngineOptions

GRPC_PORT, REST_PORT = 9000, 9001
"""Inside the container; the low ports would need a capability."""

_TEMPORARY = "/tmp"  # noqa: S108 - where OVMS puts what it fetches from cloud storage
OWNER_LABEL, DEADLINE_LABEL = "graphval.owner", "graphval.deadline"


@dataclass(frozen=True, slots=True)
class Container:
    """One container to be made. ``network`` exists already. ``environment`` holds names; the values are the client's.
    ``published``: whether its ports are to be reached through loopback instead of its own address."""

    name: str
    image: str
    network: str
    published: bool
    labels: Mapping[str, str]
    mounts: Sequence[tuple[Path, Path]]
    environment: Sequence[str]
    words: Sequence[str]
    init: bool = True


@dataclass(frozen=True, slots=True)
class Host:
    """What this machine imposes. ``files`` and ``tasks`` are the most that may be granted to a process; the runtimes
    would ask for more and fail where we may not have it."""

    selinux: bool
    files: int
    tasks: int


def create_words(container: Container, options: EngineOptions, limits: Limits, host: Host) -> list[str]:
    """The words after the runtime's name."""
    return [
        "create", "--name", container.name, "--pull", "never",
        *_flags("--label", (f"{name}={value}" for name, value in container.labels.items())),
        *(["--platform", options.platform] if options.platform else []),
        *(["--init"] if container.init else []),
        "--user", options.user,
        "--read-only", "--tmpfs", f"{_TEMPORARY}:rw,noexec,nosuid,nodev,size={limits.memory_mib // 2}m,mode=1777",
        "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        *(["--security-opt", "label=disable"] if host.selinux else []),
        "--memory", f"{limits.memory_mib}m", "--memory-swap", f"{limits.memory_mib}m",
        "--pids-limit", str(limits.processes),
        *(["--cpus", f"{limits.cpus:g}"] if limits.cpus else []),
        "--ulimit", "core=0:0",
        "--ulimit", f"nofile={host.files}:{host.files}",
        "--ulimit", f"nproc={host.tasks}:{host.tasks}",
        "--log-driver", "none", "--no-healthcheck", "--restart", "no",
        "--network", container.network,
        *([word for port in (GRPC_PORT, REST_PORT) for word in ("--publish", f"127.0.0.1::{port}")]
          if container.published else []),
        *_flags("--device", options.devices),
        *_flags("--group-add", _groups_of(options.devices)),
        *_flags("--mount", (_mount(source, target) for source, target in container.mounts)),
        *_flags("--env", container.environment),
        container.image,
        *container.words,
    ]  # fmt: skip


def _flags(flag: str, values: Iterator[str] | Sequence[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]


def _mount(source: Path, target: Path) -> str:
    """A read-only mount. The runtimes read it as a line of comma-separated values."""
    fields = ("type=bind", f"source={source}", f"target={target}", "readonly")
    return ",".join(_quoted(field) for field in fields)


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if any(c in field for c in ',"\n') else field


def _groups_of(devices: Sequence[str]) -> list[str]:
    """The groups that may use these devices of this machine: the server's user is in none of them by itself."""
    groups: set[int] = set()
    for device in devices:
        path = Path(device.partition(":")[0])
        nodes = [path, *path.rglob("*")] if path.is_dir() else [path]
        groups |= {node.stat().st_gid for node in nodes if node.is_char_device()}
    return sorted(map(str, groups - {0}))
