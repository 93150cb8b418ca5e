"""A good deployment with one fault: exactly that fault is found, once, at its place, with its moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.findings import Finding, Phase, Severity
from graphval.rules.run import judge

GRAPH = """input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: {
    servable_name: "gauge"
    servable_version: "1"
  } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "LEVEL:in"
  output_stream: "VOLUME:out"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {
    tag_to_input_tensor_names { key: "LEVEL" value: "level" }
    tag_to_output_tensor_names { key: "VOLUME" value: "volume" }
  } }
}
"""
ECHO = """input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""
MODEL = """<?xml version="1.0"?>
<net name="gauge" version="11">
  <layers>
    <layer id="0" name="level" type="Parameter" version="opset1">
      <data shape="1,3" element_type="f32"/>
      <output><port id="0" precision="FP32" names="level"><dim>1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="1" name="offset" type="Const" version="opset1">
      <data element_type="f32" shape="1,3" offset="0" size="12"/>
      <output><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></output>
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


class Site:
    """A folder to be deployed; faults are written into it before it is judged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model: dict[str, Any] = {"name": "gauge", "base_path": "net"}
        self.graph: dict[str, Any] = {"name": "meter"}
        self.config: dict[str, Any] = {
            "model_config_list": [{"config": self.model}],
            "mediapipe_config_list": [self.graph],
        }
        self.text = ""
        self.write("meter/graph.pbtxt", GRAPH)
        self.write("net/1/model.xml", MODEL)
        self.write("net/1/model.bin", "0" * 12)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def move(self, old: str, new: str) -> None:
        (self.folder / old).rename(self.folder / new)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def findings(self) -> list[Finding]:
        self.write("config.json", self.text or json.dumps(self.config, indent=1))
        judgement = judge(load(self.folder / "config.json"), load_catalog())
        return [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]

    def told(self) -> list[str]:
        """``severity code moment file`` of each finding."""
        return [
            f"{f.severity} {f.code} {f.phase} {Path(f.location.file).relative_to(self.folder)}" for f in self.findings()
        ]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def model(**settings: Any) -> Callable[[Site], None]:
    return lambda site: site.model.update(settings)


def graph(**settings: Any) -> Callable[[Site], None]:
    return lambda site: site.graph.update(settings)


def config(**settings: Any) -> Callable[[Site], None]:
    return lambda site: site.config.update(settings)


def text(change: Callable[[str], str]) -> Callable[[Site], None]:
    def apply(site: Site) -> None:
        site.text = change(json.dumps(site.config, indent=1))

    return apply


def both(*faults: Callable[[Site], None]) -> Callable[[Site], None]:
    def apply(site: Site) -> None:
        for fault in faults:
            fault(site)

    return apply


def test_the_good_deployment_is_good(site: Site) -> None:
    assert site.told() == []


GOOD: dict[str, Callable[[Site], None]] = {
    "shape it has": model(shape="(1,3)"),
    "shape it can take": model(shape="(7,3)"),
    "shape by name": model(shape={"level": "(2,3)"}),
    "auto shape": model(shape="auto"),
    "dynamic shape": model(shape="(-1,3)"),
    "range shape": model(shape="(1:8,3)"),
    "batch size": model(batch_size=4),
    "batch size 0": model(batch_size=0),
    "batch size as text": model(batch_size="4"),
    "batch size auto": model(batch_size="auto"),
    "layout": model(layout="NC"),
    "layout in small letters": model(layout="n..."),
    "layout by name": model(layout={"level": "NC", "volume": "N..."}),
    "layout turned": model(layout="CN:NC"),
    "plugin config": model(plugin_config={"NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY", "ENABLE_MMAP": False}),
    "old plugin keys": model(plugin_config={"CPU_THROUGHPUT_STREAMS": 2, "CPU_THREADS_NUM": "4"}),
    "plugin switch as text": model(target_device="CPU", plugin_config={"PERF_COUNT": "yes"}),
    "GPU key without device": model(plugin_config={"CACHE_DIR": "/opt/cache"}),
    "devices": model(target_device="HETERO:GPU.0,CPU", plugin_config={"MULTI_DEVICE_PRIORITIES": "GPU,CPU"}),
    "NPU key that a driver may know": model(target_device="NPU", plugin_config={"NPU_TURBO": True}),
    "policy": model(model_version_policy={"specific": {"versions": [1]}}),
    "nireq": model(nireq=2),
    "allow_cache": model(allow_cache=True),
    "base path with slash": model(base_path="net/"),
    "base path from here": model(base_path="./net"),
    "cloud": lambda s: s.config["model_config_list"].append({"config": {"name": "far", "base_path": "s3://b/m"}}),
    "subconfig": lambda s: s.write("meter/subconfig.json", '{"model_config_list": []}'),
    "graph in model list": both(
        config(mediapipe_config_list=[]),
        lambda s: s.config["model_config_list"].append({"config": {"name": "meter", "base_path": "meter"}}),
    ),
    "metrics": config(monitoring={"metrics": {"enable": True, "metrics_list": ["ovms_current_graphs"]}}),
}


SOURCE = {"node_name": "request", "data_item": "level"}
NODE = {
    "name": "one",
    "type": "DL model",
    "model_name": "gauge",
    "inputs": [{"level": SOURCE}],
    "outputs": [{"data_item": "volume", "alias": "volume"}],
}
PIPELINE = {
    "name": "p",
    "inputs": ["level"],
    "nodes": [NODE],
    "outputs": [{"volume": {"node_name": "one", "data_item": "volume"}}],
}
GOOD["pipeline"] = config(pipeline_config_list=[PIPELINE])
GOOD["session on a pipeline"] = both(
    config(pipeline_config_list=[PIPELINE]),
    lambda s: s.replace("meter/graph.pbtxt", 'servable_name: "gauge"\n    servable_version: "1"', 'servable_name: "p"'),
)
GOOD["custom loader reads other files"] = both(
    config(custom_loader_config_list=[{"config": {"loader_name": "l", "library_path": "l.so"}}]),
    model(custom_loader_options={"loader_name": "l"}, shape="(1,8)"),
    lambda s: s.move("net/1/model.xml", "net/1/model.sealed"),
)
GOOD["custom loader"] = config(
    custom_loader_config_list=[{"config": {"loader_name": "l", "library_path": "l.so"}}],
    custom_node_library_config_list=[{"name": "l", "base_path": "l.so"}],
)


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD)
def test_what_is_right_is_not_reported(site: Site, change: Callable[[Site], None]) -> None:
    change(site)
    assert site.told() == []


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
C, G, S = "config.json", "meter/graph.pbtxt", "meter/subconfig.json"
STOPS: dict[str, tuple[Callable[[Site], None], str]] = {
    "no model_config_list": (lambda s: s.config.pop("model_config_list") and None, "GV601"),
    "root is an array": (text(lambda t: f"[{t}]"), "GV601"),
    "trailing comma": (text(lambda t: t.replace('"name": "meter"', '"name": "meter",')), "GV151"),
    "comment": (text(lambda t: f"// ours\n{t}"), "GV152"),
    "single quotes": (text(lambda t: t.replace('"meter"', "'meter'")), "GV153"),
    "byte order mark": (text(lambda t: f"\ufeff{t}"), "GV154"),
    "empty": (text(lambda t: " "), "GV150"),
    "cut off": (text(lambda t: t[:-3]), "GV150"),
    "unknown root key": (config(mediapipe_config=[]), "GV601"),
    "unknown model key": (model(basepath="net"), "GV601"),
    "old model key": (model(stateful=False), "GV601"),
    "unknown graph key": (graph(graph="graph.pbtxt"), "GV601"),
    "list is an object": (config(mediapipe_config_list={"name": "meter"}), "GV601"),
    "no wrapper": (lambda s: s.config["model_config_list"].__setitem__(0, s.model), "GV601"),
    "two keys in the wrapper": (lambda s: s.config["model_config_list"][0].update(more=1), "GV601"),
    "graph without name": (lambda s: s.graph.pop("name") and None, "GV601"),
    "model without name": (lambda s: s.model.pop("name") and None, "GV601"),
    "name is a number": (graph(name=3), "GV601"),
    "negative batch size": (model(batch_size=-1), "GV601"),
    "batch size with a point": (model(batch_size=1.0), "GV601"),
    "nireq as text": (model(nireq="2"), "GV601"),
    "plugin config nested": (model(plugin_config={"DEVICE_PROPERTIES": {"CPU": {}}}), "GV601"),
    "plugin config as text": (model(plugin_config='{"NUM_STREAMS": 1}'), "GV601"),
    "two policies": (model(model_version_policy={"all": {}, "latest": {"num_versions": 1}}), "GV601"),
    "version 0 in policy": (model(model_version_policy={"specific": {"versions": [0]}}), "GV601"),
    "policy that is no object": (model(model_version_policy="latest"), "GV601"),
    "pipeline with an unknown key": (config(pipeline_config_list=[{**PIPELINE, "input": []}]), "GV601"),
    "pipeline without nodes": (config(pipeline_config_list=[{**PIPELINE, "nodes": None}]), "GV601"),
    "pipeline node of no type": (
        config(pipeline_config_list=[{**PIPELINE, "nodes": [{**NODE, "type": "model"}]}]),
        "GV601",
    ),
    "pipeline node without model": (
        config(pipeline_config_list=[{**PIPELINE, "nodes": [{k: v for k, v in NODE.items() if k != "model_name"}]}]),
        "GV601",
    ),
    "pipeline node with model and library": (
        config(pipeline_config_list=[{**PIPELINE, "nodes": [{**NODE, "library_name": "l"}]}]),
        "GV601",
    ),
    "pipeline output of two nodes": (
        config(pipeline_config_list=[{**PIPELINE, "outputs": [{"a": SOURCE, "b": SOURCE}]}]),
        "GV601",
    ),
    "custom loader without wrapper": (
        config(custom_loader_config_list=[{"loader_name": "l", "library_path": "l.so"}]),
        "GV601",
    ),
    "unknown policy": (model(model_version_policy={"newest": {}}), "GV601"),
    "shape as list": (model(shape=[1, 3]), "GV601"),
    "shape of numbers": (model(shape={"level": 3}), "GV601"),
    "device as list": (model(target_device=["CPU"]), "GV601"),
    "monitoring without metrics": (config(monitoring={}), "GV601"),
    "metrics without enable": (config(monitoring={"metrics": {"metrics_list": []}}), "GV601"),
    "endpoint path": (config(monitoring={"metrics": {"enable": True, "endpoint_path": "/m"}}), "GV601"),
    "unknown metric": (config(monitoring={"metrics": {"enable": True, "metrics_list": ["ovms_requests"]}}), "GV602"),
    "metric twice": (config(monitoring={"metrics": {"enable": True, "metrics_list": ["ovms_streams"] * 2}}), "GV602"),
}


@pytest.mark.parametrize(("fault", "code"), STOPS.values(), ids=STOPS)
def test_what_stops_the_server(site: Site, fault: Callable[[Site], None], code: str) -> None:
    fault(site)
    moment = "parse" if code.startswith("GV1") else "load"
    assert set(site.told()) == {f"error {code} {moment} {C}"}


FAULTS: dict[str, tuple[Callable[[Site], None], list[str]]] = {
    "graph file missing": (graph(base_path="metre"), [f"error GV610 load {C}"]),
    "blank at the end": (graph(base_path="meter "), [f"error GV610 load {C}"]),
    "graph path does not resolve": (graph(graph_path="graf.pbtxt"), [f"error GV610 load {C}"]),
    "empty graph path": (graph(graph_path=""), [f"error GV610 load {C}"]),
    "graph path is a folder": (graph(base_path="", graph_path="."), [f"error GV610 load {C}"]),
    "graph left to Git LFS": (lambda s: s.write(G, LFS), [f"error GV115 parse {G}"]),
    "graph file is empty": (lambda s: s.write(G, ""), [f"error GV201 load {G}"]),
    "graph path does not resolve in the model list": (
        lambda s: s.config["model_config_list"].append({"config": {"name": "m", "graph_path": "graf.pbtxt"}}),
        [f"error GV610 load {C}"],
    ),
    "two graphs of one name": (
        both(
            lambda s: s.write("b/graph.pbtxt", ECHO),
            lambda s: s.config["mediapipe_config_list"].append({"name": "meter", "base_path": "b"}),
        ),
        [f"warning GV611 load {C}"],
    ),
    "two models of one name": (
        lambda s: s.config["model_config_list"].append({"config": {"name": "gauge", "base_path": "net"}}),
        [f"warning GV611 load {C}"],
    ),
    "two pipelines of one name": (config(pipeline_config_list=[PIPELINE, PIPELINE]), [f"warning GV611 load {C}"]),
    "graph named like a model": (graph(name="gauge", base_path="meter"), [f"error GV612 load {C}"]),
    "graph named like a pipeline": (
        config(pipeline_config_list=[PIPELINE | {"name": "meter"}]),
        [f"error GV612 load {C}"],
    ),
    "empty graph name": (graph(name="", base_path="meter"), [f"warning GV617 load {C}"]),
    "model settings on a graph": (
        lambda s: s.config["model_config_list"].append({"config": {"name": "e", "base_path": "meter", "nireq": 1}}),
        [f"warning GV615 load {C}"],
    ),
    "key twice": (
        text(lambda t: t.replace('"name": "meter"', '"name": "meter",\n "name": "metre"')),
        [f"warning GV603 load {C}"],
    ),
    "base path wrong": (model(base_path="nets"), [f"error GV614 load {C}"]),
    "base path leaves": (model(base_path="meter/../net"), [f"error GV614 load {C}"]),
    "object store misspelt": (model(base_path="s3:/bucket/net"), [f"error GV614 load {C}"]),
    "tags that do not match": (
        lambda s: s.replace("net/1/model.xml", "</layers>", "</layer>"),
        [f"error GV614 load {C}"],
    ),
    "old format": (lambda s: s.replace("net/1/model.xml", 'version="11"', 'version="7"'), [f"error GV614 load {C}"]),
    "one of two versions broken": (
        both(model(model_version_policy={"all": {}}), lambda s: (s.folder / "net/2").mkdir()),
        [f"warning GV614 load {C}"],
    ),
    "the broken one of two versions": (
        both(
            model(model_version_policy={"all": {}}),
            lambda s: (s.folder / "net/2").mkdir(),
            lambda s: s.replace(G, 'servable_version: "1"', 'servable_version: "2"'),
        ),
        [f"warning GV614 load {C}", f"error GV620 create {G}"],
    ),
    "custom loader missing": (model(custom_loader_options={"loader_name": "l"}), [f"error GV638 load {C}"]),
    "no version folder": (
        lambda s: s.move("net/1", "net/files"),
        [f"error GV614 load {C}"],
    ),
    "flat model": (
        lambda s: (
            [s.move(f"net/1/{n}", f"net/{n}") for n in ("model.xml", "model.bin")] and (s.folder / "net/1").rmdir()
        ),
        [f"error GV614 load {C}"],
    ),
    "version 0": (lambda s: s.move("net/1", "net/0"), [f"error GV614 load {C}"]),
    "version v1": (lambda s: s.move("net/1", "net/v1"), [f"error GV614 load {C}"]),
    "weights missing": (lambda s: (s.folder / "net/1/model.bin").unlink(), [f"error GV614 load {C}"]),
    "weights short": (lambda s: s.write("net/1/model.bin", "0"), [f"error GV614 load {C}"]),
    "xml cut off": (lambda s: s.write("net/1/model.xml", MODEL[:500]), [f"error GV614 load {C}"]),
    "xml empty": (lambda s: s.write("net/1/model.xml", ""), [f"error GV614 load {C}"]),
    "policy asks for another": (
        model(model_version_policy={"specific": {"versions": [2]}}),
        [f"error GV614 load {C}"],
    ),
    "unknown device": (model(target_device="TPU"), [f"error GV618 load {C}"]),
    "device in small letters": (model(target_device="cpu"), [f"error GV618 load {C}"]),
    "device in a list": (model(target_device="HETERO:GPU,XPU"), [f"error GV618 load {C}"]),
    "servable not configured": (lambda s: s.replace(G, '"gauge"', '"gouge"'), [f"error GV620 create {G}"]),
    "servable in another case": (lambda s: s.replace(G, '"gauge"', '"Gauge"'), [f"error GV620 create {G}"]),
    "servable is the graph": (lambda s: s.replace(G, '"gauge"', '"meter"'), [f"error GV620 create {G}"]),
    "another version": (lambda s: s.move("net/1", "net/2"), [f"error GV620 create {G}"]),
    "unknown tensor": (lambda s: s.replace(G, '"level"', '"levels"'), [f"error GV621 serve {G}"]),
    "shape text": (model(shape="(1,"), [f"warning GV630 load {C}"]),
    "batch size text": (model(batch_size="four"), [f"warning GV630 load {C}"]),
    "batch size beside shape": (model(batch_size=2, shape="(1,3)"), [f"warning GV630 load {C}"]),
    "shape refused": (model(shape="(1,8)"), [f"error GV631 load {C}"]),
    "shape of no input": (model(shape={"x": "(1,3)"}), [f"error GV631 load {C}"]),
    "named shape refused": (model(shape={"level": "(1,8)"}), [f"error GV631 load {C}"]),
    "layout of other rank": (model(layout="NCHW"), [f"error GV632 load {C}"]),
    "layout of other letters": (model(layout="NX"), [f"error GV632 load {C}"]),
    "layout with a letter twice": (model(layout="NN"), [f"error GV632 load {C}"]),
    "layout that cannot be turned": (model(layout="NH:NC"), [f"error GV632 load {C}"]),
    "layout of no tensor": (model(layout={"x": "NC"}), [f"error GV632 load {C}"]),
    "batch size without a batch": (model(batch_size=2, layout="CH"), [f"error GV633 load {C}"]),
    "plugin key": (model(target_device="CPU", plugin_config={"NUM_STREAM": 1}), [f"error GV634 load {C}"]),
    "plugin key of another device": (
        model(target_device="CPU", plugin_config={"GPU_QUEUE_PRIORITY": "LOW"}),
        [f"error GV634 load {C}"],
    ),
    "cache dir on the CPU": (model(target_device="CPU", plugin_config={"CACHE_DIR": "x"}), [f"error GV634 load {C}"]),
    "read-only key": (model(target_device="CPU", plugin_config={"FULL_DEVICE_NAME": "x"}), [f"error GV634 load {C}"]),
    "plugin key without device": (model(plugin_config={"CPU_SPEED": "FAST"}), [f"error GV634 load {C}"]),
    "plugin word": (model(plugin_config={"PERFORMANCE_HINT": "FAST"}), [f"error GV635 load {C}"]),
    "plugin switch": (model(target_device="CPU", plugin_config={"PERF_COUNT": 1}), [f"error GV635 load {C}"]),
    "plugin number": (
        model(target_device="CPU", plugin_config={"INFERENCE_NUM_THREADS": -1}),
        [f"error GV635 load {C}"],
    ),
    "plugin text for a number": (
        model(target_device="CPU", plugin_config={"NUM_STREAMS": "many"}),
        [f"error GV635 load {C}"],
    ),
    "nireq": (model(nireq=100_001), [f"error GV636 load {C}"]),
    "two models in a folder": (
        both(
            lambda s: s.write("net/1/other.xml", MODEL),
            lambda s: s.write("net/1/other.bin", "0" * 12),
        ),
        [f"warning GV637 load {C}"],
    ),
    "subconfig is no JSON": (lambda s: s.write(S, "{]"), [f"warning GV150 parse {S}"]),
    "subconfig holds graphs": (
        lambda s: s.write(S, '{"model_config_list": [], "mediapipe_config_list": []}'),
        [f"warning GV616 load {S}"],
    ),
    "subconfig holds a graph among its models": (
        lambda s: s.write(S, '{"model_config_list": [{"config": {"name": "other", "base_path": "."}}]}'),
        [f"warning GV616 load {S}"],
    ),
    "subconfig without a list": (lambda s: s.write(S, '{"models": []}'), [f"warning GV616 load {S}"]),
    "subconfig with an object for a list": (
        lambda s: s.write(S, '{"model_config_list": {}}'),
        [f"warning GV616 load {S}"],
    ),
    "subconfig is a list": (lambda s: s.write(S, "[]"), [f"warning GV616 load {S}"]),
    "subconfig with a bare model": (
        lambda s: s.write(S, '{"model_config_list": [{"name": "other", "base_path": "x"}]}'),
        [f"warning GV616 load {S}"],
    ),
    "subconfig is empty text": (graph(subconfig=""), [f"warning GV616 load {C}"]),
    "subconfig is not there": (graph(subconfig="models.json"), [f"warning GV616 load {C}"]),
}


@pytest.mark.parametrize(("fault", "told"), FAULTS.values(), ids=FAULTS)
def test_one_fault_is_one_finding(site: Site, fault: Callable[[Site], None], told: list[str]) -> None:
    fault(site)
    assert site.told() == told


def test_a_pipeline_takes_its_name_even_where_it_cannot_be_loaded(site: Site) -> None:
    of_a_library = {"name": "n", "library_name": "l", "type": "custom", "inputs": [], "outputs": []}
    site.config["pipeline_config_list"] = [PIPELINE, PIPELINE | {"name": "meter", "nodes": [of_a_library]}]
    assert site.told() == [f"error GV640 load {C}", f"error GV612 load {C}"]


@pytest.mark.parametrize(("name", "told"), [("config.json", []), ("subconfig.json", [f"warning GV616 load {S}"])])
def test_the_config_of_a_model_beside_its_graph_is_no_subconfig(site: Site, name: str, told: list[str]) -> None:
    site.write(f"meter/{name}", '{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    assert site.told() == told


def test_a_named_subconfig_is_not_looked_for_where_files_are_not_at_hand(site: Site) -> None:
    site.graph["subconfig"] = "models.json"
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(site.folder / "config.json"), load_catalog(), no_models=True)
    assert "the subconfig models.json is not at hand" in [skipped.reason for skipped in judgement.skips]
    assert judgement.findings == ()


IN_SUBCONFIG = [
    ({"base_path": "../net"}, "GV614"),
    ({"base_path": "nets"}, "GV614"),
    ({"target_device": "TPU"}, "GV618"),
    ({"shape": "(1,8)"}, "GV631"),
    ({"layout": "NCHW"}, "GV632"),
    ({"plugin_config": {"CPU_SPEED": 1}}, "GV634"),
    ({"plugin_config": {"PERF_COUNT": "maybe"}}, "GV635"),
]


@pytest.mark.parametrize(("settings", "code"), IN_SUBCONFIG)
@pytest.mark.parametrize("used", [True, False])
def test_a_model_of_a_subconfig_hurts_the_requests_of_those_who_use_it(
    site: Site, settings: dict[str, Any], code: str, used: bool
) -> None:
    site.config["model_config_list"].clear()
    entry = {"name": "gauge", "base_path": "net", **settings}
    site.move("net", "meter/net")
    if settings.get("base_path") == "../net":
        site.move("meter/net", "net")
    site.write(S, json.dumps({"model_config_list": [{"config": entry}]}))
    if not used:
        site.write(G, ECHO)
    assert site.told() == ([f"error {code} create {S}"] if used else [f"warning {code} load {S}"])


def test_nothing_is_said_of_models_that_are_not_at_hand(site: Site) -> None:
    site.model |= {"shape": "(1,8)", "base_path": "gone", "batch_size": 2}
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(site.folder / "config.json"), load_catalog(), no_models=True)
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    assert [finding.code for finding in found] == ["GV630"]


@pytest.mark.parametrize("release", ["2026.2.1", "2026.4"])
def test_a_file_as_base_path_is_for_newer_releases(site: Site, release: str) -> None:
    site.model["base_path"] = "net/1/model.xml"
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(site.folder / "config.json"), load_catalog(release))
    assert [finding.code for finding in judgement.findings] == ([] if release == "2026.4" else ["GV614"])


@pytest.mark.parametrize(
    ("release", "settings", "told"),
    [
        ("2024.5", {}, ["GV610"]),
        ("2025.1", {}, []),
        ("2025.1", {"graph_path": "other.pbtxt"}, ["GV610"]),
        ("2025.2.1", {"graph_path": "other.pbtxt"}, []),
        ("2024.5", {"graph_path": "other.pbtxt"}, ["GV601"]),
    ],
)
def test_a_graph_in_the_list_of_models_by_release(
    site: Site, release: str, settings: dict[str, str], told: list[str]
) -> None:
    entry = {"name": "meter", "base_path": "meter", **settings}
    site.write("meter/other.pbtxt", GRAPH)
    site.config["mediapipe_config_list"] = []
    site.config["model_config_list"].append({"config": entry})
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(site.folder / "config.json"), load_catalog(release))
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    assert [finding.code for finding in found] == told


def test_only_the_graphs_that_an_older_release_does_not_take_are_told_of(site: Site) -> None:
    site.write("meter/other.pbtxt", GRAPH)
    entries = [
        {"name": "one", "base_path": "meter"},
        {"name": "two", "base_path": "meter", "graph_path": "other.pbtxt"},
    ]
    site.config["model_config_list"] += [{"config": entry} for entry in (*entries, entries[1] | {"name": "three"})]
    site.write("config.json", json.dumps(site.config, indent=1))
    text = (site.folder / "config.json").read_text().splitlines()
    judgement = judge(load(site.folder / "config.json"), load_catalog("2025.1"))
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    told = [text[finding.location.line - 1].strip() for finding in found if finding.code == "GV610"]
    assert told == ['"name": "two",', '"name": "three",']


@pytest.mark.parametrize(
    ("base_path", "help"), [("meter ", "a path has a blank at its end"), ("met", "check base_path and graph_path")]
)
def test_a_graph_that_is_not_found_for_a_blank(site: Site, base_path: str, help: str) -> None:
    site.graph["base_path"] = base_path
    assert [finding.help for finding in site.findings()] == [help]


@pytest.mark.parametrize(
    ("configured", "told"),
    [
        ([], ['FaceLandmarkFrontCpu asks for the models "face_detection" and "face_landmark", which the deployment']),
        (["face_landmark"], ['FaceLandmarkFrontCpu asks for the model "face_detection", which the deployment']),
        (["face_detection", "face_landmark"], []),
    ],
)
def test_models_that_a_subgraph_asks_for(site: Site, configured: list[str], told: list[str]) -> None:
    subgraph = 'node { calculator: "FaceLandmarkFrontCpu" input_stream: "IMAGE:in" }'
    through = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }'
    site.write(G, f'input_stream: "IMAGE:in"\noutput_stream: "IMAGE:out"\n{subgraph}\n{through}\n')
    site.config["model_config_list"] += [{"config": {"name": name, "base_path": "net"}} for name in configured]
    found = [finding for finding in site.findings() if finding.severity is Severity.ERROR]
    assert [finding.message.removesuffix(" does not have") for finding in found] == told
    assert {(finding.code, finding.phase) for finding in found} <= {("GV620", Phase.CREATE)}
    judged = judge(load(site.folder / G), load_catalog())
    assert [skip.reason for graph in judged.graphs for skip in graph.skips] == [
        "whether the models of FaceLandmarkFrontCpu are served is not known without its config.json"
    ]


def test_a_graph_in_a_version_folder_is_found_in_the_model_list_only(site: Site) -> None:
    """OVMS `src/mediapipe_internal/mediapipegraphconfig.cpp` (2026.4): entries of `mediapipe_config_list` are not tried
    any further."""
    site.write("aside/1/graph.pbtxt", GRAPH)
    site.graph["base_path"] = "aside"
    [found] = site.findings()
    assert (found.code, found.phase) == ("GV610", Phase.LOAD)
    assert found.help.startswith("OVMS looks into the folder 1 for graphs in model_config_list only")


NO_BATCH = 'no input of the model "gauge" has a batch dimension; the layout is '
CANNOT = 'the model "gauge" cannot take the batch size '


@pytest.mark.parametrize(
    ("settings", "own", "why"),
    [
        ({"batch_size": 1}, "", ""),
        ({"batch_size": 2}, "", ""),
        ({"batch_size": 0, "layout": "CH"}, "", ""),
        ({"batch_size": "0", "layout": "CH"}, "", ""),
        ({"batch_size": "auto", "layout": "CH"}, "", ""),
        ({"batch_size": 1, "layout": "CH"}, "", f"{NO_BATCH}CH"),
        ({"batch_size": "1", "layout": "CH"}, "", f"{NO_BATCH}CH"),
        ({"batch_size": 1, "layout": {"level": "CH"}}, "", f"{NO_BATCH}CH"),
        ({"batch_size": 1, "layout": {"volume": "CH"}}, "", ""),
        ({"batch_size": 2, "layout": "CH", "shape": "(1,3)"}, "", ""),
        ({"batch_size": 2, "layout": "HN"}, "", f"{CANNOT}2; "),
        ({"batch_size": 3, "layout": "HN"}, "", ""),
        ({"batch_size": 2, "layout": "...N"}, "", f"{CANNOT}2; "),
        ({"batch_size": 3, "layout": "...N"}, "", ""),
        ({"batch_size": 2, "layout": "...NC"}, "", ""),
        ({"batch_size": 2, "layout": "...C"}, "", f"{NO_BATCH}...C"),
        ({"batch_size": 2, "layout": "CH:HN"}, "", f"{NO_BATCH}CH"),
        ({"batch_size": 2}, "[H,N]", f"{CANNOT}2; "),
        ({"batch_size": 2}, "[C,H]", f"{NO_BATCH}CH"),
        ({"batch_size": 2}, "[N,C]", ""),
        ({"batch_size": 2, "layout": "NC"}, "[C,H]", ""),
        ({"batch_size": "2:4", "layout": "HN"}, "", ""),
        ({"batch_size": "4", "layout": "HN"}, "", f"{CANNOT}4; "),
    ],
)
def test_batch_sizes_by_layout(site: Site, settings: dict[str, Any], own: str, why: str) -> None:
    site.model |= settings
    if own:
        ports = '<port id="0" precision="FP32" names="level"><dim>1</dim><dim>3</dim>'
        site.replace("net/1/model.xml", ports, f'{ports}<rt_info><attribute name="layout" layout="{own}"/></rt_info>')
    found = [f"{f.message}; {f.label}" for f in site.findings() if f.code == "GV633"]
    assert len(found) == bool(why)
    assert all(text.startswith(why) for text in found)


EMBEDDINGS = """input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embed"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: { models_path: "gone" } }
}
"""


def test_graphs_behind_one_whose_preparation_throws(site: Site) -> None:
    site.write("embed/graph.pbtxt", EMBEDDINGS)
    site.write("echo/graph.pbtxt", ECHO)
    site.config["mediapipe_config_list"] = [{"name": "meter"}, {"name": "embed"}, {"name": "echo"}]
    skipped = [finding for finding in site.findings() if finding.code == "GV613"]
    assert [finding.graph for finding in skipped] == ["echo"]
    site.config["mediapipe_config_list"] = [{"name": "meter"}, {"name": "echo"}, {"name": "embed"}]
    assert [finding.code for finding in site.findings()] == ["GV720"]
    site.config["model_config_list"].append({"config": {"name": "far", "base_path": "echo"}})
    skipped = [finding for finding in site.findings() if finding.code == "GV613"]
    assert [finding.graph for finding in skipped] == ["far"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"max_sequence_number": 5}, ["GV614"]),
        ({"stateful": False, "idle_sequence_cleanup": True}, ["GV614"]),
        ({"stateful": True, "low_latency_transformation": True}, []),
        ({"stateful": False}, []),
    ],
)
def test_settings_of_stateful_models(site: Site, settings: dict[str, Any], told: list[str]) -> None:
    site.model |= settings
    site.write("config.json", json.dumps(site.config))
    judgement = judge(load(site.folder / "config.json"), load_catalog("2026.2"))
    assert [finding.code for finding in judgement.findings] == told


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (model(base_path="nets"), "starts from the folder of the file"),
        (model(base_path="/nowhere/net"), "--no-models leaves it out"),
        (model(base_path="meter/../net"), "write where the model lies"),
        (lambda s: s.move("net/1", "net/v1"), "it needs version folders"),
        (model(model_version_policy={"specific": {"versions": [2]}}), "ask for one of them in model_version_policy"),
        (lambda s: s.write("net/1/model.xml", ""), "put the whole model into its version folder"),
        (lambda s: s.write("meter/subconfig.json", "{}"), ""),
    ],
)
def test_what_to_do_about_a_model_that_does_not_load(site: Site, change: Callable[[Site], None], advice: str) -> None:
    change(site)
    told = [finding.help for finding in site.findings() if finding.code == "GV614"]
    assert [advice in words for words in told] == ([True] if advice else [])


def test_a_subconfig_above_the_graph_gives_its_models_paths_that_ovms_refuses(site: Site) -> None:
    site.move("net", "meter/net")
    site.config["model_config_list"] = []
    site.write("conf/models.json", '{"model_config_list": [{"config": {"name": "gauge", "base_path": "net"}}]}')
    site.graph["subconfig"] = "../conf/models.json"
    found = [finding for finding in site.findings() if finding.code == "GV614"]
    assert [finding.help.partition(", and ")[2] for finding in found] == [
        "this one comes from subconfig: write that without .."
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"FP32" names="volume"', '"I64" names="volume"', ["GV622"]),
        ('names="volume"><dim>1</dim><dim>3</dim>', 'names="volume"><dim>1</dim><dim>-1</dim>', []),
        ('names="volume"', 'names="volume"', []),
    ],
)
def test_two_models_in_a_row(site: Site, old: str, new: str, told: list[str]) -> None:
    site.write("first/1/model.xml", MODEL.replace(old, new))
    if old != new and not told:
        result = (
            '<input><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></input>\n    </layer>\n  </layers>'
        )
        site.replace("first/1/model.xml", result, result.replace("<dim>3</dim>", "<dim>-1</dim>"))
    site.write("first/1/model.bin", "0" * 12)
    site.config["model_config_list"].append({"config": {"name": "first", "base_path": "first"}})
    session, _, inference = GRAPH.partition('output_stream: "OVTENSOR:out"\n')[2].partition(
        'node {\n  calculator: "OpenVINOI'
    )
    inference = 'node {\n  calculator: "OpenVINOI' + inference
    before = (session + inference).replace('"gauge"', '"first"').replace("SESSION:session", "SESSION:other")
    site.write(
        G,
        'input_stream: "OVTENSOR:in"\noutput_stream: "OVTENSOR:out"\n'
        + before.replace("VOLUME:out", "VOLUME:between")
        + session
        + inference.replace("LEVEL:in", "LEVEL:between"),
    )
    assert [finding.code for finding in site.findings()] == told
