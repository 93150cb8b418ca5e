"""Where in a handler's file an exception was raised.

OVMS lets pybind11 write its Python errors: the exception, then ``At:`` and a line per frame, innermost first
(``src/python/pythonnoderesources.cpp``, ``python_executor_calculator.cc``, 2026.4). A handler that prints its own
traceback has Python's form, innermost last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from graphval.diagnosis.places import fields
from graphval.findings import Related, Span
from graphval.graph import Graph, Node

PYTHON_NODE = "PythonExecutorCalculator"
_PYBIND = re.compile(r"^[ \t]+(?P<file>[^\s(][^(\n]*\.py)\((?P<line>\d+)\): (?P<function>\S+)[ \t]*$", re.MULTILINE)
_PYTHON = re.compile(r'^\s*File "(?P<file>[^"]+\.py)", line (?P<line>\d+), in (?P<function>\S+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of a traceback."""

    file: str
    line: int
    function: str


def frames(text: str) -> list[Frame]:
    """The frames of all tracebacks in a text, innermost first within each form."""
    pybind = [Frame(m["file"], int(m["line"]), m["function"]) for m in _PYBIND.finditer(text)]
    python = [Frame(m["file"], int(m["line"]), m["function"]) for m in _PYTHON.finditer(text)]
    return pybind + python[::-1]


def raised_in(graph: Graph, node: Node | None, *texts: str) -> Related | None:
    """The innermost line of a Python node's own handler that the texts (most telling first) lead through.

    ``node`` is the one to blame where it is known; else every Python node's handler is looked for. The server may see
    the file under another folder than we do, so files are compared by name.
    """
    nodes = [node] if node is not None and node.calculator == PYTHON_NODE else []
    nodes += [n for n in graph.nodes if n.calculator == PYTHON_NODE and n is not node]
    for text in texts:
        for frame in frames(text):
            for candidate in nodes:
                file = _handler(graph, candidate)
                if file is not None and file.name == Path(frame.file).name:
                    place = Span(str(file), frame.line, 1, frame.line, 2)
                    return Related(f"raised in {frame.function} of the handler", place)
    return None


def _handler(graph: Graph, node: Node) -> Path | None:
    """A node's handler as we see it, beside its graph unless the path is absolute."""
    for options in node.node_options:
        for field in fields(options):
            if field.name == "handler_path" and field.string:
                return Path(graph.file).parent / field.string
    return None
