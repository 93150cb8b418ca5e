"""What of a handler runs when: at load, when its file is imported and the object made and initialised, or at a request.

Source: OVMS `src/python/pythonnoderesources.cpp` and `src/python/python_executor_calculator.cc` (2026.4); Python's
language reference: what a definition evaluates at once, and what its call does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from graphval.findings import Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext, once
from graphval.rules.python.handler import CLASS, handler_of, is_main_guard

_CALLED = {"__init__": Phase.LOAD, "initialize": Phase.LOAD, "execute": Phase.SERVE}
"""The methods that OVMS calls whatever happens."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BY_PARTS = (
    *_FUNCTIONS, ast.ClassDef, ast.If, ast.While, ast.For, ast.AsyncFor, ast.Try, ast.TryStar, ast.Match, ast.AnnAssign,
    ast.Lambda, ast.IfExp, ast.BoolOp,
)  # fmt: skip
"""Of these not all parts run when they do."""
_TOLD = (ast.Name, ast.Call, ast.Subscript, ast.Attribute)
_CATCH_ALL = frozenset({"NameError", "Exception", "BaseException"})


class Spot(NamedTuple):
    """A part of a handler. ``certain``: it runs whenever what is around it does, for it stands in no branch, loop or
    function that may never be called. ``method``: the method of the model's class that it belongs to, empty outside."""

    node: ast.AST
    phase: Phase = Phase.LOAD
    certain: bool = True
    method: str = ""
    local: bool = False

    def within(self, *parts: ast.AST | None, certain: bool = True) -> Iterator[Spot]:
        """Parts of it that run as it does, or perhaps (``certain`` false)."""
        runs = self.certain and certain
        return (Spot(part, self.phase, runs, self.method, self.local) for part in parts if part is not None)


@once
def spots_of(node: Node, context: GraphContext) -> tuple[Spot, ...]:
    """Every name, call, subscript and attribute of a Python node's handler that may run, in no particular order: what is
    tried, its failure being caught, is left out, and what only a program run by itself does."""
    handler = handler_of(node, context)
    if handler is None or handler.tree is None:
        return ()
    written_late = any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
        for statement in handler.tree.body
    )
    found: list[Spot] = []
    waiting = [Spot(statement) for statement in handler.tree.body]
    while waiting:
        spot = waiting.pop()
        part = spot.node
        if isinstance(part, _TOLD):
            found.append(spot)
        if isinstance(part, _BY_PARTS):
            waiting += _parts(spot, written_late)
        elif not isinstance(part, ast.Name | ast.Constant):
            waiting += spot.within(*ast.iter_child_nodes(part))
    return tuple(found)


def _parts(spot: Spot, written_late: bool) -> Iterator[Spot]:
    """``written_late``: annotations are not evaluated."""
    node = spot.node
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _definition(spot, node, written_late)
            yield from _body(spot, node)
        case ast.ClassDef():
            yield from spot.within(*node.decorator_list, *node.bases, *(k.value for k in node.keywords))
            for member in node.body:
                if isinstance(member, _FUNCTIONS) and node.name == CLASS and not spot.local and not spot.method:
                    yield from _definition(spot, member, written_late)
                    yield from _body(spot, member, method=True)
                else:
                    yield from spot.within(member)
        case ast.If() | ast.While():
            yield from spot.within(node.test)
            if not is_main_guard(node):
                yield from spot.within(*node.body, *node.orelse, certain=False)
        case ast.For() | ast.AsyncFor():
            yield from spot.within(node.iter)
            yield from spot.within(node.target, *node.body, *node.orelse, certain=False)
        case ast.Try() | ast.TryStar():
            if not any(map(_catches_all, node.handlers)):
                yield from spot.within(*node.body, certain=False)
            yield from spot.within(*node.handlers, *node.orelse, certain=False)
            yield from spot.within(*node.finalbody)
        case ast.Match():
            yield from spot.within(node.subject)
            yield from spot.within(*node.cases, certain=False)
        case ast.AnnAssign():
            yield from spot.within(node.target, node.value)
            if not spot.local and not written_late:
                yield from spot.within(node.annotation)
        case _:
            yield from _parts_of_expression(spot, node)


def _parts_of_expression(spot: Spot, node: ast.AST) -> Iterator[Spot]:
    match node:
        case ast.Lambda():
            yield from spot.within(*node.args.defaults, *node.args.kw_defaults)
            yield from spot.within(node.body, certain=False)
        case ast.IfExp():
            yield from spot.within(node.test)
            yield from spot.within(node.body, node.orelse, certain=False)
        case ast.BoolOp():
            yield from spot.within(node.values[0])
            yield from spot.within(*node.values[1:], certain=False)


def _definition(spot: Spot, function: ast.FunctionDef | ast.AsyncFunctionDef, written_late: bool) -> Iterator[Spot]:
    """What defining a function evaluates."""
    arguments = function.args
    yield from spot.within(*function.decorator_list, *arguments.defaults, *arguments.kw_defaults)
    if not written_late:
        named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        yield from spot.within(function.returns, *(one.annotation for one in named if one is not None))


def _body(spot: Spot, function: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool = False) -> Iterator[Spot]:
    """What calling a function runs."""
    called = _CALLED.get(function.name) if method else None
    inside = Spot(
        function,
        called or Phase.SERVE,
        certain=called is not None and not function.decorator_list,
        method=function.name if method else spot.method,
        local=True,
    )
    return inside.within(*function.body)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or (isinstance(kind, ast.Name) and kind.id in _CATCH_ALL) for kind in kinds)
