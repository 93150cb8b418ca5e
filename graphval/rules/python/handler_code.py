"""What a handler's syntax tree tells of the class OVMS makes an object of, without running it.

Source: OVMS `src/python/pythonnoderesources.cpp` and `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from graphval.rules.python.handler import CLASS, Handler, named_classes
from graphval.textproto import Place, Source

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NEVER_A_LIST = ("Tensor", "dict", "tuple", "str", "bytes", "bytearray", "int", "float", "bool", "set", "frozenset")
_NEVER_A_TENSOR = ("list", *_NEVER_A_LIST[1:])


def model_class(handler: Handler) -> ast.ClassDef | None:
    """The one class of the name that OVMS looks for; ``None`` where it is not certain which one that is."""
    if handler.tree is None:
        return None
    classes, _ = named_classes(handler.tree)
    found = [entry for entry in classes if entry.name == CLASS]
    return found[0] if len(found) == 1 and not found[0].decorator_list and not found[0].keywords else None


def method(owner: ast.ClassDef, name: str) -> Function | None:
    """A method that the class itself defines, once and without decorators; ``None`` where that is not so."""
    found = [m for m in owner.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef) and m.name == name]
    return found[0] if len(found) == 1 and not found[0].decorator_list else None


def argument(function: Function) -> str:
    """What a method calls the one argument that OVMS gives it beside ``self``; empty where something else may be meant
    by that name, or where it has none."""
    given = [*function.args.posonlyargs, *function.args.args][1:2]
    name = given[0].arg if given else ""
    return "" if any(isinstance(n, ast.Name) and n.id == name and _stores(n) for n in ast.walk(function)) else name


@lru_cache(maxsize=4)
def inside(function: Function) -> tuple[ast.AST, ...]:
    """Everything in a function's body, in text order, but what inner functions and classes hold."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, _SCOPES):
            waiting += reversed(list(ast.iter_child_nodes(node)))
    return tuple(found)


def is_generator(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside(function))


def results(function: Function) -> list[ast.Return | ast.Yield]:
    """What a call gives: all that is yielded where the function yields, else all that is returned."""
    if is_generator(function):
        return [node for node in inside(function) if isinstance(node, ast.Yield)]
    return [node for node in inside(function) if isinstance(node, ast.Return)]


def no_list(value: ast.expr | None) -> str:
    """Why a value is certainly no list of tensors; empty where it may be one."""
    match value:
        case None | ast.Constant(value=None):
            return "nothing"
        case ast.Constant(value=constant):
            return f"a {type(constant).__name__}"
        case ast.Tuple():
            return "a tuple"
        case ast.Dict() | ast.DictComp():
            return "a dict"
        case ast.Set() | ast.SetComp():
            return "a set"
        case ast.JoinedStr():
            return "a str"
        case ast.Call(func=ast.Name(id=name)) if name in _NEVER_A_LIST:
            return f"a {name}"
        case ast.List(elts=elements):
            wrong = [what for element in elements if (what := _no_tensor(element))]
            return f"a list with {wrong[0]} in it" if wrong else ""
        case _:
            return ""


def _no_tensor(value: ast.expr) -> str:
    match value:
        case ast.List() | ast.ListComp():
            return "a list"
        case ast.Call(func=ast.Name(id=name)) if name in _NEVER_A_TENSOR:
            return f"a {name}"
        case ast.Call() | ast.Starred():
            return ""
        case _:
            return no_list(value)


def given_once(function: Function) -> dict[str, ast.expr]:
    """The values of the names that a function gives one by one assignment and in no other way."""
    stored = Counter(node.id for node in inside(function) if isinstance(node, ast.Name) and _stores(node))
    return {
        target.id: node.value
        for node in inside(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and stored[target.id] == 1
    }


def tensors(given: Mapping[str, ast.expr], value: ast.expr | None) -> list[ast.Call] | None:
    """The ``Tensor(…)`` calls of a list; ``None`` where not all of its elements are such calls, or names that are
    ``given`` one once."""
    if not isinstance(value, ast.List):
        return None
    found = [_tensor(given, element) for element in value.elts]
    known = [call for call in found if call is not None]
    return known if len(known) == len(found) else None


def _tensor(given: Mapping[str, ast.expr], value: ast.expr) -> ast.Call | None:
    made = given.get(value.id) if isinstance(value, ast.Name) else value
    is_tensor = isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "Tensor"
    return made if is_tensor and isinstance(made, ast.Call) else None


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def tensor_name(call: ast.Call) -> ast.Constant | None:
    """The literal name that a ``Tensor(…)`` call gives; ``None`` where it is computed."""
    given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "name"), None)
    return given if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def place(source: Source, node: ast.expr | ast.stmt) -> Place:
    """Where a node stands, up to the end of its first line."""
    line = source.line(node.lineno)
    begin = source.offset(node.lineno, 1)
    ends_here = node.end_lineno == node.lineno and node.end_col_offset is not None
    return Place(
        source,
        begin + _characters(line, node.col_offset),
        begin + (_characters(line, node.end_col_offset or 0) if ends_here else len(line)),
    )


def _characters(line: str, offset: int) -> int:
    """``ast`` counts bytes of UTF-8."""
    return len(line.encode()[:offset].decode(errors="replace"))
