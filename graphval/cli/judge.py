"""``lint`` and ``check``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from graphval.cli.app import (
    EXIT_FINDINGS,
    EXIT_PASS,
    EXIT_USAGE,
    app,
    complain,
    say,
    usage,
)
from graphval.cli.engine_options import (
    AddressOption,
    ApiKeyFileOption,
    BinaryOption,
    CpuSecondsOption,
    CpusOption,
    DeadlineOption,
    DeviceOption,
    EngineOption,
    EnvFileOption,
    EnvOption,
    ImageOption,
    MemoryOption,
    MountOption,
    NetworkOption,
    PlatformOption,
    PullChoice,
    PullOption,
    RestAddressOption,
    ServerFlagOption,
    TlsCaOption,
    TlsCertOption,
    TlsKeyOption,
    TlsServerNameOption,
    UserOption,
    engine_options,
    limits,
)
from graphval.cli.options import (
    ChangedOption,
    Color,
    ColorOption,
    DiffOption,
    FixOption,
    FormatOption,
    OutputOption,
    Paths,
    Probes,
    ProbesOption,
    QuietOption,
    ReportOption,
    SamplesOption,
    SeedOption,
    VerboseOption,
)
from graphval.cli.output import (
    Shown,
    detail_of,
    exit_code,
    form_and_file,
    plain_listener,
    run,
    target,
    whole,
)
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
from graphval.events import Done
from graphval.report.form import Format
from graphval.settings.model import Settings

if TYPE_CHECKING:
    from graphval.fixes import Mended


@app.command()
def lint(
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
    from graphval.run.judging import processors

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
    paths = _touched(paths, changed_since, shown)
    if diff:
        _show_diff(paths, in_force, shown)
    if fix:
        _mend(paths, in_force)
    run(lint_events(paths, in_force, processes=processors()), in_force, shown, write_baseline)


@app.command()
def check(
    paths: Paths,
    format: FormatOption = Format.TEXT,
    output: OutputOption = None,
    report: ReportOption = None,
    changed_since: ChangedOption = None,
    engine: EngineOption = "auto",
    image: ImageOption = None,
    pull: PullOption = PullChoice.MISSING,
    platform: PlatformOption = None,
    user: UserOption = "5000:5000",
    network: NetworkOption = "isolated",
    device: DeviceOption = None,
    mount: MountOption = None,
    env: EnvOption = None,
    env_file: EnvFileOption = None,
    server_flag: ServerFlagOption = None,
    api_key_file: ApiKeyFileOption = None,
    binary: BinaryOption = None,
    address: AddressOption = None,
    rest_address: RestAddressOption = None,
    tls_ca: TlsCaOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    tls_server_name: TlsServerNameOption = None,
    memory: MemoryOption = 8192,
    cpus: CpusOption = 0.0,
    cpu_seconds: CpuSecondsOption = 600,
    deadline: DeadlineOption = None,
    samples: SamplesOption = None,
    seed: SeedOption = None,
    probes: ProbesOption = Probes.STANDARD,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", metavar="SECONDS", min=0.0, help="Time for a deployment; then only what must be asked."
        ),
    ] = None,
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
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    color: ColorOption = Color.AUTO,
) -> None:
    """Check all rungs: files, then requests to a throw-away server."""
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
            deadline=deadline,
        )
    shown = Shown(format, output, report, detail_of(quiet, verbose), color)
    paths = _touched(paths, changed_since, shown)
    # Where nothing has changed the run ends before this: what exercises is slow to import.
    from graphval.check import check_events
    from graphval.run.exercise import Depth, default_terms

    options = engine_options(
        image=image,
        pull=pull,
        platform=platform,
        user=user,
        network=network,
        device=device,
        mount=mount,
        env=env,
        env_file=env_file,
        server_flag=server_flag,
        api_key_file=api_key_file,
        binary=binary,
        address=address,
        rest_address=rest_address,
        tls_ca=tls_ca,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_server_name=tls_server_name,
    )
    of_server = limits(memory=memory, cpus=cpus, cpu_seconds=cpu_seconds)
    terms = default_terms(samples, in_force.deadlines, Depth(probes), budget, seed, of_server)
    events = check_events(paths, in_force, engine=engine, options=options, terms=terms)
    run(events, in_force, shown, write_baseline)


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


def _touched(paths: list[Path], revision: str | None, shown: Shown) -> list[Path]:
    """The deployments that differ from a revision, all paths where none was asked for; if none does, the run is over
    before it began, with an empty report that passes."""
    if revision is None:
        return paths
    from graphval.run.changed import changed_deployments
    from graphval.run.nothing import empty_report

    with usage():
        touched = changed_deployments(paths, revision)
    if touched:
        return touched
    with ExitStack() as stack:
        targets = [(shown.format, shown.output), *(form_and_file(text) for text in shown.reports or ())]
        if shown.format is Format.TEXT:
            stack.enter_context(target(shown.output)).write(f"nothing to judge has changed since {revision}\n")
            targets = targets[1:]
        for form, file in targets:
            plain_listener(stack.enter_context(target(file)), form)(Done(empty_report()))
    raise typer.Exit(EXIT_PASS)


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


def _so_many(changes: Sequence[Mended]) -> str:
    findings, files = sum(change.findings for change in changes), len(changes)
    return f"{findings} finding{'' if findings == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
