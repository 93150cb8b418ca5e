"""Which commands there are, and where each lies. Only the one that is called is imported and built.

Typer builds a command from the signature of its function; for all of them, with their options by the dozen, that takes
a good part of the time in which one graph is linted.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from graphval.cli.app import new_program

_PLACES = {
    "lint": "lint",
    "check": "check",
    "init": "machine",
    "completion": "machine",
    "doctor": "machine",
    "clean": "machine",
    "draw": "show",
    "rules": "show",
    "explain": "show",
    "request": "show",
    "catalog": "catalog",
}
"""Each command's module, in the order of the help; there it is a function, or a group of commands, of that name."""

NAMES = tuple(_PLACES)


class Commands(TyperGroup):
    """The commands, each built when it is asked for. (Of the types in the signatures Typer makes no name public.)"""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the help."""
        return list(NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, if any."""
        # A name that is none is compared with all others, for what may have been meant.
        for name in (cmd_name,) if cmd_name in _PLACES else NAMES:
            if name not in self.commands:
                self.add_command(_build(name), name)
        return super().get_command(ctx, cmd_name)


def _build(name: str) -> Any:
    found = getattr(import_module(f"{__package__}.{_PLACES[name]}"), name)
    if not isinstance(found, typer.Typer):
        alone = new_program()
        alone.command(name)(found)
        found = alone
    return typer.main.get_command(found)


def long_options() -> dict[str, list[str]]:
    """Each command with its long options."""
    return {
        name: [option for parameter in _build(name).params for option in parameter.opts if option.startswith("--")]
        for name in NAMES
    }
