"""What becomes of each calculator of a release in a rehearsal.

``python -m graphval.rehearsal.coverage [--write FILE]`` prints it.

Three answers, read from the code that decides them at load: *real* (the framework of the wheel runs it), *bridged* (we
run it beside the framework), *not exercised* (nobody can, and why). ``--write`` puts the table between the two marks of
a Markdown file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from graphval import catalog
from graphval.catalog import Catalog
from graphval.rehearsal.expansion.handlers import REGISTERED, WHEEL_HANDLERS
from graphval.rehearsal.expansion.plan import foreign_inner_calculator
from graphval.rehearsal.framework import has_calculator
from graphval.rehearsal.nodes.registry import bridged_calculator

BEGIN, END = "<!-- coverage: begin -->", "<!-- coverage: end -->"


class Treatment(StrEnum):
    """What becomes of a calculator: MediaPipe runs it, we do beside it, or nobody can."""

    REAL = "real"
    BRIDGED = "bridged"
    NOT_EXERCISED = "not exercised"


@dataclass(frozen=True, slots=True)
class Row:
    """One calculator or subgraph. ``reason`` only where it is not exercised."""

    name: str
    treatment: Treatment
    reason: str = ""


def rows(release: Catalog) -> Iterator[Row]:
    """One row per registered calculator and subgraph, by name."""
    for name in sorted(release.calculators | release.subgraphs):
        if bridged_calculator(name) is not None:
            yield Row(name, Treatment.BRIDGED)
        elif not has_calculator(name):
            yield Row(name, Treatment.NOT_EXERCISED, "not part of the MediaPipe wheel")
        elif inner := foreign_inner_calculator(release, name):
            yield Row(name, Treatment.NOT_EXERCISED, f"contains {inner}, which the wheel's does not")
        else:
            yield Row(name, Treatment.REAL)


def table(release: Catalog) -> str:
    """The Markdown between the marks: counts, then the names of each treatment, then the handlers."""
    found = list(rows(release))
    by = {t: [row for row in found if row.treatment is t] for t in Treatment}
    counted = (
        f"OVMS {release.version}: {len(found)} calculators and subgraphs, of which {len(by[Treatment.REAL])} are real, "
        f"{len(by[Treatment.BRIDGED])} bridged and {len(by[Treatment.NOT_EXERCISED])} not exercised."
    )
    lines = [
        counted,
        "",
        "| calculator or subgraph | in a rehearsal |",
        "|---|---|",
        *(f"| `{row.name}` | {row.treatment}{f': {row.reason}' if row.reason else ''} |" for row in found),
        "",
        "| input stream handler | in a rehearsal |",
        "|---|---|",
    ]
    for name in sorted(release.input_stream_handlers):
        if name in WHEEL_HANDLERS:
            how = "real"
        elif name in REGISTERED:
            how = "its checks are made; the node runs under the nearest handler that keeps its meaning, or not at all"
        else:
            how = "not exercised"
        lines.append(f"| `{name}` | {how} |")
    return "\n".join(lines) + "\n"


def put(document: str, content: str) -> str:
    """A document with ``content`` between its marks. Raises ValueError where it has none."""
    head, found, rest = document.partition(BEGIN)
    _, closed, tail = rest.partition(END)
    if not found or not closed:
        raise ValueError("the marks of the table are missing")
    return f"{head}{BEGIN}\n\n{content}\n{END}{tail}"


def main(words: list[str]) -> None:
    """Print the table, or put it into a file."""
    parser = argparse.ArgumentParser(description="What becomes of each calculator in a rehearsal.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks of a Markdown file")
    parser.add_argument("--ovms-version", help="the release, by default the newest")
    arguments = parser.parse_args(words)
    content = table(catalog.load(arguments.ovms_version))
    if arguments.write is None:
        sys.stdout.write(content)
    else:
        arguments.write.write_text(put(arguments.write.read_text(), content))


if __name__ == "__main__":
    main(sys.argv[1:])
