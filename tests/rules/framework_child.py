"""A program: reads graphs (JSON strings, one a line), says of each what MediaPipe makes of it, and may die of one.

Answers are lines ``[moment, why]``: first ``load``, and where that went well ``start``, with an empty ``why`` where all
is well. The first comes before the graph is started, so that whoever reads knows when it died.
"""

from __future__ import annotations

import json
import os
import sys

from graphval.rehearsal.framework import bindings

REFUSALS = (RuntimeError, ValueError, NotImplementedError, MemoryError)


def say(moment: str, why: str) -> None:
    print(json.dumps([moment, why]), flush=True)


def main() -> None:
    graphs = bindings().calculator_graph
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # last words of the framework go to stderr; its answers are enough
    for line in sys.stdin:
        try:
            graph = graphs.CalculatorGraph(graph_config=json.loads(line))
        except REFUSALS as why:
            say("load", str(why) or "refused")
            continue
        say("load", "")
        try:
            graph.start_run({})
            graph.wait_until_idle()  # as a server does, and for ever where a node without inputs never ends
            graph.close_all_packet_sources()
            graph.wait_until_done()
        except REFUSALS as why:
            say("start", str(why) or "refused")
        else:
            say("start", "")


if __name__ == "__main__":
    main()
