"""Mutation testing: whether the tests notice a small fault in the code, on a random sample of such faults.

    .venv/bin/python -m pip install -r tools/mutate.requirements.txt
    .venv/bin/python tools/mutate.py graphval/textproto --tests tests/textproto tests/graph [--sample 200] [--seed 1]

`tools/mutants.py` says which faults there are. The tests are collected once and run once under coverage, which tells
which tests execute which line (`--map FILE` keeps that for tests and code that stay as they are). Then each
fault of the sample is put into a forked child, which runs the tests of its line, quick ones first, until one fails. A
fault outside of functions, or in a function that has run while the tests were collected, gets a process of its own, and
there the tests of its line, those of the files whose collection has run it, those that are called by a name in it,
those that read what is made there, and those that execute most of its module: what else a table has to do with a test
no line tells.
Printed are what survived and the share that did not, with its 95 % interval (Wilson). Time limits are processor time.

No tool that is kept does this: mutmut leaves out decorated functions, and each rule is one; cosmic-ray starts a whole
test run for each fault.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import importlib.machinery
import itertools
import json
import math
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from hypothesis import Phase, settings
from mutants import Mutant, mutants_of, mutated

ROOT = Path(__file__).resolve().parents[1]
KILLED, SURVIVED, TIMEOUT, UNTESTED, ELSEWHERE = "killed", "survived", "timeout", "no test", "elsewhere"
_EXIT = {0: SURVIVED, 1: KILLED, 3: ELSEWHERE}
_OPTIONS = ["-q", "-s", "--no-header", "-p", "no:cacheprovider", "-n", "0", "-p", "no:graphval", "-W", "ignore"]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("code", type=Path, nargs="+", help="files and folders to put faults in")
    arguments.add_argument("--tests", nargs="+", required=True, metavar="PATH", help="the tests that may notice")
    arguments.add_argument("--sample", type=int, default=200, help="how many faults (all: 0)")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", nargs="*", metavar="NAME", help="these faults, named FILE:LINE#NUMBER as printed")
    arguments.add_argument("--seconds", type=float, default=10, help="of tests for one fault")
    arguments.add_argument("--map", type=Path, help="where to keep which test executes which line")
    arguments.add_argument("--alone", help=argparse.SUPPRESS)  # in a process of its own: the fault to put in
    given = arguments.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    settings.register_profile("faults", phases=(Phase.explicit, Phase.generate), database=None, derandomize=True)
    settings.load_profile("faults")
    if given.alone:
        return _alone(given.alone, given.tests)
    return int(pytest.main([*_OPTIONS, *given.tests], plugins=[_Session(given)]))


def _mutants(code: list[Path]) -> list[Mutant]:
    files = [file for path in code for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
    return [mutant for file in files for mutant in mutants_of(str(file), file.read_text(encoding="utf-8"))]


# -- one fault in a process of its own -------------------------------------------------------------------------------


def _alone(name: str, tests: list[str]) -> int:
    """Run tests until one fails, with a fault that is there before anything is imported."""
    file, number = name.split(":")[0], int(name.split("#")[1])
    path = str(ROOT / file)
    module = compile(mutated(Path(file).read_text(encoding="utf-8"), number), path, "exec", dont_inherit=True)
    read = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, fullname: str) -> CodeType | None:
        return module if loader.path == path else read(loader, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    return 1 if pytest.main([*_OPTIONS, "-x", *tests]) else 0


# -- one session for all others --------------------------------------------------------------------------------------


class _Session:
    """The pytest plugin that collects, maps and then tries each fault."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given = given
        self._items: dict[str, pytest.Item] = {}
        self._early = coverage.Coverage(data_file=None, include=[f"{ROOT}/graphval/*"])
        self._early.start()

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        if isinstance(collector, pytest.Module):
            self._early.switch_context(str(collector.path))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._early.stop()
        data = self._early.get_data()
        self._when_collected = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
        self._items = {item.nodeid: item for item in session.items}
        mapped = self._mapped(session.items)
        mutants = _mutants(self._given.code)
        if self._given.only:
            mutants = [mutant for mutant in mutants if mutant.name in self._given.only]
        elif self._given.sample and self._given.sample < len(mutants):
            chosen = random.Random(self._given.seed).sample(range(len(mutants)), self._given.sample)
            mutants = [mutants[position] for position in chosen]  # in random order: a part of it is a sample too
        results: dict[str, int] = {}
        for count, mutant in enumerate(mutants, 1):
            result = self._tried(mutant, mapped)
            results[result] = results.get(result, 0) + 1
            if result != KILLED:
                print(f"{result}: {mutant.name}  {mutant.what}", flush=True)
            if count % 10 == 0:
                print(f"[{count} of {len(mutants)}] {results}", file=sys.stderr, flush=True)
        print(_summary(results))
        return True

    def _tried(self, mutant: Mutant, mapped: dict[str, Any]) -> str:
        lines = mapped["lines"].get(mutant.file, {})
        found = {test for line in range(mutant.line, mutant.end_line + 1) for test in lines.get(line, ())}
        early = self._collecting(mutant)
        if not found and not early:
            return UNTESTED
        tests = self._first(
            sorted(found, key=lambda test: self._rank(test, mutant, mapped)), mapped, self._given.seconds
        )
        if not early:
            result = _in_child(mutant, [self._items[test] for test in tests], self._limit_of(tests, mapped))
            if result != ELSEWHERE:
                return result
        return self._tried_alone(mutant, self._of_the_module(mutant, tests, early, mapped), mapped)

    def _of_the_module(self, mutant: Mutant, tests: list[str], early: set[str], mapped: dict[str, Any]) -> list[str]:
        """These tests, those of the files whose collection has run the fault's code (what they are given was made by
        it), and others: any test of the module may notice, rather those that read what is made there."""
        seconds, lines = mapped["seconds"], mapped["lines"].get(mutant.file, {})
        collected = {test for test, item in self._items.items() if str(item.path) in early}
        named = {test for word in _words(mutant) for test in seconds if word in test}
        readers = {test for line in _lines_that_read(mutant) for test in lines.get(line, ())}
        executed = Counter(test for tests_of_line in lines.values() for test in tests_of_line)
        likely = [
            sorted(some, key=lambda test: self._rank(test, mutant, mapped)) for some in (collected, named, readers)
        ]
        most = sorted(executed or seconds, key=lambda test: (-executed[test], seconds[test]))
        for some in (*likely, most):
            tests = tests + [test for test in self._first(some, mapped, self._given.seconds) if test not in tests]
        return tests

    def _tried_alone(self, mutant: Mutant, tests: list[str], mapped: dict[str, Any]) -> str:
        words = [sys.executable, __file__, mutant.file, "--alone", mutant.name, "--tests", *tests]
        limit = self._limit_of(tests, mapped) + 20
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                              preexec_fn=lambda: _limit(limit))  # fmt: skip
        return _EXIT.get(done.returncode, TIMEOUT if done.returncode < 0 else KILLED)

    @staticmethod
    def _limit_of(tests: list[str], mapped: dict[str, Any]) -> float:
        return 3 * sum(mapped["seconds"][test] for test in tests) + 5

    @staticmethod
    def _first(tests: list[str], mapped: dict[str, Any], seconds: float) -> list[str]:
        """As many of the tests as take that long together."""
        taken = itertools.accumulate(mapped["seconds"][test] for test in tests)
        return [test for test, so_far in zip(tests, taken, strict=True) if so_far <= seconds]

    def _rank(self, test: str, mutant: Mutant, mapped: dict[str, Any]) -> tuple[float, ...]:
        """Quick tests first, of these the ones whose folder is called like the code's."""
        seconds = mapped["seconds"][test]
        apart = Path(test).parts[1] != Path(mutant.file).parts[1]
        return seconds > 1, apart, seconds

    def _collecting(self, mutant: Mutant) -> set[str]:
        """The files whose collection has run the fault's code, an empty name for what ran before; what all of them
        share, such as the code of a module, the first one alone has run."""
        early = self._when_collected.get(str(ROOT / mutant.file), {})
        return {file for line in range(mutant.line, mutant.end_line + 1) for file in early.get(line, ())}

    def _mapped(self, items: list[pytest.Item]) -> dict[str, Any]:
        """Tests by file and line, and the seconds that each took. Only tests that are not known yet are run."""
        mapped: dict[str, Any] = {"code": _digest(sorted((ROOT / "graphval").rglob("*.py"))), "tests": {}}
        kept = self._given.map
        if kept is not None and kept.is_file():
            known = json.loads(kept.read_text(encoding="utf-8"))
            mapped = known if known["code"] == mapped["code"] else mapped
        states = {path: _digest([path]) for path in {item.path for item in items}}
        new = [item for item in items if mapped["tests"].get(item.nodeid, [""])[0] != states[item.path]]
        print(f"{len(new)} of {len(items)} tests are run under coverage first", file=sys.stderr, flush=True)
        for test, (seconds, executed) in self._run_under_coverage(new).items():
            mapped["tests"][test] = [states[self._items[test].path], seconds, executed]
        if kept is not None:
            kept.write_text(json.dumps(mapped), encoding="utf-8")
        lines: dict[str, dict[int, list[str]]] = {}
        for item in items:
            for file, numbers in mapped["tests"][item.nodeid][2].items():
                for number in numbers:
                    lines.setdefault(file, {}).setdefault(number, []).append(item.nodeid)
        return {"lines": lines, "seconds": {item.nodeid: mapped["tests"][item.nodeid][1] for item in items}}

    def _run_under_coverage(self, items: list[pytest.Item]) -> dict[str, tuple[float, dict[str, list[int]]]]:
        """The seconds that each test takes and the lines that it executes, found out in a fork."""
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(reader)
            with os.fdopen(writer, "w", encoding="utf-8") as out:
                json.dump(self._measured(items), out)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as told:
            found: dict[str, tuple[float, dict[str, list[int]]]] = json.load(told)
        os.wait()
        failed = [test for test, (seconds, _) in found.items() if seconds < 0]
        if failed:
            raise pytest.UsageError(f"fail without a fault: {failed}")
        return found

    def _measured(self, items: list[pytest.Item]) -> dict[str, tuple[float, dict[str, list[int]]]]:
        measured = coverage.Coverage(data_file=None, include=[f"{ROOT}/graphval/*"])
        measured.start()
        seconds = {}
        for item in items:
            measured.switch_context(item.nodeid)
            begun = time.process_time()
            failed = _fails(item)
            seconds[item.nodeid] = -1 if failed else time.process_time() - begun
        measured.stop()
        data = measured.get_data()
        executed: dict[str, dict[str, list[int]]] = {item.nodeid: {} for item in items}
        for file in data.measured_files():
            for line, tests in data.contexts_by_lineno(file).items():
                for test in filter(None, tests):
                    executed[test].setdefault(str(Path(file).relative_to(ROOT)), []).append(line)
        return {test: (seconds[test], lines) for test, lines in executed.items()}


def _lines_that_read(mutant: Mutant) -> set[int]:
    """The lines of a module that read what the statement with the fault makes: a table, a constant, or what is made of
    it in its turn."""
    tree = ast.parse(Path(mutant.file).read_text(encoding="utf-8"))
    made: set[str] = set()
    lines: set[int] = set()
    for _ in tree.body:  # as often as one may be made of another
        before = len(made)
        for statement in tree.body:
            read = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id in made]
            lines |= {node.lineno for node in read if isinstance(node.ctx, ast.Load)}
            if read or statement.lineno <= mutant.line <= (statement.end_lineno or 0):
                targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
                made |= {target.id for target in targets if isinstance(target, ast.Name)}
        if len(made) == before:
            break
    return lines


def _words(mutant: Mutant) -> set[str]:
    """The names by which a test of the fault may be called: texts in its line or its decorator, and the keys of the
    entries of tables that it lies in."""
    tree = ast.parse(Path(mutant.file).read_text(encoding="utf-8"))
    near: list[ast.AST | None] = [node for node in ast.walk(tree) if getattr(node, "lineno", 0) == mutant.at]
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            if decorator.lineno <= mutant.at <= decorator.end_lineno:
                near += ast.walk(decorator)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and key.lineno <= mutant.at <= (value.end_lineno or 0):
                    near.append(key)
    texts = {node.value for node in near if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if len(text) > 4 and text.isidentifier()}


def _digest(files: list[Path]) -> str:
    text = hashlib.sha256()
    for file in files:
        text.update(file.read_bytes())
    return text.hexdigest()


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.alarm(1200)  # what waits takes no processor time


def _in_child(mutant: Mutant, tests: list[pytest.Item], limit: float) -> str:
    """Put the fault into the functions that are imported, in a fork, and run the tests there."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            _limit(time.process_time() + limit)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            if _put_in(mutant):
                code = int(any(_fails(test) for test in tests))
        except BaseException:  # noqa: BLE001 - the fault is noticed, whatever it breaks
            code = 1
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return TIMEOUT if os.WIFSIGNALED(status) else _EXIT.get(os.WEXITSTATUS(status), KILLED)


def _fails(item: pytest.Item) -> bool:
    from _pytest.runner import runtestprotocol

    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _put_in(mutant: Mutant) -> bool:
    """Give the imported functions of the mutant's file the code with the fault; false where it is in none of them."""
    path = str(ROOT / mutant.file)
    text = Path(mutant.file).read_text(encoding="utf-8")
    sound = dict(_functions(compile(text, path, "exec", dont_inherit=True)))
    faulty = dict(_functions(compile(mutated(text, mutant.number), path, "exec", dont_inherit=True)))
    changed = {key for key in sound if sound[key] != faulty.get(key)}
    found = [
        (function, key)
        for function in gc.get_objects()
        if isinstance(function, FunctionType) and function.__code__.co_filename == path
        if (key := (function.__code__.co_qualname, function.__code__.co_firstlineno)) in changed
    ]
    for function, key in found:  # one that has gone, or closes over other variables, cannot be changed where it is
        if key not in faulty or faulty[key].co_freevars != function.__code__.co_freevars:
            return False
    for function, key in found:
        function.__code__ = faulty[key]
    return bool(found)


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """The functions and methods of a module, and those inside them: of these some may have been made at import."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & 0x2:  # has locals of its own: a function, not the body of a class
                yield (inner.co_qualname, inner.co_firstlineno), inner
            yield from _functions(inner)


def _summary(results: dict[str, int]) -> str:
    total = sum(results.values())
    killed = results.get(KILLED, 0) + results.get(TIMEOUT, 0)
    low, high = _interval(killed, total)
    return (
        f"{killed} of {total} faults were noticed ({results.get(TIMEOUT, 0)} by the time limit): "
        f"{killed / max(total, 1):.1%}, 95 % interval {low:.1%} to {high:.1%}"
    )


def _interval(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval."""
    if total == 0:
        return 0.0, 1.0
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return middle - half, middle + half


if __name__ == "__main__":
    sys.exit(main())
