"""What can be looked at without judging: rules, pictures, requests."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphval.cli.app import EXIT_FINDINGS, EXIT_PASS, EXIT_USAGE, cannot_write, complain, say, usage
from graphval.cli.options import Paths, Probes, ProbesOption, SampleOption, SamplesOption, SeedOption
from graphval.cli.output import STANDARD_OUTPUT, target
from graphval.cli.setting_options import NoSettingsOption, SettingsOption, VersionOption, settings_in_force

if TYPE_CHECKING:
    from graphval.draw import Picture
    from graphval.drawing import DrawFormat
    from graphval.rules.mechanism import Rule


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
    from graphval.drawing import DrawFormat, pictures, render

    if format not in list(DrawFormat):
        raise typer.BadParameter(f"a picture has one of the forms {', '.join(DrawFormat)}, not {format}")
    form = DrawFormat(format)
    with usage():
        drawn = list(pictures(paths, ovms_version=ovms_version))
    if not drawn:
        complain("these paths hold no graph that can be read; see graphval lint", EXIT_USAGE)
    try:
        if output is not None and output != STANDARD_OUTPUT and (len(drawn) > 1 or _is_folder(output)):
            _write_each(drawn, form, output)
        elif len(drawn) > 1 and form is DrawFormat.SVG:
            complain(f"the paths hold {len(drawn)} graphs: name a folder for them with --output", EXIT_USAGE)
        else:
            with target(output) as stream:
                stream.writelines(render(picture, form) for picture in drawn)
    except TooLarge as why:
        complain(f"{why}; --format dot has no limit", EXIT_USAGE)


def _is_folder(output: Path) -> bool:
    try:
        return output.is_dir()
    except OSError:
        return False  # who writes to it will say what is in the way


def _write_each(drawn: list[Picture], form: DrawFormat, folder: Path) -> None:
    from graphval.drawing import write_pictures

    try:
        written = write_pictures(drawn, form, folder)
    except OSError as why:
        cannot_write(folder, why)
    for file in written:
        say(f"wrote {file}")


def rules() -> None:
    """List every rule with its code."""
    from graphval.rules.registry import all_rules, unlisted_rules

    for rule in all_rules().values():
        facts = f"{rule.severity.value:7}  {rule.phase.value:6}  {rule.effect.value:6}"
        typer.echo(f"{rule.code}  {facts}  {rule.name}")
    for code in unlisted_rules():
        say(_never_asked(code))


def explain(code: Annotated[str, typer.Argument(help="A code like GV501, or a rule's name.")]) -> None:
    """Explain a rule: what it looks for, what OVMS does and when, a bad and a good example, how to fix it."""
    from graphval.explanation import explanation
    from graphval.rules.registry import find_rule

    rule = find_rule(code) or _unlisted_rule(code)
    typer.echo(explanation(rule), nl=False)


def _unlisted_rule(code: str) -> Rule:
    """The rule of that code, which is being written and not listed yet; where there is none either, that is said."""
    from graphval.rules.nearest import nearest
    from graphval.rules.registry import all_rules, unlisted_rules

    rule = unlisted_rules().get(code.upper())
    if rule is None:
        near = nearest(code, [name for rule in all_rules().values() for name in (rule.code, rule.name)])
        complain(f"there is no rule {code}; " + (f"did you mean {near}?" if near else "see graphval rules"), EXIT_USAGE)
    say(_never_asked(rule.code))
    return rule


def _never_asked(code: str) -> str:
    return f"{code} is not listed, so it is never asked: python3 workshop.py docs enters it"


class RequestForm(StrEnum):
    """How a request is written (``graphval.probe.forms.Form``, whose import would slow linting down)."""

    JSON = "json"
    CURL = "curl"
    GRPCURL = "grpcurl"
    RAW = "raw"


def request(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", readable=False, help="A graph file, graph directory or config.json."),
    ],
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
    sample: SampleOption = None,
    seed: SeedOption = None,
    deadline: Annotated[float, typer.Option("--deadline", metavar="SECONDS", min=0.1, help="What it may take.")] = 30.0,
    api_key_file: Annotated[
        Path | None,
        typer.Option("--api-key-file", metavar="FILE", exists=True, dir_okay=False, help="File with the key of /v3."),
    ] = None,
    ovms_version: VersionOption = None,
    settings: SettingsOption = None,
    no_settings: NoSettingsOption = False,
) -> None:
    """Print or send one request of a graph, as check would."""
    from graphval.engines.options import EngineOptions
    from graphval.engines.secrets import api_key_of
    from graphval.probe.asking import Depth
    from graphval.probe.forms import Form, written
    from graphval.run import request as requests
    from graphval.run.terms import default_terms

    with usage():
        in_force = settings_in_force(
            [path], file=settings, no_file=no_settings, ovms_version=ovms_version, sample=sample
        )
        terms = default_terms(samples, probes=Depth(probes), seed=seed, named=in_force.samples)
        found = requests.requests_of(path, graph, terms.settings, in_force)
        if probe is None:
            for text in requests.listed(found):
                typer.echo(text)
            return
        chosen = found.numbered(probe)
    if send is not None:
        with usage():
            answer = requests.send(chosen, send, deadline, api_key_of(EngineOptions(api_key_file=api_key_file)))
        typer.echo(requests.shown(answer))
        raise typer.Exit(EXIT_PASS if answer.ok else EXIT_FINDINGS)
    try:
        content = written(chosen, Form(form), keyed=api_key_file is not None)
    except ValueError as why:
        complain(f"cannot be written as {form.value}: {why}", EXIT_USAGE)
    if output is None or output == STANDARD_OUTPUT:
        typer.get_binary_stream("stdout").write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as why:
        cannot_write(output, why)
