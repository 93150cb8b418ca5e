"""How long the rehearsal takes: from start to ready with one small model, and to create and answer a small graph.

    python benchmarks/rehearsal_speed.py --runs 5

Start-up includes the interpreter and all imports. A request creates its graph anew, as OVMS does without a pool; the
median of many is given, and that of the first ones.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.engines.interface import Launch, Limits
from graphval.engines.rehearsal import RehearsalEngine
from graphval.probe.client import KServeClient
from graphval.probe.models import ServedModels
from graphval.probe.plan import Settings, make_plan
from graphval.rules.run import judge

GRAPHS = Path(__file__).parents[1] / "graphs" / "good"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the rehearsal.")
    parser.add_argument("--runs", type=int, default=5, help="servers that are started")
    parser.add_argument("--requests", type=int, default=100, help="requests to each")
    parser.add_argument("--graph", type=Path, default=GRAPHS / "smoothing_session")
    arguments = parser.parse_args()
    deployment = load_deployment(arguments.graph)
    judged = judge(deployment, load_catalog(None)).graphs[0]
    assert judged.context is not None
    starts, first, later = [], [], []
    for _ in range(arguments.runs):
        began = time.perf_counter()
        with RehearsalEngine().start(Launch(deployment), Limits()) as server, KServeClient(server.grpc) as client:
            assert server.loaded, server.stdout()
            starts.append(time.perf_counter() - began)
            models = ServedModels(client, deployment, 10.0)
            plan = make_plan(judged.context, arguments.graph.name, models.inputs_of, Settings())
            times = []
            for _ in range(arguments.requests):
                began = time.perf_counter()
                answer = client.infer(plan.serving[0].request, 30.0)
                times.append(time.perf_counter() - began)
                assert answer.ok, str(answer)
            first.append(times[0])
            later += times[1:]
    start, begin, usual = (statistics.median(times) for times in (starts, first, later))
    print(f"{arguments.graph.name}: ready after {start:.2f} s (best {min(starts):.2f} s)")
    print(f"first request {begin * 1000:.1f} ms, later ones {usual * 1000:.1f} ms (best {min(later) * 1000:.1f} ms)")


if __name__ == "__main__":
    main()
