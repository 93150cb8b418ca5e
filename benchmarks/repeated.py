"""What a run costs that has nothing to do: nothing has changed since a revision, or since an earlier run.

    .venv/bin/python benchmarks/repeated.py [--graphs graphs/good] [--runs 10]

The graphs are copied to a repository of their own, in which a file changes that none of them depends on. Each run is a
process. Printed are the best and the median time from start to end and the best processor time, with git's: on a busy
machine the first two tell more of the others. Goals: 300 ms for ``--changed-since``, 500 ms for a cached repeat of one
deployment, 60 ms for importing the library beyond what an interpreter takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parents[1]
ONE = "relay"
Times: TypeAlias = tuple[float, float, float]


def measure(words: Sequence[str], folder: Path, environment: Mapping[str, str], runs: int) -> Times:
    """Best and median seconds from start to end, and the best processor time; the first run is left out."""
    seconds, processor = [], []
    for run in range(runs + 1):
        before, begun = _used(), time.perf_counter()
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False)
        if run:
            seconds.append(time.perf_counter() - begun)
            processor.append(_used() - before)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: {done.stdout.decode()}{done.stderr.decode()}")
    return min(seconds), statistics.median(seconds), min(processor)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def repository(folder: Path, graphs: Path, environment: Mapping[str, str]) -> None:
    """The graphs under version control, and a change that concerns none of them."""
    shutil.copytree(graphs, folder / "graphs")
    (folder / "README.md").write_text("first\n", encoding="utf-8")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=folder, env=environment, check=True)
    (folder / "README.md").write_text("second\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--graphs", type=Path, default=ROOT / "graphs" / "good")
    arguments.add_argument("--runs", type=int, default=10)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphval-benchmark-") as name:
        folder = Path(name)
        who = {f"GIT_{role}_{what}": "b@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **who, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
        # As an installed package has it: modules are compiled once, by the run that is left out.
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        for unwanted in ("GRAPHVAL_NO_CACHE", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(unwanted, None)
        repository(folder / "repository", given.graphs, environment)
        graphval = [sys.executable, "-m", "graphval"]
        cases = {
            "an interpreter that does nothing": [sys.executable, "-c", "pass"],
            "import graphval": [sys.executable, "-c", "import graphval"],
            "check --changed-since, nothing changed": [*graphval, "check", "graphs", "--changed-since", "HEAD"],
            "check of one graph, cached": [*graphval, "check", f"graphs/{ONE}", "--engine", "rehearsal"],
            "the same, engine auto": [*graphval, "check", f"graphs/{ONE}"],
        }
        for title, words in cases.items():
            best, median, processor = measure(words, folder / "repository", environment, given.runs)
            told = f"best {best * 1000:4.0f} ms   median {median * 1000:4.0f} ms   processor {processor * 1000:4.0f} ms"
            print(f"{title:40} {told}", flush=True)


if __name__ == "__main__":
    main()
