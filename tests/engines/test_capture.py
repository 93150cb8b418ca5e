"""A stream is read as it comes, whole while it is short, and within bounds however long it gets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.engines.capture import Capture

PATIENCE = 10.0


def captured(*chunks: bytes, markers: tuple[bytes, ...] = (), kept: int = 1 << 20) -> Capture:
    """A capture that has read these chunks to their end."""
    source, sink = os.pipe()
    capture = Capture(os.fdopen(source, "rb"), markers, kept)
    with os.fdopen(sink, "wb", buffering=0) as stream:
        for chunk in chunks:
            stream.write(chunk)
    assert capture.ended.wait(PATIENCE)
    capture.close(PATIENCE)
    return capture


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(2, 64))
def test_beginning_and_end_are_kept(chunks: list[bytes], kept: int) -> None:
    whole, half = b"".join(chunks), kept // 2
    text = captured(*chunks, kept=kept).text()
    if len(whole) <= 2 * half:
        assert text == whole.decode("utf-8", errors="replace")
    else:
        gap = f"\n[... {len(whole) - 2 * half} bytes left out ...]\n"
        head, tail = whole[:half], whole[-half:]
        assert text == (head + gap.encode() + tail).decode("utf-8", errors="replace")


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(2, 64), st.integers(0, 200))
def test_what_came_after_a_point_is_the_rest_of_the_whole(chunks: list[bytes], kept: int, since: int) -> None:
    whole, half = b"".join(chunks), kept // 2
    capture = captured(*chunks, kept=kept)
    assert capture.read == len(whole)
    if len(whole) <= 2 * half or since >= len(whole) - half:
        assert capture.text(since) == whole[since:].decode("utf-8", errors="replace")
    else:
        gap = f"\n[... {len(whole) - 2 * half} bytes left out ...]\n".encode()
        assert capture.text(since) == (whole[since:half] + gap + whole[-half:]).decode("utf-8", errors="replace")


@given(st.data())
def test_a_marker_is_seen_however_it_is_cut(data: st.DataObject) -> None:
    text = b"before ready after"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert captured(*chunks, markers=(b"never", b"ready"), kept=4).seen[b"ready"].is_set()


@pytest.mark.parametrize(
    ("text", "markers"),
    [(b"not yet", (b"ready",)), (b"rea\ndy", (b"ready",)), (b"", (b"ready",)), (b"early", (b"early", b"ready"))],
)
def test_what_is_no_marker(text: bytes, markers: tuple[bytes, ...]) -> None:
    assert not captured(text, markers=markers).seen[markers[-1]].is_set()


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert captured(b"a\xff\xfe\nb\xc3").text() == "a\ufffd\ufffd\nb\ufffd"


def test_a_stream_that_is_held_open_is_let_go() -> None:
    source, sink = os.pipe()
    stream = os.fdopen(source, "rb")
    capture = Capture(stream)
    capture.close(0.05)
    assert not capture.ended.is_set()
    os.close(sink)
    assert capture.ended.wait(PATIENCE)
    capture.close(PATIENCE)
    assert stream.closed


def test_the_writer_never_waits(tmp_path: Path) -> None:
    # More than any pipe holds: without a reader the write would never return.
    capture = captured(*[b"x" * (1 << 20)] * 8, kept=1000)
    assert capture.text().startswith("x" * 500 + "\n[... ")
