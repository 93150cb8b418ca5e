"""How much is asked: the words of the command line are the plan's."""

from __future__ import annotations

from graphval.cli import Probes
from graphval.probe.plan import Depth


def test_the_depths_of_the_command_line_are_the_plans() -> None:
    assert [probes.value for probes in Probes] == [depth.value for depth in Depth]
