"""``catalog``: what can be run, looked up or captured."""

from __future__ import annotations

from typing import Annotated

import typer

from graphval.cli.app import new_program, usage
from graphval.cli.engine_options import (
    BinaryOption,
    DeadlineOption,
    ImageOption,
    PlatformOption,
    PullChoice,
    PullOption,
    deadlines,
)
from graphval.cli.setting_options import VersionOption

catalog = new_program(name="catalog", help="What a release of OVMS, or a build of your own, can run.")


@catalog.command("show")
def show_catalog(
    name: Annotated[str | None, typer.Argument(help="A calculator, subgraph or stream handler.")] = None,
    ovms_version: VersionOption = None,
    image: ImageOption = None,
    binary: BinaryOption = None,
) -> None:
    """Show what can be run: all names, or all that is known of one. An image or executable must have been captured."""
    from graphval.cli.catalog_text import shown

    with usage():
        text = shown(name, ovms_version, image, binary)
    typer.echo(text)


@catalog.command("capture")
def capture_catalog(
    image: ImageOption = None,
    binary: BinaryOption = None,
    pull: PullOption = PullChoice.MISSING,
    platform: PlatformOption = None,
    ovms_version: VersionOption = None,
    deadline: DeadlineOption = None,
) -> None:
    """Start a server with nothing to serve and keep what it says it can run; `check` uses it for that very build."""
    from graphval.catalog import load
    from graphval.catalog.captured import keep
    from graphval.engines.interface import Limits
    from graphval.engines.options import EngineOptions, Pull
    from graphval.run.capture import capture

    options = EngineOptions(image=image, binary=binary, pull=Pull(pull.value), platform=platform)
    with usage():
        looked_for = load(ovms_version).version
        limits_of_it = Limits().with_deadlines(deadlines(deadline))
        found = capture("auto", options, release=ovms_version, looked_for=looked_for, limits=limits_of_it)
    file = keep(found)
    counted = f"{len(found.calculators)} calculators, {len(found.subgraphs)} subgraphs"
    typer.echo(f"{found.source}: {counted}; contracts of {found.release}; kept in {file}")
