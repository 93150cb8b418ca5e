"""A container runtime, driven through its own command line: docker and podman speak the same one.

Contexts, credentials and rootless set-ups come with it. Errors: :class:`RuntimeFailure` with words a user can act on.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphval.engines.interface import EngineError

PROGRAMS = ("docker", "podman", "nerdctl")
_QUICK = 20.0
_LET_FINISH = 30.0

_EXPLANATIONS = (
    (r"permission denied.*(?:docker.*socket|docker\.sock)|(?:docker.*socket|docker\.sock).*permission denied",
     "this user may not use the {program} socket: join the group docker (then log in again), or use --engine podman"),
    (r"cannot connect to the docker daemon|docker daemon running|error during connect|unable to connect to podman",
     "no {program} daemon answers: start it (systemctl start docker), or set DOCKER_HOST or the context"),
    (r"short-name .* did not resolve",
     "{program} does not know the registry: name the image in full, like --image docker.io/openvino/model_server"),
    (r"no such image|unable to find image|image not known|no such object|manifest unknown|not found: manifest",
     "the image is not here: {program} pull IMAGE, or let graphval fetch it with --engine {program} --pull missing"),
    (r"pull access denied|unauthorized|denied: requested access",
     "the registry refuses: log in ({program} login), or check the image's name"),
    (r"no such host|i/o timeout|network is unreachable|connection refused.*registry|tls handshake timeout|dial tcp",
     "the registry cannot be reached: check network and proxy, or load the image by hand ({program} load)"),
    (r"bind source path does not exist|invalid mount config|statfs .*no such file",
     "{program} does not see this folder: its daemon runs on another machine or in a virtual machine"),
    (r"exec format error|does not match the specified platform|no matching manifest",
     "the image is made for another processor: choose --platform or another image"),
    (r"docker-init|catatonit|init binary",
     "the runtime's small init program is missing: install tini (docker) or catatonit (podman)"),
    (r"error gathering device|no such device|device.*no such file",
     "a device that was asked for is not on this machine"),
    (r"no space left on device|disk quota exceeded", "there is no room left on the runtime's disk"),
    (r"invalid reference format", "that is no image name"),
    (r"non-overlapping ipv4 address pool|could not find free subnet|all predefined address pools",
     "{program} has no free network: remove unused ones ({program} network prune)"),
    (r"cpu.*(?:not supported|cgroup)|cgroup.*(?:not|permission)|pids.*cgroup",
     "the limits cannot be set here: a rootless runtime needs cgroup v2 with delegated controllers"),
    (r"subuid|newuidmap|insufficient uids",
     "rootless {program} has too few user ids: give the user a range in /etc/subuid and /etc/subgid"),
)  # fmt: skip

_LIMITS = (("MemoryLimit", "memory"), ("PidsLimit", "processes"))
_CONTROLLERS = (("memory", "memory"), ("pids", "processes"))
"""What a container's limits rest on, as docker and podman name it in ``info``, and what they limit."""


class RuntimeFailure(EngineError):
    """The runtime refused. ``said`` is why, in its words; ``output`` what it answered nevertheless."""

    def __init__(self, text: str, said: str = "", output: str = "") -> None:
        super().__init__(text)
        self.said = said
        self.output = output


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is here. ``digest`` names it for good: as its registry does, else by its own id."""

    id: str
    digest: str
    user: str


@dataclass(frozen=True, slots=True)
class Confinement:
    """``rootless``: containers live in a network that this machine's processes cannot reach by address. ``unlimited``:
    what a container may use without end (``memory``, ``processes``), since the runtime has no cgroup to limit it by; it
    takes such a limit all the same, and lets it fall."""

    rootless: bool
    unlimited: tuple[str, ...]


class ContainerRuntime:
    """One program on the PATH."""

    def __init__(self, program: str) -> None:
        self.program = program

    def present(self) -> bool:
        return shutil.which(self.program) is not None

    def run(
        self,
        words: Sequence[str],
        seconds: float = _QUICK,
        environment: Mapping[str, str] | None = None,
        let_finish: float = _LET_FINISH,
    ) -> str:
        """What the command writes. It is given time to finish even if we are interrupted, so that nothing is made after
        we have looked what there is to remove. Raises :class:`RuntimeFailure`."""
        try:
            process = subprocess.Popen(
                [self.program, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise RuntimeFailure(f"cannot start {self.program}: {error.strerror}") from error
        with process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise RuntimeFailure(f"{self.program} {words[0]} did not end within {seconds:g} seconds") from error
            except BaseException:
                _let_finish(process, let_finish)
                raise
        if process.returncode != 0:
            raise RuntimeFailure(self.explain(err), err, out)
        return out

    def explain(self, said: str) -> str:
        """The runtime's refusal and what to do about it, in one line."""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        line = next(
            (line for line in lines if line.lower().startswith("error")), lines[0] if lines else "no reason given"
        )
        line = line.removeprefix("Error response from daemon: ").removeprefix("Error: ")
        for pattern, advice in _EXPLANATIONS:
            if re.search(pattern, said, re.IGNORECASE | re.DOTALL):
                return f"{advice.format(program=self.program)} ({line})"
        return f"{self.program}: {line}"

    def image(self, *names: str) -> Image | None:
        """The first of these images that is here, or ``None``. Raises :class:`RuntimeFailure` if the runtime cannot be
        asked.

        All are asked for at once, since a client of a runtime takes its time to start. It lists those that are here in
        the order asked for, and complains of the others.
        """
        try:
            listed = self.run(["image", "inspect", *names])
        except RuntimeFailure as failure:
            if not re.search(r"no such image|image not known|no such object|failed to find image", failure.said, re.I):
                raise
            listed = failure.output
        found = next(iter(json.loads(listed or "[]")), None)
        if found is None:
            return None
        digests = found.get("RepoDigests") or [_sha256(found["Id"])]
        return Image(found["Id"], digests[0], (found.get("Config") or {}).get("User", ""))

    def pull(self, name: str, platform: str | None, seconds: float) -> None:
        # Nothing of it needs removing: whoever is interrupted need not wait for its end.
        self.run(["pull", *(["--platform", platform] if platform else []), name], seconds, let_finish=0.0)

    def inspect(self, container: str) -> dict[str, Any]:
        (found,) = json.loads(self.run(["container", "inspect", container]))
        assert isinstance(found, dict)
        return found

    def confinement(self) -> Confinement:
        """How far it can confine a container on this machine. Raises :class:`RuntimeFailure` if it cannot be asked."""
        told = json.loads(self.run(["info", "--format", "{{json .}}"]))
        if self.program == "podman":
            host = told["host"]
            return Confinement(
                rootless=host["security"]["rootless"],
                unlimited=tuple(what for name, what in _CONTROLLERS if name not in host["cgroupControllers"]),
            )
        kept_apart = "Docker Desktop" in told.get("OperatingSystem", "") or "rootless" in str(
            told.get("SecurityOptions")
        )
        return Confinement(
            rootless=kept_apart, unlimited=tuple(what for key, what in _LIMITS if told.get(key) is False)
        )


def _let_finish(process: subprocess.Popen[str], seconds: float) -> None:
    """Wait for it, and go on waiting if we are told once more to stop: what it makes must be there to be removed."""
    deadline = time.monotonic() + seconds
    try:
        _wait_for(process, seconds)
    except (KeyboardInterrupt, SystemExit):
        _wait_for(process, deadline - time.monotonic())
        raise


def _wait_for(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.communicate(timeout=max(0.0, seconds))
    except subprocess.TimeoutExpired:
        process.kill()


def _sha256(text: str) -> str:
    return text if text.startswith("sha256:") else f"sha256:{text}"
