"""How long ``graphval lint`` of one small graph takes from the shell, cold, and where the time goes.

    .venv/bin/python benchmarks/lint_startup.py [--graph graphs/good/relay] [--runs 20]

Each run is a process of its own. Printed are the best and the median time of the command, of an interpreter that does
nothing, and of the command's own parts. The best is what the code costs; the rest is what else the machine was doing.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOAL = 0.250

PARTS = {
    "an interpreter that does nothing": "pass",
    "and what is used of protobuf": "from google.protobuf import descriptor",
    "and typer": "import typer",
    "and graphval.cli": "import graphval.cli",
    "and graphval.check": "import graphval.cli, graphval.check",
    "and all rules, needed or not": "import graphval.check; from graphval.rules.registry import all_rules; all_rules()",
}


def measure(words: Sequence[str], runs: int) -> tuple[float, float]:
    """Best and median seconds of a process, the first run left out: it may compile modules."""
    seconds = []
    for run in range(runs + 1):
        begun = time.perf_counter()
        done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
        if run:
            seconds.append(time.perf_counter() - begun)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")
    return min(seconds), statistics.median(seconds)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--graph", default="graphs/good/relay")
    arguments.add_argument("--runs", type=int, default=20)
    given = arguments.parse_args()
    for name, code in PARTS.items():
        best, median = measure([sys.executable, "-c", code], given.runs)
        print(f"{name:36} best {best * 1000:4.0f} ms   median {median * 1000:4.0f} ms")
    command = [str(Path(sys.executable).with_name("graphval")), "lint", given.graph]
    best, median = measure(command, given.runs)
    print(f"{'graphval lint ' + given.graph:36} best {best * 1000:4.0f} ms   median {median * 1000:4.0f} ms")
    print(f"goal {GOAL * 1000:.0f} ms: {'met' if median <= GOAL else 'met at best' if best <= GOAL else 'missed'}")


if __name__ == "__main__":
    main()
