"""Pictures of the graphs that paths hold: files read, rules applied, findings on what they blame.

This is where drawing meets the deployment and the rules, which the room ``draw`` itself does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.catalog import Catalog
from graphval.catalog import load as load_catalog
from graphval.deployment import InputError, discover
from graphval.deployment import load as load_deployment
from graphval.draw import Picture, build_picture, lay_out, render_dot, render_mermaid, render_svg
from graphval.findings import Finding, Report
from graphval.graph import Graph, build_graph, graph_schema
from graphval.textproto import Source, bind, parse

if TYPE_CHECKING:
    from graphval.findings import GraphReport


def pictures(paths: Iterable[str | Path], *, ovms_version: str | None = None) -> Iterator[Picture]:
    """The picture of each graph that the paths hold, with what the rules find.

    A text with mistakes is drawn as far as it could be read. Raises :class:`InputError` where a path holds no graph,
    and :class:`~graphval.catalog.UnknownRelease`.
    """
    from graphval.rules.run import judge

    catalog = load_catalog(ovms_version)
    for deployment in discover(paths):
        judgement = judge(deployment, catalog)
        for judged in judgement.graphs:
            if judged.entry.source is not None:
                graph = judged.graph or _read(judged.entry.name, judged.entry.source, catalog)
                yield _picture(graph, catalog, (*judged.findings, *judgement.findings))


def pictures_of(report: Report) -> Mapping[int, Picture]:
    """The pictures of a report's graphs by their position in it, what an engine showed included.

    The files are read again; a graph whose file cannot be read any more has no picture.
    """
    from graphval.report.belonging import by_graph

    catalog = load_catalog(report.target.ovms)
    drawn: dict[int, Picture] = {}
    graphs, _ = by_graph(report)
    for position, (graph_report, findings) in enumerate(graphs):
        picture = _picture_of(graph_report, findings, catalog)
        if picture is not None:
            drawn[position] = picture
    return drawn


class DrawFormat(StrEnum):
    """Forms of a picture."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"


_SUFFIX = {DrawFormat.SVG: ".svg", DrawFormat.DOT: ".dot", DrawFormat.MERMAID: ".mmd"}


def render(picture: Picture, form: DrawFormat) -> str:
    """The picture as text. Raises :class:`~graphval.draw.TooLarge` where an SVG would show nothing."""
    match form:
        case DrawFormat.SVG:
            return render_svg(lay_out(picture))
        case DrawFormat.DOT:
            return render_dot(picture)
        case DrawFormat.MERMAID:
            return render_mermaid(picture)


def write_pictures(drawn: Iterable[Picture], form: DrawFormat, folder: Path) -> list[Path]:
    """Write each picture to a file of its graph's name in ``folder``, which is made. Raises :class:`OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for picture in drawn:
        name = re.sub(r"[^\w.-]+", "_", picture.name).lstrip(".") or "graph"
        file = folder / (name + _SUFFIX[form])
        count = 2
        while file in written:
            file = folder / f"{name}_{count}{_SUFFIX[form]}"
            count += 1
        file.write_text(render(picture, form), encoding="utf-8", errors="backslashreplace")
        written.append(file)
    return written


def _picture_of(report: GraphReport, findings: Iterable[Finding], catalog: Catalog) -> Picture | None:
    try:
        entry = load_deployment(report.file).graphs[0]
    except InputError:
        return None
    if entry.source is None:
        return None
    graph = _read(report.name, entry.source, catalog)
    return _picture(graph, catalog, findings, report)


def _picture(graph: Graph, catalog: Catalog, findings: Iterable[Finding], report: GraphReport | None = None) -> Picture:
    return build_picture(
        graph,
        findings=findings,
        report=report,
        is_subgraph=catalog.subgraphs.__contains__,
        made_by_server={entry.side_packet for entry in catalog.node_initializers},
    )


def _read(name: str, source: Source, catalog: Catalog) -> Graph:
    """A graph as far as its text can be read."""
    document = parse(source)
    bound, _ = bind(document, graph_schema(catalog))
    return build_graph(name, document, bound)
