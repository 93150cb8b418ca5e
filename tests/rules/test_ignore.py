"""``# graphval: ignore[GV…]`` silences a finding where it stands, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphval

GRAPH = """\
input_stream: "in"
output_stream: "out"
node {{
  calculator: "PassThroughCalculator"{above}
  input_stream: "inn"{beside}
  output_stream: "out"
}}
"""


@pytest.mark.parametrize(
    ("above", "beside", "silenced"),
    [
        ("", "", False),
        ("", "  # graphval: ignore[GV210] fed by a custom build", True),
        ("\n  # graphval: ignore[GV210]", "", True),
        ("", "  #graphval:ignore[ GV101 , GV210 ] two codes", True),
        ("", "  # graphval: ignore[GV211]", False),
        ("", "  # graphval: ignore", False),
        ("\n  # graphval: ignore[GV210]\n", "", False),
    ],
)
def test_where_it_counts(tmp_path: Path, above: str, beside: str, silenced: bool) -> None:
    (tmp_path / "graph.pbtxt").write_text(GRAPH.format(above=above, beside=beside), encoding="utf-8")
    codes = [finding.code for finding in graphval.lint([tmp_path]).findings]
    assert codes == ([] if silenced else ["GV210"])
