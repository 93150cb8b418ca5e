"""What linting many graphs costs, beside protobuf's own parser on the same texts.

    .venv/bin/python benchmarks/lint_many.py [--graphs 1000] [--runs 5]

Made-up folders hold the good example graphs, over and over. Printed are the time of ``graphval lint`` from the shell on
all of them, of ``text_format.Parse`` alone in one process, of one graph in a warm process, and the most memory the
command held. Runs of both alternate, so that what else the machine does meets both; the best of each counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from google.protobuf import text_format
from google.protobuf.message_factory import GetMessageClass

from graphval.catalog import load
from graphval.deployment import discover
from graphval.rules.run import judge

ROOT = Path(__file__).resolve().parents[1]
SECONDS, RATIO, MILLISECONDS, MEBIBYTES = 2.0, 1.5, 5.0, 150


def write_graphs(folder: Path, count: int) -> list[Path]:
    """So many folders, each with one of the good example graphs."""
    sources = sorted(ROOT.glob("graphs/good/*/graph.pbtxt"))
    files = []
    for number in range(count):
        file = folder / f"graph_{number:05}" / "graph.pbtxt"
        file.parent.mkdir()
        file.write_text(sources[number % len(sources)].read_text(encoding="utf-8"), encoding="utf-8")
        files.append(file)
    return files


def parse_all(texts: list[str]) -> float:
    """Seconds that protobuf's parser takes."""
    catalog = load()
    message, pool = GetMessageClass(catalog.graph_config), catalog.pool
    begun = time.perf_counter()
    for text in texts:
        text_format.Parse(text, message(), descriptor_pool=pool)
    return time.perf_counter() - begun


def lint_all(folder: Path) -> float:
    """Seconds of the command from start to end."""
    options = ["--no-models", "--format", "json", "--output", os.devnull]
    words = [sys.executable, "-m", "graphval", "lint", *options, str(folder)]
    begun = time.perf_counter()
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return seconds


def judge_each(files: list[Path]) -> float:
    """Seconds per graph in a warm process: reading the file, every rule."""
    catalog = load()
    sample = files[:40]
    for _ in range(2):  # the first round warms up
        begun = time.perf_counter()
        for file in sample:
            for deployment in discover([file]):
                judge(deployment, catalog, no_models=True)
        seconds = time.perf_counter() - begun
    return seconds / len(sample)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--graphs", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphval-bench-") as name:
        files = write_graphs(Path(name), given.graphs)
        texts = [file.read_text(encoding="utf-8") for file in files]
        judge_each(files)  # and have the pool load what the texts name: text_format does not
        rounds = [(parse_all(texts), lint_all(Path(name)), judge_each(files)) for _ in range(given.runs)]
        parsing, linting, one = (min(column) for column in zip(*rounds, strict=True))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    results = [
        (f"graphval lint, {given.graphs} graphs", linting, SECONDS, "s"),
        ("the same, in times of text_format.Parse", linting / parsing, RATIO, "x"),
        ("one graph in a warm process", one * 1000, MILLISECONDS, "ms"),
        ("memory of the largest process", memory, MEBIBYTES, "MiB"),
    ]
    print(f"{sum(map(len, texts)) / 1e6:.2f} MB, {os.cpu_count()} cores; text_format.Parse alone {parsing:.2f} s")
    for title, value, goal, unit in results:
        print(f"{title:42} {value:7.2f} {unit:3}  goal {goal:g} {unit}: {'met' if value <= goal else 'missed'}")
    return 0 if all(value <= goal for _, value, goal, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
