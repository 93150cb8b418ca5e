"""Small sound deployments of all kinds, as files by their paths, to be changed (see ``changes``)."""

from __future__ import annotations

import json
from functools import cache

from .faults.graphs import EXAMPLES, MADE_UP
from .genai_deployments import GOOD
from .test_deployment_rules import ECHO, GRAPH, MODEL
from .test_pipeline_refused import PIPELINE
from .test_python_rules import GRAPH as PYTHON
from .test_python_rules import LOOPBACK

WEIGHTS = "0" * 12
TWO_INPUTS = """<net name="mixer" version="11">
  <layers>
    <layer id="0" name="level" type="Parameter" version="opset1">
      <data shape="1,3" element_type="f32"/>
      <output><port id="0" precision="FP32" names="level"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="1" name="gain" type="Parameter" version="opset1">
      <data shape="1,3" element_type="f32"/>
      <output><port id="0" precision="FP32" names="gain"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="sum" type="Add" version="opset1">
      <data auto_broadcast="numpy"/>
      <input>
        <port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port>
        <port id="1" precision="FP32"><dim>1</dim><dim>3</dim></port>
      </input>
      <output><port id="2" precision="FP32" names="volume"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="3" name="volume/result" type="Result" version="opset1">
      <input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
  </edges>
</net>
"""
HANDLER = """import json

from pyovms import Tensor

SIZE = 3


class OvmsPythonModel:
    def initialize(self, kwargs):
        self.out = kwargs["output_names"][0]
        self.options = json.loads("{}") if kwargs.get("base_path") else None

    def execute(self, inputs):
        first = inputs[0]
        text = bytes(first).decode()
        answer = Tensor("out", text.encode())
        return [answer]

    def finalize(self):
        self.options = None
"""
GENERATOR = """from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        text = bytes(inputs[0])
        for position in range(len(text)):
            yield [Tensor("out", text[position:])]
"""


@cache
def sound() -> dict[str, dict[str, str]]:
    """The deployments by name. What is a graph alone says nothing of the models and files that it names."""
    return {name: files for group in groups() for name, files in group.items()}


@cache
def groups() -> tuple[dict[str, dict[str, str]], ...]:
    """Those that are alike together."""
    return _graphs(), _with_models(), _with_handlers(), _generative()


def _graphs() -> dict[str, dict[str, str]]:
    texts = {
        name: (EXAMPLES / name / "graph.pbtxt").read_text(encoding="utf-8")
        for name in ("chained_models/order_total", "smoothing_session/smooth_readings")
    }
    return {name.rpartition("/")[2]: {"graph.pbtxt": text} for name, text in {**MADE_UP, **texts}.items()}


def _with_models() -> dict[str, dict[str, str]]:
    gauge, mixer = {"name": "gauge", "base_path": "net"}, {"name": "mixer", "base_path": "mixer"}
    other = {"name": "other", "base_path": "other"}
    net = {"net/1/model.xml": MODEL, "net/1/model.bin": WEIGHTS}
    return {
        "a model": {
            "config.json": json.dumps(
                {"model_config_list": [{"config": gauge}], "mediapipe_config_list": [{"name": "meter"}]}, indent=1
            ),
            "meter/graph.pbtxt": GRAPH,
            **net,
        },
        "a model of two inputs": {
            "config.json": json.dumps({"model_config_list": [{"config": mixer}]}, indent=1),
            "mixer/1/model.xml": TWO_INPUTS,
            "mixer/1/model.bin": WEIGHTS,
        },
        "a pipeline": {
            "config.json": json.dumps(
                {
                    "model_config_list": [{"config": gauge}, {"config": other}],
                    "pipeline_config_list": [PIPELINE],
                },
                indent=1,
            ),
            **net,
            "other/1/model.xml": MODEL,
            "other/1/model.bin": WEIGHTS,
        },
        "a subconfig": {
            "config.json": json.dumps(
                {
                    "model_config_list": [],
                    "mediapipe_config_list": [{"name": "meter", "base_path": "meter"}, {"name": "echo"}],
                },
                indent=1,
            ),
            "meter/graph.pbtxt": GRAPH,
            "meter/subconfig.json": json.dumps({"model_config_list": [{"config": gauge}]}, indent=1),
            **{f"meter/{path}": text for path, text in net.items()},
            "echo/graph.pbtxt": ECHO,
        },
    }


def _with_handlers() -> dict[str, dict[str, str]]:
    path = 'handler_path: "model.py"'
    return {
        "a handler": {"graph.pbtxt": PYTHON.format(ports="", second="", path=path), "model.py": HANDLER},
        "a generator": {"graph.pbtxt": PYTHON.format(ports=LOOPBACK, second="", path=path), "model.py": GENERATOR},
    }


def _generative() -> dict[str, dict[str, str]]:
    return {name: {"graph.pbtxt": case.graph, **case.files} for name, case in GOOD.items()}
