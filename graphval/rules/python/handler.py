"""The handler file of a Python node, read but never run.

Source: OVMS `src/python/pythonnoderesources.cpp` (2026.4): the file is imported by its name, the class
``OvmsPythonModel`` is looked up in it and must have ``execute``.
"""

from __future__ import annotations

import ast
import os
import warnings
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from graphval.deployment.files import read_text
from graphval.graph import Node
from graphval.rules.context import GraphContext, once
from graphval.rules.genai.initialised import options_of_kind
from graphval.textproto import BoundField, Place, Source

_OF_A_FILE = -1
_READ = ("parts of handlers read so far", -1)
CLASS = "OvmsPythonModel"
MAX_BYTES = 128 << 10
"""Of a handler: thousands of lines. Python takes its time to read them."""
MAX_PARTS = 30_000
"""Nodes of the syntax trees of all handlers of a graph together, those that nodes share counted for each. A line of
Python has a dozen."""


class Handler(NamedTuple):
    """A handler file: where the graph names it, its text and syntax tree, or why there is none.

    Without tree and error it is not known whether Python can read the text; ``doubt`` says why.
    """

    field: BoundField
    path_as_text: str
    source: Source | None
    tree: ast.Module | None
    error: SyntaxError | None
    doubt: str = ""

    @property
    def path(self) -> Path:
        return Path(self.path_as_text)


@once
def handler_of(node: Node, context: GraphContext) -> Handler | None:
    """The handler of a Python node; ``None`` for other nodes, without a path, or where files are not at hand."""
    options = options_of_kind(node, context, "Python")
    field = options.first("handler_path") if options is not None else None
    if field is None or not field.string:
        return None
    file = os.path.normpath(os.path.join(context.entry.base_as_text, field.string))  # noqa: PTH118 - half the time
    key = (file, _OF_A_FILE)
    if key not in context.kept:  # nodes may share a handler
        read = _read(file)
        context.kept[key] = read, _parts(read[1])
    read, parts = context.kept[key]
    handler = Handler(field, file, *read)
    together = context.kept[_READ] = context.kept.get(_READ, 0) + parts
    if together <= MAX_PARTS:
        return handler
    return handler._replace(tree=None, doubt="its handler is too long to be judged, alone or with those before it")


def _parts(tree: ast.Module | None) -> int:
    """How many nodes a tree has, hardly more than are looked at."""
    return sum(1 for _ in islice(ast.walk(tree), MAX_PARTS + 1)) if tree is not None else 0


def _read(file: str) -> tuple[Source | None, ast.Module | None, SyntaxError | None, str]:
    source, problems, _ = read_text(file, MAX_BYTES)
    if source is None:
        return None, None, None, ""
    if problems:
        return source, None, None, f"its handler cannot be judged: {problems[0].message}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in a user's handler are his interpreter's to report
            return source, ast.parse(source.text), None, ""
    except SyntaxError as why:
        return source, None, why, ""
    except ValueError as why:  # NUL bytes
        return source, None, SyntaxError(str(why), (file, 1, 1, "")), ""
    except (RecursionError, MemoryError):  # thousands of operations within each other
        return source, None, None, "its handler is nested too deeply to be read"


def place_of(source: Source, node: ast.stmt) -> Place:
    """The first line of a statement, as a place."""
    line = source.line(node.lineno)
    start = source.offset(node.lineno, node.col_offset + 1)
    return Place(source, start, start + len(line) - node.col_offset)


def named_classes(tree: ast.Module) -> tuple[list[ast.ClassDef], bool]:
    """The classes that the module's top level defines, and whether other names may appear (imports with a star,
    assignments, conditions), so that the absence of a class is not certain."""
    classes = [statement for statement in tree.body if isinstance(statement, ast.ClassDef)]
    statements = [statement for statement in tree.body if not is_main_guard(statement)]
    binders = (ast.If, ast.Try, ast.For, ast.While, ast.With, ast.Match)
    open_ended = any(
        isinstance(statement, binders)
        or (
            isinstance(statement, ast.ImportFrom)
            and any(n.name == "*" or (n.asname or n.name) == CLASS for n in statement.names)
        )
        or (
            isinstance(statement, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == CLASS for t in statement.targets)
        )
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call))
        for statement in statements
    )
    return classes, open_ended


def is_main_guard(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__":`` without an else: a file that is imported passes over it."""
    match statement:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
    return False
