"""What a handler's code says of names, tensors, keys and inputs: what is told, how weightily, and what is not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from .test_python_rules import GOOD, handler, judged


def told(folder: Path, text: str, code: str) -> list[str]:
    """What a rule says of a handler: severity, phase, what is pointed at, message, and advice."""
    lines = text.splitlines()
    found = [finding for finding in judged(folder, text) if finding.code == code]
    return [
        f"{f.severity} {f.phase} {lines[f.location.line - 1][f.location.column - 1 : f.location.end_column - 1]}: "
        f"{f.message} [{f.help}]"
        for f in sorted(found, key=lambda one: (one.location.line, one.location.column))
    ]


def without_advice(one: str) -> str:
    return one.rpartition(" [")[0]


def said(text: str) -> str:
    return textwrap.dedent(text).lstrip()


NAMES = {
    "an import forgotten": (
        handler(GOOD, head=""),
        ["error serve Tensor: nothing defines Tensor [write from pyovms import Tensor]"],
    ),
    "a module forgotten": (
        handler(f"json.loads('1')\n{GOOD}"),
        ["error serve json: nothing defines json [write import json]"],
    ),
    "a misspelt variable": (
        handler("answer = [Tensor('out', b'')]\nreturn anwser"),
        ["error serve anwser: nothing defines anwser [did you mean answer?]"],
    ),
    "each name once in a method": (
        handler("lost(1)\nlost(2)\nreturn inputs"),
        ["error serve lost: nothing defines lost [did you mean list?]"],
    ),
    "at the top of the file": (
        handler(GOOD, head="from pyovms import Tensor\nSIZE = os.environ['SIZE']"),
        ["error load os: nothing defines os [write import os]"],
    ),
    "a default value": (
        handler(GOOD, signature="self, inputs, size=np.inf"),
        ["error load np: nothing defines np [write import numpy as np]"],
    ),
    "an annotation": (
        handler(GOOD, signature="self, inputs: List"),
        ["error load List: nothing defines List [did you mean list?]"],
    ),
    "a decorator": (
        handler(GOOD, more="@cached\ndef other(self): pass"),
        ["error load cached: nothing defines cached [import or define it]"],
    ),
    "a base class": (
        handler(GOOD).replace("OvmsPythonModel:", "OvmsPythonModel(Elsewhere):"),
        ["error load Elsewhere: nothing defines Elsewhere [import or define it]"],
    ),
    "in initialize": (
        handler(GOOD, more="def initialize(self, kwargs):\n    self.a = zzz"),
        ["error load zzz: nothing defines zzz [import or define it]"],
    ),
    "in a branch": (
        handler("if inputs:\n    zzz()\nreturn inputs"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "the condition of a branch": (
        handler("if zzz:\n    pass\nreturn inputs"),
        ["error serve zzz: nothing defines zzz [import or define it]"],
    ),
    "in a loop": (
        handler("for one in inputs:\n    zzz(one)\nreturn inputs"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "what a loop goes through": (
        handler("for one in zzz:\n    pass\nreturn inputs"),
        ["error serve zzz: nothing defines zzz [import or define it]"],
    ),
    "behind an or": (
        handler("return inputs or zzz"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "before an or": (
        handler("return zzz or inputs"),
        ["error serve zzz: nothing defines zzz [import or define it]"],
    ),
    "in a method that only the handler calls": (
        handler(GOOD, more="def other(self):\n    return zzz"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "in a function within": (
        handler("def inner():\n    return zzz\nreturn inner()"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "in what is done at last": (
        handler("try:\n    pass\nfinally:\n    zzz()\nreturn inputs"),
        ["error serve zzz: nothing defines zzz [import or define it]"],
    ),
    "tried, and another error caught": (
        handler("try:\n    zzz()\nexcept ValueError:\n    pass\nreturn inputs"),
        ["warning serve zzz: nothing defines zzz [import or define it]"],
    ),
    "tried and caught": (handler("try:\n    zzz()\nexcept (NameError, ValueError):\n    pass\nreturn inputs"), []),
    "what Python 2 had, in a branch": (handler("if not inputs:\n    unicode('a')\nreturn inputs"), []),
    "annotations that are never evaluated": (
        handler(
            GOOD, signature="self, inputs: List", head="from __future__ import annotations\nfrom pyovms import Tensor"
        ),
        [],
    ),
    "the annotation of a local variable": (handler("made: List = []\nreturn made"), []),
    "a star": (handler(GOOD, head="from pyovms import *"), []),
    "names made while it runs": (handler("return zzz", head="globals()['zzz'] = []"), []),
    "a file that is run by itself": (handler(GOOD) + "\nif __name__ == '__main__':\n    zzz()\n", []),
    "names of all kinds": (
        said("""
            import os.path as here, sys
            from pyovms import Tensor as T
            class Meta(type): pass
            def decorate(*args, **more): return lambda one: (one, args, more)
            class OvmsPythonModel:
                unit = 1
                other = unit
                def execute(self, inputs):
                    global late
                    late = __file__, __name__, self.__class__, here, sys
                    with open(__file__) as file: first, *rest = file
                    try: pass
                    except OSError as why: print(why)
                    match rest:
                        case [one, *others]: print(one, others)
                        case {"a": a, **more}: print(a, more)
                        case str() as text: print(text)
                    [x for x in inputs if (y := x)]
                    print(y, late, first, Meta, decorate)
                    return [T("out", b"")]
        """),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES)
def test_names_that_nothing_defines(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert told(tmp_path, text, "GV706") == expected


_TENSOR = "return [Tensor({})]"
TENSORS = {
    "'out', b''": [],
    "'out', bytearray(3), [3], 'UINT8'": [],
    "'out', buffer=b'', shape=[0], datatype='X'": [],
    "*inputs": [],
    "**inputs": [],
    "'out', inputs[0]": [],
    "'out', str(inputs).encode()": [],
    "'out', 'text'": ["error serve 'text': a Tensor cannot be made of a str"],
    "'out', f'{inputs}'": ["error serve f'{inputs}': a Tensor cannot be made of a str"],
    "'out', str(1)": ["error serve str(1): a Tensor cannot be made of a str"],
    "'out', json.dumps(1)": [
        "error serve json.dumps(1): a Tensor cannot be made of a str"
    ],
    "'out', b''.decode()": ["error serve b''.decode(): a Tensor cannot be made of a str"],
    "'out', b''.decode('latin-1')": ["error serve b''.decode('latin-1'): a Tensor cannot be made of a str"],
    "'out', self.codec.decode(inputs)": [],
    "'out', self.table.tolist(3)": [],
    "'out', [1]": ["error serve [1]: a Tensor cannot be made of a list"],
    "'out', [i for i in inputs]": [
        "error serve [i for i in inputs]: a Tensor cannot be made of a list"
    ],
    "'out', {}": ["error serve {}: a Tensor cannot be made of a dict"],
    "'out', {1}": ["error serve {1}: a Tensor cannot be made of a set"],
    "'out', (1,)": ["error serve (1,): a Tensor cannot be made of a tuple"],
    "'out', 3": ["error serve 3: a Tensor cannot be made of a int"],
    "'out', None": ["error serve None: a Tensor cannot be made of None"],
    "'out', sorted([])": ["error serve sorted([]): a Tensor cannot be made of a list"],
    "'out', x.tolist()": ["error serve x.tolist(): a Tensor cannot be made of a list"],
    "'out'": ["error serve Tensor('out'): Tensor takes a name and a buffer"],
    "buffer=b''": ["error serve Tensor(buffer=b''): Tensor takes a name and a buffer"],
    "name='out', data=b''": [
        "error serve b'': Tensor has no parameter data"
    ],
    "'out', b'', dtype='X'": ["error serve 'X': Tensor has no parameter dtype"],
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected"), TENSORS.items())
def test_what_a_tensor_is_made_of(tmp_path: Path, arguments: str, expected: list[str]) -> None:
    assert [without_advice(one) for one in told(tmp_path, handler(_TENSOR.format(arguments)), "GV707")] == expected


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ("'out', 'text'", "encode it: .encode() makes bytes"),
        ("'out', [1]", "give bytes or a NumPy array"),
        ("'out'", 'write Tensor("…", data)'),
        ("name='out', data=b''", "call it buffer, or give it second without a name"),
        ("'out', b'', dtype='X'", "it has name, buffer, shape, datatype"),
    ],
)
def test_what_to_make_a_tensor_of(tmp_path: Path, arguments: str, advice: str) -> None:
    [found] = told(tmp_path, handler(_TENSOR.format(arguments)), "GV707")
    assert found.endswith(f" [{advice}]")


@pytest.mark.parametrize(
    ("head", "call", "severity"),
    [
        ("import pyovms", "pyovms.Tensor('out', 3)", "error"),
        ("import pyovms as p", "p.Tensor('out', 3)", "error"),
        ("from pyovms import Tensor as T", "T('out', 3)", "error"),
        ("from pyovms import Tensor", "Tensor('out', 3) if inputs else 1", "warning"),
        ("from torch import Tensor", "Tensor('out', 3)", None),
        ("from pyovms import Tensor\nTensor = list", "Tensor('out', 3)", None),
        ("", "Tensor('out', 3)", None),
    ],
)
def test_what_is_called_a_tensor(tmp_path: Path, head: str, call: str, severity: str | None) -> None:
    found = told(tmp_path, handler(f"return [{call}]", head=head), "GV707")
    assert [one.split()[0] for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "self.a = kwargs['outputs_names']",
            ["error load 'outputs_names': initialize is given no outputs_names [write output_names]"],
        ),
        ("self.a = kwargs['m']", [
            "error load 'm': initialize is given no m [it is given input_names, output_names, node_name, base_path]"
        ]),
        ("if 'model' in kwargs: self.a = kwargs['nodename']", [
            "warning load 'nodename': initialize is given no nodename [write node_name]"
        ]),
        ("try:\n        self.a = kwargs['nodename']\n    except Exception:\n        pass", []),
        ("self.a = [kwargs[k] for k in ('input_names', 'base_path')]", []),
        ("self.a = kwargs['node_name'], kwargs['output_names'], kwargs.get('mine')", []),
        ("kwargs['mine'] = 1", []),
        ("kwargs = {**kwargs, 'mine': 1}\n    self.a = kwargs['mine']", []),
        ("self.a = self.others['mine']", []),
    ],
)  # fmt: skip
def test_keys_of_initialize(tmp_path: Path, body: str, expected: list[str]) -> None:
    text = handler(GOOD, more=f"def initialize(self, kwargs):\n    {body}")
    assert told(tmp_path, text, "GV708") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return [inputs['in']]", ["error serve 'in'"]),
        ("return [inputs.get('in')]", ["error serve inputs.get"]),
        ("return [v for k, v in inputs.items()]", ["error serve inputs.items"]),
        ("if inputs:\n    return [inputs['in']]\nreturn []", ["warning serve 'in'"]),
        ("return [inputs[0]]", []),
        ("inputs = {t.name: t for t in inputs}\nreturn [inputs['in']]", []),
        ("try:\n    return [inputs['in']]\nexcept Exception:\n    return inputs", []),
        ("inputs.reverse()\nreturn inputs", []),
        ("return [self.known['in']]", []),
    ],
)  # fmt: skip
def test_inputs_are_a_list(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert [without_advice(one) for one in told(tmp_path, handler(body), "GV709")] == [
        f"{one}: inputs is a list of tensors, not a dict" for one in expected
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "from pyovms import tensor",
            ["error load from pyovms import tensor: pyovms has no tensor [did you mean Tensor?]"],
        ),
        ("from pyovms import Tensor, InferRequest", [
            "error load from pyovms import Tensor, InferRequest: pyovms has no InferRequest [it has Tensor]"
        ]),
        ("from pyovms import Tensor as tensor", []),
        ("from pyovms import *", []),
        ("from .pyovms import tensor", []),
    ],
)  # fmt: skip
def test_names_of_pyovms(tmp_path: Path, head: str, expected: list[str]) -> None:
    assert told(tmp_path, handler("return inputs", head=head), "GV718") == expected


@pytest.mark.parametrize(
    ("guard", "found"),
    [
        ("if __name__ == '__main__':", True),
        ("if __name__ == 'model':", False),
        ("if True:", False),
    ],
)
def test_a_class_that_only_a_program_has(tmp_path: Path, guard: str, found: bool) -> None:
    text = f"{guard}\n{textwrap.indent(handler(GOOD), '    ')}"
    assert ("GV712" in [finding.code for finding in judged(tmp_path, text)]) is found


def test_thousands_of_operations_and_branches(tmp_path: Path) -> None:
    branches = "if a:\n    pass\n" + "elif a:\n    pass\n" * 900
    text = handler(f"a = {'1 + ' * 900}zzz\n{branches}return inputs")
    assert told(tmp_path, text, "GV706") == ["error serve zzz: nothing defines zzz [import or define it]"]


RAISING = {
    "a method still to be written": (handler("raise NotImplementedError"), "serve raise NotImplementedError"),
    "behind a docstring": (
        handler('"""What it does."""\nraise NotImplementedError'),
        "serve raise NotImplementedError",
    ),
    "before what it would return": (handler(f"raise ValueError\n{GOOD}"), "serve raise ValueError"),
    "an assertion of nothing": (handler(f"assert False\n{GOOD}"), "serve assert False"),
    "an assertion of something": (handler(f"assert inputs\n{GOOD}"), ""),
    "at the top of the file": (
        handler(GOOD, head="from pyovms import Tensor\nraise SystemExit"),
        "load raise SystemExit",
    ),
    "only where it is a program": (
        handler(GOOD) + "\nif __name__ == '__main__':\n    raise SystemExit\n",
        "",
    ),
    "in a branch": (handler(f"if not inputs:\n    raise ValueError\n{GOOD}"), ""),
    "behind a return in a branch": (handler("if inputs:\n    return []\nraise ValueError"), ""),
    "behind a yield": (handler("yield []\nraise ValueError"), ""),
    "in an inner function": (
        handler(f"def inner():\n    return 1\nraise ValueError\n{GOOD}"),
        "serve raise ValueError",
    ),
    "caught": (handler(f"try:\n    raise ValueError\nexcept ValueError:\n    {GOOD}"), ""),
}


@pytest.mark.parametrize(("text", "found"), RAISING.values(), ids=RAISING)
def test_what_raises_whatever_happens(tmp_path: Path, text: str, found: str) -> None:
    expected = [f"error {found}: "] if found else []
    assert [one.partition(": ")[0] + ": " for one in told(tmp_path, text, "GV735")] == expected


def test_what_raises_first_is_told(tmp_path: Path) -> None:
    text = said(
        """
        class OvmsPythonModel:
            def __init__(self):
                self.ready = True

            def initialize(self, kwargs):
                raise RuntimeError("no model")

            def execute(self, inputs):
                raise NotImplementedError
        """
    )
    assert [without_advice(one) for one in told(tmp_path, text, "GV735")] == [
        'error load raise RuntimeError("no model"): initialize raises whatever happens'
    ]
