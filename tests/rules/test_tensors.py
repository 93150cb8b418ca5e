"""Tensors between graphs and models: what fits, by form of the model and of the node."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.rules.run import judge

Tensor = tuple[str, str, str]
"""Names (separated by commas), element type and shape as IR writes them."""
_PORT = {"f32": "FP32", "f16": "FP16", "f64": "FP64", "boolean": "BOOL"}


def network(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> str:
    """An IR of which each output comes out of one operation that takes the first input."""
    layers, edges = [], []
    for number, (names, kind, shape) in enumerate(inputs):
        layers.append(
            f'<layer id="{number}" name="{names}" type="Parameter" version="opset1">'
            f'<data shape="{shape}" element_type="{kind}"/><output>{_port(names, kind, shape)}</output></layer>'
        )
    for number, (names, kind, shape) in enumerate(outputs):
        made, result = 100 + number, 200 + number
        layers.append(
            f'<layer id="{made}" name="made" type="Convert" version="opset1">'
            f'<input><port id="0"/></input><output>{_port(names, kind, shape)}</output></layer>'
            f'<layer id="{result}" name="r" type="Result" version="opset1">'
            f"<input>{_port('', kind, shape)}</input></layer>"
        )
        edges.append(f'<edge from-layer="0" from-port="0" to-layer="{made}" to-port="0"/>')
        edges.append(f'<edge from-layer="{made}" from-port="0" to-layer="{result}" to-port="0"/>')
    return f'<net name="n" version="11"><layers>{"".join(layers)}</layers><edges>{"".join(edges)}</edges></net>'


def _port(names: str, kind: str, shape: str) -> str:
    dims = "".join(f"<dim>{-1 if word == '?' else word}</dim>" for word in shape.split(",") if word)
    called = f' names="{names}"' if names else ""
    return f'<port id="0" precision="{_PORT.get(kind, kind.upper())}"{called}>{dims}</port>'


def session(name: str) -> str:
    return (
        'node { calculator: "OpenVINOModelServerSessionCalculator" '
        f'output_side_packet: "SESSION:{name}" node_options: {{ '
        "[type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: "
        f'{{ servable_name: "{name}" }} }} }}'
    )


def inference(model: str, inputs: Iterable[str], outputs: Iterable[str], options: str = "") -> str:
    streams = [f'input_stream: "{found}"' for found in inputs] + [f'output_stream: "{found}"' for found in outputs]
    written = f"node_options: {{ [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {{ {options} }} }}"
    return (
        f'node {{ calculator: "OpenVINOInferenceCalculator" input_side_packet: "SESSION:{model}" '
        f"{' '.join(streams)} {written if options else ''} }}"
    )


def told(
    folder: Path,
    models: dict[str, str],
    nodes: Sequence[str],
    *,
    code: str,
    border: str = 'input_stream: "OVTENSOR:in"\noutput_stream: "OVTENSOR:out"\n',
    settings: dict[str, dict[str, Any]] | None = None,
    no_models: bool = False,
) -> list[str]:
    """``where it points: message`` of each finding of that code."""
    graph = border + "\n".join([*map(session, models), *nodes])
    entries = [{"config": {"name": name, "base_path": name, **(settings or {}).get(name, {})}} for name in models]
    files = {
        "config.json": json.dumps({"model_config_list": entries, "mediapipe_config_list": [{"name": "g"}]}),
        "g/graph.pbtxt": graph,
    }
    for name, text in models.items():
        files |= {f"{name}/1/model.xml": text, f"{name}/1/model.bin": "0"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    judgement = judge(load(folder / "config.json"), load_catalog(), no_models=no_models)
    lines = graph.splitlines()
    return [
        f"{lines[f.location.line - 1][f.location.column - 1 : f.location.end_column - 1]}: {f.message}"
        for graph_found in judgement.graphs
        for f in graph_found.findings
        if f.code == code
    ]


IN_A_ROW = [
    ("f32", "1,3", "f32", "1,3", ""),
    ("i64", "1,3", "f32", "1,3", "INT64 comes in, FP32 is taken"),
    ("f32", "1,3", "i64", "1,3", "FP32 comes in, INT64 is taken"),
    ("u4", "1,3", "f32", "1,3", ""),
    ("f32", "1,3", "u4", "1,3", ""),
    ("f32", "1,3", "f32", "1,1,3", "2 dimensions come in, 3 are taken"),
    ("f32", "1,1,3", "f32", "1,3", "3 dimensions come in, 2 are taken"),
    ("f32", "", "f32", "1,3", ""),
    ("f32", "1,3", "f32", "", "2 dimensions come in, 0 are taken"),
    ("f32", "1,3", "f32", "...", ""),
    ("f32", "1,3", "f32", "1,4", "dimension 1 is 3 where 4 is taken"),
    ("f32", "2,3", "f32", "1,4", "dimension 0 is 2 where 1 is taken"),
    ("f32", "?,3", "f32", "1,3", ""),
    ("f32", "?,3", "f32", "1,4", "dimension 1 is 3 where 4 is taken"),
    ("f32", "1,?", "f32", "1,4..9", ""),
    ("f32", "1,3", "f32", "1,?", ""),
    ("f32", "1,3", "f32", "1,3..5", ""),
    ("f32", "1,5", "f32", "1,3..5", ""),
    ("f32", "1,2", "f32", "1,3..5", "dimension 1 is 2 where 3 to 5 is taken"),
    ("f32", "1,6", "f32", "1,3..5", "dimension 1 is 6 where 3 to 5 is taken"),
    ("f32", "1,2", "f32", "1,3..", "dimension 1 is 2 where 3 or more is taken"),
    ("f32", "1,3", "f32", "1,3..", ""),
    ("f32", "1,0", "f32", "1,?", ""),
]


@pytest.mark.parametrize(("given", "shape", "taken", "wanted", "why"), IN_A_ROW)
def test_what_one_model_returns_fits_the_next(
    tmp_path: Path, given: str, shape: str, taken: str, wanted: str, why: str
) -> None:
    models = {
        "a": network([("x", "f32", "1")], [("y", given, shape)]),
        "b": network([("z", taken, wanted)], [("w", "f32", "1")]),
    }
    nodes = [inference("a", ["x:in"], ["y:between"]), inference("b", ["z:between"], ["w:out"])]
    expected = [f'"z:between": "between" does not fit the input "z": {why}'] if why else []
    assert told(tmp_path, models, nodes, code="GV622") == expected


WRONG = {
    "a": network([("x", "f32", "1")], [("y,y2", "i64", "1")]),
    "b": network([("z,z2", "f32", "1")], [("w", "f32", "1")]),
}
FROM, TO = "tag_to_output_tensor_names", "tag_to_input_tensor_names"


@pytest.mark.parametrize(
    ("giver", "given_by", "taker", "taken_by", "found"),
    [
        ("y", "", "z", "", True),
        ("y2", "", "z2", "", True),
        ("OUT", "", "z", "", False),  # no such tensor: another rule says so
        ("y", "", "IN", "", False),
        ("OUT", f'{FROM} {{ key: "OUT" value: "y" }}', "IN", f'{TO} {{ key: "IN" value: "z" }}', True),
        ("OUT", f'{FROM} {{ key: "OUT" value: "x" }}', "IN", f'{TO} {{ key: "IN" value: "z" }}', False),
        ("OUT", f'{TO} {{ key: "OUT" value: "y" }}', "z", "", False),
        ("y", "", "IN", f'{FROM} {{ key: "IN" value: "z" }}', False),
        ("y", f'{FROM} {{ key: "OTHER" value: "q" }}', "z", f'{TO} {{ key: "OTHER" value: "q" }}', True),
        ("OVTENSOR", f'{FROM} {{ key: "OVTENSOR" value: "y" }}', "z", "", True),
        ("OVTENSORS", f'{FROM} {{ key: "OVTENSORS" value: "y" }}', "z", "", False),
        ("TENSOR", f'{FROM} {{ key: "TENSOR" value: "y" }}', "z", "", False),
        ("TFTENSOR", f'{FROM} {{ key: "TFTENSOR" value: "y" }}', "z", "", False),
        ("TFLITE_TENSOR", f'{FROM} {{ key: "TFLITE_TENSOR" value: "y" }}', "z", "", False),
        ("y", "", "TENSOR", f'{TO} {{ key: "TENSOR" value: "z" }}', False),
    ],
)
def test_which_tensor_a_tag_stands_for(
    tmp_path: Path, giver: str, given_by: str, taker: str, taken_by: str, found: bool
) -> None:
    nodes = [
        inference("a", ["x:in"], [f"{giver}:between"], given_by),
        inference("b", [f"{taker}:between"], ["w:out"], taken_by),
    ]
    assert bool(told(tmp_path, WRONG, nodes, code="GV622")) is found


@pytest.mark.parametrize("key", ["shape", "batch_size", "layout", "precision"])
@pytest.mark.parametrize("name", ["a", "b"])
def test_a_model_that_settings_change_is_not_compared(tmp_path: Path, name: str, key: str) -> None:
    value: Any = 1 if key == "batch_size" else "auto"
    nodes = [inference("a", ["y:in", "x:in"], ["y:between"]), inference("b", ["z:between"], ["w:out"])]
    assert told(tmp_path, WRONG, nodes, code="GV622")
    assert told(tmp_path, WRONG, nodes, code="GV622", settings={name: {key: value}}) == []


def test_models_are_left_alone_where_that_is_asked(tmp_path: Path) -> None:
    nodes = [inference("a", ["q:in"], ["y:between"]), inference("b", ["z:between"], ["w:out"])]
    for code in ("GV621", "GV622"):
        assert told(tmp_path, WRONG, nodes, code=code)
        assert told(tmp_path, WRONG, nodes, code=code, no_models=True) == []


def test_only_what_comes_out_of_a_model_is_compared(tmp_path: Path) -> None:
    passed = 'node { calculator: "PassThroughCalculator" input_stream: "between" output_stream: "passed" }'
    nodes = [inference("a", ["x:in"], ["y:between"]), passed, inference("b", ["z:passed"], ["w:out"])]
    assert told(tmp_path, WRONG, nodes, code="GV622") == []
    assert told(tmp_path, WRONG, [inference("b", ["z:in"], ["w:out"])], code="GV622") == []


CONVERTER = (
    'node { calculator: "OpenVINOConverterCalculator" input_stream: "IMAGE:in" output_stream: "TENSORS:between" '
    "node_options { [type.googleapis.com/mediapipe.OpenVINOConverterCalculatorOptions] { %s } } }"
)


@pytest.mark.parametrize(
    ("options", "tag", "taken", "warned"),
    [
        ("", "OVTENSORS:between", 'input_order_list: "z"', True),
        ("enable_normalization: false", "OVTENSORS_2:between", 'input_order_list: "z"', True),
        ("enable_normalization: true", "OVTENSORS:between", 'input_order_list: "z"', False),
        ("", "OVTENSORS:between", 'input_order_list: "bytes"', False),
        ("", "OVTENSORS:between", 'input_order_list: "unknown"', False),
        ("", "OVTENSORS:between", "", False),
    ],
)
def test_pictures_that_are_handed_on_as_bytes(tmp_path: Path, options: str, tag: str, taken: str, warned: bool) -> None:
    """Seen on the real server: with the options as they are by default, no request gets an answer."""
    models = {"m": network([("z", "f32", "1,?,?,3"), ("bytes", "u8", "1,?,?,3")], [("w", "f32", "1")])}
    nodes = [CONVERTER % options, inference("m", [tag], ["w:out"], taken)]
    found = told(tmp_path, models, nodes, code="GV622")
    fault = '"OpenVINOConverterCalculator": a picture of bytes does not fit the input "z", which takes FP32'
    assert found == ([fault] if warned else [])


TWO = {"m": network([("x,x2", "f32", "1"), ("second", "f32", "1")], [("y,y2", "f32", "1"), ("score", "f32", "1")])}
NO_INPUT = '"{0}": the model "m" takes no input "{0}"'


@pytest.mark.parametrize(
    ("inputs", "outputs", "options", "expected"),
    [
        (["x:in", "second:in"], ["y:out"], "", []),
        (["x2:in", "second:in"], ["y2:out", "score:s"], "", []),
        (["x:in", "sekond:in"], ["y:out"], "", ['"sekond:in": the model "m" takes no input "sekond"']),
        (["x:in", "second:in"], ["z:out"], "", ['"z:out": the model "m" returns no output "z"']),
        (["y:in"], ["x:out"], "", [
            '"y:in": the model "m" takes no input "y"', '"x:out": the model "m" returns no output "x"',
        ]),
        (["x:in"], ["y:out"], "", [
            '"OpenVINOInferenceCalculator": the model "m" also wants "second", which this node does not give it'
        ]),
        (["second:in"], ["y:out"], "", [
            '"OpenVINOInferenceCalculator": the model "m" also wants "x", which this node does not give it'
        ]),
        (["A:in", "B:in"], ["y:out"], f'{TO} {{ key: "A" value: "x" }} {TO} {{ key: "B" value: "second" }}', []),
        (["A:in", "B:in"], ["y:out"], f'{TO} {{ key: "A" value: "x" }}', ['"B:in": the model "m" takes no input "B"']),
        (["A:in", "second:in"], ["y:out"], f'{TO} {{ key: "A" value: "xx" }}', [NO_INPUT.format("xx")]),
        (["A:in", "second:in"], ["y:out"], f'{FROM} {{ key: "A" value: "x" }}', [
            '"A:in": the model "m" takes no input "A"'
        ]),
        (["x:in", "second:in"], ["A:out"], f'{FROM} {{ key: "A" value: "y" }}', []),
        (["x:in", "second:in"], ["A:out"], f'{FROM} {{ key: "A" value: "q" }}', [
            '"q": the model "m" returns no output "q"'
        ]),
        (["OVTENSORS:in"], ["y:out"], 'input_order_list: ["x", "second"]', []),
        (["OVTENSORS:in"], ["y:out"], 'input_order_list: ["x", "q"]', [NO_INPUT.format("q")]),
        (["OVTENSORS:in"], ["y:out"], 'input_order_list: ["x"]', [
            '"OpenVINOInferenceCalculator": the model "m" also wants "second", which this node does not give it'
        ]),
        (["OVTENSORS:in"], ["y:out"], 'output_order_list: ["q"]', []),
        (["OVTENSORS:in"], ["y:out"], "", []),
        (["x:in", "second:in"], ["OVTENSORS:out"], 'output_order_list: ["y", "score"]', []),
        (["x:in", "second:in"], ["OVTENSORS1:out"], 'output_order_list: ["y", "q"]', [
            '"q": the model "m" returns no output "q"'
        ]),
        (["TENSORS:in"], ["y:out"], 'input_order_list: ["q"]', [NO_INPUT.format("q")]),
        (["TFTENSORS:in"], ["y:out"], 'input_order_list: ["q"]', [NO_INPUT.format("q")]),
        (["TFLITE_TENSORS:in"], ["y:out"], 'input_order_list: ["q"]', [NO_INPUT.format("q")]),
        (["in"], ["y:out"], "", []),
        (["x:in", "second:in"], ["out"], "", []),
    ],
)  # fmt: skip
def test_names_of_tensors(
    tmp_path: Path, inputs: list[str], outputs: list[str], options: str, expected: list[str]
) -> None:
    assert told(tmp_path, TWO, [inference("m", inputs, outputs, options)], code="GV621") == expected
