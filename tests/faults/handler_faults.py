"""Stream handlers, loops and limits of nodes: what ends the process when the graph is created, and what waits for ever.

Source: MediaPipe ``framework/calculator_node.cc``, and what servers were seen to do (OVMS 2026.4).
"""

from __future__ import annotations

from tests.faults.border_faults import POOL
from tests.faults.case import Case, at_creation, at_load, at_request, back_edge, graph, handler, node, passes, python

SYNC = "SyncSetInputStreamHandler"
GENERATOR = """
    from pyovms import Tensor
    class OvmsPythonModel:
        def execute(self, inputs):
            yield [Tensor("out", inputs[0])]
"""
LOOP = (["INPUT:in", "LOOPBACK:again"], ["OUTPUT:out", "LOOPBACK:again"])
NUMBERS = '{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [1]}]}'


def sync(*sets: str) -> str:
    return handler(SYNC, " ".join(f"sync_set {{ {one} }}" for one in sets))


def under(block: str) -> str:
    """One node under a handler, behind one without."""
    return graph(["in"], ["out"], passes("in", "mid", name="before"), passes("mid", "out", name="bad", extra=block))


def loop(extra: str, file: str, name: str = "handler") -> str:
    return graph(["OVMS_PY_TENSOR:in"], ["OVMS_PY_TENSOR:out"], python(*LOOP, file=file, extra=extra, name=name))


_ENDS = (
    at_creation("sync-set-of-another-index", under(sync('tag_index: ":1"')), '"bad"'),
    at_creation("sync-set-of-another-tag", under(sync('tag_index: "LOOPBACK:0"')), '"bad"'),
    at_creation("sync-set-that-is-no-tag", under(sync('tag_index: "loop:0"')), '"bad"'),
    at_creation("sync-set-without-streams", under(sync("")), '"bad"'),
    at_creation("stream-in-two-sync-sets", under(sync('tag_index: ":0"', 'tag_index: ""')), '"bad"'),
    at_creation(
        "sync-set-of-the-whole-graph", graph(["in"], ["out"], sync('tag_index: "LOOPBACK:0"'), passes()),
        'input_stream_handler',
    ),
    at_load(
        "align-to-another-tag", under(handler("TimestampAlignInputStreamHandler", 'timestamp_base_tag_index: "NO:0"')),
        '"bad"',
    ),
    at_load("batch-of-nothing", under(handler("DefaultInputStreamHandler", "batch_size: 0")), '"bad"'),
    at_load(
        "pool-and-sync-set",
        f"{POOL}\n" + under(sync('tag_index: "A:1"')),
        '"bad"',
    ),
)  # fmt: skip

_WAITS = (
    at_request(
        "loop-without-its-own-sync-set", loop(back_edge("LOOPBACK:0"), "waits.py"), '"handler"',
        files={"waits.py": GENERATOR},
    ),
    at_request("less-than-none-in-flight", under("max_in_flight: -2"), '"bad"'),
    at_request(
        "node-that-feeds-itself",
        graph(
            ["in"], ["out"],
            node("PassThroughCalculator", ["in", "again"], ["out", "again"], name="bad", extra=back_edge(":1")),
        ),
        '"bad"',
    ),
    at_request(
        "loopback-under-the-default-handler",
        graph(
            ["in"], ["out"],
            'input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }',
            node(
                "PreviousLoopbackCalculator", ["MAIN:in", "LOOP:out"], ["PREV_LOOP:before"], name="looper",
                extra=back_edge("LOOP"),
            ),
            node("PassThroughCalculator", ["in", "before"], ["out", "was"], name="joins"),
        ),
        "input_stream_handler:", '"looper"',
    ),
)  # fmt: skip

DEADLY: tuple[Case, ...] = (*_ENDS, *_WAITS)
