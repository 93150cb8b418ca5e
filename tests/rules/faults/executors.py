"""Faults of executors, threads and the profiler."""

from __future__ import annotations

from collections.abc import Iterator

from . import Fault
from .editing import added, unless_written, unpooled, within
from .graphs import Good

_POOL = (
    'executor {{ name: "{}" type: "ThreadPoolExecutor" '
    "options {{ [mediapipe.ThreadPoolExecutorOptions.ext] {{ {} }} }} }}"
)


def _named(name: str, title: str, code: str) -> Fault:
    def into(good: Good) -> Iterator[str]:
        for node in good.graph:
            contract = good.context.contract(node)
            if not node.executor and contract is not None and contract.kind == "calculator":
                yield within(node, good, f'executor: "{name}"')

    return Fault(code, title, into)


def _one_thread(good: Good) -> Iterator[str]:
    if good.graph.bound.first("num_threads") is None and len(good.graph.nodes) == 1:
        contract = good.context.contract(good.graph.nodes[0])
        if contract is not None and contract.kind == "calculator":
            yield from added('profiler_config { trace_enabled: true trace_log_path: "/tmp/trace_" }')(good)


FAULTS = (
    *(
        Fault("GV530", f"an executor called {n}", added(_POOL.format(n, "num_threads: 1")))
        for n in ("gpu", "default", "__x")
    ),
    _named("gpu", "a node on a reserved executor", "GV530"),
    Fault("GV531", "an executor twice", added(*[_POOL.format("twin", "num_threads: 1")] * 2)),
    Fault("GV531", "the default executor twice", unless_written("num_threads", added(*["executor { }"] * 2))),
    _named("not_declared", "a node on an executor that is not declared", "GV532"),
    Fault("GV533", "an executor without type", added('executor { name: "typeless" }')),
    Fault("GV533", "an executor of an unknown type", added('executor { name: "odd" type: "FiberExecutor" }')),
    Fault(
        "GV533", "an application thread with a name", added('executor { name: "a" type: "ApplicationThreadExecutor" }')
    ),
    *(
        Fault("GV535", f"a pool with {o or 'nothing'}", added(_POOL.format("few", o)))
        for o in (
            "",
            "num_threads: 0",
            "num_threads: -1",
            "num_threads: 1 stack_size: 0",
            "num_threads: 1000000",
        )
    ),
    Fault("GV535", "a negative number of threads", unless_written("num_threads", added("num_threads: -2"))),
    Fault("GV536", "threads given twice", unless_written("num_threads", added("num_threads: 2", "executor { }"))),
    Fault("GV540", "tracing with one thread", _one_thread),
    Fault(
        "GV540",
        "tracing with num_threads 1",
        unless_written("num_threads", added("num_threads: 1", "profiler_config { trace_enabled: true }")),
    ),
    *(
        Fault("GV541", text, added(f"profiler_config {{ {text} }}"))
        for text in (
            "num_histogram_intervals: -1",
            "enable_profiler: true num_histogram_intervals: -7",
            "trace_enabled: true trace_log_disabled: true trace_log_capacity: -1",
        )
    ),
    *(
        Fault("GV542", text, added(f"profiler_config {{ calculator_filter: '{text}' }}"))
        for text in ("(", "a)", "[a", "*a", "a|+", "(?a)", "a$*")
    ),
    *(
        Fault(
            "GV543",
            f"a trace log in {path}",
            unpooled(
                unless_written(
                    "num_threads",
                    added("num_threads: 4", f'profiler_config {{ trace_enabled: true trace_log_path: "{path}" }}'),
                )
            ),
        )
        for path in ("trace_", "logs/trace_")
    ),
)
