"""Fuzz one kind of file for a given time, guided by coverage.

    .venv/bin/python -m pip install -r tools/fuzz.requirements.txt
    .venv/bin/python tools/fuzz.py SUBJECT [--minutes 10] [--keep FOLDER]

SUBJECT is one of those in `tests/fuzz/subjects.py`: text, graph, config, subconfig, handler, plugin_config, model_json,
settings, baseline. Input that breaks a promise, or takes more than two seconds, is kept in FOLDER (by default
`fuzz-findings`) and ends the run with an exit code that is not 0. Make it a case of `tests/fuzz` when it is mended.
`benchmarks/largest.py` looks at inputs that are much larger.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
LONGEST = 2.0  # seconds that an input may take

with atheris.instrument_imports(include=["graphval"]):
    from fuzz.seeds import seeds
    from fuzz.subjects import SUBJECTS

    from graphval.rules.registry import all_rules

    all_rules()  # imported when they are first asked for, which would be too late to be instrumented


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("subject", choices=SUBJECTS)
    arguments.add_argument("--minutes", type=float, default=10)
    arguments.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = arguments.parse_args()
    subject = SUBJECTS[given.subject]
    keep = given.keep.resolve()
    keep.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="graphval-fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds(given.subject)):
        (corpus / f"{number:03}").write_bytes(data)
    slowest = 0.0

    def one(data: bytes) -> None:
        nonlocal slowest
        begun = time.process_time()
        subject(data, folder)
        seconds = time.process_time() - begun
        if seconds > slowest:
            slowest = seconds
            print(f"slowest input so far: {seconds:.3f} s, {len(data)} bytes", file=sys.stderr, flush=True)
        if seconds > LONGEST:
            file = keep / f"slow-{hashlib.sha256(data).hexdigest()[:12]}"
            file.write_bytes(data)
            raise AssertionError(f"took {seconds:.1f} s, kept as {file}")

    options = [
        f"-max_total_time={int(given.minutes * 60)}",
        "-max_len=8192",
        "-timeout=300",  # by the clock: an end for what hangs, also where other work keeps the machine busy
        f"-artifact_prefix={keep}/",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
