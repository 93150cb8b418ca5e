"""The likeliest word, and the only word that can have been meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.textproto.nearest import MOST_KNOWN, nearest, unmistakable

FIELDS = ("input_stream", "input_stream_info", "input_stream_handler", "output_stream", "name", "type", "max_in_flight")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("input_steam", "input_stream"),
        ("inputStream", "input_stream"),
        ("input-stream", "input_stream"),
        ("INPUT_STREAM", "input_stream"),
        ("input_straem", "input_stream"),
        ("iput_straem", "input_stream"),
        ("input_stream_inof", "input_stream_info"),
        ("nam", "name"),
        ("naem", "name"),
        ("ouput_stream", "output_stream"),
        ("put_stream_", None),
        ("mane", None),
        ("nme_", "name"),
        ("typ", "type"),
        ("tame", None),
        ("tme", None),
        ("put_stream", None),
        ("in_stream", None),
        ("stream", None),
        ("frobnicate", None),
        ("", None),
    ],
)
def test_what_can_only_have_been_meant(word: str, meant: str | None) -> None:
    assert unmistakable(word, FIELDS) == meant


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("llama9", "llama3", None),
        ("llama33", "llama3", None),
        ("llama", "llama3", None),
        ("lama3", "llama3", "llama3"),
        ("LLAMA_3", "llama3", "llama3"),
        ("stream_12", "stream_21", None),
    ],
)
def test_another_digit_is_no_slip_of_the_pen(word: str, known: str, meant: str | None) -> None:
    assert unmistakable(word, [known]) == meant


@pytest.mark.parametrize("known", [(), ("name", "nane"), ("nama", "nane", "name2")])
def test_among_words_alike_nothing_is_certain(known: tuple[str, ...]) -> None:
    assert unmistakable("nami", known) is None


@settings(deadline=None)
@given(st.lists(st.text("abcde_", min_size=1, max_size=12), max_size=12, unique=True), st.text("abcde_", max_size=12))
def test_what_is_certain_is_known_and_as_near_as_anything(known: list[str], word: str) -> None:
    found = unmistakable(word, known)
    assert found is None or found in known
    if word in known and len({k.lower().replace("_", "") for k in known}) == len(known):
        assert found in (word, None)
    assert nearest(word, known, 0.0) is None or nearest(word, known, 0.0) in known


def test_words_without_end_are_not_compared() -> None:
    assert nearest("a" * 119, ["a" * 120]) == "a" * 120
    assert nearest("a" * 120, ["a" * 121]) is nearest("a" * 121, ["a" * 120]) is None


def test_among_very_many_words_none_is_looked_for() -> None:
    known = [f"stream_{number:04}" for number in range(MOST_KNOWN)]
    assert nearest("strean_0007", known) == unmistakable("strean_0007", known) == "stream_0007"
    assert nearest("strean_0007", [*known, "one_more"]) is unmistakable("strean_0007", [*known, "one_more"]) is None


@pytest.mark.parametrize(("word", "meant"), [("abcdefgh", "abcxyfgh"), ("abcdefg", None)])
def test_two_slips_are_forgiven_from_eight_letters_on(word: str, meant: str | None) -> None:
    assert unmistakable(word, ["abcxyfgh"[: len(word)]]) == meant
