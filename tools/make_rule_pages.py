#!/usr/bin/env python3
"""Writes what is known of the rules: docs/rules/, a page for each and an index, and graphval/rules/listed.json
and releases.json.

    python3 workshop.py docs

Everything comes from the rules' own text and from judging their bad examples under every release that there is a
catalog for. tests/workshop/test_rule_pages.py holds that nothing has changed since.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from graphval.catalog import load
from graphval.catalog.release import releases
from graphval.deployment import load as load_deployment
from graphval.explanation import page
from graphval.rules.listed import LISTED, RELEASES
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules, listed_rules
from graphval.rules.run import judge

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "rules"
FAMILIES = {
    "1": ("Text and JSON", "what the files are written in"),
    "2": ("Wiring", "streams, side packets, and what crosses the border of a graph"),
    "3": ("Calculators", "names, contracts and what calculators check themselves"),
    "4": ("Options", "options blocks and who reads them"),
    "5": ("Handlers, executors, pools", "how nodes are fed and run"),
    "6": ("Deployment", "config.json, subconfigs and models"),
    "7": ("Python and generative nodes", "handlers, language models, images, speech, embeddings"),
    "8": ("What an exercise showed", "findings that only a running server can make"),
    "9": ("The server", "how the server itself is run, as an engine showed it"),
}
_BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def by_release() -> str:
    """The text of ``releases.json``: for each rule the spans of releases in which its bad example is found, none for
    what files do not show."""
    found: dict[str, list[list[str]]] = {code: [] for code in all_rules()}
    with tempfile.TemporaryDirectory(prefix="graphval-rules-") as folder:
        for rule in all_rules().values():
            if rule.level not in (Level.ENGINE, Level.INPUT):
                example = Path(folder) / rule.code
                found[rule.code] = list(_spans(rule, _write(rule, example)))
    lines = ",\n".join(f"    {json.dumps(code)}: {json.dumps(spans)}" for code, spans in found.items())
    return f'{{\n  "releases": {json.dumps(releases())},\n  "rules": {{\n{lines}\n  }}\n}}\n'


def table() -> str:
    """The text of ``listed.json``: what tells, before a rule is imported, whether it is to be asked."""
    return "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in listed_rules()) + "\n]\n"


def _write(rule: Rule, folder: Path) -> Path:
    """The files of the bad example; returns what to judge."""
    bad = rule.doc.partition("\n## Bad\n")[2].partition("\n## ")[0]
    for language, name, text in _BLOCK.findall(bad):
        if language != "expect":
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes.fromhex(text) if language == "hex" else text.encode())
    config = folder / "config.json"
    return config if config.exists() else folder


def _spans(rule: Rule, path: Path) -> Iterator[list[str]]:
    deployment = load_deployment(path)
    answers = [(release, _answer(rule, deployment, release)) for release in releases()]
    for answer, group in groupby(answers, key=lambda pair: pair[1]):
        names = [release for release, _ in group]
        if answer is not None:
            yield [names[0], names[-1], *answer]


def _answer(rule: Rule, deployment: object, release: str) -> tuple[str, str] | None:
    """Phase and effect of what the rule finds in its example under a release."""
    judgement = judge(deployment, load(release))  # type: ignore[arg-type]
    findings = (*judgement.findings, *(f for judged in judgement.graphs for f in judged.findings))
    return next(((f.phase.value, f.effect.value) for f in findings if f.code == rule.code), None)


def pages() -> dict[str, str]:
    """The text of every page by its name. Reads ``releases.json`` as it stands."""
    return {"README.md": index(), **{f"{rule.code}.md": page(rule) for rule in all_rules().values()}}


def index() -> str:
    """The page that lists all rules by family."""
    about_all = "`graphval explain CODE` prints the same pages;\n`python3 workshop.py docs` writes them anew."
    parts = ["# Rules", f"Every code that graphval reports. {about_all}"]
    for digit, (title, about) in FAMILIES.items():
        rules = [rule for rule in all_rules().values() if rule.code[2] == digit]
        rows = "\n".join(map(_row, rules))
        head = "| code | name | severity | phase | effect | |\n|---|---|---|---|---|---|"
        parts.append(f"## GV{digit}xx {title}\n\n{about[0].upper()}{about[1:]}.\n\n{head}\n{rows}")
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule) -> str:
    cells = (f"[{rule.code}]({rule.code}.md)", rule.name, rule.severity, rule.phase, rule.effect, rule.summary)
    return f"| {' | '.join(cells)} |"


def main() -> None:
    LISTED.write_text(table(), encoding="utf-8")  # before anything is judged, for which it is read
    RELEASES.write_text(by_release(), encoding="utf-8")
    PAGES.mkdir(exist_ok=True)
    wanted = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages in {PAGES.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
