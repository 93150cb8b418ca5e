"""The options of the command line that are settings, and what they mean together with a settings file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from graphval.deadlines import ServerPhase
from graphval.findings import Severity
from graphval.settings.model import Profile, Settings

VersionOption = Annotated[
    str | None, typer.Option("--ovms-version", metavar="X", help="OVMS release to judge by; the newest if not given.")
]
NoModelsOption = Annotated[
    bool | None,
    typer.Option("--no-models/--models", help="Models and files that graphs name are not at hand: do not miss them."),
]
FailOnOption = Annotated[
    Severity | None, typer.Option("--fail-on", help="Lowest severity that makes the exit code 1; error if not given.")
]
ProfileOption = Annotated[
    Profile | None, typer.Option("--profile", help="strict: warnings and advice make the exit code 1 too.")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODES", help="Report these only: codes or their beginnings, like GV210,GV5."),
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="CODES", help="Do not report these: codes or their beginnings.")
]
SeverityOption = Annotated[
    list[str] | None,
    typer.Option("--severity", metavar="CODE=LEVEL", help="Report a code as error, warning or info."),
]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Leave out the findings that this file knows.")
]
WriteBaselineOption = Annotated[
    Path | None,
    typer.Option("--write-baseline", metavar="FILE", help="Write all findings to this file; the exit code is 0."),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="A graphval.toml or pyproject.toml; else the closest one upwards."),
]
NoSettingsOption = Annotated[bool, typer.Option("--no-settings", help="Read no settings file.")]


def settings_in_force(
    paths: Iterable[Path],
    *,
    file: Path | None,
    no_file: bool,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    severity: list[str] | None = None,
    profile: Profile | None = None,
    fail_on: Severity | None = None,
    ovms_version: str | None = None,
    no_models: bool | None = None,
    baseline: Path | None = None,
    write_baseline: Path | None = None,
    deadline: list[str] | None = None,
    sample: list[str] | None = None,
) -> Settings:
    """The command line over the settings file. Raises :class:`~graphval.settings.SettingsError`."""
    from graphval.run.in_force import asked_for, over_file, over_found_file

    if file is not None and no_file:
        raise typer.BadParameter("--settings and --no-settings exclude each other")
    asked = asked_for(
        profile=profile,
        fail_on=fail_on,
        ovms_version=ovms_version,
        no_models=no_models,
        select=_split(select),
        ignore=_split(ignore),
        severity=_severities(severity),
        baseline=baseline,
        deadlines=_deadlines(deadline),
        samples=named_samples(sample),
    )
    in_force = over_file(asked, file) if file is not None or no_file else over_found_file(asked, paths)
    # What is written anew is not judged by what stands there.
    return in_force._replace(baseline=None) if write_baseline is not None else in_force


def named_samples(values: list[str] | None) -> dict[str, tuple[Path, ...]]:
    """Files by the graphs they are for."""
    found: dict[str, tuple[Path, ...]] = {}
    for value in values or ():
        graph, equals, file = value.partition("=")
        if not (graph and equals and file):
            raise typer.BadParameter(f"--sample takes GRAPH=FILE, not {value}")
        if not Path(file).is_file():
            raise typer.BadParameter(f"--sample {value}: there is no file {file}")
        found[graph] = (*found.get(graph, ()), Path(file))
    return found


def _deadlines(values: list[str] | None) -> dict[ServerPhase, float]:
    if not values:
        return {}
    from graphval.cli.engine_options import deadlines  # linting has none, and the options of engines are many

    return deadlines(values)


def _split(values: list[str] | None) -> list[str] | None:
    """Codes given in one word with commas, or with an option each."""
    if values is None:
        return None
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _severities(values: list[str] | None) -> dict[str, str]:
    pairs = [word.partition("=") for word in _split(values) or ()]
    for code, equals, level in pairs:
        if not equals or level not in list(Severity):
            raise typer.BadParameter(
                f"--severity takes CODE=LEVEL, LEVEL being one of {', '.join(Severity)}, not {code}{equals}{level}"
            )
    return {code: level for code, _, level in pairs}
