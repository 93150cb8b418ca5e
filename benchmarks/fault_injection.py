"""Runs with injected faults: each must end with the right verdict or ``inconclusive``, and leave nothing behind.

    python benchmarks/fault_injection.py [--runs 100] [--seed 0] [--at-once 2] [--only SEED]

Each run is a whole ``graphval check`` on a container of the tests' own image (the rehearsal under OVMS's command line)
or on the rehearsal. The fault, its moment and the graphs follow from the run's seed; the faults come in turn. A line is
printed for each run and a table for each fault; exit code 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.containers.faults import FAULTS, Case, Outcome, make_case, perform  # noqa: E402
from tests.containers.image import build  # noqa: E402


def main() -> int:
    """Run all, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="that of the first run; each has the next one")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--only", type=int, help="one run again, by its seed")
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + chosen.runs) if chosen.only is None else [chosen.only]
    image = build("docker")
    with ThreadPoolExecutor(chosen.at_once) as pool:
        outcomes = list(pool.map(lambda seed: one(make_case(seed), image), seeds))
    print(table(outcomes))
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


def one(case: Case, image: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        outcome = perform(case, folder, image)
    told = ", ".join(f"{graph} {verdict}" for graph, verdict in outcome.graphs.items())
    why = "".join(f"\n     because {reason}" for reason in dict.fromkeys(outcome.reasons.values()))
    wrong = "".join(f"\n     WRONG {text}" for text in outcome.wrong)
    print(
        f"{case.seed:4} {case.engine:9} {case.fault:18} after {case.after:4.1f} s: exit {outcome.code}, "
        f"{outcome.verdict} ({told}) in {outcome.seconds:.1f} s{why}{wrong}",
        flush=True,
    )
    return outcome


def table(outcomes: Iterable[Outcome]) -> str:
    """A row for each fault, and the sums."""
    rows: dict[str, Counter[str]] = {fault: Counter() for fault in FAULTS}
    for outcome in outcomes:
        row = rows[outcome.case.fault]
        row["runs"] += 1
        row["wrong"] += any(not text.startswith("left: ") for text in outcome.wrong)
        row["left"] += sum(text.startswith("left: ") for text in outcome.wrong)
        row[outcome.verdict] += 1
    columns = ("runs", "pass", "fail", "inconclusive", "none", "wrong", "left")
    lines = [f"{'fault':18}" + "".join(f"{name:>14}" for name in columns)]
    total: Counter[str] = Counter()
    for fault, row in rows.items():
        total.update(row)
        lines.append(f"{fault:18}" + "".join(f"{row[name]:14}" for name in columns))
    return "\n".join([*lines, f"{'all':18}" + "".join(f"{total[name]:14}" for name in columns)])


if __name__ == "__main__":
    sys.exit(main())
