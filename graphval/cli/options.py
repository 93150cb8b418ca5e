"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graphval.cli.app import say
from graphval.report.form import Format


class Color(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Probes(StrEnum):
    """How much is asked of each graph (``graphval.probe.plan.Depth``, whose import would slow linting down)."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


ProbesOption = Annotated[
    Probes,
    typer.Option(
        "--probes",
        help="quick: creation, a request; standard: REST, edges, streams, refusals, at once; thorough: more.",
    ),
]


ChangedOption = Annotated[
    str | None,
    typer.Option("--changed-since", metavar="REV", help="Judge only what differs from this revision of git."),
]


def _folder_of_samples(folder: Path | None) -> Path | None:
    """The folder as it was given; where there is none, that is said, for it looks as if its samples were sent."""
    if folder is not None and not folder.is_dir():
        say(f"there is no folder {folder}: without samples, requests are made up")
    return folder


SamplesOption = Annotated[
    Path | None,
    typer.Option(
        "--samples",
        metavar="DIR",
        callback=_folder_of_samples,
        help="Folder of request samples; samples if not given.",
    ),
]


SampleOption = Annotated[
    list[str] | None,
    typer.Option("--sample", metavar="GRAPH=FILE", help="A request of this graph, instead of what its folder holds."),
]


SeedOption = Annotated[int | None, typer.Option("--seed", metavar="N", help="Fixes the values that are made up.")]


Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        readable=False,  # what cannot be read is said as for any other file
        help="Graph files, graph directories, config.json files, or folders of such.",
    ),
]


FormatOption = Annotated[Format, typer.Option("--format", help="Form of the report.")]


OutputOption = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Write the report to this file, not to standard output.")
]


ReportOption = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="FORM=FILE", help="Write a report of this form to a file too; may be repeated."),
]


FixOption = Annotated[bool, typer.Option("--fix", help="Mend what can be meant one way only; then judge what is left.")]


DiffOption = Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")]


QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Findings and the last line only.")]


VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Also what the engine did, and all evidence.")]


ColorOption = Annotated[Color, typer.Option("--color", help="Colour; auto obeys NO_COLOR.")]
