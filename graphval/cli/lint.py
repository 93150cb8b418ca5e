"""``lint``: judge files alone, and mend them.

Without ``from __future__ import annotations``, as Typer would otherwise have each annotation compiled twice.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from graphval.cli.app import EXIT_FINDINGS, EXIT_USAGE, complain, say, usage
from graphval.cli.changed import touched
from graphval.cli.options import (
    ChangedOption,
    Color,
    ColorOption,
    DiffOption,
    FixOption,
    FormatOption,
    OutputOption,
    Paths,
    QuietOption,
    ReportOption,
    VerboseOption,
)
from graphval.cli.output import Shown, detail_of, exit_code, run, target, whole
from graphval.cli.setting_options import (
    BaselineOption,
    FailOnOption,
    IgnoreOption,
    NoModelsOption,
    NoSettingsOption,
    ProfileOption,
    SelectOption,
    SettingsOption,
    SeverityOption,
    VersionOption,
    WriteBaselineOption,
    settings_in_force,
)
from graphval.report.form import Format
from graphval.settings.model import Settings

if TYPE_CHECKING:
    from graphval.fixes import Mended


def lint(
    context: typer.Context,
    paths: Paths,
    format: FormatOption = Format.TEXT,
    output: OutputOption = None,
    report: ReportOption = None,
    changed_since: ChangedOption = None,
    ovms_version: VersionOption = None,
    no_models: NoModelsOption = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    severity: SeverityOption = None,
    profile: ProfileOption = None,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
    write_baseline: WriteBaselineOption = None,
    settings: SettingsOption = None,
    no_settings: NoSettingsOption = False,
    fix: FixOption = False,
    diff: DiffOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> None:
    """Check files only: milliseconds, nothing is started."""
    from graphval.check import lint_events

    with usage():
        in_force = settings_in_force(
            paths,
            file=settings,
            no_file=no_settings,
            select=select,
            ignore=ignore,
            severity=severity,
            profile=profile,
            fail_on=fail_on,
            ovms_version=ovms_version,
            no_models=no_models,
            baseline=baseline,
            write_baseline=write_baseline,
        )
    shown = Shown(format, output, report, detail_of(quiet, verbose), color)
    paths = touched(paths, changed_since, shown)
    if diff:
        _show_diff(paths, in_force, shown)
    if fix:
        _mend(paths, in_force)
    run(lint_events(paths, in_force, judges=context.obj), in_force, shown, write_baseline)


def _show_diff(paths: list[Path], settings: Settings, shown: Shown) -> NoReturn:
    """Show what mending would change; the exit code is of the files as they are."""
    from graphval.check import lint_events
    from graphval.fixes import mends

    if shown.format is not Format.TEXT or shown.reports:
        raise typer.BadParameter("--diff shows a diff, and no report in another form")
    with usage():
        changes = mends(paths, settings)
        report = whole(lint_events(paths, settings))
    with target(shown.output) as stream:
        for change in changes:
            stream.writelines(change.diff())
    if changes:
        say(f"--fix would mend {_so_many(changes)}")
    raise typer.Exit(EXIT_FINDINGS if changes else exit_code(report, settings.threshold))


def _mend(paths: list[Path], settings: Settings) -> None:
    """Mend what is certain, files written."""
    from graphval.fixes import UnwritableFile, mend_files

    with usage():
        try:
            changes = mend_files(paths, settings)
        except UnwritableFile as why:
            complain(str(why), EXIT_USAGE)
    if changes:
        say(f"mended {_so_many(changes)}")


def _so_many(changes: "Sequence[Mended]") -> str:
    findings, files = sum(change.findings for change in changes), len(changes)
    return f"{findings} finding{'' if findings == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
