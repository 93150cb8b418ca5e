"""Settings files: read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from graphval.deadlines import ServerPhase, wrong_deadline
from graphval.findings import Severity
from graphval.settings.model import PROJECT_FILE, DeclaredCalculator, Profile, Settings, SettingsError
from graphval.textproto import Source
from graphval.textproto.nearest import nearest

_IN_PROJECT = ("tool", "graphval")
_DECODE_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TAG = re.compile(r"(?:[A-Z_][A-Z0-9_]*)?[?*]?")
_CODE = re.compile(r"G(?:V(?:[1-9][0-9]{0,2})?)?")
_MESSAGE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)

Keys = tuple[str | int, ...]
Choice = TypeVar("Choice", bound=StrEnum)


def holds_settings(project: Path) -> bool:
    """Whether a ``pyproject.toml`` has ``[tool.graphval]``. Raises :class:`SettingsError` where it is no TOML."""
    return _table(_load(_source(project)), project) is not None


def read_settings(file: Path, codes: Collection[str], known_release: Callable[[str], str] | None = None) -> Settings:
    """The settings of ``file``, a ``graphval.toml`` or ``pyproject.toml``.

    ``codes`` are all codes there are. ``known_release`` says what is wrong with a release (empty: nothing). A path in
    the file is relative to the file's folder. Raises :class:`SettingsError`, which names every mistake with its place.
    """
    source = _source(file)
    table = _table(_load(source), file)
    if table is None:
        raise SettingsError(f"{source.file} has no [tool.graphval]")
    reader = _Reader(source, file, codes, known_release or (lambda _: ""))
    settings = reader.settings(table)
    reader.raise_mistakes()
    return settings


def _source(file: Path) -> Source:
    try:
        shown = str(file.relative_to(Path.cwd()))
    except ValueError:
        shown = str(file)
    try:
        return Source(shown, file.read_bytes().decode("utf-8"))
    except OSError as why:
        raise SettingsError(f"{shown} cannot be read: {why.strerror or why}") from why
    except UnicodeDecodeError as why:
        line = why.object[: why.start].count(b"\n") + 1
        column = why.start - (why.object.rfind(b"\n", 0, why.start) + 1) + 1
        raise SettingsError(f"{shown}:{line}:{column}: this is no UTF-8 text") from why


def _load(source: Source) -> dict[str, Any]:
    import tomllib  # only where a settings file is read

    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as why:
        match = _DECODE_PLACE.search(str(why))
        line, column = (int(match[1]), int(match[2])) if match and match[1] else source.position(len(source.text))
        said = _DECODE_PLACE.sub("", str(why))
        raise SettingsError(f"{source.file}:{line}:{column}: {said[:1].lower()}{said[1:]}") from why
    except RecursionError as why:
        raise SettingsError(f"{source.file}: values are nested too deep") from why
    except ValueError as why:  # thousands of digits
        raise SettingsError(f"{source.file}: a number is too long") from why


def _table(document: dict[str, Any], file: Path) -> Any:
    """The table with the settings; ``None`` where a ``pyproject.toml`` has none."""
    if file.name != PROJECT_FILE:
        return document
    tool = document.get("tool")
    return tool.get("graphval") if isinstance(tool, dict) else None


@dataclass(slots=True)
class _Reader:
    source: Source
    file: Path
    codes: Collection[str]
    known_release: Callable[[str], str]
    mistakes: list[tuple[int, str]] = field(default_factory=list)
    _places: dict[Keys, Any] | None = None

    @property
    def root(self) -> Keys:
        return _IN_PROJECT if self.file.name == PROJECT_FILE else ()

    def raise_mistakes(self) -> None:
        if self.mistakes:
            lines = []
            for offset, message in sorted(self.mistakes):
                line, column = self.source.position(offset)
                lines.append(f"{self.source.file}:{line}:{column}: {message}")
            raise SettingsError("\n".join(lines))

    def settings(self, table: Any) -> Settings:
        """What the table says; mistakes are noted, and what they stand in is left out."""
        if not isinstance(table, dict):
            self._mistake(self.root, f"tool.graphval is a table, not {_kind(table)}")
            return Settings()
        readers: Mapping[str, Callable[[Keys, Any], Any]] = {
            "profile": lambda at, value: self._choice(at, value, Profile),
            "fail-on": lambda at, value: self._choice(at, value, Severity),
            "ovms-version": self._release,
            "no-models": self._boolean,
            "select": self._selectors,
            "ignore": self._selectors,
            "severity": self._severities,
            "baseline": self._path,
            "calculators": self._calculators,
            "deadlines": self._deadlines,
            "cache": self._cache,
            "samples": self._samples,
        }
        said = self._each(self.root, table, readers, "setting")
        return Settings(**{key.replace("-", "_"): value for key, value in said.items() if value is not None})

    def _each(
        self, at: Keys, table: Mapping[str, Any], readers: Mapping[str, Callable[[Keys, Any], Any]], what: str
    ) -> dict[str, Any]:
        """What the readers make of a table's values; a key that none is for is a mistake."""
        said: dict[str, Any] = {}
        for key, value in table.items():
            if key in readers:
                said[key] = readers[key]((*at, key), value)
                continue
            near = nearest(key, readers, 0.6)
            advice = f"did you mean {near}?" if near else f"there are {', '.join(readers)}"
            self._mistake((*at, key), f'there is no {what} "{key}"; {advice}', at_key=True)
        return said

    def _mistake(self, at: Keys, message: str, *, at_key: bool = False) -> None:
        if self._places is None:
            from graphval.settings.toml_places import toml_places  # only where something is wrong

            self._places = dict(toml_places(self.source.text))
        place = self._places.get(at)
        offset = 0 if place is None else place.key_start if at_key else place.start
        self.mistakes.append((offset, message))

    # -- values ------------------------------------------------------------------------------------------------------

    def _string(self, at: Keys, value: Any) -> str | None:
        if isinstance(value, str) and value:
            return value
        self._mistake(at, f"{_named(at)} is a string, not {_kind(value)}")
        return None

    def _boolean(self, at: Keys, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self._mistake(at, f"{_named(at)} is true or false, not {_kind(value)}")
        return None

    def _path(self, at: Keys, value: Any) -> Path | None:
        text = self._string(at, value)
        return self.file.parent / text if text is not None else None

    def _cache(self, at: Keys, value: Any) -> bool | Path | None:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value:
            return self.file.parent / value
        self._mistake(at, f"cache is true, false or a folder, not {_kind(value)}")
        return None

    def _choice(self, at: Keys, value: Any, choices: type[Choice]) -> Choice | None:
        known = [choice.value for choice in choices]
        if isinstance(value, str) and value in known:
            return choices(value)
        near = nearest(value, known) if isinstance(value, str) else None
        advice = f"; did you mean {near}?" if near else ""
        self._mistake(at, f"{_named(at)} is one of {', '.join(known)}, not {_kind(value)}{advice}")
        return None

    def _release(self, at: Keys, value: Any) -> str | None:
        text = self._string(at, value)
        wrong = self.known_release(text) if text is not None else ""
        if wrong:
            self._mistake(at, wrong)
        return text

    def _strings(self, at: Keys, value: Any) -> list[tuple[Keys, str]]:
        if not isinstance(value, list):
            self._mistake(at, f"{_named(at)} is a list of strings, not {_kind(value)}")
            return []
        found = []
        for position, item in enumerate(value):
            if isinstance(item, str):
                found.append(((*at, position), item))
            else:
                self._mistake((*at, position), f"{_named(at)} is a list of strings, and this is {_kind(item)}")
        return found

    def _selectors(self, at: Keys, value: Any) -> tuple[str, ...]:
        found = []
        for where, text in self._strings(at, value):
            wrong = wrong_selector(text, self.codes)
            if wrong:
                self._mistake(where, wrong)
            else:
                found.append(text)
        return tuple(found)

    def _severities(self, at: Keys, value: Any) -> Mapping[str, Severity]:
        if not isinstance(value, dict):
            self._mistake(at, f"severity is a table of codes, not {_kind(value)}")
            return {}
        found: dict[str, Severity] = {}
        for key, severity in value.items():
            wrong = wrong_selector(key, self.codes)
            if wrong:
                self._mistake((*at, key), wrong, at_key=True)
            chosen = self._choice((*at, key), severity, Severity)
            if chosen is not None:
                found[key] = chosen
        return found

    def _deadlines(self, at: Keys, value: Any) -> Mapping[ServerPhase, float]:
        if not isinstance(value, dict):
            self._mistake(at, f"deadlines is a table of phases, not {_kind(value)}")
            return {}
        readers = {phase.value: self._seconds for phase in ServerPhase}
        said = self._each(at, value, readers, "phase of a server")
        return {ServerPhase(name): seconds for name, seconds in said.items() if seconds is not None}

    def _samples(self, at: Keys, value: Any) -> Mapping[str, tuple[Path, ...]]:
        if not isinstance(value, dict):
            self._mistake(at, f"samples is a table of graphs, not {_kind(value)}")
            return {}
        found = {}
        for graph, files in value.items():
            where = (*at, graph)
            texts = [(where, files)] if isinstance(files, str) else self._strings(where, files)
            found[graph] = tuple(self.file.parent / text for _, text in texts)
            for place, text in texts:
                if not (self.file.parent / text).is_file():
                    self._mistake(place, f"there is no file {text}")
        return found

    def _seconds(self, at: Keys, value: Any) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._mistake(at, f"a deadline is a number of seconds, not {_kind(value)}")
            return None
        wrong = wrong_deadline(value)
        if wrong:
            self._mistake(at, wrong)
        return float(value)

    # -- calculators -------------------------------------------------------------------------------------------------

    def _calculators(self, at: Keys, value: Any) -> tuple[DeclaredCalculator, ...]:
        if not isinstance(value, dict):
            self._mistake(at, f"calculators is a table of calculators, not {_kind(value)}")
            return ()
        readers: Mapping[str, Callable[[Keys, Any], Any]] = {
            "options": self._message,
            "inputs": self._tags,
            "outputs": self._tags,
            "input-side-packets": self._tags,
            "output-side-packets": self._tags,
        }
        found = []
        for name, facts in value.items():
            if not isinstance(facts, dict):
                self._mistake((*at, name), f"a calculator is a table, not {_kind(facts)}")
                continue
            said = self._each((*at, name), facts, readers, "fact of a calculator")
            kept = {key.replace("-", "_"): fact for key, fact in said.items() if fact is not None}
            found.append(DeclaredCalculator(name, **kept))
        return tuple(found)

    def _message(self, at: Keys, value: Any) -> str | None:
        text = self._string(at, value)
        if text is not None and not _MESSAGE.fullmatch(text):
            self._mistake(at, f'"{text}" is no full name of a message; write it like acme.BlurCalculatorOptions')
        return text

    def _tags(self, at: Keys, value: Any) -> tuple[str, ...]:
        tags = self._strings(at, value)
        for where, tag in tags:
            if not _TAG.fullmatch(tag):
                self._mistake(where, f'"{tag}" is no tag; write it like IMAGE, IMAGE? if optional, IMAGE* if repeated')
        return tuple(tag for _, tag in tags)


def wrong_selector(text: str, codes: Collection[str]) -> str:
    """What is wrong with a code or beginning of codes; empty where nothing is."""
    if _fits(text, codes):
        return ""
    meant = text.strip().upper()
    advice = f"write {meant}" if _fits(meant, codes) else "see graphval rules"
    return f'no code is or begins with "{text}"; {advice}'


def _fits(text: str, codes: Collection[str]) -> bool:
    return bool(_CODE.fullmatch(text)) and any(code.startswith(text) for code in codes)


def _named(at: Keys) -> str:
    """The last key that leads to a value."""
    return next(str(key) for key in reversed(at) if isinstance(key, str))


def _kind(value: Any) -> str:
    """A value in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
