#!/usr/bin/env python3
"""Sets up what this project needs and runs its jobs. Needs Python 3.11 or 3.12 and a package index, nothing else.

    python3 workshop.py check [OPTION...]   judge the example graphs: graphval check graphs/
    python3 workshop.py test  [OPTION...]   run the tests: pytest; without options all of them, on every core
    python3 workshop.py style               ruff, mypy and the direction of imports
    python3 workshop.py docs                write docs/rules and what it is made from
    python3 workshop.py lock                resolve pyproject.toml anew and write requirements/
    python3 workshop.py clean               remove what this script has made

Options go to the command that is run. The environment is the folder .venv beside this file; it is made on first use and
again when the pinned requirements change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
VERSIONS = ((3, 11), (3, 12))  # those for which all pinned wheels exist
RUN, DEV = ROOT / "requirements" / "run.txt", ROOT / "requirements" / "dev.txt"
EXTRAS = {RUN: "rehearsal", DEV: "dev"}
SHARED_OUT = ["-n", "auto"]  # tests/conftest.py says how
HEADER = "# Pinned by `python3 workshop.py lock` from pyproject.toml, extra {extra}. Edit that, not this.\n"


def main(words: Sequence[str]) -> int:
    """Run the job that the first word names; the exit code is the job's."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if words else 2
    job, options = words[0], list(words[1:])
    match job:
        case "check":
            set_up(RUN)
            return run([PYTHON, "-m", "graphval", "check", "graphs/", *options])
        case "test":
            set_up(DEV)
            return run([PYTHON, "-m", "pytest", *(options or SHARED_OUT)])
        case "style":
            set_up(DEV)
            tools = ENVIRONMENT / "bin"
            return max(
                run([tools / "ruff", "check", *options]),
                run([tools / "ruff", "format", "--check", "--quiet"]),
                run([tools / "mypy"]),
                run([tools / "lint-imports"]),
            )
        case "docs":
            set_up(DEV)
            return run([PYTHON, "tools/make_rule_pages.py", *options])
        case "lock":
            return lock()
        case "clean":
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            return 0
    return fail(f"there is no job {job!r}; see python3 workshop.py --help", 2)


def set_up(requirements: Path) -> None:
    """Make the environment hold these requirements, unless it does already."""
    stamp = ENVIRONMENT / f"{requirements.stem}.stamp"
    wanted = hashlib.sha256(requirements.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not PYTHON.exists():
        say("making .venv")
        make_environment(ENVIRONMENT)
    count = sum(line[:1].isalnum() for line in requirements.read_text(encoding="utf-8").splitlines())
    say(f"installing {count} pinned packages into .venv; the first time this takes a minute or two")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if run([*pip, "-r", requirements]) or run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT]):
        raise SystemExit(
            fail("the packages could not be installed: is a package index reachable (pip config list)?", 1)
        )
    # An editable install compiles nothing, and where Python is told to write no bytecode each start would do it again.
    run([PYTHON, "-m", "compileall", "-q", ROOT / "graphval"])
    stamp.write_text(wanted, encoding="ascii")


def make_environment(folder: Path) -> None:
    """A virtual environment with pip, also where Debian ships Python without ensurepip."""
    python = suitable_python()
    if attempt([python, "-m", "venv", "--clear", folder]):
        return
    if attempt([python, "-m", "venv", "--clear", "--without-pip", folder]) and attempt(
        [python, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "pip", "setuptools"]
    ):
        return
    package = f"python{'.'.join(version_of(python).split('.')[:2])}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"this Python cannot make environments with pip; installing {package} with apt-get")
        run(["apt-get", "-qq", "update"])
        if run(["apt-get", "-qq", "install", "-y", package]) == 0 and attempt(
            [python, "-m", "venv", "--clear", folder]
        ):
            return
    shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(fail(f"cannot make a virtual environment; on Debian and Ubuntu: apt-get install {package}", 1))


def suitable_python() -> str:
    """An interpreter of a version that all pinned wheels exist for: this one if it fits."""
    if sys.version_info[:2] in VERSIONS:
        return sys.executable
    for major, minor in VERSIONS:
        found = shutil.which(f"python{major}.{minor}")
        if found is not None:
            return found
    known = " or ".join(f"{major}.{minor}" for major, minor in VERSIONS)
    raise SystemExit(fail(f"Python {known} is needed; this is {sys.version.split()[0]} and no other is on the PATH", 1))


def version_of(python: str) -> str:
    words = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def lock() -> int:
    """Resolve each extra in an environment of its own and write down what came out."""
    for requirements, extra in EXTRAS.items():
        say(f"resolving the extra {extra}")
        with tempfile.TemporaryDirectory(prefix="graphval-lock-") as folder:
            make_environment(Path(folder))
            pip = [Path(folder) / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
            # Also what builds the project, so that it can be installed without fetching anything unpinned.
            if run([*pip, "install", "--quiet", f"{ROOT}[{extra}]", "hatchling>=1.27,<2", "editables"]):
                return 1
            frozen = subprocess.run([*pip, "freeze"], capture_output=True, text=True, check=True).stdout
        pins = [line for line in frozen.splitlines() if "==" in line and not line.startswith(("graphval", "-e"))]
        requirements.parent.mkdir(exist_ok=True)
        requirements.write_text(HEADER.format(extra=extra) + "\n".join(pins) + "\n", encoding="utf-8")
        say(f"{requirements.relative_to(ROOT)}: {len(pins)} packages")
    return 0


def run(words: Sequence[object]) -> int:
    """Run a command in the project's folder, its output shown."""
    try:
        return subprocess.run([str(word) for word in words], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def attempt(words: Sequence[object]) -> bool:
    """Whether a command succeeds; what it says is not shown, since there is another way if it fails."""
    return subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, check=False).returncode == 0


def say(text: str) -> None:
    print(f"workshop: {text}", file=sys.stderr, flush=True)


def fail(text: str, code: int) -> int:
    say(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
