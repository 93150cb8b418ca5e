"""The mutants of a module: its text with one small fault each, as a programmer could have made it.

Changed are comparisons, boolean and arithmetic operators, conditions, constants, returned values, loop jumps and
statements (left out). Never changed is what has no behaviour or only a wording: documentation strings, the texts of
messages (f-strings, texts with a blank, arguments called ``help``, ``label``, ``message`` or ``reason``), type
annotations and aliases, imports, assertions, ``__all__`` and ``__slots__``, the arguments of ``@dataclass``, ``strict``
of ``zip``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_NEGATIONS = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
"""Comparisons of which the mutant is the negation already."""
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
    ast.Pow: ast.Mult,
}  # fmt: skip
_STRIPS = frozenset({"strip", "lstrip", "rstrip"})
_WORDING = frozenset({"help", "label", "message", "reason", "doc", "strict"})
_DECLARED = frozenset({"__all__", "__slots__"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault in a file: which one of the file's, where (lines of the innermost statement, and the line in it where
    the fault is, as far as that is known), and what it is."""

    file: str
    number: int
    line: int
    end_line: int
    at: int
    what: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line}#{self.number}"


@dataclass(slots=True)
class _Change:
    """``node`` would be replaced by ``new``; ``where`` is the innermost statement it stands in."""

    node: ast.AST
    new: ast.AST
    where: ast.stmt
    what: str


def mutants_of(file: str, text: str) -> list[Mutant]:
    """All mutants of a module, in the order of its text."""
    return [
        Mutant(
            file,
            number,
            change.where.lineno,
            _head_end(change.where),
            getattr(change.node, "lineno", change.where.lineno),
            change.what,
        )
        for number, change in enumerate(_changes(_parsed(text)))
    ]


def mutated(text: str, number: int) -> ast.Module:
    """The module with the fault of this number."""
    tree = _parsed(text)
    change = next(found for position, found in enumerate(_changes(tree)) if position == number)
    new = ast.copy_location(copy.deepcopy(change.new), change.node)
    return ast.fix_missing_locations(_Replaced(change.node, new).visit(tree))


def _parsed(text: str) -> ast.Module:
    """The tree of a module in which each operator is an object of its own, with the line of its expression: Python's
    parser has one object for all that are alike."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        match node:
            case ast.BoolOp() | ast.BinOp() | ast.AugAssign() | ast.UnaryOp():
                node.op = type(node.op)()
                node.op.lineno = node.lineno  # type: ignore[attr-defined]
            case ast.Compare():
                node.ops = [type(op)() for op in node.ops]
                for op in node.ops:
                    op.lineno = node.lineno  # type: ignore[attr-defined]
    return tree


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _head_end(statement: ast.stmt) -> int:
    """The last line of a statement, of a compound one that of its head."""
    body = getattr(statement, "body", None)
    return max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno


def _changes(tree: ast.Module) -> Iterator[_Change]:
    yield from _in_body(tree)


def _in_body(holder: ast.AST) -> Iterator[_Change]:
    for field in ("body", "orelse", "finalbody"):
        for position, statement in enumerate(getattr(holder, field, ())):
            documentation = (
                position == 0
                and isinstance(statement, ast.Expr)
                and isinstance(holder, ast.Module | ast.ClassDef | ast.FunctionDef)
            )
            text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not documentation or not text:
                yield from _in_statement(statement)
    for handler in getattr(holder, "handlers", ()):
        yield from _in_body(handler)
    for case in getattr(holder, "cases", ()):
        yield from _in_expressions(case.pattern, holder)
        if case.guard is not None:
            yield from _condition(case.guard, holder)
            yield from _in_expressions(case.guard, holder)
        yield from _in_body(case)


def _in_statement(statement: ast.stmt) -> Iterator[_Change]:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Pass() | ast.Global() | ast.Nonlocal():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.Expr():
            yield _Change(statement, ast.Pass(), statement, f"left out: {ast.unparse(statement)}")
        case ast.Raise():
            yield _Change(statement, ast.Pass(), statement, f"left out: {ast.unparse(statement)}")
        case ast.Break():
            yield _Change(statement, ast.Continue(), statement, "break -> continue")
        case ast.Continue():
            yield _Change(statement, ast.Break(), statement, "continue -> break")
        case ast.Return(value=ast.expr() as value) if not _counts_as_false(value):
            yield _Change(value, ast.Constant(None), statement, f"return {ast.unparse(value)} -> return None")
        case ast.AugAssign(op=op):
            yield _Change(statement, ast.Pass(), statement, f"left out: {ast.unparse(statement)}")
            new = _ARITHMETIC.get(type(op))
            if new is not None:
                yield _Change(op, new(), statement, f"{ast.unparse(statement)}: {_name(op)} -> {new.__name__}")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield _Change(statement, ast.Pass(), statement, f"left out: {ast.unparse(statement)}")
        case ast.If(test=test) | ast.While(test=test):
            yield from _condition(test, statement)
    for part in _expressions_of(statement):
        yield from _in_expressions(part, statement)
    yield from _in_body(statement)


def _expressions_of(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement itself that have behaviour, without those of its body."""
    match statement:
        case ast.FunctionDef(args=args, decorator_list=decorators):
            yield from decorators
            yield from args.defaults
            yield from (default for default in args.kw_defaults if default is not None)
        case ast.ClassDef(decorator_list=decorators):
            yield from (found for found in decorators if "dataclass" not in ast.unparse(found))
        case ast.AnnAssign(annotation=annotation, value=value):
            if value is not None and "TypeAlias" not in ast.unparse(annotation):
                yield value
        case ast.Assign(targets=[ast.Name(id=name)]) if name in _DECLARED:
            return
        case _:
            for _, field in ast.iter_fields(statement):
                for part in field if isinstance(field, list) else (field,):
                    if isinstance(part, ast.expr | ast.withitem):
                        yield part


def _in_expressions(part: ast.AST, where: ast.stmt) -> Iterator[_Change]:  # noqa: C901 - a table of forms
    match part:
        case ast.JoinedStr():
            return
        case ast.keyword(arg=name) if name in _WORDING:
            return
        case ast.Compare(ops=ops):
            for op in ops:
                new = _COMPARISONS[type(op)]
                yield _Change(op, new(), where, f"{ast.unparse(part)}: {_name(op)} -> {new.__name__}")
        case ast.BoolOp(op=op):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield _Change(op, other, where, f"{ast.unparse(part)}: {_name(op)} -> {_name(other)}")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _Change(part, operand, where, f"{ast.unparse(part)} -> {ast.unparse(operand)}")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield _Change(part, operand, where, f"{ast.unparse(part)} -> {ast.unparse(operand)}")
        case ast.BinOp(op=op, left=left, right=right) if not (_is_text(left) or _is_text(right)):
            swapped = _ARITHMETIC.get(type(op))
            if swapped is not None:
                yield _Change(op, swapped(), where, f"{ast.unparse(part)}: {_name(op)} -> {swapped.__name__}")
        case ast.IfExp(test=test):
            yield from _condition(test, where)
        case ast.comprehension(ifs=ifs):
            for test in ifs:
                yield from _condition(test, where)
        case ast.Constant(value=value):
            put = _other_constant(value)
            if put is not None:
                yield _Change(part, ast.Constant(put), where, f"{value!r} -> {put!r}")
            return
    sets = _character_sets(part)
    for inner in ast.iter_child_nodes(part):
        if isinstance(inner, ast.Constant) and inner in sets:
            yield _one_less(inner, where)
        else:
            yield from _in_expressions(inner, where)


def _character_sets(part: ast.AST) -> list[ast.Constant]:
    """The texts directly inside an expression that stand for the set of their characters, or are searched as a whole:
    one more character in them would mostly change nothing."""
    match part:
        case ast.Compare(ops=ops, comparators=comparators):
            pairs = zip(ops, comparators, strict=True)
            texts = [text for op, text in pairs if isinstance(op, ast.In | ast.NotIn)]
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _STRIPS:
            texts = args
        case _:
            texts = []
    return [text for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]


def _condition(test: ast.expr, where: ast.stmt) -> Iterator[_Change]:
    """The negated condition, unless a mutant of the comparison is that already."""
    plain = isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _NEGATIONS)
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    if not plain and not negated:
        yield _Change(test, ast.UnaryOp(ast.Not(), test), where, f"{ast.unparse(test)} -> its negation")


def _other_constant(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str() if not any(character.isspace() for character in value.strip()):
            return f"{value}XX"
        case _:
            return None


def _one_less(text: ast.Constant, where: ast.stmt) -> _Change:
    """A text without its last character."""
    return _Change(text, ast.Constant(text.value[:-1]), where, f"{text.value!r} -> {text.value[:-1]!r}")


def _is_text(part: ast.expr) -> bool:
    return isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))


def _counts_as_false(part: ast.expr) -> bool:
    """Whether it is ``None``, or another constant that counts as false and has a fault of its own: to return nothing in
    its stead is hardly another one."""
    return isinstance(part, ast.Constant) and not part.value


def _name(op: ast.AST) -> str:
    return type(op).__name__
