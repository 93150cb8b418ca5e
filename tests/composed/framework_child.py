"""A program: reads graphs (JSON strings, one a line) and says of each what a server would make of it.

It goes the rehearsal's own way: OVMS's checks and MediaPipe's dry run at load, then a graph created and started without
packets, as at the beginning of a request. Answers are JSON lists, one a line: ``["load", ""]`` and ``["create", ""]``
where all is well, else the reason instead of the empty text; ``["died", signal, last words]`` where the process that
judged was ended. Judging goes on in a new one, made by fork from one that holds everything loaded and has no threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from typing import Any

from graphval.catalog import Catalog, load
from graphval.deployment.model import GraphEntry, Listed
from graphval.rehearsal.framework import bindings, config_class
from graphval.rehearsal.graph_definition import GraphDefinition
from graphval.rehearsal.graph_load import load_graph
from graphval.rehearsal.request import create, new_run, start
from graphval.rehearsal.servables import Models, Servables
from graphval.rehearsal.status import Escaped, Refused, refuse
from graphval.textproto import Source

LONGEST = 10
"""Seconds of waiting after which a graph is said to hang: the alarm ends the process."""
LAST_WORDS = 4000
RENEW = 75
"""Exit code of a judge that wants to be followed by a new one."""


def read_line() -> bytes:
    """One line of standard input and nothing behind it, for another process may have to read that."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return bytes(line)


def judge(text: str, catalog: Catalog, say: Any) -> bool:
    """Load the graph, then create and start it; whether nothing of it is left."""
    servables = Servables()
    entry = GraphEntry("g", "graph.pbtxt", "graph.pbtxt", ".", Listed.ALONE, Source("graph.pbtxt", text))
    try:
        definition = load_graph(entry, catalog, servables)
    except (Refused, Escaped, MemoryError) as refusal:
        say("load", str(refusal) or "refused")
        return True
    say("load", "", *[reason for _, reason in definition.blockers])
    try:
        run_without_packets(definition, servables.models)
    except Refused as refusal:
        say("create", str(refusal) or "refused")
    else:
        say("create", "")
    return definition.pool is None


def run_without_packets(definition: GraphDefinition, models: Models) -> None:
    """Raises :class:`Refused` where creating, opening or closing fails."""
    with new_run(definition, models, {}) as run:
        create(definition, run)
        start(definition, run, {})
        for status in (run.wait_until_idle(), run.close(), run.finish()):
            if not status.ok:
                raise refuse("MEDIAPIPE_EXECUTION_ERROR", str(status))


def serve(catalog: Catalog, answers: int) -> None:
    """Judge graph after graph until there are no more."""

    def say(*words: str) -> None:
        os.write(answers, json.dumps(words).encode() + b"\n")

    while line := read_line():
        signal.alarm(LONGEST)
        clean = judge(json.loads(line), catalog, say)
        signal.alarm(0)
        if not clean:
            os._exit(RENEW)  # the graphs of a pool run until their process ends


def main() -> None:
    catalog, answers = load(), os.dup(1)
    bindings(), config_class()
    words = os.memfd_create("last words")
    os.dup2(words, 1)
    os.dup2(words, 2)
    while True:
        os.ftruncate(words, 0)
        os.lseek(words, 0, os.SEEK_SET)
        judging = os.fork()
        if not judging:
            serve(catalog, answers)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(judging, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return
        if code == RENEW:
            continue
        size = os.fstat(words).st_size
        said = os.pread(words, LAST_WORDS, max(0, size - LAST_WORDS)).decode(errors="replace")
        with contextlib.suppress(BrokenPipeError):
            os.write(answers, json.dumps(["died", code, said]).encode() + b"\n")


if __name__ == "__main__":
    main()
