"""The settings in force: what is asked for, over what a settings file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from graphval.deadlines import ServerPhase, wrong_deadline
from graphval.findings import Severity
from graphval.rules.listed import all_codes
from graphval.settings import DeclaredCalculator, Profile, Settings, SettingsError
from graphval.settings.where import find_settings

Choice = TypeVar("Choice", bound=StrEnum)


def asked_for(
    *,
    profile: str | None = None,
    fail_on: str | None = None,
    ovms_version: str | None = None,
    no_models: bool | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    severity: Mapping[str, str] | None = None,
    baseline: str | Path | None = None,
    calculators: Iterable[str | DeclaredCalculator] = (),
    deadlines: Mapping[ServerPhase, float] | None = None,
    samples: Mapping[str, tuple[Path, ...]] | None = None,
) -> Settings:
    """Settings from plain values. Raises :class:`SettingsError` for those that do not exist."""
    severities = {code: _choice("severity", level, Severity) for code, level in (severity or {}).items()}
    for name, selectors in (("select", select), ("ignore", ignore), ("severity", severities)):
        if isinstance(selectors, str):
            raise SettingsError(f"{name} is a list of codes, not one string")
    for wrong in filter(None, map(wrong_deadline, (deadlines or {}).values())):
        raise SettingsError(wrong)
    chosen, left_out = (None if codes is None else tuple(codes) for codes in (select, ignore))
    _check_codes((*(chosen or ()), *(left_out or ()), *severities))
    return Settings(
        profile=None if profile is None else _choice("profile", profile, Profile),
        fail_on=None if fail_on is None else _choice("fail_on", fail_on, Severity),
        ovms_version=ovms_version,
        no_models=no_models,
        select=chosen,
        ignore=left_out,
        severity=severities,
        baseline=None if baseline is None else Path(baseline),
        calculators=tuple(c if isinstance(c, DeclaredCalculator) else DeclaredCalculator(c) for c in calculators),
        deadlines=dict(deadlines or {}),
        samples=dict(samples or {}),
    )


def over_file(asked: Settings, file: str | Path | None) -> Settings:
    """``asked``, and where it says nothing what ``file`` says. Raises :class:`SettingsError`."""
    if file is None:
        return asked
    # Most runs have no settings file.
    from graphval.settings.file import read_settings

    return asked.over(read_settings(Path(file), all_codes(), _wrong_release))


def over_found_file(asked: Settings, paths: Iterable[str | Path]) -> Settings:
    """``asked`` over the settings file for judging ``paths``, if there is one. Raises :class:`SettingsError`."""
    return over_file(asked, find_settings(paths))


def _check_codes(asked: tuple[str, ...]) -> None:
    if asked:
        from graphval.settings.file import wrong_selector

        for text in asked:
            wrong = wrong_selector(text, all_codes())
            if wrong:
                raise SettingsError(wrong)


def _wrong_release(version: str) -> str:
    # Most runs name no release.
    from graphval.catalog import UnknownRelease
    from graphval.catalog import load as load_catalog

    try:
        load_catalog(version)
    except UnknownRelease as why:
        return str(why)
    return ""


def _choice(name: str, value: str, choices: type[Choice]) -> Choice:
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise SettingsError(f'{name} is one of {known}, not "{value}"') from None
