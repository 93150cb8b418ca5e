"""The graph pool (``# OVMS_GRAPH_QUEUE_MAX_SIZE``): graphs created and started at load instead of at the request.

Source: OVMS ``src/mediapipe_internal/mediapipegraphdefinition.cpp`` and ``graphqueue.*`` (2026.4). Seen on the server:
a graph of the pool that fails to start ends the process at load.
"""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from graphval.graph import Graph
from graphval.graph.directive import QueueDirective
from graphval.kserve import messages
from graphval.rehearsal import deserialize
from graphval.rehearsal.death import uncaught_exception
from graphval.rehearsal.expansion.run import GraphRun
from graphval.rehearsal.framework import AbslStatus
from graphval.rehearsal.graph_definition import GraphDefinition
from graphval.rehearsal.http_packets import drain, push, read_string
from graphval.rehearsal.http_payload import HttpPayload
from graphval.rehearsal.journal import journal
from graphval.rehearsal.models import Models
from graphval.rehearsal.request import expect, new_run, push_inputs, real_side_packets
from graphval.rehearsal.serialize import write_output
from graphval.rehearsal.status import NotExercised, refuse


def pool_size(graph: Graph) -> int:
    """How many graphs OVMS would keep, 0 for no pool. Raises :class:`Refused` for a directive OVMS cannot read."""
    name, directive = graph.name, graph.directive
    if os.environ.get("OVMS_GRAPH_QUEUE_OFF") == "1":
        journal.info(f"Graph queue globally disabled via OVMS_GRAPH_QUEUE_OFF=1 for mediapipe: {name}")
        return 0
    if directive is None:
        journal.debug(
            f"Graph queue disabled by default for mediapipe: {name}. Add '# OVMS_GRAPH_QUEUE_MAX_SIZE: "
            "<value>' directive in graph.pbtxt to enable."
        )
        return 0
    size = _size_asked_for(directive)
    cores = os.cpu_count() or 1
    if size > cores:
        journal.warning(
            f"OVMS_GRAPH_QUEUE_MAX_SIZE value: {size} exceeds available hardware threads: {cores}. Clamping to {cores}."
        )
    return min(size, cores) if size and _can_be_pooled(graph) else 0


def _size_asked_for(directive: QueueDirective) -> int:
    """The size that the directive names, ``AUTO`` being that of the machine. Raises :class:`Refused`."""
    match directive.size:
        case None:
            journal.error(f"Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: '{directive.value}'. Expected integer or 'AUTO'.")
            raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
        case str():
            return os.cpu_count() or 1
        case int() if directive.size < 0:
            journal.error(
                f"Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: {directive.size}. Must be 0 (disabled) or a "
                "positive integer."
            )
            raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
        case size:
            return size


def _can_be_pooled(graph: Graph) -> bool:
    """Whether the nodes let the graph live longer than a request. Raises :class:`Refused` for one that OVMS refuses for
    it."""
    for node in graph.nodes:
        if node.calculator == "PythonExecutorCalculator" and any(re.match(r"LOOPBACK", c.text) for c in node.inputs):
            journal.error(
                "PythonExecutorCalculator with LOOPBACK stream is incompatible with graph queue "
                f"(OVMS_GRAPH_QUEUE_MAX_SIZE) in mediapipe: {graph.name}. Generative Python nodes hold per-request "
                "state that cannot be shared across pooled graphs. Set OVMS_GRAPH_QUEUE_MAX_SIZE to 0 or "
                "remove the LOOPBACK stream."
            )
            raise refuse("MEDIAPIPE_GRAPH_CONFIG_FILE_INVALID")
        if node.calculator == "HttpLLMCalculator" and not any(
            "LLM_NODE_EXECUTION_CONTEXTS" in c.text for c in node.input_side_packets
        ):
            journal.warning(
                f"HttpLLMCalculator in mediapipe: {graph.name} is missing LLM_NODE_EXECUTION_CONTEXTS side "
                "packet. Graph queue will be disabled."
            )
            return False
    return True


class Pool:
    """Graphs that run since load. A request takes an idle one and waits for it without end."""

    def __init__(self, definition: GraphDefinition, size: int, models: Models) -> None:
        self._definition = definition
        self._models = models
        self._idle: queue.Queue[GraphRun] = queue.Queue()
        self._lock = threading.Lock()
        self._numbers: WeakKeyDictionary[GraphRun, int] = WeakKeyDictionary()
        for _ in range(size):
            self._idle.put(self._make())

    def infer(self, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        """Answer a request on an idle graph. Raises :class:`Refused` or :class:`NotExercised`."""
        if any(name != deserialize.TIMESTAMP_PARAMETER for name in request.parameters):
            raise refuse(
                "MEDIAPIPE_GRAPH_INITIALIZATION_ERROR",
                "Input side packets are not supported for graphs with queue enabled",
            )
        with self._borrowed() as run:
            return self._answer(run, request)

    def generate(self, payload: HttpPayload) -> list[bytes]:
        """What the outputs hold after a request of the generative entry. Raises like :meth:`infer`."""
        with self._borrowed() as run:
            push(self._definition, run, payload, self._next_timestamp(run))
            expect(run.wait_until_idle(), "graph wait until idle")
            return [
                read_string(run, packet)
                for border in self._definition.outputs
                for _, packet in run.emitted[border.name]
            ]

    def stream(self, payload: HttpPayload) -> Iterator[str]:
        """Events of a request of the generative entry. Raises like :meth:`infer`."""
        with self._borrowed() as run:
            push(self._definition, run, payload, self._next_timestamp(run))
            for _ in run.turns():
                yield from drain(self._definition, run)
            expect(run.wait_until_idle(), "graph wait until idle")
            yield from drain(self._definition, run)

    @contextmanager
    def _borrowed(self) -> Iterator[GraphRun]:
        """An idle graph, put back afterwards; one that failed is made anew."""
        run = self._idle.get()
        for packets in run.emitted.values():
            packets.clear()
        try:
            yield run
        except BaseException:
            journal.debug("Reinitializing graph after error")
            run.finish()
            self._idle.put(self._make())
            raise
        self._idle.put(run)

    def _next_timestamp(self, run: GraphRun) -> int:
        """Requests of the generative entry are numbered for the life of a graph."""
        with self._lock:
            number = self._numbers.get(run, 0)
            self._numbers[run] = number + 1
        return number

    def _answer(self, run: GraphRun, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
        timestamp = push_inputs(self._definition, run, request)
        if self._definition.blockers:
            node, reason = self._definition.blockers[0]
            raise NotExercised(f'node "{node}": {reason}')
        expect(run.wait_until_idle(), "graph wait until idle")
        response = messages.ModelInferResponse(model_name=request.model_name, model_version="1", id=request.id)
        for border in self._definition.outputs:
            # Observers write every packet there is; an output without one is simply absent.
            for _, packet in run.emitted[border.name]:
                write_output(response, border, packet, run.handles)
        response.parameters[deserialize.TIMESTAMP_PARAMETER].int64_param = timestamp
        return response

    def _make(self) -> GraphRun:
        run = new_run(self._definition, self._models, {})
        self._require(run.initialize(), "Graph initialize failed")
        for border in self._definition.outputs:
            self._require(run.observe(border.name), "Graph ObserveOutputStream failed")
        self._require(run.start(real_side_packets({})), "Graph StartRun failed")
        return run

    @staticmethod
    def _require(status: AbslStatus, what: str) -> None:
        if status.ok:
            return
        journal.error(f"{what}: {status}", "modelmanager")
        journal.error(f"Graph queue initialization failed: {status}", "modelmanager")
        uncaught_exception("std::bad_function_call", "bad_function_call")
