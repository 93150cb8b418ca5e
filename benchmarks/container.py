"""What graphval adds to a container: a run beside a bare ``docker run`` of the same image that waits for readiness.

    python benchmarks/container.py [IMAGE] [ROUNDS]

Without IMAGE the tests' own is made (the rehearsal under OVMS's command line). Each round does both, one after the
other; medians are printed. The server's own boot and the loading of its graphs are the time until its log says so, and
are taken out of both. Figures are seconds.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import graphval  # noqa: E402
from graphval.deployment import discover  # noqa: E402
from graphval.engines.choose import choose  # noqa: E402
from graphval.engines.interface import Launch, Limits  # noqa: E402
from graphval.engines.options import EngineOptions  # noqa: E402
from graphval.engines.process import LOAD_ENDED  # noqa: E402
from tests.containers.image import build  # noqa: E402
from tests.engines.deployments import PASS_THROUGH  # noqa: E402


def main(image: str, rounds: int) -> None:
    """Print a line for each measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        one, many = deployment(folder / "one", 1), deployment(folder / "many", 21)
        measured: dict[str, list[float]] = {"bare docker run": [], "engine": [], "check, 1 graph": [], "check, 21": []}
        for _ in range(rounds):
            measured["bare docker run"].append(bare(image, one))
            measured["engine"].append(engine(image, one))
            measured["check, 1 graph"].append(check(image, one))
            measured["check, 21"].append(check(image, many))
    medians = {what: statistics.median(times) for what, times in measured.items()}
    for what, seconds in medians.items():
        print(f"{what:16} {seconds:6.2f}  {seconds / medians['bare docker run']:5.2f} of the bare run")
    print(f"each further graph {(medians['check, 21'] - medians['check, 1 graph']) / 20:6.3f}")


def deployment(folder: Path, count: int) -> Path:
    for number in range(count):
        graph = folder / f"g{number}" / "graph.pbtxt"
        graph.parent.mkdir(parents=True)
        graph.write_text(PASS_THROUGH, encoding="utf-8")
    names = [{"name": f"g{number}"} for number in range(count)]
    config = folder / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": names}), encoding="utf-8")
    return config


def bare(image: str, config: Path) -> float:
    """From the command to the line that says it is ready, and then until the container is gone."""
    folder = str(config.parent)
    words = ["docker", "run", "--name", "graphval-bare", "--init", "--volume", f"{folder}:{folder}:ro", image]
    words += ["--config_path", str(config), "--port", "9000", "--log_level", "DEBUG"]
    started = perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if LOAD_ENDED in line:
                break
        subprocess.run(["docker", "rm", "--force", "graphval-bare"], capture_output=True, check=True)
    return perf_counter() - started


def engine(image: str, config: Path) -> float:
    """The same with an engine: hardened, watched, in a network of its own."""
    started = perf_counter()
    chosen = choose("docker", EngineOptions(image=image)).engine
    with chosen.start(Launch(discover([config])[0]), Limits()) as server:
        assert server.loaded
    return perf_counter() - started


def check(image: str, config: Path) -> float:
    """A whole run."""
    started = perf_counter()
    report = graphval.check([config], engine="docker", options=EngineOptions(image=image))
    assert report.verdict.value == "pass"
    return perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else build("docker"), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
