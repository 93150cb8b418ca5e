"""The options of the command line that choose an engine and say how its servers are run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphval.deadlines import ServerPhase, wrong_deadline

if TYPE_CHECKING:
    from graphval.engines.interface import Limits
    from graphval.engines.options import EngineOptions
    from graphval.engines.tls import Tls


class PullChoice(StrEnum):
    """When an image is fetched."""

    MISSING = "missing"
    NEVER = "never"
    ALWAYS = "always"


EngineOption = Annotated[
    str,
    typer.Option("--engine", metavar="NAME", help="docker, podman, binary, rehearsal, none; auto: the first at hand."),
]
DeadlineOption = Annotated[
    list[str] | None,
    typer.Option(
        "--deadline",
        metavar="[PHASE=]SECONDS",
        help="What a request may take, or a phase: pull, create, listen, load, probe, stop; may be repeated.",
    ),
]
ImageOption = Annotated[
    str | None,
    typer.Option("--image", metavar="IMAGE", help="OVMS's container image; by default the release's."),
]
PullOption = Annotated[
    PullChoice,
    typer.Option("--pull", help="When the image is fetched; --engine auto fetches only the one that --image names."),
]
PlatformOption = Annotated[
    str | None, typer.Option("--platform", metavar="OS/ARCH", help="Platform of the image, like linux/amd64.")
]
UserOption = Annotated[
    str, typer.Option("--user", metavar="UID:GID", help="User of the server in its container, as in production.")
]
NetworkOption = Annotated[
    str,
    typer.Option("--network", metavar="NAME", help="Network of the container; isolated reaches this machine only."),
]
DeviceOption = Annotated[
    list[str] | None,
    typer.Option("--device", metavar="PATH", help="A device for the container, like /dev/dri; may be repeated."),
]
MountOption = Annotated[
    list[Path] | None,
    typer.Option("--mount", metavar="PATH", help="More that the container may read; may be repeated."),
]
EnvOption = Annotated[
    list[str] | None,
    typer.Option("--env", metavar="NAME[=VALUE]", help="A variable for the server, from here if without value."),
]
EnvFileOption = Annotated[
    Path | None, typer.Option("--env-file", metavar="FILE", help="Variables for the server, NAME=VALUE a line.")
]
ServerFlagOption = Annotated[
    list[str] | None,
    typer.Option("--server-flag", metavar="WORD", help="One more word of OVMS's command line; may be repeated."),
]
ApiKeyFileOption = Annotated[
    Path | None, typer.Option("--api-key-file", metavar="FILE", help="File with the API key of /v3.")
]
BinaryOption = Annotated[
    str | None, typer.Option("--binary", metavar="FILE", help="OVMS's executable; ovms on the PATH if not given.")
]
AddressOption = Annotated[
    str | None, typer.Option("--address", metavar="HOST:PORT", help="gRPC address of a server that is already there.")
]
RestAddressOption = Annotated[
    str | None, typer.Option("--rest-address", metavar="HOST:PORT", help="Its REST address: it must say it is ready.")
]
TlsCaOption = Annotated[
    Path | None, typer.Option("--tls-ca", metavar="FILE", help="Authorities for the server's certificate (PEM).")
]
TlsCertOption = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", help="Certificate of the client (PEM).")
]
TlsKeyOption = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Key of the client (PEM).")]
TlsServerNameOption = Annotated[
    str | None, typer.Option("--tls-server-name", metavar="NAME", help="Name in the server's certificate.")
]
MemoryOption = Annotated[int, typer.Option("--memory", metavar="MIB", min=64, help="Memory of the server, in MiB.")]
CpusOption = Annotated[
    float, typer.Option("--cpus", metavar="N", min=0.0, help="CPUs of the container; 0: as many as there are.")
]
CpuSecondsOption = Annotated[
    int, typer.Option("--cpu-seconds", metavar="SECONDS", min=1, help="CPU time of a rehearsal.")
]


def engine_options(
    *,
    image: str | None,
    pull: PullChoice,
    platform: str | None,
    user: str,
    network: str,
    device: list[str] | None,
    mount: list[Path] | None,
    env: list[str] | None,
    env_file: Path | None,
    server_flag: list[str] | None,
    api_key_file: Path | None,
    binary: str | None,
    address: str | None,
    rest_address: str | None,
    tls_ca: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    tls_server_name: str | None,
) -> EngineOptions:
    """What was said about engines. Raises ``typer.BadParameter`` where it cannot be meant."""
    from graphval.engines.environment import EnvironmentMistake, read_environment
    from graphval.engines.options import EngineOptions, Pull

    try:
        environment = read_environment(env or (), env_file)
    except EnvironmentMistake as why:
        raise typer.BadParameter(str(why)) from why
    if api_key_file is not None and not api_key_file.is_file():
        raise typer.BadParameter(f"there is no API key file {api_key_file}")
    return EngineOptions(
        image=image,
        pull=Pull(pull.value),
        platform=platform,
        user=user,
        network=network,
        devices=tuple(device or ()),
        mounts=tuple(mount or ()),
        environment=environment,
        server_flags=tuple(server_flag or ()),
        api_key_file=api_key_file,
        binary=binary,
        address=address,
        rest_address=rest_address,
        tls=_tls(tls_ca, tls_cert, tls_key, tls_server_name),
    )


def _tls(ca: Path | None, certificate: Path | None, key: Path | None, server_name: str | None) -> Tls | None:
    for flag, file in (("--tls-ca", ca), ("--tls-cert", certificate), ("--tls-key", key)):
        if file is not None and not file.is_file():
            raise typer.BadParameter(f"{flag} names no file: {file}")
    if key is not None and certificate is None:
        raise typer.BadParameter("--tls-key needs --tls-cert")
    wanted = ca is not None or certificate is not None or server_name is not None
    if not wanted:
        return None
    from graphval.engines.tls import Tls

    return Tls(ca, certificate, key, server_name)


def deadlines(said: list[str] | None) -> dict[ServerPhase, float]:
    """What ``--deadline`` says: seconds for a phase, or for a request where none is named."""
    found: dict[ServerPhase, float] = {}
    for text in said or ():
        name, equals, number = text.rpartition("=")
        name = name if equals else ServerPhase.PROBE
        if name not in list(ServerPhase):
            raise typer.BadParameter(f"--deadline knows {', '.join(ServerPhase)}, not {name}")
        try:
            seconds = float(number)
        except ValueError:
            raise typer.BadParameter(f"--deadline takes [PHASE=]SECONDS, not {text}") from None
        if wrong := wrong_deadline(seconds):
            raise typer.BadParameter(f"--deadline {text}: {wrong}")
        found[ServerPhase(name)] = seconds
    return found


def limits(*, memory: int, cpus: float, cpu_seconds: int) -> Limits:
    """What a server may cost."""
    from graphval.engines.interface import Limits

    return Limits(memory_mib=memory, cpus=cpus, cpu_seconds=cpu_seconds)
