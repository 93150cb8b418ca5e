"""What an image can run is captured from it, kept by its digest, and chosen for it without being asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphval.catalog import load
from tests.containers import runtime
from tests.engines.deployments import PASS_THROUGH, put

pytestmark = pytest.mark.container


def test_an_image(tmp_path: Path) -> None:
    image = ["--image", runtime.image("docker")]

    def graphval(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        said = [sys.executable, "-m", "graphval", *words, *image]
        return subprocess.run(said, env=environment, capture_output=True, text=True, check=False)

    captured = graphval("catalog", "capture")
    assert captured.returncode == 0, captured.stderr
    (file,) = (tmp_path / "cache").rglob("*.json")
    kept = json.loads(file.read_text("utf-8"))
    digest = runtime.run("docker", "image", "inspect", "--format", "{{.Id}}", image[1]).strip()
    assert kept["source"] == digest
    assert set(kept["calculators"]) == load().calculators
    assert "  PassThroughCalculator\n" in graphval("catalog", "show").stdout
    # As if the image had been built without it: the catalog is asked, for this very image.
    kept["calculators"].remove("PassThroughCalculator")
    file.write_text(json.dumps(kept), "utf-8")
    put(tmp_path / "g", PASS_THROUGH)
    judged = graphval("check", str(tmp_path / "g"), "--engine", "docker")
    assert "[GV301]" in judged.stdout, judged.stdout + judged.stderr
