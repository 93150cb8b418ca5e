"""Mending the files of deployments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from graphval.catalog import Catalog
from graphval.catalog import load as load_catalog
from graphval.deployment import Deployment, discover_each
from graphval.findings import Finding
from graphval.fixes.texts import graph_faults, json_faults, mended
from graphval.replace_file import replace_file
from graphval.rules.run import NOTHING_SET, judge
from graphval.run.baseline import read_baseline
from graphval.settings import Settings
from graphval.textproto import Source

_ROUNDS = 20
"""One mistake can hide another, and that a third; so many in a row are none that a person made."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that was mended, or would be: its text before and after, and how many findings that takes away.

    ``display`` is the file as messages show it. Bytes that are no UTF-8 stand in the texts as surrogates.
    """

    file: Path
    display: str
    before: str
    after: str
    findings: int

    def diff(self) -> Iterator[str]:
        """The change as lines of a unified diff."""
        from difflib import unified_diff

        for line in unified_diff(_lines(self.before), _lines(self.after), self.display, self.display):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


class UnwritableFile(Exception):
    """A file that was to be mended cannot be written; it is as it was."""


def _lines(text: str) -> list[str]:
    """Lines as a diff counts them: LF ends one, and nothing else does."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def mends(paths: Iterable[str | Path], settings: Settings = NOTHING_SET) -> tuple[Mended, ...]:
    """What mending all certain mistakes in the deployments at ``paths`` would change. Writes nothing.

    Findings that comments, settings or the baseline leave out are left alone; a path that cannot be judged is passed
    over. Raises :class:`~graphval.catalog.UnknownRelease` and :class:`~graphval.settings.SettingsError`.
    """
    catalog = load_catalog(settings.ovms_version)
    changes: dict[Path, Mended] = {}
    for deployment in discover_each(paths)[0]:
        for change in _mend(deployment, catalog, settings):
            # A file of two deployments is mended as part of the first.
            changes.setdefault(change.file.resolve(), change)
    return tuple(changes.values())


def mend_files(paths: Iterable[str | Path], settings: Settings = NOTHING_SET) -> tuple[Mended, ...]:
    """Mend all certain mistakes in the deployments at ``paths``. Each file is replaced at once or not at all.

    Raises :class:`UnwritableFile`, and what :func:`mends` does.
    """
    paths = tuple(paths)
    done: dict[Path, Mended] = {}
    for _ in range(_ROUNDS):
        # A config.json that was mended may name graphs that nobody has seen before.
        changes = mends(paths, settings)
        for change in changes:
            try:
                replace_file(change.file, change.after.encode("utf-8", "surrogateescape"))
            except OSError as why:
                raise UnwritableFile(f"cannot write {change.display}: {why.strerror or why}") from why
            first = done.get(change.file)
            total = change.findings + (first.findings if first is not None else 0)
            done[change.file] = replace(change, before=first.before if first else change.before, findings=total)
        if not changes:
            break
    return tuple(done.values())


def _mend(deployment: Deployment, catalog: Catalog, settings: Settings) -> Iterator[Mended]:
    """The files of one deployment that change."""
    graphs = [(e.source, e.file) for e in deployment.graphs if e.source is not None and not e.problems]
    files = {source.file: file for source, file in graphs}
    documents = {document.source.file: document.source for document in deployment.documents}
    sources = {source.file: source for source, _ in graphs} | documents
    first = dict(sources)
    counts: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        changed = set()
        for file, findings in _with_edits(_holding(deployment, sources), catalog, settings, sources).items():
            faults = json_faults if file in documents else graph_faults(catalog)
            text, number = mended(sources[file], findings, faults)
            if number:
                sources[file] = Source(file, text)
                counts[file] += number
                changed.add(file)
        if not changed or changed & set(documents):
            # What a changed config.json means is known when it is read again.
            break
    for file, source in sources.items():
        if source is not first[file]:
            yield Mended(files.get(file, Path(file)), file, first[file].text, source.text, counts[file])


def _holding(deployment: Deployment, sources: dict[str, Source]) -> Deployment:
    """The deployment with these texts in its graphs."""
    graphs = (
        entry._replace(source=sources[entry.source.file])
        if entry.source is not None and entry.source.file in sources
        else entry
        for entry in deployment.graphs
    )
    return deployment._replace(graphs=tuple(graphs))


def _with_edits(
    deployment: Deployment, catalog: Catalog, settings: Settings, sources: dict[str, Source]
) -> dict[str, list[Finding]]:
    """The findings that count and carry edits, by file."""
    judgement = judge(deployment, catalog, settings)
    baseline = read_baseline(settings.baseline, sources) if settings.baseline is not None else None
    found: dict[str, list[Finding]] = {}
    for finding in (*judgement.findings, *(f for judged in judgement.graphs for f in judged.findings)):
        known = baseline is not None and baseline.knows(finding)
        if finding.edits and not known and finding.location.file in sources:
            found.setdefault(finding.location.file, []).append(finding)
    return found
