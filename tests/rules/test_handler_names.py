"""Each name that the rules about handlers know by itself: of Python, its older releases, lists, dicts and tensors.

Source: Python 3.12 `Doc/reference/datamodel.rst`, `Doc/library/functions.rst`; OVMS
`src/python/binding/ovms_py_tensor.cpp` (2026.4).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .test_handler_code_rules import told
from .test_python_rules import GOOD, handler

OF_MODULES = [
    "__annotations__", "__builtins__", "__cached__", "__file__", "__loader__", "__path__",
    "__qualname__", "__module__", "__class__", "__firstlineno__", "WindowsError", "_",
]  # fmt: skip


OF_PYTHON_2 = ["unicode", "xrange", "basestring", "long", "unichr", "raw_input", "buffer", "execfile", "reload"]
MAKERS = [
    "Tensor", "dict", "tuple", "str", "bytes", "bytearray", "int", "float",
    "bool", "set", "frozenset", "list", "sorted",
]  # fmt: skip
NO_BUFFERS = ["str", "int", "float", "bool", "list", "dict", "tuple", "set", "frozenset"]
TENSOR = "'out', b''"


def said(folder: Path, text: str, code: str) -> list[str]:
    """What is told without the advice, which may hold brackets of its own."""
    return [
        re.sub(r" \[(write|return|import|did|call|it|encode|give)\b.*", "", one) for one in told(folder, text, code)
    ]


@pytest.mark.parametrize("name", OF_MODULES)
def test_names_that_are_there_without_a_definition(name: str, tmp_path: Path) -> None:
    assert said(tmp_path, handler(f"there = {name}\n{GOOD}"), "GV706") == []


@pytest.mark.parametrize("name", ["exec", "globals", "vars", "__builtins__", "__import__", "locals", "setattr"])
def test_names_by_which_others_come(name: str, tmp_path: Path) -> None:
    lost = f"lost_name()\n{GOOD}"
    assert said(tmp_path, handler(lost), "GV706") == ["error serve lost_name: nothing defines lost_name"]
    assert said(tmp_path, handler(f"make = {name}\n{lost}"), "GV706") == []


@pytest.mark.parametrize("name", ["modules", "_convert_"])
def test_attributes_by_which_names_come(name: str, tmp_path: Path) -> None:
    text = handler(f"lost_name(self.{name})\n{GOOD}")
    assert said(tmp_path, text, "GV706") == []
    assert said(tmp_path, text.replace(name, "other"), "GV706") != []


@pytest.mark.parametrize("name", OF_PYTHON_2)
def test_names_of_older_pythons(name: str, tmp_path: Path) -> None:
    found = [f"error serve {name}: nothing defines {name}"]
    assert said(tmp_path, handler(f"{name}()\n{GOOD}"), "GV706") == found
    assert said(tmp_path, handler(f"if inputs:\n    {name}()\n{GOOD}"), "GV706") == []


@pytest.mark.parametrize("error", ["NameError", "Exception", "BaseException", "(NameError, OSError)"])
def test_errors_that_catch_a_missing_name(error: str, tmp_path: Path) -> None:
    text = handler(f"try:\n    lost_name()\nexcept {error}:\n    pass\n{GOOD}")
    assert said(tmp_path, text, "GV706") == []
    assert said(tmp_path, text.replace(error, "OSError"), "GV706") != []


@pytest.mark.parametrize(
    "name",
    [
        "Tensor",
        "dict",
        "tuple",
        "str",
        "bytes",
        "bytearray",
        "int",
        "float",
        "bool",
        "set",
        "frozenset",
        "list",
        "sorted",
    ],
)
def test_what_execute_returns(name: str, tmp_path: Path) -> None:
    called = f"return {name}({TENSOR if name == 'Tensor' else ''})"
    found = said(tmp_path, handler(called), "GV715")
    wrong = f"error serve {called}: execute returns a {name}, not a list of tensors"
    assert found == ([] if name in ("list", "sorted") else [wrong])


@pytest.mark.parametrize(
    "name",
    [
        "Tensor",
        "dict",
        "tuple",
        "str",
        "bytes",
        "bytearray",
        "int",
        "float",
        "bool",
        "set",
        "frozenset",
        "list",
        "sorted",
    ],
)
def test_what_the_list_holds(name: str, tmp_path: Path) -> None:
    found = said(tmp_path, handler(f"return [{name}({TENSOR if name == 'Tensor' else ''})]"), "GV715")
    assert bool(found) is (name not in ("Tensor", "sorted")), found


@pytest.mark.parametrize(
    ("buffer", "what"),
    [
        *((f"{name}(1)", f"a {name}") for name in NO_BUFFERS),
        ("repr(1)", "a str"),
        ("sorted(inputs)", "a list"),
        ("json.dumps(1)", "a str"),
        ("inputs[0].decode()", "a str"),
        ("inputs[0].decode('utf-8')", "a str"),
        ("inputs[0].tolist()", "a list"),
        ("None", "None"),
        ("1", "a int"),
        ("1.5", "a float"),
        ("True", "a bool"),
        ("'text'", "a str"),
        ("f'{inputs}'", "a str"),
        ("[1]", "a list"),
        ("[one for one in inputs]", "a list"),
        ("{1: 2}", "a dict"),
        ("{one: 2 for one in inputs}", "a dict"),
        ("(1, 2)", "a tuple"),
        ("{1, 2}", "a set"),
        ("{one for one in inputs}", "a set"),
        ("b'bytes'", ""),
        ("bytes(1)", ""),
        ("memoryview(b'')", ""),
        ("self.dumps(1)", ""),
        ("yaml.dumps(1)", ""),
        ("json.loads(b'')", ""),
        ("inputs[0].decode(self.encoding)", ""),
        ("inputs[0].decode('utf-8', 'strict')", ""),
        ("inputs[0].decode(errors='strict')", ""),
        ("inputs[0].tolist(1)", ""),
        ("inputs[0].tolist(deep=True)", ""),
        ("inputs[0].tobytes()", ""),
    ],
)
def test_what_a_tensor_is_made_of(buffer: str, what: str, tmp_path: Path) -> None:
    wanted = [f"error serve {buffer}: a Tensor cannot be made of {what}"] if what else []
    for call in (f"Tensor('out', {buffer})", f"Tensor(buffer={buffer}, name='out')"):
        assert said(tmp_path, handler(f"made = {call}\nreturn [made]"), "GV707") == wanted


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("Tensor()", "Tensor(): Tensor takes a name and a buffer"),
        ("Tensor('out')", "Tensor('out'): Tensor takes a name and a buffer"),
        ("Tensor(buffer=b'')", "Tensor(buffer=b''): Tensor takes a name and a buffer"),
        ("Tensor('out', data=b'')", "b'': Tensor has no parameter data"),
        ("Tensor('out', b'', size=1)", "1: Tensor has no parameter size"),
        ("Tensor('out', buffer=b'')", ""),
        ("Tensor('out', b'', [1], 'FP32')", ""),
        ("Tensor(name='out', buffer=b'', shape=[1], datatype='FP32')", ""),
        ("Tensor(*inputs)", ""),
        ("Tensor('out', **inputs)", ""),
        ("self.Tensor('out')", ""),
        ("other('out')", ""),
    ],
)
@pytest.mark.parametrize("before", ["", "first = bytes(1)\n", "first = Tensor('first', b'')\n"])
def test_what_a_tensor_is_given(call: str, found: str, before: str, tmp_path: Path) -> None:
    wanted = [f"error serve {found}"] if found else []
    assert said(tmp_path, handler(f"{before}made = {call}\nreturn [made]"), "GV707") == wanted


@pytest.mark.parametrize(
    ("head", "call", "known"),
    [
        ("from pyovms import Tensor as T", "T('out')", True),
        ("from pyovms import Tensor as T", "Tensor('out')", False),
        ("import pyovms", "pyovms.Tensor('out')", True),
        ("import pyovms as ovms", "ovms.Tensor('out')", True),
        ("import pyovms as ovms", "pyovms.Tensor('out')", False),
        ("import pyovms", "Tensor('out')", False),
        ("from torch import Tensor", "Tensor('out')", False),
        ("import torch", "torch.Tensor('out')", False),
        ("from pyovms import Tensor\nTensor = print", "Tensor('out')", False),
        ("from pyovms import Other", "Other('out')", False),
    ],
)
def test_what_is_called_a_tensor(head: str, call: str, known: bool, tmp_path: Path) -> None:
    assert bool(said(tmp_path, handler(f"made = {call}\nreturn [made]", head=head), "GV707")) is known


@pytest.mark.parametrize("call", ["os.abort()", "os._exit(1)", "sys.exit()", "exit()", "quit()"])
def test_calls_that_never_return(call: str, tmp_path: Path) -> None:
    assert said(tmp_path, handler(f"self.last()\n{call}"), "GV715") == []
    assert said(tmp_path, handler(f"{call}\nself.last()"), "GV715") == [
        "error serve def execute(self, inputs):: execute returns nothing"
    ]


@pytest.mark.parametrize("name", ["get", "items", "keys", "values", "setdefault", "update", "append", "index"])
def test_what_only_dicts_have(name: str, tmp_path: Path) -> None:
    found = [f"error serve inputs.{name}: inputs is a list of tensors, not a dict"]
    text = handler(f"held = inputs.{name}\n{GOOD}")
    assert said(tmp_path, text, "GV709") == (found if name not in ("append", "index") else [])
    assert said(tmp_path, text.replace("inputs.", "other."), "GV709") == []


@pytest.mark.parametrize("key", ["input_names", "output_names", "node_name", "base_path", "other"])
def test_keys_that_initialize_is_given(key: str, tmp_path: Path) -> None:
    text = handler(GOOD, more=f"def initialize(self, kwargs):\n    self.value = kwargs['{key}']")
    assert bool(said(tmp_path, text, "GV708")) is (key == "other")
    assert said(tmp_path, text.replace(f"['{key}']", f".get('{key}')"), "GV708") == []


@pytest.mark.parametrize(
    ("body", "weight"),
    [
        ("{}()", "error"),
        ("with {}() as one:\n    pass", "error"),
        ("one = [{}]", "error"),
        ("one = lambda: {}()", "warning"),
        ("one = lambda more={}: 1", "error"),
        ("one = 1 if {} else 2", "error"),
        ("one = {} if inputs else 2", "warning"),
        ("one = 2 if inputs else {}", "warning"),
        ("one = {} and inputs", "error"),
        ("one = inputs and {}", "warning"),
        ("while {}:\n    break", "error"),
        ("while inputs:\n    {}()", "warning"),
        ("while inputs:\n    break\nelse:\n    {}()", "warning"),
        ("for one in inputs:\n    pass\nelse:\n    {}()", "warning"),
        ("match {}:\n    case 1: pass", "error"),
        ("match inputs:\n    case 1: {}()", "warning"),
        ("one: int = {}", "error"),
        ("if inputs:\n    unicode(1)\n    {}()", "warning"),
    ],
)
def test_what_runs_and_what_may_run(body: str, weight: str, tmp_path: Path) -> None:
    text = handler(f"{body.format('lost_name')}\n{GOOD}")
    assert said(tmp_path, text, "GV706") == [f"{weight} serve lost_name: nothing defines lost_name"]
