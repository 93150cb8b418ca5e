"""What is fuzzed: one function per kind of file. Each takes the bytes of a file and raises if a promise is broken.

The promises: no exception but what is promised by name, and every finding points into its file. `tools/fuzz.py` and the
short runs of the tests share them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import InputError
from graphval.deployment import load as load_deployment
from graphval.findings import Finding
from graphval.graph import build_graph, graph_schema
from graphval.rules.registry import all_rules
from graphval.rules.run import judge
from graphval.run.baseline import read_baseline
from graphval.settings import SettingsError
from graphval.settings.file import read_settings
from graphval.settings.where import find_settings
from graphval.textproto import bind, decode, parse

CATALOG = load_catalog()

_LLM_GRAPH = """
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "n"
  calculator: "HttpLLMCalculator"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  input_stream: "LOOPBACK:turn"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "LOOPBACK:turn"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: { models_path: "." plugin_config: "SETTINGS" }
  }
}
"""

Subject = Callable[[bytes, Path], None]


def text(data: bytes, folder: Path) -> None:
    """Lexer, parser, binder and the typed graph, without rules."""
    source, problems = decode(data, "graph.pbtxt")
    document = parse(source)
    bound, more = bind(document, graph_schema(CATALOG))
    build_graph("g", document, bound)
    size = len(source.text)
    for problem in (*problems, *document.problems, *more):
        assert 0 <= problem.start <= problem.end <= size, problem
        assert problem.message, problem


def graph(data: bytes, folder: Path) -> None:
    """A graph directory: every rule, with models that are missing and without asking for them."""
    _write(folder / "graph.pbtxt", data)
    _judged(folder / "graph.pbtxt")


def config(data: bytes, folder: Path) -> None:
    """A config.json with a graph and a subconfig beside it."""
    _beside(folder)
    _write(folder / "config.json", data)
    _judged(folder / "config.json")


def subconfig(data: bytes, folder: Path) -> None:
    """A subconfig of a sound deployment."""
    _beside(folder)
    _write(folder / "g" / "subconfig.json", data)
    (folder / "config.json").write_text('{"model_config_list": [], "mediapipe_config_list": [{"name": "g"}]}')
    _judged(folder / "config.json")


def handler(data: bytes, folder: Path) -> None:
    """The Python file of a Python node."""
    _write(folder / "model.py", data)
    (folder / "graph.pbtxt").write_text(
        'input_stream: "OVMS_PY_TENSOR:in"\noutput_stream: "OVMS_PY_TENSOR:out"\nnode {\n  name: "n"\n'
        '  calculator: "PythonExecutorCalculator"\n  input_side_packet: "PYTHON_NODE_RESOURCES:py"\n'
        '  input_stream: "IN:in"\n  output_stream: "OUT:out"\n  node_options: {\n'
        '    [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" }\n  }\n}\n'
    )
    _judged(folder / "graph.pbtxt")


def plugin_config(data: bytes, folder: Path) -> None:
    """The JSON text in a node's ``plugin_config``, and the same as that of a session and of a model in config.json."""
    text = b"".join(b"\\%03o" % byte if byte in b'"\\\n\0' else bytes([byte]) for byte in data)
    _write(folder / "graph.pbtxt", _LLM_GRAPH.encode().replace(b"SETTINGS", text))
    _judged(folder / "graph.pbtxt")
    model = b'{"config": {"name": "m", "base_path": "m", "target_device": "CPU", "plugin_config": ' + data + b"}}"
    _write(folder / "config.json", b'{"model_config_list": [' + model + b"]}")
    _judged(folder / "config.json")


def model_json(data: bytes, folder: Path) -> None:
    """The JSON files of a generative node's model."""
    for name in ("config.json", "generation_config.json", "tokenizer_config.json"):
        _write(folder / "m" / name, data)
    for name in ("openvino_model", "openvino_tokenizer", "openvino_detokenizer"):
        _write(folder / "m" / f"{name}.xml", b"<net></net>")
    calculators = {
        "HttpLLMCalculator": "LLMCalculatorOptions",
        "RerankCalculatorOV": "RerankCalculatorOVOptions",
        "EmbeddingsCalculatorOV": "EmbeddingsCalculatorOVOptions",
    }
    nodes = "".join(
        f'node {{ name: "{calculator}" calculator: "{calculator}" node_options: {{\n'
        f'  [type.googleapis.com/mediapipe.{options}]: {{ models_path: "m" }} }} }}\n'
        for calculator, options in calculators.items()
    )
    (folder / "graph.pbtxt").write_text(nodes)
    _judged(folder / "graph.pbtxt")


def settings(data: bytes, folder: Path) -> None:
    """A settings file: refused with places that lie in it, or read; then a deployment is judged by it."""
    _beside(folder)
    lines = data.split(b"\n")
    for name in ("graphval.toml", "pyproject.toml"):
        _write(folder / name, data)
        refused, found = "", None
        try:
            find_settings([folder])
            found = read_settings(folder / name, all_rules())
        except SettingsError as why:
            refused = str(why)
        for line, column in re.findall(rf"{re.escape(name)}:(\d+):(\d+): ", refused):
            assert 1 <= int(line) <= len(lines), refused
            assert 1 <= int(column) <= len(lines[int(line) - 1]) + 2, refused
        if found is not None:
            judge(load_deployment(folder / "g" / "graph.pbtxt"), CATALOG, found)


def baseline(data: bytes, folder: Path) -> None:
    """A file of known findings."""
    _write(folder / "baseline.json", data)
    with suppress(SettingsError):  # promised by name
        read_baseline(folder / "baseline.json")


SUBJECTS: Mapping[str, Subject] = {
    "text": text,
    "graph": graph,
    "config": config,
    "subconfig": subconfig,
    "handler": handler,
    "plugin_config": plugin_config,
    "model_json": model_json,
    "settings": settings,
    "baseline": baseline,
}


def _beside(folder: Path) -> None:
    (folder / "g").mkdir(exist_ok=True)
    (folder / "g" / "graph.pbtxt").write_text(
        'input_stream: "in"\noutput_stream: "out"\n'
        'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
    )


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)


def _judged(path: Path) -> None:
    try:
        deployment = load_deployment(path)
    except InputError:
        return  # promised by name
    for no_models in (True, False):
        judgement = judge(deployment, CATALOG, no_models=no_models)
        for finding in (*judgement.findings, *(f for graph in judgement.graphs for f in graph.findings)):
            _points_into_its_file(finding)


def _points_into_its_file(finding: Finding) -> None:
    assert finding.message, finding
    assert "\n" not in finding.message, finding
    for span in (finding.location, *(related.location for related in finding.related)):
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column), finding
