"""Variables for a server are read as docker reads them, and no value is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.engines.environment import EnvironmentMistake, read_environment


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ([], {}),
        (["A=b"], {"A": "b"}),
        (["A="], {"A": ""}),
        (["A=b=c d "], {"A": "b=c d "}),
        (["SET_HERE"], {"SET_HERE": "here"}),
        (["NOT_SET_HERE"], {}),
        (["A=1", "A=2"], {"A": "2"}),
    ],
)
def test_words(monkeypatch: pytest.MonkeyPatch, words: list[str], read: dict[str, str]) -> None:
    monkeypatch.setenv("SET_HERE", "here")
    assert read_environment(words, None) == read


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SET_HERE", "here")
    file = tmp_path / "env"
    file.write_text(
        "# comment\n\n  # another\nA=b # no comment\n  B=c\nSET_HERE\nNOT_SET_HERE\nC=\r\n", encoding="utf-8"
    )
    assert read_environment(["B=given"], file) == {"A": "b # no comment", "B": "given", "SET_HERE": "here", "C": ""}


@pytest.mark.parametrize("word", ["", "=secret", "A B=secret", "1A=secret", "secret text", "A-B=secret"])
def test_what_names_no_variable(tmp_path: Path, word: str) -> None:
    with pytest.raises(EnvironmentMistake, match="--env wants NAME=VALUE") as given:
        read_environment([word], None)
    assert "secret" not in str(given.value)
    if word:
        file = tmp_path / "env"
        file.write_text(f"A=b\n{word}\n", encoding="utf-8")
        with pytest.raises(EnvironmentMistake, match="env:2 wants NAME=VALUE") as in_file:
            read_environment([], file)
        assert "secret" not in str(in_file.value)


@pytest.mark.parametrize("content", [None, b"\xff=b"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "env"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(EnvironmentMistake, match=r"cannot read|no UTF-8"):
        read_environment([], file)
