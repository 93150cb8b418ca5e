"""Settings and baselines where an engine shows what the files foretold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .running import ROOT, graphval

LOST = ROOT / "graphs" / "broken" / "output_without_producer"


def checked(*words: str | Path) -> tuple[int, dict[str, Any]]:
    done = graphval("check", LOST, "--engine", "rehearsal", "--format", "json", *words)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_what_an_engine_showed_is_not_silenced_into_a_pass() -> None:
    code, plain = checked()
    assert (code, [f["code"] for f in plain["findings"]]) == (1, ["GV211"])
    code, silenced = checked("--ignore", "GV211")
    assert (code, silenced["verdict"]) == (1, "fail")
    assert [f["code"] for f in silenced["findings"]] == ["GV810"]
    code, nothing = checked("--ignore", "GV")
    assert (code, nothing["verdict"], nothing["findings"]) == (1, "fail", [])
    assert [stage["status"] for stage in nothing["graphs"][0]["stages"]] == ["pass", "pass", "fail", "skipped"]


@pytest.mark.parametrize("ignore", [(), ("--ignore", "GV211")])
def test_what_a_baseline_knows_fails_no_run_and_the_rungs_stay(tmp_path: Path, ignore: tuple[str, ...]) -> None:
    known = tmp_path / "known.json"
    written = graphval("check", LOST, "--engine", "rehearsal", *ignore, "--write-baseline", known)
    assert (written.returncode, written.stderr) == (0, f"graphval: {known} knows 1 finding\n")
    code, report = checked(*ignore, "--baseline", known)
    assert (code, report["verdict"], report["findings"], report["baseline"]) == (0, "pass", [], {"known": 1})
    [graph] = report["graphs"]
    assert (graph["verdict"], graph["reached"]) == ("fail", "load")
