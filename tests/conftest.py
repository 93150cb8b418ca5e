"""How the tests are shared out where several processes run them (``-n``, as ``workshop.py test`` asks for).

No test takes a verdict of an earlier run for one of its own, but those of ``tests/cache``, which have a cache each.
"""

from __future__ import annotations

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_AT_A_TIME = ("tests/containers/", "tests/engines/")
"""What compares the things a container runtime holds before and after: all of it goes to one process."""
EACH_ALONE = ("tests/rules/", "tests/workshop/test_rule_pages.py")
"""Thousands of tests that share nothing: whoever has time takes the next."""


def pytest_configure() -> None:
    os.environ["GRAPHVAL_NO_CACHE"] = "1"


class ByFile(LoadScopeScheduling):
    """The tests of a file go to one process, since they share servers and examples."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ONE_AT_A_TIME):
            return "containers"
        return nodeid if nodeid.startswith(EACH_ALONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)
