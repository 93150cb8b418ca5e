"""From the name of a form to whoever listens: each form of the report with what it needs to be made.

Forms know findings and events alone. The words of the rules and the pictures of the graphs come from rooms that the
forms must not know, so they are handed over here, and only to the forms that ask for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from graphval.events import Event
from graphval.report.form import Format

if TYPE_CHECKING:
    from graphval.findings import Report
    from graphval.report.html import Drawings
    from graphval.report.rule_text import RuleText


def listener(
    form: Format, stream: TextIO, *, color: bool = False, detail: int = 0, width: int = 120
) -> Callable[[Event], None]:
    """Who writes the report of that form to ``stream``. ``color``, ``detail`` and ``width`` concern the text alone."""
    match form:
        case Format.TEXT:
            from graphval.report.text import TextReport

            return TextReport(stream, color=color, detail=detail, width=width).handle
        case Format.JSON:
            from graphval.report.json_report import JsonReport

            return JsonReport(stream).handle
    from graphval.report.when_done import WhenDone

    return WhenDone(stream, _renderer(form)).handle


def _renderer(form: Format) -> Callable[..., str]:
    match form:
        case Format.SARIF:
            from graphval.report.sarif import render_sarif

            return lambda report: render_sarif(report, _rule_texts())
        case Format.JUNIT:
            from graphval.report.junit import render_junit

            return render_junit
        case Format.GITHUB:
            from graphval.report.github import render_github

            return render_github
        case Format.GITLAB:
            from graphval.report.gitlab import render_gitlab

            return render_gitlab
        case Format.MARKDOWN:
            from graphval.report.markdown import render_markdown

            return render_markdown
        case Format.HTML:
            from graphval.report.html import render_html

            return lambda report: render_html(report, _drawings(report))
    raise ValueError(f"there is no report {form}")


def _rule_texts() -> Mapping[str, RuleText]:
    from graphval.rules.registry import all_rules

    return all_rules()


def _drawings(report: Report) -> Drawings:
    """The pictures of a report's graphs; a graph too large for one has none."""
    from graphval.draw import PICTURE_CSS, THEME_CSS, TooLarge, lay_out, render_svg
    from graphval.drawing import pictures_of
    from graphval.report.html import Drawings

    svg: dict[int, str] = {}
    for position, picture in pictures_of(report).items():
        try:
            svg[position] = render_svg(lay_out(picture), standalone=False, prefix=f"g{position}")
        except TooLarge:
            continue
    return Drawings(svg, THEME_CSS + PICTURE_CSS)
