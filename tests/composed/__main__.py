"""Compare the rules with MediaPipe on graphs made up at random:

    python -m tests.composed [--seed 1] [--graphs 2000] [--shown 1]

Prints how often both say the same, then the disagreements by what the server and the rules say, with examples. One
thousand graphs take about a minute of processor time. A graph that is shown with its number can be made again.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict

from tests.composed.comparison import Comparison, compared
from tests.composed.generated import generated


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the rules with MediaPipe on graphs made up at random.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--graphs", type=int, default=2000)
    parser.add_argument("--shown", type=int, default=1, help="examples of each disagreement")
    arguments = parser.parse_args()
    groups: dict[tuple[str, ...], list[Comparison]] = defaultdict(list)
    counted: Counter[str] = Counter()
    for comparison in compared(generated(arguments.seed, number) for number in range(arguments.graphs)):
        kind = "agree" if comparison.agree else "beyond the files" if comparison.beyond_files else comparison.kind
        counted[kind] += 1
        if kind not in ("agree", "beyond the files"):
            groups[key(comparison)].append(comparison)
    for of_a_kind, found in sorted(groups.items(), key=lambda item: -len(item[1])):
        calculators = Counter(name for one in found for name in set(re.findall(r'calculator: "(\w+)"', one.graph.text)))
        mistakes = Counter(name for one in found for name in one.graph.mistakes)
        print(f"== {len(found)} x {' | '.join(of_a_kind)}")
        print(f"calculators: {calculators.most_common(3)}; mistakes: {mistakes.most_common(3)}")
        print("\n".join(map(str, found[: arguments.shown])))
    print(", ".join(f"{number} {kind}" for kind, number in counted.most_common()))


def key(comparison: Comparison) -> tuple[str, ...]:
    """What disagreements of one cause have in common: texts without names and numbers."""
    theirs = re.sub(r"\d+", "N", re.sub(r'"[^"]*"', '"…"', str(comparison.theirs)))
    return comparison.kind, theirs[:200], " ".join(re.findall(r"GV\d+", comparison.ours.why))


if __name__ == "__main__":
    main()
