"""From a name to an engine, or to words that help."""

from __future__ import annotations

import re

import pytest

from graphval.engines import choose as choosing
from graphval.engines.choose import AUTO, ENGINES, PLANNED, choose
from graphval.engines.interface import EngineError, UnknownEngine


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_knows_its_name(name: str) -> None:
    choice = choose(name)
    assert choice.engine.name == name
    assert choice.reason == "asked for"


def test_auto_says_why() -> None:
    choice = choose(AUTO)
    assert choice.engine.name == "rehearsal"
    assert "embedded" in choice.reason


@pytest.mark.parametrize("name", ["", "Docker", "rehearsal ", "none of these"])
def test_an_engine_nobody_knows(name: str) -> None:
    with pytest.raises(UnknownEngine, match=re.escape(f'engine "{name}" is unknown; available: auto, none, rehearsal')):
        choose(name)


@pytest.mark.parametrize("name", PLANNED)
def test_an_engine_of_a_later_release(name: str) -> None:
    with pytest.raises(EngineError, match=f'engine "{name}" is not available yet') as refused:
        choose(name)
    assert not isinstance(refused.value, UnknownEngine)


@pytest.mark.parametrize("name", [AUTO, "rehearsal"])
def test_what_the_rehearsal_lacks(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    absent = ("mediapipe", "grpc")
    monkeypatch.setattr(choosing, "installed", lambda module: module not in absent)
    with pytest.raises(EngineError, match=r"needs mediapipe, grpc; .*pip install 'graphval\[rehearsal\]'"):
        choose(name)
