"""A fault that is put into the code for the tests to notice is one fault: all else stays as it is."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


MUTANTS = load("mutants")
TEXT = """
def f(a, b, c):
    x = a and b
    y = b and c
    if a == b:
        return a + b
    if b == c:
        return -a
    z = a in "xyz" or c.strip("xy")
    x += 1
    y += 1
    return b + c if not a else False
"""
WHAT = {
    "a and b: And -> Or": "x = a or b",
    "b and c: And -> Or": "y = b or c",
    "a == b: Eq -> NotEq": "if a != b:",
    "b == c: Eq -> NotEq": "if b != c:",
    "a + b: Add -> Sub": "return a - b",
    "b + c: Add -> Sub": "return b - c if not a else False",
    "-a -> a": "return a",
    "'xyz' -> 'xy'": "z = a in 'xy' or c.strip('xy')",
    "'xy' -> 'x'": "z = a in 'xyz' or c.strip('x')",
    "x += 1: Add -> Sub": "x -= 1",
    "not a -> a": "return b + c if a else False",
}


@pytest.mark.parametrize("what", WHAT)
def test_a_fault_changes_what_it_says(what: str) -> None:
    [mutant] = [mutant for mutant in MUTANTS.mutants_of("f.py", TEXT) if mutant.what == what]
    before = ast.unparse(ast.parse(TEXT)).splitlines()
    after = ast.unparse(MUTANTS.mutated(TEXT, mutant.number)).splitlines()
    assert [line.strip() for line, old in zip(after, before, strict=True) if line != old] == [WHAT[what]]


@pytest.mark.parametrize("name", ["textproto/scalars.py", "textproto/nesting.py", "rules/flow.py", "rules/ignore.py"])
def test_a_fault_is_in_one_place(name: str) -> None:
    text = (ROOT / "graphval" / name).read_text(encoding="utf-8")
    sound = ast.unparse(ast.parse(text)).splitlines()
    mutants = MUTANTS.mutants_of(name, text)
    assert len(mutants) >= 30
    for mutant in mutants[::5]:
        faulty = ast.unparse(MUTANTS.mutated(text, mutant.number)).splitlines()
        different = sum(one != other for one, other in zip(sound, faulty, strict=False))
        assert different == 1 or len(sound) != len(faulty), mutant.what
