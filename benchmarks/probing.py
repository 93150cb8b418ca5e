"""What exercising costs graphval itself: one graph with one small model, and many of them in one server.

    python benchmarks/probing.py --graphs 50 100 200 --runs 3

Each run is a whole ``check`` with the standard plan on the rehearsal, in a process of its own, imports included. *Own*
is the processor time of that process, without the server, which is another one; *elapsed* is what a user waits, on a
busy machine for other programs too. Of several runs the best counts. The time per further graph is given between one
number of graphs and the next: where it grows, the cost is not linear.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

OWN_SECONDS_OF_ONE, OWN_MS_OF_FURTHER = 2.0, 40.0
"""What is aimed at: for one graph, and for each further one in the same server."""

GRAPH = """input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: { servable_name: "plus_one" }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
  node_options: {
    [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
      tag_to_input_tensor_names { key: "OVTENSOR" value: "a" }
      tag_to_output_tensor_names { key: "OVTENSOR" value: "b" }
    }
  }
}
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of one run, and how many requests were sent."""

    own: float
    elapsed: float
    probes: int


def save_model(folder: Path) -> None:
    """``b = a + 1``."""
    import numpy as np
    import openvino
    from openvino import opset13 as ops

    source = ops.parameter([1, 4], np.float32, name="a")
    source.output(0).set_names({"a"})
    result = ops.add(source, ops.constant(np.float32(1)))
    result.output(0).set_names({"b"})
    (folder / "1").mkdir(parents=True)
    openvino.save_model(openvino.Model([result], [source], "plus_one"), folder / "1" / "model.xml")


def write_deployment(folder: Path, graphs: int) -> None:
    names = [f"g{number}" for number in range(graphs)]
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "graph.pbtxt").write_text(GRAPH)
    config = {
        "model_config_list": [{"config": {"name": "plus_one", "base_path": str(folder.parent / "plus_one")}}],
        "mediapipe_config_list": [{"name": name} for name in names],
    }
    (folder / "config.json").write_text(json.dumps(config))


def check(folder: Path) -> None:
    """One run; prints its cost as JSON. The interpreter's own start counts as well."""
    import graphval

    started = time.monotonic()
    report = graphval.check([folder / "config.json"], engine="rehearsal")
    elapsed = time.monotonic() - started
    assert report.verdict == "pass", report
    print(json.dumps([time.process_time(), elapsed, sum(graph.probes for graph in report.graphs)]))


def cost(folder: Path, runs: int) -> Cost:
    words = [sys.executable, __file__, "--of", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    found = []
    for _ in range(runs):
        run = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
        found.append(Cost(*json.loads(run.stdout.splitlines()[-1])))
    return Cost(min(one.own for one in found), min(one.elapsed for one in found), found[0].probes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.of is not None:
        check(chosen.of)
        return
    with tempfile.TemporaryDirectory() as place:
        save_model(Path(place) / "plus_one")
        before, before_cost = 0, Cost(0.0, 0.0, 0)
        for graphs in [1, *sorted(chosen.graphs)]:
            write_deployment(Path(place) / str(graphs), graphs)
            now = cost(Path(place) / str(graphs), chosen.runs)
            told = f"{graphs:4} graphs: own {now.own:.2f} s, elapsed {now.elapsed:.1f} s, {now.probes} requests"
            if before:
                further = (now.own - before_cost.own) / (graphs - before) * 1000
                told += f"; each further one {further:.1f} ms own (aim {OWN_MS_OF_FURTHER:g})"
            else:
                told += f" (aim {OWN_SECONDS_OF_ONE:g} s own)"
            print(told, flush=True)
            before, before_cost = graphs, now


if __name__ == "__main__":
    main()
