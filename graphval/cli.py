"""The command line: options in, events to the renderers, an exit code out. No logic of its own.

Exit codes: 0 pass, 1 findings at or above the threshold, 2 usage or input that cannot be read, 3 inconclusive.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO

import typer

from graphval.cli_engines import (
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
    StartDeadlineOption,
    TlsCaOption,
    TlsCertOption,
    TlsKeyOption,
    TlsServerNameOption,
    UserOption,
    engine_options,
    limits,
)
from graphval.cli_settings import (
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
from graphval.events import Done, Event, Interrupted
from graphval.findings import Report, Severity, Verdict
from graphval.report.form import Format
from graphval.settings.model import Settings

if TYPE_CHECKING:
    from graphval.fixes import Mended

EXIT_PASS, EXIT_FINDINGS, EXIT_USAGE, EXIT_INCONCLUSIVE = 0, 1, 2, 3
EXIT_INTERRUPTED, EXIT_TERMINATED = 130, 143

# No rich, no completion: either would cost more time than linting a graph.
app = typer.Typer(
    name="graphval",
    help="Check MediaPipe graphs for OpenVINO Model Server before they are deployed.",
    epilog="Exit codes: 0 pass, 1 findings at or above --fail-on, 2 usage or unreadable input, 3 inconclusive.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
        "--probes", help="quick: creation and one request; standard: edges, streams, refusals, at once; thorough: more."
    ),
]
ChangedOption = Annotated[
    str | None,
    typer.Option("--changed-since", metavar="REV", help="Judge only what differs from this revision of git."),
]
SamplesOption = Annotated[
    Path | None, typer.Option("--samples", metavar="DIR", help="Folder of request samples; samples if not given.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", metavar="N", help="Fixes the values that are made up.")]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Graph files, graph directories, config.json files, or folders of such."),
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
    from graphval.judging import processors

    with _usage():
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
    shown = Shown(format, output, report, _detail(quiet, verbose), color)
    paths = _touched(paths, changed_since, shown)
    if diff:
        _show_diff(paths, in_force, shown)
    if fix:
        _mend(paths, in_force)
    _run(lint_events(paths, in_force, processes=processors()), in_force, shown, write_baseline)


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
    start_deadline: StartDeadlineOption = 120.0,
    deadline: DeadlineOption = 30.0,
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
    with _usage():
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
    shown = Shown(format, output, report, _detail(quiet, verbose), color)
    paths = _touched(paths, changed_since, shown)
    # Where nothing has changed the run ends before this: what exercises is slow to import.
    from graphval.check import check_events
    from graphval.exercise import Depth, default_terms

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
    of_server = limits(start_deadline=start_deadline, memory=memory, cpus=cpus, cpu_seconds=cpu_seconds)
    terms = default_terms(samples, deadline, Depth(probes), budget, seed, of_server)
    events = check_events(paths, in_force, engine=engine, options=options, terms=terms)
    _run(events, in_force, shown, write_baseline)


@app.command()
def draw(
    paths: Paths,
    format: Annotated[str, typer.Option("--format", metavar="FORM", help="svg, dot or mermaid.")] = "svg",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to this file, or a file for each graph to this folder."
        ),
    ] = None,
    ovms_version: VersionOption = None,
) -> None:
    """Draw graphs, with what the rules find on the node or stream it is about."""
    from graphval.draw import TooLarge
    from graphval.drawing import DrawFormat, pictures, render, write_pictures

    if format not in list(DrawFormat):
        raise typer.BadParameter(f"a picture has one of the forms {', '.join(DrawFormat)}, not {format}")
    form = DrawFormat(format)
    with _usage():
        drawn = list(pictures(paths, ovms_version=ovms_version))
    if not drawn:
        _complain("no graph file of these paths can be read", EXIT_USAGE)
    try:
        if output is not None and (output.is_dir() or len(drawn) > 1):
            for file in write_pictures(drawn, form, output):
                _say(f"wrote {file}")
        elif len(drawn) > 1 and form is DrawFormat.SVG:
            _complain(f"the paths hold {len(drawn)} graphs: name a folder for them with --output", EXIT_USAGE)
        else:
            with _target(output) as stream:
                stream.writelines(render(picture, form) for picture in drawn)
    except TooLarge as why:
        _complain(f"{why}; --format dot has no limit", EXIT_USAGE)
    except OSError as why:
        _complain(f"cannot write to {output}: {why.strerror or why}", EXIT_USAGE)


@app.command()
def rules() -> None:
    """List every rule with its code."""
    from graphval.rules.registry import all_rules

    for rule in all_rules().values():
        facts = f"{rule.severity.value:7}  {rule.phase.value:6}  {rule.effect.value:6}"
        typer.echo(f"{rule.code}  {facts}  {rule.name}")


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code like GV501, or a rule's name.")]) -> None:
    """Explain a rule: what it looks for, what OVMS does and when, a bad and a good example, how to fix it."""
    from graphval.explanation import explanation
    from graphval.rules.registry import find_rule

    rule = find_rule(code)
    if rule is None:
        from graphval.rules.nearest import nearest
        from graphval.rules.registry import all_rules

        near = nearest(code, [name for rule in all_rules().values() for name in (rule.code, rule.name)])
        _complain(
            f"there is no rule {code}; " + (f"did you mean {near}?" if near else "see graphval rules"), EXIT_USAGE
        )
    typer.echo(explanation(rule), nl=False)


class RequestForm(StrEnum):
    """How a request is written (``graphval.probe.forms.Form``, whose import would slow linting down)."""

    JSON = "json"
    CURL = "curl"
    GRPCURL = "grpcurl"
    RAW = "raw"


@app.command()
def request(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A graph file, graph directory or config.json.")],
    graph: Annotated[str | None, typer.Option("--graph", metavar="NAME", help="Which graph of it.")] = None,
    probe: Annotated[
        int | None, typer.Option("--probe", metavar="N", help="Which request; without it all are listed.")
    ] = None,
    form: Annotated[RequestForm, typer.Option("--form", help="How to write it.")] = RequestForm.JSON,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it to this file.")] = None,
    send: Annotated[
        str | None, typer.Option("--send", metavar="HOST:PORT", help="Send it there, and show what comes back.")
    ] = None,
    probes: ProbesOption = Probes.STANDARD,
    samples: SamplesOption = None,
    seed: SeedOption = None,
    deadline: Annotated[float, typer.Option("--deadline", metavar="SECONDS", min=0.1, help="What it may take.")] = 30.0,
    ovms_version: VersionOption = None,
) -> None:
    """Print or send one request of a graph, as check would."""
    from graphval import request as requests
    from graphval.exercise import Depth, default_terms
    from graphval.probe.forms import Form, written
    from graphval.settings import Settings

    terms = default_terms(samples, probes=Depth(probes), seed=seed)
    with _usage():
        found = requests.requests_of(path, graph, terms.settings, Settings(ovms_version=ovms_version))
        if probe is None:
            for text in requests.listed(found):
                typer.echo(text)
            return
        chosen = found.numbered(probe)
    if send is not None:
        answer = requests.send(chosen, send, deadline)
        typer.echo(requests.shown(answer))
        raise typer.Exit(EXIT_PASS if answer.ok else EXIT_FINDINGS)
    try:
        content = written(chosen, Form(form))
    except ValueError as why:
        _complain(f"cannot be written as {form.value}: {why}", EXIT_USAGE)
    if output is None:
        typer.get_binary_stream("stdout").write(content)
    else:
        output.write_bytes(content)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the graphs lie.")] = Path(),
) -> None:
    """Write a graphval.toml to begin with."""
    from graphval.first_contact import starting_settings

    file = folder / "graphval.toml"
    with _usage():
        text = starting_settings(folder)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        _complain(f"{file} is there already and is not overwritten", EXIT_USAGE)
    except OSError as why:
        _complain(f"cannot write {file}: {why.strerror or why}", EXIT_USAGE)
    _say(f"wrote {file}; now: graphval lint {folder}")


@app.command()
def completion(shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print a script that completes commands and options in a shell."""
    from graphval.completion import SHELLS, script

    if shell not in SHELLS:
        raise typer.BadParameter(f"completion is made for {', '.join(SHELLS)}, not {shell}")
    typer.echo(script(shell, _commands()))


def _commands() -> dict[str, list[str]]:
    """Each command with its long options."""
    group = typer.main.get_command(app)
    return {
        name: [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


@app.command()
def doctor(image: ImageOption = None, binary: BinaryOption = None, ovms_version: VersionOption = None) -> None:
    """Say what is at hand on this machine, and what `check` would use."""
    from graphval.catalog import load
    from graphval.engines.doctor import examine
    from graphval.engines.options import EngineOptions

    with _usage():
        diagnosis = examine(EngineOptions(image=image, binary=binary), load(ovms_version).version)
    for item in diagnosis.items:
        typer.echo(f"{item.name:15} {item.found or 'not found':32} {item.purpose}")
    typer.echo()
    for state in diagnosis.states:
        typer.echo(f"engine {state.engine:10} {'yes' if state.usable else 'no':4} {state.detail}")
    typer.echo(f"\ncheck would use: {diagnosis.engine or 'nothing'} ({diagnosis.reason})")
    raise typer.Exit(EXIT_PASS if diagnosis.engine else EXIT_INCONCLUSIVE)


catalog_app = typer.Typer(help="What a release of OVMS, or a build of your own, can run.", rich_markup_mode=None)
app.add_typer(catalog_app, name="catalog")


@catalog_app.command("show")
def show_catalog(
    name: Annotated[str | None, typer.Argument(help="A calculator, subgraph or stream handler.")] = None,
    ovms_version: VersionOption = None,
    image: ImageOption = None,
    binary: BinaryOption = None,
) -> None:
    """Show what can be run: all names, or all that is known of one. An image or executable must have been captured."""
    from graphval.catalog_show import shown

    with _usage():
        text = shown(name, ovms_version, image, binary)
    typer.echo(text)


@catalog_app.command("capture")
def capture_catalog(
    image: ImageOption = None,
    binary: BinaryOption = None,
    pull: PullOption = PullChoice.MISSING,
    platform: PlatformOption = None,
    ovms_version: VersionOption = None,
    start_deadline: StartDeadlineOption = 120.0,
) -> None:
    """Start a server with nothing to serve and keep what it says it can run; `check` uses it for that very build."""
    from graphval.capture import capture
    from graphval.catalog import load
    from graphval.catalog.captured import keep
    from graphval.engines.interface import Limits
    from graphval.engines.options import EngineOptions, Pull

    options = EngineOptions(image=image, binary=binary, pull=Pull(pull.value), platform=platform)
    with _usage():
        looked_for = load(ovms_version).version
        limits_of_it = Limits(start=start_deadline)
        found = capture("auto", options, release=ovms_version, looked_for=looked_for, limits=limits_of_it)
    file = keep(found)
    counted = f"{len(found.calculators)} calculators, {len(found.subgraphs)} subgraphs"
    typer.echo(f"{found.source}: {counted}; contracts of {found.release}; kept in {file}")


@app.command()
def clean() -> None:
    """Remove what runs left behind that were killed: containers, networks, processes, temporary folders."""
    from graphval.engines.leftovers import clean as clean_all

    cleaned = clean_all()
    typer.echo(f"removed {cleaned.swept}" if cleaned.swept.total else "nothing was left behind")
    for obstacle in cleaned.obstacles:
        _say(obstacle)


def _show_version(wanted: bool) -> None:
    if wanted:
        from graphval.first_contact import versions

        typer.echo("\n".join(versions()))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print all versions that matter and leave."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from graphval.first_contact import look_around

        typer.echo("\n".join(look_around(Path())))
        raise typer.Exit(EXIT_USAGE)


def _detail(quiet: bool, verbose: bool) -> int:
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose exclude each other")
    return 1 if verbose else -1 if quiet else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a report goes, and how. ``reports`` are those that go to files besides, ``FORM=FILE`` each; ``detail``: -1
    findings only, 1 also what the engine did."""

    format: Format
    output: Path | None
    reports: list[str] | None
    detail: int
    color: Color


def _run(events: Iterator[Event], settings: Settings, shown: Shown, write_baseline: Path | None) -> NoReturn:
    """Hand the events to the renderers and leave with the run's exit code."""
    more = [_form_and_file(text) for text in shown.reports or ()]
    with _usage():
        if write_baseline is not None:
            _write_baseline(_whole(events), write_baseline)
        with ExitStack() as stack:
            stream = stack.enter_context(_target(shown.output))
            listeners = [_listener(stream, shown.format, shown.detail, shown.color)]
            listeners += [_plain_listener(stack.enter_context(_target(file)), form) for form, file in more]
            report, interrupted = _listen(events, listeners)
    raise typer.Exit(EXIT_INTERRUPTED if interrupted else exit_code(report, settings.threshold))


def _show_diff(paths: list[Path], settings: Settings, shown: Shown) -> NoReturn:
    """Show what mending would change; the exit code is of the files as they are."""
    from graphval.check import lint_events
    from graphval.fixes import mends

    if shown.format is not Format.TEXT or shown.reports:
        raise typer.BadParameter("--diff shows a diff, and no report in another form")
    with _usage():
        changes = mends(paths, settings)
        report = _whole(lint_events(paths, settings))
    with _target(shown.output) as stream:
        for change in changes:
            stream.writelines(change.diff())
    if changes:
        _say(f"--fix would mend {_so_many(changes)}")
    raise typer.Exit(EXIT_FINDINGS if changes else exit_code(report, settings.threshold))


def _touched(paths: list[Path], revision: str | None, shown: Shown) -> list[Path]:
    """The deployments that differ from a revision, all paths where none was asked for; if none does, the run is over
    before it began, with an empty report that passes."""
    if revision is None:
        return paths
    from graphval.changed import changed_deployments
    from graphval.nothing import empty_report

    with _usage():
        touched = changed_deployments(paths, revision)
    if touched:
        return touched
    with ExitStack() as stack:
        targets = [(shown.format, shown.output), *(_form_and_file(text) for text in shown.reports or ())]
        if shown.format is Format.TEXT:
            stack.enter_context(_target(shown.output)).write(f"nothing to judge has changed since {revision}\n")
            targets = targets[1:]
        for form, file in targets:
            _plain_listener(stack.enter_context(_target(file)), form)(Done(empty_report()))
    raise typer.Exit(EXIT_PASS)


def _mend(paths: list[Path], settings: Settings) -> None:
    """Mend what is certain, files written."""
    from graphval.fixes import UnwritableFile, mend_files

    with _usage():
        try:
            changes = mend_files(paths, settings)
        except UnwritableFile as why:
            _complain(str(why), EXIT_USAGE)
    if changes:
        _say(f"mended {_so_many(changes)}")


def _so_many(changes: Sequence[Mended]) -> str:
    findings, files = sum(change.findings for change in changes), len(changes)
    return f"{findings} finding{'' if findings == 1 else 's'} in {files} file{'' if files == 1 else 's'}"


def _write_baseline(report: Report, file: Path) -> NoReturn:
    from graphval.baseline import write_baseline

    try:
        count = write_baseline(file, report.findings)
    except OSError as why:
        _complain(f"cannot write {file}: {why.strerror or why}", EXIT_USAGE)
    _say(f"{file} knows {count} finding{'' if count == 1 else 's'}")
    raise typer.Exit(EXIT_PASS)


@contextmanager
def _usage() -> Iterator[None]:
    """What a user can mend ends with exit code 2 and a line for each mistake, an engine nobody can get with 3."""
    from graphval.catalog import UnknownRelease
    from graphval.deployment import InputError
    from graphval.engines.interface import EngineError, UnknownEngine
    from graphval.settings import SettingsError

    try:
        yield
    except SettingsError as why:
        *before, last = str(why).split("\n")
        for line in before:
            _say(line)
        _complain(last, EXIT_USAGE)
    except (InputError, UnknownEngine, UnknownRelease) as why:
        _complain(str(why), EXIT_USAGE)
    except EngineError as why:
        _complain(str(why), EXIT_INCONCLUSIVE)


def exit_code(report: Report, fail_on: Severity) -> int:
    """What the run says to a shell."""
    failing = list(Severity)[: list(Severity).index(fail_on) + 1]
    if report.verdict is Verdict.FAIL or any(finding.severity in failing for finding in report.findings):
        return EXIT_FINDINGS
    return EXIT_INCONCLUSIVE if report.verdict is Verdict.INCONCLUSIVE else EXIT_PASS


def _form_and_file(text: str) -> tuple[Format, Path]:
    """What ``--report`` says."""
    form, _, file = text.partition("=")
    if form not in list(Format) or not file:
        forms = ", ".join(Format)
        _complain(f"--report wants FORM=FILE, the form one of {forms}; this is {text}", EXIT_USAGE)
    return Format(form), Path(file)


def _listen(events: Iterator[Event], listeners: Sequence[Callable[[Event], None]]) -> tuple[Report, bool]:
    """The report that ends the stream, and whether the run was interrupted. Whatever happens, what the run has started
    is ended with it."""
    assert isinstance(events, Generator)
    interrupted = False
    with closing(events):
        for event in events:
            for listener in listeners:
                listener(event)
            match event:
                case Interrupted():
                    interrupted = True
                case Done(report):
                    return report, interrupted
                case _:
                    continue
    raise AssertionError("a run ends with Done")


def _whole(events: Iterator[Event]) -> Report:
    """The report of a run that nobody interrupts."""
    report, interrupted = _listen(events, ())
    if interrupted:
        raise KeyboardInterrupt
    return report


def _listener(stream: TextIO, format: Format, detail: int, color: Color) -> Callable[[Event], None]:
    """The renderer for ``stream``, and a line of progress on the terminal if there is one."""
    from graphval.reporting import listener

    colored = color is Color.ALWAYS or (
        color is Color.AUTO and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    show = listener(format, stream, color=colored, detail=detail)
    if detail < 0 or not sys.stderr.isatty():
        return show
    from graphval.report.progress import Progress

    progress = Progress(sys.stderr)

    def show_both(event: Event) -> None:
        progress.clear()
        show(event)
        progress.handle(event)

    return show_both


def _plain_listener(stream: TextIO, format: Format) -> Callable[[Event], None]:
    """The renderer of a report that goes to a file beside the one that is shown."""
    from graphval.reporting import listener

    return listener(format, stream)


@contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is replaced only when the report is complete."""
    if output is None:
        yield sys.stdout
        return
    # A device or a pipe is written to, never replaced. (Where /dev/stdout leads to a pipe, the pipe has no path.)
    file = output.resolve() if output.is_file() or not output.exists() else output
    partial = file if file is output else file.with_name(f".{file.name}.partial")
    try:
        stream = partial.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as why:
        _complain(f"cannot write {output}: {why.strerror or why}", EXIT_USAGE)
    try:
        with stream:
            yield stream
        if partial != file:
            partial.replace(file)
    finally:
        if partial != file:
            partial.unlink(missing_ok=True)


def _complain(message: str, code: int) -> NoReturn:
    _say(message)
    raise typer.Exit(code)


def _say(message: str) -> None:
    from graphval.report.style import one_line

    typer.echo(f"graphval: {one_line(message)}", err=True)


def _terminate(_number: int, _frame: object) -> NoReturn:
    # An exception, so that every server on the way up is ended.
    raise SystemExit(EXIT_TERMINATED)


def _invoke() -> int:
    """Run the command line and write all it had to say; the exit code.

    This is not Typer's own main, whose exit code for a reader that has left is 1, which means findings.
    """
    try:
        with typer.main.get_command(app).make_context("graphval", sys.argv[1:]) as context:
            context.command.invoke(context)
        code = EXIT_PASS
    except typer.Exit as end:
        code = end.exit_code
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.stdout.flush()
    return code


def _path_for_a_command() -> str:
    """What to say where a path stands in the place of the command; empty if none does."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    if not first or first.startswith("-") or first in _commands() or not Path(first).exists():
        return ""
    return f"{first} is a path, and a command must stand before it: graphval lint {first}"


def main() -> NoReturn:
    """The ``graphval`` command."""
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # File names need not be text, and terminals need not be UTF-8.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _invoke()
    except typer.TyperException as why:
        _say(_path_for_a_command() or f"{why.format_message().rstrip('.')}; see graphval --help")
        code = EXIT_USAGE
    except BrokenPipeError:
        # Whoever read the report has left; nothing more may be written, not even by the interpreter's own flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_INCONCLUSIVE
    except Exception:  # noqa: BLE001 - whatever is left is a bug of ours: show it whole, and claim nothing
        from traceback import print_exc

        print_exc()
        _say("this is a bug of graphval; no verdict was reached")
        code = EXIT_INCONCLUSIVE
    if code == EXIT_INTERRUPTED:
        _say("interrupted")
    sys.exit(code)
