"""A few whole exercises on the real rehearsal: MediaPipe creates and runs the graphs, and dies of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.engines.options import EngineOptions
from graphval.engines.rehearsal import RehearsalEngine
from graphval.findings import By, Rung, Severity, Verdict
from graphval.probe.asking import Deadlines, ProbeSettings
from graphval.run.terms import Terms
from tests.exercise.running import TEXT, Checked, check, deployment
from tests.exercise.test_outcome import LONELY, SYNC

PYTHON = """input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {{
  name: "snake"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: {{ [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {{ handler_path: "{name}.py" }} }}
}}
"""
HANDLER = """
from pyovms import Tensor

class OvmsPythonModel:
    def initialize(self, kwargs):
        {initialize}
    def execute(self, inputs):
        {execute}
        return [Tensor("out", inputs[0])]
"""
SAMPLE = '{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [1]}]}'


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("rehearsed")
    handlers = {
        "raises": HANDLER.format(initialize="pass", execute="int('no')"),
        "stuck": HANDLER.format(initialize="pass", execute="import time; time.sleep(60); return []"),
        "broken": HANDLER.format(initialize="int('never')", execute="return []"),
        "dead": HANDLER.format(initialize="pass", execute="import os; os.abort()"),
    }
    path = deployment(
        folder,
        {
            "good": TEXT,
            "lonely": LONELY,
            "sync": SYNC,
            **{name: PYTHON.format(name=name) for name in handlers},
            "last": TEXT,
        },
    )
    for name, handler in handlers.items():
        # Handlers of one file name would be one module to the server.
        (folder / name / f"{name}.py").write_text(handler)
        (folder / "samples" / name).mkdir(parents=True)
        (folder / "samples" / name / "one.json").write_text(SAMPLE)
    with pytest.MonkeyPatch.context() as patch:
        terms = Terms(
            deadlines=Deadlines(creation=5.0, request=3.0), settings=ProbeSettings(samples=(folder / "samples",))
        )
        engine = RehearsalEngine(EngineOptions(server_flags=("--metrics_enable",)))
        return check(patch, path, engine, terms)


@pytest.mark.parametrize(
    ("name", "verdict", "reached", "code"),
    [
        ("good", Verdict.PASS, Rung.SERVE, None),
        ("lonely", Verdict.FAIL, Rung.LOAD, ""),
        ("sync", Verdict.FAIL, Rung.LOAD, ""),
        ("raises", Verdict.FAIL, Rung.CREATE, "GV820"),
        ("stuck", Verdict.FAIL, Rung.CREATE, "GV822"),
        ("broken", Verdict.FAIL, Rung.PARSE, "GV801"),
        ("dead", Verdict.FAIL, Rung.CREATE, "GV821"),
        ("last", Verdict.PASS, Rung.SERVE, None),
    ],
)
def test_each_graph_has_its_own_verdict(
    checked: Checked, name: str, verdict: Verdict, reached: Rung, code: str | None
) -> None:
    graph = checked.graph(name)
    assert (graph.verdict, graph.reached) == (verdict, reached)
    errors = [finding for finding in checked.findings(name) if finding.severity is Severity.ERROR]
    assert len(errors) == (0 if code is None else 1)
    for finding in errors:
        if code:
            assert (finding.code, finding.by) == (code, By.ENGINE)
        else:
            assert finding.by is By.STATIC
            assert "seen" in finding.evidence


def test_python_failures_are_blamed_on_their_node(checked: Checked) -> None:
    for name in ("raises", "broken"):
        [finding] = checked.findings(name)
        assert finding.node == "snake"
        assert finding.location.file.endswith("graph.pbtxt")


def test_the_folder_is_not_written_to(checked: Checked, tmp_path: Path) -> None:
    file = Path(checked.graph("good").file)
    assert sorted(p.name for p in file.parent.iterdir()) == ["graph.pbtxt"]


@pytest.mark.parametrize(("name", "counted"), [("raises", "ovms_graph_error 1"), ("stuck", "ovms_current_graphs 1")])
def test_what_the_server_counts_is_evidence(checked: Checked, name: str, counted: str) -> None:
    [finding] = checked.findings(name)
    assert counted in str(finding.evidence["metrics"]).split(", ")
