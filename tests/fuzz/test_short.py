"""A short run of every subject; long ones are for `tools/fuzz.py`. What a long run has found is kept here as a case."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .seeds import seeds
from .subjects import SUBJECTS

PIECES = [
    b"", b'"', b"'", b"{", b"}", b"<", b">", b"[", b"]", b":", b",", b";", b"#", b"\\", b"\0", b"\xff", b"\xc3\xa9",
    b"\xe2\x80\x9c", b"\r\n", b"\t", b"-", b"1e999", b"0x", b"07", b"99999999999999999999", b"nan", b"null", b"true",
    b"0x10", b"017", b"\xc2\xb2", b"9" * 5000,
    b"node { }", b"input_stream: ", b'"in"', b"[type.googleapis.com/", b".ext]", b'{"config": {', b"..", b"/",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, subject: str) -> bytes:
    """A sound file of this kind after some blind edits, or nothing but pieces."""
    data = draw(st.sampled_from(seeds(subject)))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        put = draw(st.sampled_from([*PIECES, data[start:end] * 2]) | st.binary(max_size=4))
        data = data[:start] + put + data[end:]
    return data


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_sound_keeps_the_promises(subject: str, tmp_path: Path) -> None:
    for data in seeds(subject):
        SUBJECTS[subject](data, tmp_path)


@pytest.mark.parametrize("subject", SUBJECTS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_ends_in_findings(subject: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        SUBJECTS[subject](data.draw(damaged(subject)), Path(folder))


@pytest.mark.parametrize("subject", SUBJECTS)
@settings(max_examples=100, deadline=None)
@given(data=st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=60).map(b"".join))
def test_rubbish_ends_in_findings(subject: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        SUBJECTS[subject](data, Path(folder))


FOUND = {
    "a type name that is no text": ("text", b"node { node_options { [type.googleapis.com/m\x80x.Y]: { } } }"),
    "an extension name that is no text": ("text", b"node { options { [m\x80x.Y.ext]: { } } }"),
    "a value of an enum that is no text": (
        "text",
        (
            b"node { node_options { [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions] {"
            b" scale_mode: '\x80' } } }"
        ),
    ),
    "a key that holds a line feed, in a message": ("config", b'{\n  "\\nx"}'),
    "a chain of thousands of nodes": (
        "graph",
        b'input_stream: "s0" output_stream: "s3000"\n'
        + b"".join(
            b'node { calculator: "PassThroughCalculator" input_stream: "s%d" output_stream: "s%d" }\n' % (i, i + 1)
            for i in range(3000)
        ),
    ),
    "threads in hexadecimal": (
        "graph",
        b"executor {type: 'ThreadPoolExecutor' options {[mediapipe.ThreadPoolExecutorOptions.ext] {num_threads: 0x2}}}",
    ),
    "an index of thousands of digits": ("graph", b'input_stream: "A:' + b"9" * 5000 + b':in"'),
    "a handler of thousands of sums": ("handler", b"x = " + b"1 + " * 5000 + b"1\n"),
    "a handler of thousands of signs": ("handler", b"x = " + b"-" * 50_000 + b"1\n"),
    "settings with thousands of digits": ("settings", b"x = " + b"9" * 5000),
    "a baseline with thousands of digits": ("baseline", b'{"schema": ' + b"9" * 5000 + b"}"),
}
"""What runs have found: a promise broken once."""


@pytest.mark.parametrize(("subject", "data"), FOUND.values(), ids=FOUND)
def test_what_was_found_is_mended(subject: str, data: bytes, tmp_path: Path) -> None:
    SUBJECTS[subject](data, tmp_path)
