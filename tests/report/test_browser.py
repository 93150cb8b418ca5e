"""The HTML report in a real browser, headless and without a network.

Screenshots are kept as artefacts in ``build/screenshots`` for people to look at; what is tested is what the browser
made of the page. Where no Chromium is installed the tests say so and are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest

import graphval
from graphval.events import Done
from graphval.report.form import Format
from graphval.reporting import listener

ROOT = Path(__file__).resolve().parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SHOTS = ROOT / "build" / "screenshots"
PROBE = """<script>
window.addEventListener("load", () => {
  const box = document.querySelector("[data-box]");
  box.focus();
  const before = document.activeElement;
  before.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true, cancelable: true}));
  document.title = [before.dataset.box, document.activeElement.dataset.box,
    document.querySelectorAll(".gv-near").length, document.querySelectorAll("svg").length].join(" ");
});
</script>"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: apt-get install chromium")


def browse(page: Path, profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
        "--log-level=0", *words, page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=60, check=False)


def console(of: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page had the browser complain about."""
    return [line for line in of.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(ROOT)
    stream = StringIO()
    listener(Format.HTML, stream)(Done(graphval.lint(["graphs/broken/sync_set_unknown_stream", "graphs/good/relay"])))
    file = tmp_path / "report.html"
    file.write_text(stream.getvalue(), encoding="utf-8")
    return file


def test_the_policy_stops_what_is_not_the_page_s_own(page: Path, tmp_path: Path) -> None:
    assert console(browse(page, tmp_path / "profile", "--dump-dom")) == []
    intruder = page.with_name("intruder.html")
    text = page.read_text(encoding="utf-8")
    intruder.write_text(text.replace("</body>", "<script>document.title='ran'</script></body>"), encoding="utf-8")
    shown = browse(intruder, tmp_path / "profile", "--dump-dom")
    assert "<title>graphval: fail</title>" in shown.stdout
    assert any("Content Security Policy" in line for line in console(shown))


def test_arrow_keys_follow_streams(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    start = text.index('<meta http-equiv="Content-Security-Policy"')
    # The probe is a script of the test's, so this copy of the page has no policy.
    probed = page.with_name("probed.html")
    probed.write_text(text[:start] + text[text.index(">", start) + 1 :] + PROBE, encoding="utf-8")
    shown = browse(probed, tmp_path / "profile", "--dump-dom").stdout
    first, second, near, pictures = shown.partition("<title>")[2].partition("</title>")[0].split()
    assert first == "0"
    assert second != first
    assert int(near) >= 2
    assert pictures == "2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_looked_at(page: Path, tmp_path: Path, scheme: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    shot = SHOTS / f"report-{scheme}.png"
    shot.unlink(missing_ok=True)
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    browse(page, tmp_path / "profile", "--window-size=1200,1800", f"--screenshot={shot}", *dark)
    assert shot.stat().st_size > 20_000
    os.utime(shot)
