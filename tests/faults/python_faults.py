"""Handlers of Python nodes: what keeps them from loading, what they throw, what ends or holds the server.

OVMS imports a handler when its graph is loaded and calls ``initialize`` there; whatever ``execute`` does wrong fails
the request. Files have names of their own, for OVMS imports a module of a name once.
"""

from __future__ import annotations

from tests.faults.case import Case, at_creation, at_load, at_request, graph, python
from tests.faults.handler_faults import NUMBERS

BORDER = (["OVMS_PY_TENSOR:in"], ["OVMS_PY_TENSOR:out"])


def execute(body: str, initialize: str = "pass") -> str:
    return f"""
import os
import signal
import time

from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs):
        {initialize}

    def execute(self, inputs):
        {body}
"""


def _file(name: str) -> str:
    return name.replace("-", "_") + ".py"


def _graph(name: str) -> str:
    return graph(*BORDER, python(file=_file(name)))


def unloadable(name: str, text: str | None) -> Case:
    return at_load(name, _graph(name), '"handler"', files={} if text is None else {_file(name): text})


def throws(name: str, body: str) -> Case:
    """A handler of which no values could make sense."""
    return at_request(name, _graph(name), '"handler"', files={_file(name): execute(body)})


def dislikes(name: str, body: str) -> Case:
    """A handler that refuses what its author says it takes."""
    return at_request(name, _graph(name), '"handler"', files={_file(name): execute(body)}, sample=NUMBERS)


_SECOND = graph(
    *BORDER,
    python(writes=["OUTPUT:mid"], file="first_hands_on.py", name="first"),
    python(["INPUT:mid"], file="second_throws.py", name="second"),
)

CASES: tuple[Case, ...] = (
    unloadable("no-handler-file", None),
    unloadable("text-that-is-no-python", "class OvmsPythonModel:\n    def execute(self, inputs)\n        return []\n"),
    unloadable("module-nobody-installed", "import no_such_module_anywhere\n" + execute("return []")),
    unloadable("class-of-another-name", "class OvmsModel:\n    def execute(self, inputs):\n        return []\n"),
    unloadable("no-execute", "class OvmsPythonModel:\n    pass\n"),
    unloadable("throws-at-initialize", execute("return []", "raise RuntimeError('no weights here')")),
    at_creation(
        "resources-of-another-name",
        _graph("resources-of-another-name").replace("RESOURCES:py", "RESOURCES:python"), '"handler"',
        files={"resources_of_another_name.py": execute("return [Tensor('out', inputs[0])]")},
    ),
    throws("name-nobody-defined", "return [Tensor('out', undefined_name)]"),
    throws("no-list", "return Tensor('out', b'x')"),
    throws("nothing-returned", "pass"),
    throws("texts-returned", "return ['out']"),
    throws("output-nobody-declared", "return [Tensor('elsewhere', b'x')]"),
    throws("generator-without-a-loop", "yield [Tensor('out', b'x')]"),
    throws("module-missing-at-the-packet", "import no_such_module_at_all"),
    throws("method-nobody-wrote", "return [Tensor('out', self.predict(inputs[0]))]"),
    throws("tensor-taken-for-an-array", "return [Tensor('out', inputs[0].mean())]"),
    dislikes("throws-at-every-packet", "raise ValueError('never')"),
    dislikes("divides-by-nothing", "return [Tensor('out', 1 / 0)]"),
    dislikes("second-input-of-one", "return [Tensor('out', inputs[1])]"),
    dislikes("leaves-the-program", "raise SystemExit(1)"),
    at_request(
        "second-handler-throws", _SECOND, '"second"',
        files={
            "first_hands_on.py": execute("return [Tensor('mid', inputs[0])]"),
            "second_throws.py": execute("raise KeyError('label')"),
        },
        sample=NUMBERS,
    ),
)  # fmt: skip

DEADLY: tuple[Case, ...] = (
    dislikes("aborts", "os.abort()"),
    dislikes("memory-fault", "os.kill(os.getpid(), signal.SIGSEGV)"),
    dislikes("exits-at-once", "os._exit(3)"),
    dislikes("sleeps", "time.sleep(60); return []"),
    dislikes("never-ends", "\n        while True: time.sleep(0.001)"),
)
