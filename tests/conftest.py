"""How the tests are shared out where several processes run them (``-n``, as ``workshop.py test`` asks for); and none
of them takes the verdict of an earlier run for its own, unless it is about that.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["GRAPHVAL_NO_CACHE"] = "1"

#: What a test of these has one process to itself for: it compares what the container runtime holds before and after.
ALONE = "container"
#: Files that hold this many tests each are worth the work of more than one process.
MANY = 400


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its group: tests of containers make one, and those of a file share its servers and examples."""
    held: dict[Path, int] = {}
    for item in items:
        held[item.path] = held.get(item.path, 0) + 1
    for item in items:
        if item.get_closest_marker(ALONE) is not None:
            item.add_marker(pytest.mark.xdist_group(ALONE))
        elif held[item.path] < MANY:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
