"""A handler's file with one thing in it altered: a statement, a name, a value, a parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Edit = tuple[str, int, int, str]
_VALUES = ("None", "[]", "[1]", '"text"', "{}", "(1,)")


def of_python(text: str) -> Iterator[Edit]:  # noqa: C901 - a table of forms
    """What is altered, from where to where, and what stands there then."""
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def span(node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
        return lines[node.lineno - 1] + node.col_offset, lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    for node in _nodes(text):
        if isinstance(node, ast.stmt):
            start, end = span(node)
            yield f"no {_short(node)}", start, end, "pass"
            if not isinstance(node, ast.ClassDef | ast.FunctionDef) and "\n" not in text[start:end]:
                yield f"{_short(node)} twice", start, end, f"{text[start:end]}; {text[start:end]}"
                if not isinstance(node, ast.For | ast.While | ast.If):
                    yield f"{_short(node)} in a branch", start, end, f"if len('a'): {text[start:end]}"
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                at = text.index(name, span(node)[0])
                yield f"{name} is {name}_", at, at + len(name), f"{name}_"
            case ast.Import(names=[ast.alias(name=name)]):
                at = text.index(name, span(node)[0])
                yield f"import numpy for {name}", at, at + len(name), "numpy"
            case ast.ImportFrom(names=[ast.alias(name=name)]):
                at = text.rindex(name, *span(node))
                yield from ((f"import {other} for {name}", at, at + len(name), other) for other in ("Other", "*"))
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value) | ast.Yield(value=ast.expr() as value):
                yield from ((f"{_short(value)} is {other}", *span(value), other) for other in _VALUES)
            case ast.Call(args=[first, *others]):
                end = span(others[0])[0] if others else span(first)[1]
                yield f"{_short(first)} left out of {_short(node)}", span(first)[0], end, ""
                yield f"{_short(first)} and None in {_short(node)}", span(first)[1], span(first)[1], ", None"
            case ast.Name(id=name, ctx=ast.Load()):
                yield f"{name} is {name}_", *span(node), f"{name}_"
            case ast.Constant(value=str(written)) if written.isidentifier():
                yield f"{written} is {written}_", *span(node), repr(f"{written}_")
            case ast.arguments(args=[*_, last]):
                start, end = span(last)
                yield f"no parameter {last.arg}", start, end, ""
                yield from ((f"one more {m}", end, end, f", {m}") for m in ("more", "more=1", "*more", "**more"))


def _nodes(text: str) -> list[ast.AST]:
    """All of the file; nothing of one with a mistake in its syntax."""
    try:
        return list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return []


def _short(node: ast.AST) -> str:
    """Its first line."""
    return ast.unparse(node).partition("\n")[0]
