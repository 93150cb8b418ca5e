"""What graphval adds to a container: a run beside a bare ``docker run`` of the same image that waits for readiness.

    python benchmarks/container.py [IMAGE] [ROUNDS]

Without IMAGE the tests' own is made (the rehearsal under OVMS's command line). Each round does both, one after the
other; medians are printed, in seconds. The server's own boot and the loading of its graphs are taken out of both: the
time from the start of the container's first process, as the runtime tells it, until the line that ends the first load
procedure has arrived. What is left is making the container, removing it, and whatever is done in between; of a run also
the answers of the server to its requests. ``cpu`` is what the processes on this side have used of it, the runtime's
clients included and its daemon left out: of all figures the one that others on the machine change least.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import graphval  # noqa: E402
from graphval.deadlines import ServerPhase  # noqa: E402
from graphval.deployment import discover  # noqa: E402
from graphval.engines.choose import choose  # noqa: E402
from graphval.engines.container_words import OWNER_LABEL  # noqa: E402
from graphval.engines.interface import Launch, Limits  # noqa: E402
from graphval.engines.options import EngineOptions  # noqa: E402
from graphval.engines.owner import this_process  # noqa: E402
from graphval.engines.process import LOAD_ENDED  # noqa: E402
from graphval.events import Done, PhaseEnded, ProbeSent  # noqa: E402
from tests.containers.image import build  # noqa: E402
from tests.engines.deployments import PASS_THROUGH  # noqa: E402


def main(image: str, rounds: int) -> None:
    """Print a line for each measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        single, several = deployment(folder / "one", 1), deployment(folder / "many", 21)
        measured: dict[str, list[Measured]] = {}
        for _ in range(rounds):
            for what, measure in (
                ("bare docker run", lambda: bare(image, single)),
                ("engine", lambda: engine(image, single)),
                ("check, 1 graph", lambda: check(image, single)),
                ("check, 21", lambda: check(image, several)),
            ):
                measured.setdefault(what, []).append(measure())
    own = {what: statistics.median(m.own for m in times) for what, times in measured.items()}
    print(f"{'':16} {'own':>6} {'server':>7} {'cpu':>6} {'answers':>8}  of the bare run")
    for what, times in measured.items():
        server, used, answers = (median(times, part) for part in ("server", "cpu", "answers"))
        ratio = own[what] / own["bare docker run"]
        print(f"{what:16} {own[what]:6.2f} {server:7.2f} {used:6.2f} {answers:8.2f}  {ratio:5.2f}")
    further = (own["check, 21"] - own["check, 1 graph"]) / 20
    one, many = measured["check, 1 graph"], measured["check, 21"]
    used, waiting = ((median(many, part) - median(one, part)) / 20 for part in ("cpu", "answers"))
    print(f"each further graph {further:6.3f}; cpu {used:.3f}, waiting for answers {waiting:.3f}")


def median(times: Sequence[Measured], part: str) -> float:
    return statistics.median(getattr(measured, part) for measured in times)


def cpu() -> float:
    """Seconds that this process and the children it has waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@dataclass(frozen=True, slots=True)
class Measured:
    """``server``: boot and load; ``own``: everything else; ``cpu``: of this process and its children; ``answers``:
    what went by between sending requests and having their answers."""

    own: float
    server: float
    cpu: float
    answers: float = 0.0


class Clock:
    """Runs from when it is made, but for what is done in :meth:`paused`."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._paused = self._server = 0.0
        self._cpu = cpu()

    def loaded(self, container: str) -> None:
        """The server in this container has just ended its load."""
        now, wall = perf_counter(), datetime.now(UTC)
        told = subprocess.run(
            ["docker", "inspect", "--format", "{{.State.StartedAt}}", container],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        # The runtime writes nanoseconds, which Python does not read.
        started = datetime.fromisoformat(told[:26].rstrip("Z") + "+00:00")
        self._server += (wall - started).total_seconds()
        self._paused += perf_counter() - now

    def stop(self, answers: float = 0.0) -> Measured:
        whole = perf_counter() - self._began - self._paused
        return Measured(whole - self._server, self._server, cpu() - self._cpu, answers)


def deployment(folder: Path, count: int) -> Path:
    for number in range(count):
        graph = folder / f"g{number}" / "graph.pbtxt"
        graph.parent.mkdir(parents=True)
        graph.write_text(PASS_THROUGH, encoding="utf-8")
    names = [{"name": f"g{number}"} for number in range(count)]
    config = folder / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": names}), encoding="utf-8")
    return config


def bare(image: str, config: Path) -> Measured:
    """From the command to the line that says it is ready, and then until the container is gone."""
    folder = str(config.parent)
    words = ["docker", "run", "--name", "graphval-bare", "--init", "--volume", f"{folder}:{folder}:ro", image]
    words += ["--config_path", str(config), "--port", "9000", "--log_level", "DEBUG"]
    clock = Clock()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if LOAD_ENDED in line:
                break
        clock.loaded("graphval-bare")
        subprocess.run(["docker", "rm", "--force", "graphval-bare"], capture_output=True, check=True)
    return clock.stop()


def engine(image: str, config: Path) -> Measured:
    """The same with an engine: hardened, watched, in a network of its own."""
    clock = Clock()
    chosen = choose("docker", EngineOptions(image=image)).engine
    with chosen.start(Launch(discover([config])[0]), Limits()) as server:
        assert server.loaded
        clock.loaded(ours())
    return clock.stop()


def check(image: str, config: Path) -> Measured:
    """A whole run."""
    clock, asked, answers = Clock(), 0.0, 0.0
    for event in graphval.exercise([config], engine="docker", options=EngineOptions(image=image)):
        if asked:
            answers, asked = answers + perf_counter() - asked, 0.0
        match event:
            case PhaseEnded(_, ServerPhase.LOAD):
                clock.loaded(ours())
            case ProbeSent():
                asked = perf_counter()
            case Done(report):
                assert report.verdict.value == "pass"
            case _:
                continue
    return clock.stop(answers)


def ours() -> str:
    """The container that this process has made."""
    listed = ["docker", "ps", "--quiet", "--filter", f"label={OWNER_LABEL}={this_process()}"]
    return subprocess.run(listed, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else build("docker"), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
