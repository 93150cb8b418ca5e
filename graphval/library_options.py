"""The options of the library's functions, as types for those who pass them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from pathlib import Path

    from graphval.engines.options import EngineOptions
    from graphval.run.terms import Terms
    from graphval.settings import DeclaredCalculator


class LintOptions(TypedDict, total=False):
    """What :func:`graphval.lint` takes besides paths."""

    ovms_version: str | None
    no_models: bool | None
    select: Iterable[str] | None
    ignore: Iterable[str] | None
    severity: Mapping[str, str] | None
    profile: str | None
    fail_on: str | None
    baseline: str | Path | None
    calculators: Iterable[str | DeclaredCalculator]
    settings: str | Path | None


class CheckOptions(LintOptions, total=False):
    """What :func:`graphval.check` takes besides paths."""

    engine: str
    options: EngineOptions | None
    terms: Terms | None
    cache: bool | str | Path
