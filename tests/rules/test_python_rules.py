"""Handlers that are right but for one thing: exactly that thing is found."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.findings import Finding, Phase
from graphval.rules.python.handler import MAX_BYTES, MAX_PARTS
from graphval.rules.run import judge

GRAPH = """
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
{second}
node {{
  name: "echo"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  {ports}
  node_options: {{ [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {{ {path} }} }}
}}
"""
LOOPBACK = """
  input_stream: "LOOPBACK:again"
  output_stream: "LOOPBACK:again"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
"""
TWO = 'output_stream: "SECOND:second"'
GOOD = "return [Tensor('out', b'')]"


def handler(
    body: str, *, signature: str = "self, inputs", more: str = "", head: str = "from pyovms import Tensor"
) -> str:
    """A handler whose ``execute`` has this body."""
    inner = textwrap.indent(textwrap.dedent(body).strip(), "        ")
    return (
        f"{head}\n\nclass OvmsPythonModel:\n{textwrap.indent(more, '    ')}\n    def execute({signature}):\n{inner}\n"
    )


def judged(
    folder: Path, text: str, *, ports: str = "", second: str = "", name: str = "model.py", path: str | None = None
) -> list[Finding]:
    folder.mkdir(exist_ok=True)
    written = f'handler_path: "{name}"' if path is None else path
    (folder / "graph.pbtxt").write_text(GRAPH.format(ports=ports, second=second, path=written))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    judgement = judge(load(folder), load_catalog())
    return [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]


def codes(findings: list[Finding]) -> list[str]:
    return [f"{finding.severity} {finding.code}" for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        handler(GOOD),
        handler("out = []\nout.append(Tensor('anything', b''))\nreturn out"),
        handler("first = Tensor('out', b'')\nreturn [first]"),
        handler("return [Tensor(self.out, b'')]"),
        handler("return [Tensor(name='out', buffer=b'')]"),
        handler("return [self.make(i) for i in inputs]"),
        handler("return list(self.made(inputs))"),
        handler("return list((1, 2))"),
        handler("return self.run(inputs)"),
        handler("return inputs"),
        handler("def inner():\n    yield 1\n    return 3\nreturn [*inner()]"),
        handler("f = lambda: (yield)\nreturn inputs"),
        handler("while True:\n    pass"),
        handler("if inputs:\n    return inputs\nraise ValueError"),
        handler(GOOD, signature="self, inputs, more=None"),
        handler(GOOD, signature="self, *inputs"),
        handler(GOOD, signature="self, inputs, /, *, more=1, **rest"),
        handler(
            GOOD, more="def initialize(self, kwargs): pass\ndef __init__(self, size=3): pass\ndef finalize(self): pass"
        ),
        handler(GOOD, more="def initialize(self, *args, **kwargs): pass"),
        handler(GOOD, head="import json, os.path\nfrom pyovms import Tensor\nimport jinja2"),
        handler(GOOD, head="try:\n    import scipy\nexcept ImportError:\n    scipy = None\nfrom pyovms import Tensor"),
        "from pyovms import Tensor\nclass Base:\n    pass\nclass OvmsPythonModel(Base):\n    pass\n",
        "from somewhere_here import OvmsPythonModel\n",
        handler(GOOD)
        .replace("    def execute", "    @staticmethod\n    def execute")
        .replace("self, inputs", "inputs"),
        "def decorate(c): return c\n" + handler("return 1").replace("class Ovms", "@decorate\nclass Ovms"),
    ],
)
def test_what_may_be_right_is_not_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "somewhere_here.py").write_text("")
    assert codes(judged(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (handler(GOOD, signature="self"), "GV713", 5),
        (handler(GOOD, signature="self, inputs, parameters"), "GV713", 5),
        (handler(GOOD, signature="self, inputs, *, more"), "GV713", 5),
        (handler(GOOD, more="def initialize(self): pass"), "GV713", 4),
        (handler(GOOD, more="def initialize(self, a, b): pass"), "GV713", 4),
        (handler(GOOD, more="def __init__(self, size): pass"), "GV713", 4),
        (handler("for i in inputs:\n    yield [Tensor('out', b'')]"), "GV714", 7),
        (handler("yield from self.steps(inputs)"), "GV714", 6),
        (handler("return"), "GV715", 6),
        (handler("return None"), "GV715", 6),
        (handler("return 1"), "GV715", 6),
        (handler("return 'text'"), "GV715", 6),
        (handler("return f'{inputs}'"), "GV715", 6),
        (handler("return {'out': inputs[0]}"), "GV715", 6),
        (handler("return Tensor('out', b''),"), "GV715", 6),
        (handler("return Tensor('out', b'')"), "GV715", 6),
        (handler("return tuple(inputs)"), "GV715", 6),
        (handler("return [3]"), "GV715", 6),
        (handler("return [[Tensor('out', b'')]]"), "GV715", 6),
        (handler("return [b'x']"), "GV715", 6),
        (handler("print(inputs)"), "GV715", 5),
        (handler(GOOD).replace("def execute", "async def execute"), "GV715", 5),
        (handler("return [Tensor('OUTPUT', b'')]"), "GV716", 6),
        (handler("return [Tensor('other', b'')]"), "GV716", 6),
        (handler("made = Tensor('OUTPUT', b'')\nreturn [made]"), "GV716", 6),
        (handler("return [Tensor(name='OUTPUT', buffer=b'')]"), "GV716", 6),
    ],
)
def test_each_mistake_is_found_in_the_handler(tmp_path: Path, text: str, code: str, line: int) -> None:
    [finding] = judged(tmp_path, text)
    assert (f"{finding.severity}", finding.code, finding.location.line) == ("error", code, line)
    assert finding.location.file.endswith("model.py")
    at_load = code == "GV713" and "execute" not in finding.message
    assert finding.phase is (Phase.LOAD if at_load else Phase.SERVE)


def test_one_wrong_return_of_several_is_a_warning(tmp_path: Path) -> None:
    found = judged(tmp_path, handler("if not inputs:\n    return None\nreturn [Tensor('out', b'')]"))
    assert codes(found) == ["warning GV715"]


@pytest.mark.parametrize("body", ["for i in inputs:\n    yield [Tensor('out', b'')]", "yield from self.steps()", GOOD])
def test_with_loopback_a_generator_is_right(tmp_path: Path, body: str) -> None:
    assert codes(judged(tmp_path, handler(body), ports=LOOPBACK)) == []


@pytest.mark.parametrize("value", ["Tensor('out', b'')", "", "[1]", "(Tensor('out', b''),)"])
def test_each_step_of_a_generator_must_be_a_list(tmp_path: Path, value: str) -> None:
    assert codes(judged(tmp_path, handler(f"yield {value}"), ports=LOOPBACK)) == ["error GV715"]


def test_an_output_that_is_never_returned(tmp_path: Path) -> None:
    second = 'output_stream: "OVMS_PY_TENSOR2:second"'
    assert codes(judged(tmp_path / "a", handler(GOOD), ports=TWO, second=second)) == ["warning GV716"]
    both = "return [Tensor('out', b''), Tensor('second', b'')]"
    assert codes(judged(tmp_path / "b", handler(both), ports=TWO, second=second)) == []
    in_turns = "if inputs:\n    return [Tensor('out', b'')]\nreturn [Tensor('second', b'')]"
    assert codes(judged(tmp_path / "c", handler(in_turns), ports=TWO, second=second)) == []
    unsure = "if inputs:\n    return [Tensor('out', b'')]\nreturn self.more()"
    assert codes(judged(tmp_path / "d", handler(unsure), ports=TWO, second=second)) == []
    wrong = "return [Tensor('out', b''), Tensor('third', b'')]"
    assert codes(judged(tmp_path / "e", handler(wrong), ports=TWO, second=second)) == ["error GV716"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("json.py", "error GV717"),
        ("pyovms.py", "error GV717"),
        ("my.model.py", "error GV717"),
        ("model.txt", "error GV717"),
        ("model", "error GV717"),
        ("my-model.py", None),
        ("sub/model.py", None),
        ("sub.dir/model.py", None),
        ("../model.py", None),
        ("JSON.py", None),
    ],
)
def test_file_names(tmp_path: Path, name: str, code: str | None) -> None:
    assert codes(judged(tmp_path / "g", handler(GOOD), name=name)) == ([code] if code else [])


def test_an_empty_path_and_none(tmp_path: Path) -> None:
    assert codes(judged(tmp_path, handler(GOOD), path='handler_path: ""')) == ["error GV710"]
    assert codes(judged(tmp_path, handler(GOOD), path="")) == ["error GV125"]


@pytest.mark.parametrize(
    ("head", "foreign"),
    [
        ("import numpy as np", "numpy"),
        ("import scipy.signal, json", "scipy"),
        ("from PIL import Image", "PIL"),
        ("import torch\nimport cv2", "cv2 and torch"),
        ("from .beside import x", None),
        ("import beside\nimport folder.inner", None),
        ("if False:\n    import numpy", None),
    ],
)
def test_imports(tmp_path: Path, head: str, foreign: str | None) -> None:
    (tmp_path / "beside.py").write_text("")
    (tmp_path / "folder").mkdir()
    found = judged(tmp_path, handler(GOOD, head=f"{head}\nfrom pyovms import Tensor"))
    assert codes(found) == (["warning GV718"] if foreign else [])
    assert all(f"imports {foreign}, which" in finding.message for finding in found)


statements = st.lists(
    st.sampled_from(
        [
            "return",
            "return inputs",
            "yield",
            "yield inputs",
            "x = Tensor('out', 1)",
            "return [x]",
            "return [Tensor('é', '日')]",
            "for i in inputs: pass",
            "async def f(): await g()",
            "class OvmsPythonModel: pass",
            "lambda: (yield)",
            "match inputs:\n  case [Tensor(name='x')]: return None",
            "try: return {}\nexcept* ValueError: pass",
            "del x",
            "global x",
            "return (yield)",
            "\x0c",
        ]
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(statements, st.sampled_from(["self, inputs", "", "*", "self, inputs, x"]), st.text(max_size=10))
def test_any_handler_is_read_and_places_lie_inside_it(
    tmp_path: Path, body: list[str], signature: str, more: str
) -> None:
    text = handler("\n".join(body) or "pass", signature=signature) + more
    lines = text.splitlines()
    for finding in judged(tmp_path, text):
        if finding.location.file.endswith("model.py"):
            assert 1 <= finding.location.line <= len(lines) + 1


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("def execute(:\n    pass\n", 1, 13),
        ("\nx = (1,\n\n", 2, 5),
        ("if True:\nx = 1\n", 2, 1),
        ("x = 'open\n", 1, 5),
        ("é = 1\né é\n", 2, 3),
        ("x = 1\n\x00", 1, 1),
        ("return 1\n", None, None),  # the tree can be made; what Python says when it compiles is not asked
    ],
)
def test_where_python_stops_reading(text: str, line: int | None, column: int | None, tmp_path: Path) -> None:
    found = [finding for finding in judged(tmp_path, text) if finding.code == "GV711"]
    assert [(f.location.line, f.location.column) for f in found] == ([(line, column)] if line is not None else [])


@pytest.mark.parametrize("text", ["x = " + "1 + " * 5000 + "1\n", "x = " + "-" * 50_000 + "1\n"])
def test_a_handler_that_cannot_be_read_for_its_depth_is_not_judged(text: str, tmp_path: Path) -> None:
    assert judged(tmp_path, text) == []
    graph = judge(load(tmp_path), load_catalog()).graphs[0]
    assert "its handler is nested too deeply to be read" in [skip.reason for skip in graph.skips]


def reasons(folder: Path) -> list[str]:
    return [skip.reason for skip in judge(load(folder), load_catalog()).graphs[0].skips]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#" * MAX_BYTES, ""),
        ("#" * (MAX_BYTES + 1), "its handler cannot be judged: the file is larger than the 128 KiB that are read"),
        ("\x01" * 20, "its handler cannot be judged: this is no text"),
    ],
)
def test_a_handler_too_large_or_no_text_is_not_judged(text: str, reason: str, tmp_path: Path) -> None:
    assert codes(judged(tmp_path, text)) == ([] if reason else ["error GV712"])
    assert reasons(tmp_path) == ([reason] if reason else [])


def test_handlers_that_are_too_long_together_are_not_judged(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("f\n" * (MAX_PARTS // 6))  # three parts each, and one of the module
    node = (
        'node { name: "n%d" calculator: "PythonExecutorCalculator" input_side_packet: "PYTHON_NODE_RESOURCES:py"\n'
        "node_options { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions] {"
        ' handler_path: "model.py" } } }\n'
    )
    (tmp_path / "graph.pbtxt").write_text("".join(node % number for number in range(4)))
    graph = judge(load(tmp_path), load_catalog()).graphs[0]
    judged_nodes = [finding.node for finding in graph.findings if finding.code == "GV712"]
    beyond = [skip.node for skip in graph.skips if "too long" in skip.reason]
    assert (len(judged_nodes), len(beyond)) == (1, 3)
    assert judged_nodes + beyond == [f"n{number}" for number in range(4)]


def test_a_handler_with_the_line_ends_of_an_old_mac_has_places(tmp_path: Path) -> None:
    text = handler(GOOD, head="x = 1\nimport torch")
    (tmp_path / "model.py").write_bytes(b"")
    found = judged(tmp_path, text.replace("\n", "\r"))
    assert "warning GV718" in codes(found)


def test_of_very_many_imports_some_are_listed(tmp_path: Path) -> None:
    head = "\n".join(f"import foreign{number:02}" for number in range(12))
    [found] = judged(tmp_path, handler(GOOD, head=head + "\nfrom pyovms import Tensor"))
    assert "foreign08 and foreign09 and more, which" in found.message
    assert len(found.related) == 10


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("class Other:\n    pass\n", True),
        ("import this\nfrom that import other\nx = 1\n'text'\n", True),
        ("from that import *\n", False),
        ("from that import OvmsPythonModel\n", False),
        ("from that import Other as OvmsPythonModel\n", False),
        ("from that import OvmsPythonModel as Other\n", True),
        ("from that import a, b, OvmsPythonModel\n", False),
        ("OvmsPythonModel = make()\n", False),
        ("a = OvmsPythonModel = make()\n", False),
        ("Other = make()\n", True),
        ("a.OvmsPythonModel = make()\n", True),
        ("exec('x')\n", False),
        ("if True:\n    x = 1\n", False),
        ("for x in y:\n    pass\n", False),
        ("while x:\n    pass\n", False),
        ("with x:\n    pass\n", False),
        ("try:\n    pass\nfinally:\n    pass\n", False),
        ("match x:\n    case _:\n        pass\n", False),
        ("def f():\n    class OvmsPythonModel:\n        pass\n", True),
    ],
)
def test_where_the_class_may_come_from(text: str, certain: bool, tmp_path: Path) -> None:
    found = [finding.message for finding in judged(tmp_path, text) if finding.code == "GV712"]
    assert found == (["the handler has no class OvmsPythonModel"] if certain else [])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone model.py", 'the handler file "gone model.py" does not exist'),
        ("gone.py", 'the handler file "gone.py" does not exist'),
        ("gone\\037.py", "handler_path holds a control character (U+001F)"),
        ("gone\\t.py", "handler_path holds a control character (U+0009)"),
        ("", "handler_path is empty"),
    ],
)
def test_names_of_handlers_that_are_not_there(name: str, message: str, tmp_path: Path) -> None:
    found = [f.message for f in judged(tmp_path, "", path=f'handler_path: "{name}"') if f.code == "GV710"]
    assert found == [message]


def test_a_handler_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    found = [f.message for f in judged(tmp_path, "", path='handler_path: "handlers"') if f.code == "GV710"]
    assert found == ['the handler "handlers" is a folder']


NO_LISTS = ("Tensor", "dict", "tuple", "str", "bytes", "bytearray", "int", "float", "bool", "set", "frozenset")


@pytest.mark.parametrize("name", [*NO_LISTS, "list", "made"])
def test_calls_that_give_no_list_of_tensors(name: str, tmp_path: Path) -> None:
    def said(value: str) -> list[str]:
        return [f.message for f in judged(tmp_path, handler(f"return {value}")) if f.code == "GV715"]

    alone, inside = said(f"{name}(inputs)"), said(f"[Tensor('out', b''), {name}(inputs)]")
    assert bool(alone) is (name in NO_LISTS)
    assert bool(inside) is (name not in ("Tensor", "made"))
    assert all(f"a {name}" in message for message in (*alone, *inside))
