"""An owner is one process and no other; only one that is known to have ended is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from graphval.engines.owner import Owner, parse, this_process

SAY = "from graphval.engines.owner import this_process; print(this_process()); input()"


def test_this_process_is_there() -> None:
    owner = this_process()
    assert owner.process == os.getpid()
    assert owner == this_process()
    assert not owner.gone
    assert parse(str(owner)) == owner


def test_another_process_is_gone_when_it_has_ended() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        owner = parse(other.stdout.readline().strip())
        assert owner is not None
        assert owner.process == other.pid
        assert not owner.gone
        other.communicate("\n")
    assert owner.gone


def test_its_number_used_again_is_another() -> None:
    assert replace(this_process(), began="1").gone


@pytest.mark.parametrize("change", [{"boot": "other"}, {"space": "other"}])
def test_what_is_elsewhere_cannot_be_known(change: dict[str, str]) -> None:
    assert not replace(this_process(), began="1", **change).gone


@pytest.mark.parametrize("text", ["", "a.b.c.d", "a.b.1", "a.b.1.2.3", "a.b.-1.2"])
def test_what_is_no_owner(text: str) -> None:
    assert parse(text) is None


def test_the_form() -> None:
    assert str(Owner("b", "s", 7, "9")) == "b.s.7.9"
