"""``check``: judge files, then what an engine shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from graphval.cli.app import say, usage
from graphval.cli.cache_options import CacheDirOption, NoCacheOption, cache_folder
from graphval.cli.changed import touched
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
    FormatOption,
    OutputOption,
    Paths,
    Probes,
    ProbesOption,
    QuietOption,
    ReportOption,
    SampleOption,
    SamplesOption,
    SeedOption,
    VerboseOption,
)
from graphval.cli.output import Shown, detail_of, run
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
    named_samples,
    settings_in_force,
)
from graphval.events import Event, RunStarted
from graphval.report.form import Format
from graphval.textproto.nearest import nearest


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
    sample: SampleOption = None,
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
    no_cache: NoCacheOption = False,
    cache_dir: CacheDirOption = None,
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
            sample=sample,
        )
    shown = Shown(format, output, report, detail_of(quiet, verbose), color)
    paths = touched(paths, changed_since, shown, samples, in_force.samples)
    # Where nothing has changed the run ends before this: what exercises is slow to import.
    from graphval.check import check_events
    from graphval.probe.asking import Depth
    from graphval.run.terms import default_terms

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
    terms = default_terms(
        samples,
        deadlines=in_force.deadlines,
        probes=Depth(probes),
        budget=budget,
        seed=seed,
        limits=of_server,
        named=in_force.samples,
    )
    cache = cache_folder(no_cache, cache_dir, in_force)
    events = check_events(paths, in_force, engine=engine, options=options, terms=terms, cache=cache)
    run(events, in_force, shown, write_baseline, [_samples_of_no_graph(named_samples(sample))])


def _samples_of_no_graph(named: Iterable[str]) -> Callable[[Event], None]:
    """A listener that says which graphs the run does not have, of those that samples were named for."""

    def told(event: Event) -> None:
        if isinstance(event, RunStarted):
            for name in named:
                if name not in event.graphs:
                    near = nearest(name, event.graphs, 0.6)
                    say(
                        f'--sample names the graph "{name}", and there is none'
                        + (f"; did you mean {near}?" if near else "")
                    )

    return told
