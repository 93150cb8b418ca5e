"""A baseline: the findings that a project had when it began to use graphval, so that only new ones count.

A known finding is told apart by its code, its graph and the text it points at, not by its line: it stays known where
lines move, and is new where the text changes. A file of the form ``graphval.baseline/1``: one entry for each of these
triples, with how often it was found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphval.deployment.files import display, read_text
from graphval.findings import Finding, Span
from graphval.replace_file import replace_file
from graphval.settings import SettingsError
from graphval.textproto import Source

SCHEMA = "graphval.baseline/1"
_LONG = 200


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """What makes two findings the same. ``graph`` is empty for one about the deployment as a whole."""

    code: str
    graph: str
    text: str


class Baseline:
    """Known findings. :meth:`knows` takes them off one by one: a fourth of three known ones is new."""

    def __init__(self, known: Counter[Fingerprint], sources: Mapping[str, Source] | None = None) -> None:
        self._left = Counter(known)
        self._sources: dict[str, Source | None] = dict(sources or {})
        self.met = 0
        """How many findings were known so far."""

    def knows(self, finding: Finding) -> bool:
        """Whether a finding is known. Each is to be asked about once."""
        if not self._left:
            return False
        mark = fingerprint(finding, self._sources)
        if self._left[mark] <= 0:
            return False
        self._left[mark] -= 1
        self.met += 1
        return True


def fingerprint(finding: Finding, sources: dict[str, Source | None] | None = None) -> Fingerprint:
    """The fingerprint of a finding; ``sources`` keeps the files that were read for it."""
    read = sources if sources is not None else {}
    place = finding.location
    if place.file not in read:
        read[place.file] = read_text(Path(place.file))[0]
    source = read[place.file]
    return Fingerprint(finding.code, finding.graph or "", _text(source, place) if source is not None else "")


def _text(source: Source, place: Span) -> str:
    """What a finding points at, white space evened out; the whole line where that is next to nothing."""
    text = source.text[source.offset(place.line, place.column) : source.offset(place.end_line, place.end_column)]
    if len(text) < 2:
        text = source.line(place.line)
    text = " ".join(text.split())
    if len(text) <= _LONG:
        return text
    return f"{text[:_LONG]}… {sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def read_baseline(file: Path, sources: Mapping[str, Source] | None = None) -> Baseline:
    """The known findings of ``file``. ``sources`` are texts that findings speak of, where these are not those of the
    files. Raises :class:`SettingsError` where it is no baseline."""
    shown = display(file)
    try:
        document = json.loads(file.read_bytes())
    except OSError as why:
        raise SettingsError(f"{shown} cannot be read: {why.strerror or why}") from why
    except json.JSONDecodeError as why:
        raise SettingsError(
            f"{shown}:{why.lineno}:{why.colno}: this is no JSON: {why.msg[:1].lower()}{why.msg[1:]}"
        ) from why
    except (ValueError, RecursionError) as why:  # no text, thousands of digits, thousands of brackets
        raise SettingsError(f"{shown} is no baseline: it cannot be read as JSON") from why
    return Baseline(_known(document, shown), sources)


def _known(document: Any, shown: str) -> Counter[Fingerprint]:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise SettingsError(
            f'{shown} is no baseline: its "schema" is not "{SCHEMA}"; graphval lint --write-baseline makes one'
        )
    known: Counter[Fingerprint] = Counter()
    entries = document.get("findings")
    for position, entry in enumerate(entries if isinstance(entries, list) else [None]):
        match entry:
            case {"code": str(code), "graph": str(graph), "text": str(text), "count": int(count)} if count > 0:
                known[Fingerprint(code, graph, text)] += count
            case _:
                raise SettingsError(f"{shown} is no baseline: entry {position} of its findings cannot be read")
    return known


def write_baseline(file: Path, findings: Iterable[Finding]) -> int:
    """Write a baseline of these findings and return their number. Raises :class:`OSError`."""
    sources: dict[str, Source | None] = {}
    known = Counter(fingerprint(finding, sources) for finding in findings)
    entries = [
        {"code": mark.code, "graph": mark.graph, "text": mark.text, "count": count}
        for mark, count in sorted(known.items())
    ]
    text = json.dumps({"schema": SCHEMA, "findings": entries}, indent=2) + "\n"
    replace_file(file, text.encode("ascii"))
    return known.total()
