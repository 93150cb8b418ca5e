"""Deployments on disk for engines to serve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from graphval.deployment import Deployment, discover

PASS_THROUGH = """\
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""
REFUSED = PASS_THROUGH.replace("PassThroughCalculator", "NoSuchCalculator")
SYNC_SET = PASS_THROUGH.replace(
    " }\n",
    ' input_stream_handler { input_stream_handler: "SyncSetInputStreamHandler" options {'
    ' [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOP:1" } } } } }\n',
)
"""Loads, and ends the server at the first request."""
POOLED = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + SYNC_SET
"""Ends the server at load."""
SILENT = PASS_THROUGH + 'input_stream: ""\n'
"""Ends the server at load without a word."""
HANGS = PASS_THROUGH.replace(" }\n", " max_in_flight: -2 }\n")
"""Loads, and never answers."""
PYTHON = """\
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "py"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" }
  }
}
"""
_HANDLER = """\
import os, subprocess, sys, time
from pyovms import Tensor

class OvmsPythonModel:
    def initialize(self, kwargs):
{initialize}

    def execute(self, inputs):
{execute}
        return [Tensor("out", inputs[0])]
"""


def handler(initialize: str = "pass", execute: str = "pass", module: str = "model") -> dict[str, str]:
    """The files of a Python graph that does this at load and that at a request. Graphs of one server share a
    ``module`` of one name."""
    blocks = {
        name: "\n".join(f"        {line}" for line in dedent(text).strip().splitlines())
        for name, text in (("initialize", initialize), ("execute", execute))
    }
    return {"graph.pbtxt": PYTHON.replace("model.py", f"{module}.py"), f"{module}.py": _HANDLER.format(**blocks)}


def deploy(folder: Path, graphs: Mapping[str, str | Mapping[str, str]]) -> Deployment:
    """A config.json that names these graphs (a text, or files by name)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in graphs.items():
        put(folder / name, content)
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": name} for name in graphs]}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return discover([folder / "config.json"])[0]


def alone(folder: Path, content: str | Mapping[str, str]) -> Deployment:
    """A graph directory, which OVMS serves as one model."""
    put(folder, content)
    return discover([folder])[0]


def put(folder: Path, content: str | Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    files = {"graph.pbtxt": content} if isinstance(content, str) else content
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
