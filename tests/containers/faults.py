"""Faults, and what a run must make of them: the right verdict or ``inconclusive``, and nothing left behind.

A fault is done to a whole run of ``graphval check``, as another process, at a moment of its own. A *case* is all that
is decided beforehand, from a seed, so that it can be made again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.containers import runtime
from tests.engines import deployments
from tests.engines.deployments import deploy, handler, put

Found = TypeVar("Found")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
"""Seconds after which a run that has not ended counts as one that never does."""

GRAPHS: Mapping[str, tuple[str | dict[str, str], str]] = {
    "good": (deployments.PASS_THROUGH, "pass"),
    "slow": (handler(initialize="time.sleep(1.5)", execute="time.sleep(0.2)", module="slow"), "pass"),
    "refused": (deployments.REFUSED, "fail"),
    "kills_at_load": (deployments.POOLED, "fail"),
    "kills_at_creation": (deployments.SYNC_SET, "fail"),
    "hangs": (deployments.HANGS, "fail"),
    "sleeps": (handler(execute="time.sleep(1000)", module="sleeps"), "fail"),
    "fills": (
        handler(
            initialize="""
            try:
                with open("/tmp/full", "wb") as file:
                    while True:
                        file.write(bytes(1 << 20))
                        file.flush()
            except OSError:
                pass
            """,
            module="fills",
        ),
        "pass",
    ),
    "greedy": (
        handler(initialize="held = []\nwhile True:\n    held.append(bytearray(b'x') * (1 << 24))", module="greedy"),
        "fail",
    ),
}
"""Each sort of graph, and the verdict on it where nothing interferes."""

SAMPLE = '{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [1]}]}'
"""A request to those whose code decides what they take."""

ANY = ("good", "slow", "refused", "kills_at_load", "kills_at_creation", "hangs", "sleeps")


@dataclass(frozen=True, slots=True)
class Case:
    """``after``: seconds from the start of the run to the fault. ``graphs`` are sorts, in order."""

    seed: int
    engine: str
    fault: str
    after: float
    graphs: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """``reasons``: why a graph is inconclusive. ``wrong`` is what must not be: empty where all is well."""

    case: Case
    code: int | None
    verdict: str
    graphs: dict[str, str]
    seconds: float
    reasons: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class World:
    """A run that is going on. ``shims`` lies before everything else on its PATH."""

    run: subprocess.Popen[str]
    shims: Path
    over: threading.Event

    def containers(self) -> list[str]:
        """Ids of the containers that the run has made and that are there now."""
        mine = runtime.things_of("docker", self.run.pid)
        return [name.removeprefix("containers ") for name in mine if name.startswith("containers ")]

    def servers(self) -> list[int]:
        """The processes of the run's servers, on this machine or in containers."""
        local = [number for number in marked(self.run.pid) if "graphval.rehearsal" in _command(number)]
        return local + [number for name in self.containers() for number in _processes_in(name)]

    def await_servers(self) -> list[int]:
        return self._await(self.servers)

    def await_containers(self) -> list[str]:
        return self._await(self.containers)

    def _await(self, look: Callable[[], list[Found]]) -> list[Found]:
        while not (found := look()) and not self.over.is_set():
            time.sleep(0.05)
        return found


def make_case(seed: int, faults: tuple[str, ...] | None = None) -> Case:
    """The case of a seed; the faults come in turn, everything else by chance."""
    chance = random.Random(seed)
    known = faults or tuple(FAULTS)
    fault = known[seed % len(known)]
    engine = FAULTS[fault][0] or chance.choice(("docker", "rehearsal"))
    graphs = [*chance.sample(ANY, 2), "good"]
    after = round(chance.uniform(0.1, 0.6 if fault == "ports taken" else 12.0), 2)
    if fault in ("fills", "greedy"):
        graphs[0] = fault
    chance.shuffle(graphs)
    return Case(seed, engine, fault, after, tuple(graphs))


def perform(case: Case, folder: Path, image: str) -> Outcome:
    """Run the case in an empty folder, and judge what came of it."""
    before = _state()
    temporary, shims = folder / "tmp", folder / "shims"
    for made in (temporary, shims):
        made.mkdir(parents=True)
    names = {f"{sort}{number}": sort for number, sort in enumerate(case.graphs)}
    deployment = deploy(folder / "d", {name: GRAPHS[sort][0] for name, sort in names.items()})
    for name, sort in names.items():
        if sort in ("slow", "sleeps"):
            put(folder / "samples" / name, {"one.json": SAMPLE})
    report = folder / "report.json"
    words = [
        "--engine", case.engine, "--report", f"json={report}", "-v", "--deadline", "3", "--no-cache",
        "--samples", str(folder / "samples"),
    ]  # fmt: skip
    for phase in ("create=30", "listen=60", "load=60", "stop=2"):
        words += ["--deadline", phase]
    if case.engine == "docker":
        words += ["--image", image]
    words += FAULTS[case.fault][2]
    environment = {**os.environ, "TMPDIR": str(temporary), "PATH": f"{shims}:{os.environ['PATH']}"}
    if case.fault in SHIMS:
        _write_shim(shims / "docker", SHIMS[case.fault])
    began = time.monotonic()
    with (folder / "said").open("w") as said, ExitStack() as stack:
        run = subprocess.Popen(
            [sys.executable, "-m", "graphval", "check", str(deployment.path), *words],
            stdout=said, stderr=subprocess.STDOUT, env=environment, cwd=ROOT, text=True,
        )  # fmt: skip
        world = World(run, shims, threading.Event())
        stack.callback(world.over.set)
        thread = threading.Thread(target=_interfere, args=(case, world))
        thread.start()
        try:
            code: int | None = run.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = None
            run.kill()
            run.wait()
        world.over.set()
        thread.join()
    outcome = Outcome(case, code, "none", {}, time.monotonic() - began)
    _judge(outcome, report, names, (folder / "said").read_text())
    if code is None or code < 0 or case.fault in SHIMS:
        # Nobody was left to remove things, or the runtime did not let itself be told; whoever comes next does it.
        clean = [sys.executable, "-m", "graphval", "clean"]
        subprocess.run(clean, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, check=True, cwd=ROOT)
    outcome.wrong += _left(run.pid, temporary, before)
    return outcome


def _interfere(case: Case, world: World) -> None:
    if not world.over.wait(case.after):
        try:
            FAULTS[case.fault][1](world)
        except (ProcessLookupError, subprocess.CalledProcessError):
            # What it was to be done to has just gone.
            return


# -- judging ---------------------------------------------------------------------------------------------------------


_SIGNALLED = {"interrupt": signal.SIGINT, "interrupt twice": signal.SIGINT, "terminate": signal.SIGTERM}
_SIGNALLED["kill"] = signal.SIGKILL
_CODES = {"pass": 0, "fail": 1, "inconclusive": 3}


def _judge(outcome: Outcome, report: Path, names: Mapping[str, str], said: str) -> None:
    case, wrong = outcome.case, outcome.wrong
    if outcome.code is None:
        wrong.append(f"it had not ended after {PATIENCE:.0f} s")
    if "Traceback" in said:
        wrong.append("it raised: " + said.rstrip().splitlines()[-1])
    if report.is_file():
        told = json.loads(report.read_text())
        outcome.verdict = told["verdict"]
        outcome.graphs = {graph["name"]: graph["verdict"] for graph in told["graphs"]}
        for graph in told["graphs"]:
            if graph["verdict"] == "inconclusive" and graph["not_exercised"]:
                outcome.reasons[graph["name"]] = graph["not_exercised"][-1]["reason"]
    elif outcome.code == _CODES["inconclusive"]:
        outcome.verdict = "inconclusive"
    for name, verdict in outcome.graphs.items():
        right = GRAPHS[names[name]][1]
        if verdict not in (right, "inconclusive"):
            wrong.append(f"{name}: {verdict}, not {right}")
    number = _SIGNALLED.get(case.fault)
    # A shell shows a process that a signal ended, before it could look after itself, the same way.
    ways = (_CODES.get(outcome.verdict), *((128 + number, -number) if number is not None else ()))
    if outcome.code not in ways:
        wrong.append(f"exit code {outcome.code}, verdict {outcome.verdict}: {said.rstrip()[-200:]}")


def _left(run: int, temporary: Path, before: dict[str, set[str]]) -> list[str]:
    """What a run has left behind: things of its own, and things that were not there before it."""
    deadline = time.monotonic() + 10
    while True:
        left = [*runtime.things_of("docker", run), *(f"process {number} {_command(number)}" for number in marked(run))]
        left += [f"file {path.name}" for path in temporary.iterdir()]
        left += [f"volume {name}" for name in _state()["volumes"] - before["volumes"]]
        if not left or time.monotonic() > deadline:
            return [f"left: {thing}" for thing in left]
        time.sleep(0.2)


def _state() -> dict[str, set[str]]:
    return runtime.things("docker")


def marked(owner: int) -> list[int]:
    """Processes that a run of this number has started as servers, or for them."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "environ").read_bytes().split(b"\0") if entry.name.isdecimal() else []
        except OSError:
            continue
        if any(word.startswith(b"GRAPHVAL_SERVER=") and f".{owner}.".encode() in word for word in words):
            found.append(int(entry.name))
    return found


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _processes_in(container: str) -> list[int]:
    asked = subprocess.run(["docker", "top", container, "-eo", "pid"], capture_output=True, text=True, check=False)
    return [int(line) for line in asked.stdout.split()[1:]] if asked.returncode == 0 else []


# -- faults ----------------------------------------------------------------------------------------------------------


def _docker(*words: str) -> None:
    subprocess.run(["docker", *words], capture_output=True, check=True)


def _signal_servers(number: signal.Signals) -> Callable[[World], None]:
    def act(world: World) -> None:
        for process in world.await_servers():
            os.kill(process, number)

    return act


def _to_containers(*words: str) -> Callable[[World], None]:
    def act(world: World) -> None:
        for name in world.await_containers():
            _docker(*words, name)

    return act


def _disconnect(world: World) -> None:
    for name in world.await_containers():
        (network,) = json.loads(runtime.run("docker", "inspect", name))[0]["NetworkSettings"]["Networks"]
        _docker("network", "disconnect", "--force", network, name)


def _signal_run(*numbers: signal.Signals) -> Callable[[World], None]:
    def act(world: World) -> None:
        for number in numbers:
            world.run.send_signal(number)
            time.sleep(0.1)

    return act


def _take_ports(world: World) -> None:
    """Listen on the ports that servers were told to take, before they do."""
    with ExitStack() as held:
        taken: set[int] = set()
        while not world.over.is_set() and len(taken) < 4:
            for process in marked(world.run.pid):
                words = _command(process).split()
                for flag in ("--port", "--rest_port"):
                    port = int(words[words.index(flag) + 1]) if flag in words else 0
                    if port and port not in taken:
                        taken.add(port)
                        listener = held.enter_context(socket.socket())
                        try:
                            listener.bind(("127.0.0.1", port))
                            listener.listen()
                        except OSError:
                            continue
            time.sleep(0.01)
        world.over.wait()


def _nothing(world: World) -> None:
    pass


FAULTS: Mapping[str, tuple[str, Callable[[World], None], list[str]]] = {
    "none": ("", _nothing, []),
    "server killed": ("", _signal_servers(signal.SIGKILL), []),
    "server terminated": ("", _signal_servers(signal.SIGTERM), []),
    "server stopped": ("", _signal_servers(signal.SIGSTOP), []),
    "docker kill": ("docker", _to_containers("kill"), []),
    "docker stop": ("docker", _to_containers("stop", "--time", "1"), []),
    "docker rm": ("docker", _to_containers("rm", "--force"), []),
    "docker pause": ("docker", _to_containers("pause"), []),
    "network gone": ("docker", _disconnect, []),
    "interrupt": ("", _signal_run(signal.SIGINT), []),
    "interrupt twice": ("", _signal_run(signal.SIGINT, signal.SIGINT), []),
    "terminate": ("", _signal_run(signal.SIGTERM), []),
    "kill": ("", _signal_run(signal.SIGKILL), []),
    "ports taken": ("rehearsal", _take_ports, []),
    "no memory": ("docker", _nothing, ["--memory", "64"]),
    "greedy": ("", _nothing, ["--memory", "768"]),
    "fills": ("docker", _nothing, ["--memory", "2048"]),
    "create fails": ("docker", _nothing, []),
    "create hangs": ("docker", _nothing, []),
    "start fails": ("docker", _nothing, []),
    "start hangs": ("docker", _nothing, []),
    "inspect fails": ("docker", _nothing, []),
    "rm fails": ("docker", _nothing, []),
    "rm hangs": ("docker", _nothing, []),
}
"""Each fault: the engine it is done to (empty: any), what is done, and options of the run."""

SHIMS: Mapping[str, tuple[str, str]] = {
    "create fails": ("create", "fails"),
    "create hangs": ("create", "hangs"),
    "start fails": ("start", "fails"),
    "start hangs": ("start", "hangs"),
    "inspect fails": ("container inspect", "fails"),
    "rm fails": ("rm", "fails"),
    "rm hangs": ("rm", "hangs"),
}
"""Faults of the runtime's client: the first command that begins so fails or hangs, all others are as ever."""


def _write_shim(file: Path, fault: tuple[str, str]) -> None:
    beginning, how = fault
    real = shutil.which("docker")
    done = file.with_name("done")
    does = "echo 'Error response from daemon: something odd' >&2; exit 1" if how == "fails" else "exec sleep 1000"
    file.write_text(
        f'#!/bin/sh\ncase "$*" in "{beginning} "*) if mkdir {done} 2>/dev/null; then {does}; fi;; esac\n'
        f'exec {real} "$@"\n'
    )
    file.chmod(0o755)
