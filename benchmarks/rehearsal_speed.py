"""How long the rehearsal takes: from start to ready with one small model, and to create and answer a small graph.

    python benchmarks/rehearsal_speed.py --runs 5

Start-up includes the interpreter and all imports. A request creates its graph anew, as OVMS does without a pool; the
median of many is given, and that of the first ones. *Elapsed* is what a client waits, on a busy machine for other
programs too; *server* is the processor time that the server itself took.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.engines.interface import Launch, Limits
from graphval.engines.rehearsal import RehearsalEngine
from graphval.probe.asking import ProbeSettings
from graphval.probe.client import KServeClient
from graphval.probe.models import ServedModels
from graphval.probe.plan import make_plan
from graphval.rules.run import judge

GRAPHS = Path(__file__).parents[1] / "graphs" / "good"

_CPU_CLOCK = 2
"""Linux' processor-time clock of a whole process (``clock_getcpuclockid``)."""


@dataclass
class Measured:
    """Seconds of several runs of one thing."""

    elapsed: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def add(self, elapsed: float, server: float) -> None:
        self.elapsed.append(elapsed)
        self.server.append(server)

    def told(self, unit: str) -> str:
        factor = {"s": 1, "ms": 1000}[unit]
        return ", ".join(
            f"{name} {statistics.median(times) * factor:.3g} {unit} (best {min(times) * factor:.3g} {unit})"
            for name, times in (("elapsed", self.elapsed), ("server", self.server))
        )


def only_child() -> int:
    """The process that the engine has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # others come and go
            if int(status.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(status.parent.name))
    (child,) = found
    return child


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has used up to now."""
    return time.clock_gettime((~process << 3) | _CPU_CLOCK)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the rehearsal.")
    parser.add_argument("--runs", type=int, default=5, help="servers that are started")
    parser.add_argument("--requests", type=int, default=100, help="requests to each")
    parser.add_argument("--graph", type=Path, default=GRAPHS / "smoothing_session")
    arguments = parser.parse_args()
    deployment = load_deployment(arguments.graph)
    judged = judge(deployment, load_catalog(None)).graphs[0]
    assert judged.context is not None
    starts, first, later = Measured(), Measured(), Measured()
    for _ in range(arguments.runs):
        began = time.perf_counter()
        with RehearsalEngine().start(Launch(deployment), Limits()) as server, KServeClient(server.grpc) as client:
            assert server.loaded, server.stdout()
            elapsed, process = time.perf_counter() - began, only_child()
            starts.add(elapsed, processor_time(process))
            models = ServedModels(client, deployment, 10.0)
            plan = make_plan(judged.context, arguments.graph.name, models.inputs_of, ProbeSettings())
            for number in range(arguments.requests):
                began, used = time.perf_counter(), processor_time(process)
                answer = client.infer(plan.serving[0].request, 30.0)
                (later if number else first).add(time.perf_counter() - began, processor_time(process) - used)
                assert answer.ok, str(answer)
    print(f"{arguments.graph.name}, ready: {starts.told('s')}")
    print(f"first request: {first.told('ms')}")
    print(f"later requests: {later.told('ms')}")


if __name__ == "__main__":
    main()
