"""How a field that a release has removed is taken out: with its line where it stands alone there, and nothing else."""

from __future__ import annotations

import pytest

from .judging import judged

OPTIONS = "[type.googleapis.com/mediapipe.LLMCalculatorOptions]"


def mended(options: str) -> str | None:
    """The lines of the options after all mends; ``None`` where there is none."""
    head, tail = f'node {{\n calculator: "HttpLLMCalculator"\n node_options {{ {OPTIONS} {{', "} }\n}"
    text = f"{head}{options}{tail}"
    edits = [edit for finding in judged(text, release="2026.4", no_models=True).findings for edit in finding.edits]
    if not edits:
        return None
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda e: (e.location.line, e.location.column), reverse=True):
        place = edit.location
        start = starts[place.line - 1] + place.column - 1
        text = text[:start] + edit.text + text[starts[place.end_line - 1] + place.end_column - 1 :]
    assert text.startswith(head)
    assert text.endswith(tail)
    return text[len(head) : len(text) - len(tail)]


PATH = 'models_path: "m"'


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (f"\n  {PATH}\n  block_size: 32\n  cache_size: 1\n", f"\n  {PATH}\n  cache_size: 1\n"),
        (f"\n  {PATH}\n\tblock_size: 32 ,\t\n", f"\n  {PATH}\n"),
        (f"\n  {PATH}\n  block_size: 32  # tokens\n", f"\n  {PATH}\n  # tokens\n"),
        (f"\n  {PATH}\n  block_size: 32;  cache_size: 1\n", f"\n  {PATH}\n  cache_size: 1\n"),
        (f" {PATH} block_size: 32 cache_size: 1 ", f" {PATH} cache_size: 1 "),
        (f" {PATH}, block_size: 32, cache_size: 1 ", f" {PATH}, cache_size: 1 "),
        (f"\n  {PATH} block_size: 32\n", f"\n  {PATH} \n"),
        (f"\n  {PATH}\n  block_size:\n    32\n  cache_size: 1\n", f"\n  {PATH}\n  cache_size: 1\n"),
        (f"\n  {PATH}\n  cache_size: 1\n  block_size: 32 ", f"\n  {PATH}\n  cache_size: 1\n  "),
    ],
)
def test_what_is_left(options: str, left: str) -> None:
    assert mended(options) == left


@pytest.mark.parametrize("options", [f' {PATH} response_parser: "phi4" ', f" {PATH} blocks: 32 "])
def test_what_is_written_otherwise_is_not_taken_out(options: str) -> None:
    assert mended(options) is None


def test_the_last_line_of_a_text_may_have_no_end() -> None:
    text = (
        'node {\n calculator: "HttpLLMCalculator"\n node_options {\n' + f" {OPTIONS} {{ {PATH}\n block_size: 32\n}}}}}}"
    )
    [edit] = [edit for finding in judged(text, release="2026.4", no_models=True).findings for edit in finding.edits]
    assert (edit.location.line, edit.location.column, edit.location.end_line, edit.location.end_column) == (5, 1, 6, 1)
