"""The machine and the project: what is at hand, what was left behind, a file of settings to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphval.cli.app import EXIT_INCONCLUSIVE, EXIT_PASS, EXIT_USAGE, cannot_write, complain, say, usage
from graphval.cli.cache_options import CacheDirOption
from graphval.cli.engine_options import BinaryOption, ImageOption
from graphval.cli.setting_options import VersionOption


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the graphs lie.")] = Path(),
) -> None:
    """Write a graphval.toml to begin with."""
    from graphval.cli.first_contact import starting_settings

    file = folder / "graphval.toml"
    with usage():
        text = starting_settings(folder)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        complain(f"{file} is there already and is not overwritten", EXIT_USAGE)
    except OSError as why:
        cannot_write(file, why)
    say(f"wrote {file}; now: graphval lint {folder}")


def completion(shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print a script that completes commands and options in a shell."""
    from graphval.cli.commands import long_options
    from graphval.cli.completion_script import SHELLS, script

    if shell not in SHELLS:
        raise typer.BadParameter(f"completion is made for {', '.join(SHELLS)}, not {shell}")
    typer.echo(script(shell, long_options()))


def doctor(image: ImageOption = None, binary: BinaryOption = None, ovms_version: VersionOption = None) -> None:
    """Say what is at hand on this machine, and what `check` would use."""
    from graphval.catalog import load
    from graphval.engines.doctor import examine
    from graphval.engines.options import EngineOptions

    with usage():
        diagnosis = examine(EngineOptions(image=image, binary=binary), load(ovms_version).version)
    for item in diagnosis.items:
        typer.echo(f"{item.name:15} {item.found or 'not found':32} {item.purpose}")
    typer.echo()
    for state in diagnosis.states:
        typer.echo(f"engine {state.engine:10} {'yes' if state.usable else 'no':4} {state.detail}")
    typer.echo(f"\ncheck would use: {diagnosis.engine or 'nothing'} ({diagnosis.reason})")
    raise typer.Exit(EXIT_PASS if diagnosis.engine else EXIT_INCONCLUSIVE)


def clean(
    cache: Annotated[bool, typer.Option("--cache", help="Also forget the verdicts of earlier runs.")] = False,
    cache_dir: CacheDirOption = None,
) -> None:
    """Remove what runs left behind that were killed: containers, networks, processes, temporary folders."""
    from graphval.cache.store import Store, usual_folder
    from graphval.engines.leftovers import clean as clean_all

    cleaned = clean_all()
    typer.echo(f"removed {cleaned.swept}" if cleaned.swept.total else "nothing was left behind")
    store = Store(cache_dir or usual_folder())
    forgotten = store.clear() if cache else store.prune()
    if forgotten:
        typer.echo(f"removed {forgotten} file{'' if forgotten == 1 else 's'} of cached verdicts from {store.folder}")
    for obstacle in cleaned.obstacles:
        say(obstacle)
