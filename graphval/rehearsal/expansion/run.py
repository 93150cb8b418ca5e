"""One run of a graph: the framework's graph, our nodes beside it, and the packets between them.

All of our nodes run on the thread that waits, in the order in which packets reach them; the framework's own threads
only leave packets in a queue. A fixed point is reached when the framework is idle and none of our nodes can fire.
"""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator
from typing import Any

from graphval.graph import Node
from graphval.rehearsal.death import arithmetic_fault
from graphval.rehearsal.expansion.handlers import check_mux_control, check_start
from graphval.rehearsal.expansion.plan import BridgedPart, Plan
from graphval.rehearsal.expansion.policy import InputPolicy
from graphval.rehearsal.framework import OK, AbslStatus, bindings, status_of
from graphval.rehearsal.nodes.interface import BridgedNode, Call, NodeError, Port, Surroundings
from graphval.rehearsal.packets import MP_TENSORS, Handles, Held
from graphval.rehearsal.status import NotExercised

FRAMEWORK_ERRORS = (ValueError, RuntimeError, NotImplementedError)


class Running:
    """One of our nodes during a run."""

    def __init__(self, part: BridgedPart, surroundings: Surroundings) -> None:
        self.node = part.node
        self.policy = InputPolicy([(c.tag, c.index) for c in part.node.inputs], part.firing.sync_sets)
        self.work: BridgedNode = part.factory(part.node, surroundings)


class GraphRun:
    """Create with the plan; then ``initialize``, ``start``, ``push`` …, ``wait_until_idle``, ``close``, ``finish``.

    Statuses returned are those of the corresponding ``CalculatorGraph`` methods. After anything has failed the object
    must still be ended with ``finish`` (or by leaving the context), since the framework must not be dropped running.
    """

    def __init__(self, plan: Plan, surroundings: Surroundings) -> None:
        self._plan = plan
        self._surroundings = surroundings
        self._graph: Any = None
        self._started = False
        self._arrivals: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._nodes = [Running(part, surroundings) for part in plan.bridged]
        self._consumers: dict[str, list[tuple[InputPolicy, Port]]] = {}
        for running in self._nodes:
            for connection in running.node.inputs:
                self._consumers.setdefault(connection.name, []).append(
                    (running.policy, (connection.tag, connection.index))
                )
        self._feeders = {stream: entry.feeder() for stream, entry in plan.made.items()}
        self._inputs = {c.name for c in plan.graph.inputs} | plan.entries
        self._failure: AbslStatus = OK
        self.emitted: dict[str, list[tuple[int, Any]]] = {c.name: [] for c in plan.graph.outputs}

    def __enter__(self) -> GraphRun:
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    @property
    def handles(self) -> Handles:
        return self._surroundings.handles

    @property
    def failed(self) -> bool:
        """Whether a node has failed so far."""
        return not self._failure.ok

    def add_side_packets(self, values: dict[str, Any]) -> None:
        """Give side packets by name, as values; those already given stay."""
        for name, value in values.items():
            self._surroundings.side_packets.setdefault(name, value)

    def initialize(self) -> AbslStatus:
        try:
            self._graph = bindings().calculator_graph.CalculatorGraph(graph_config=self._plan.config)
        except FRAMEWORK_ERRORS as error:
            return status_of(error)
        return OK

    def observe(self, stream: str) -> AbslStatus:
        """Attach to a graph output; it must have a producer."""
        if not self._plan.wiring.producers.get(stream):
            return AbslStatus(
                "NOT_FOUND", f'; Unable to attach observer to output stream "{stream}" because it doesn\'t exist.'
            )
        return OK

    def start(self, real_side_packets: dict[str, Any]) -> AbslStatus:
        """``StartRun``; ``Open`` of our nodes follows, and its failure shows at :meth:`wait_until_idle`."""
        missing = self._missing_side_packets()
        if missing:
            return AbslStatus(
                "INVALID_ARGUMENT",
                "ValidateRequiredSidePackets failed to validate: \n"
                + "\n".join(f'; Side packet "{name}" is required but was not provided.' for name in missing),
            )
        for node in self._plan.graph.nodes:
            check_start(node, self._plan.handlers[node.position])
        if self._plan.trace_log_breaks:
            arithmetic_fault()
        try:
            for stream in sorted(self._plan.observed):
                self._graph.observe_output_stream(stream, self._arrive, True)
            self._graph.start_run(real_side_packets)
        except FRAMEWORK_ERRORS as error:
            return status_of(error)
        self._started = True
        self._open()
        return OK

    def push(self, stream: str, packet: Any, timestamp: int) -> AbslStatus:
        """Add a packet to a graph input stream."""
        if stream not in self._inputs:
            # The bindings do not survive the framework's own refusal.
            return AbslStatus(
                "INTERNAL",
                "; RET_CHECK failure (mediapipe/framework/calculator_graph.cc:949) stream"
                f'AddPacketToInputStream called on input stream "{stream}" which is not a graph input stream.',
            )
        wanted, stored = self._plan.wanted.get(stream), self.handles.type_of(packet)
        if wanted is not None and wanted != stored:
            return AbslStatus(
                "INVALID_ARGUMENT",
                f'Graph has errors: \nPacket type mismatch on calculator outputting to stream "{stream}": '
                f'The Packet stores "{stored}", but "{wanted}" was requested.',
            )
        try:
            self._graph.add_packet_to_input_stream(stream=stream, packet=packet, timestamp=timestamp)
        except FRAMEWORK_ERRORS as error:
            return status_of(error)
        return OK

    def wait_until_idle(self) -> AbslStatus:
        """Run until nothing can run any more, or something fails."""
        for _ in self.turns():
            pass
        return self._failure

    def turns(self) -> Iterator[None]:
        """Like :meth:`wait_until_idle`, step by step, so that what was emitted can be handed on meanwhile."""
        while self._failure.ok:
            try:
                self._graph.wait_until_idle()
            except FRAMEWORK_ERRORS as error:
                self._failure = status_of(error)
                return
            self._take_side_packets()
            self._deliver()
            yield
            if not self._fire():
                return

    def close(self) -> AbslStatus:
        """``CloseAllPacketSources``, and whatever still runs because of it."""
        for connection in self._plan.graph.inputs:
            with contextlib.suppress(*FRAMEWORK_ERRORS):
                self._graph.close_input_stream(connection.name)
        status = self.wait_until_idle()
        self._collect_rest()
        return status

    def is_over(self, stream: str) -> bool:
        """Whether a stream would be over after :meth:`close`."""
        return stream in self._plan.settled

    def finish(self) -> AbslStatus:
        """``WaitUntilDone``. Safe to call at any time and more than once."""
        if not self._started:
            self._graph = None
            return self._failure
        self._started = False
        try:
            self._graph.close_all_packet_sources()
            self._graph.wait_until_done()
        except FRAMEWORK_ERRORS as error:
            if self._failure.ok:
                self._failure = status_of(error)
        for running in self._nodes:
            try:
                running.work.close()
            except NodeError as error:
                self._fail("Close", running.node, error)
        self._collect_rest()
        self._graph = None
        return self._failure

    def _take_side_packets(self) -> None:
        """Side packets of real nodes that ours ask for; they are there once their nodes have opened."""
        for name in self._plan.side_taps - self._surroundings.side_packets.keys():
            with contextlib.suppress(*FRAMEWORK_ERRORS):
                self._surroundings.side_packets[name] = self._graph.get_output_side_packet(name)

    def _arrive(self, stream: str, packet: Any) -> None:
        # Runs on a thread of the framework.
        self._arrivals.put((stream, packet))

    def _collect_rest(self) -> None:
        while not self._arrivals.empty():
            self._deliver()

    def _deliver(self) -> None:
        while not self._arrivals.empty():
            stream, packet = self._arrivals.get()
            timestamp = packet.timestamp.value
            content = None if packet.is_empty() else packet
            if content is not None and stream in self._plan.mux_controls:
                check_mux_control(self.handles.type_of(content))
            tap = self._plan.taps.get(stream)
            if tap is not None:
                stream = tap.stream
                content = self.handles.make(MP_TENSORS, tap.decode(packet)) if content is not None else None
            elif content is not None and stream in self.emitted:
                self.emitted[stream].append((timestamp, content))
            for policy, port in self._consumers.get(stream, ()):
                policy.queues[port].arrive(timestamp, content)

    def _fire(self) -> bool:
        """Run each of our nodes that can; whether any did."""
        fired = False
        for running in self._nodes:
            if running.node.max_in_flight < 0:
                continue
            while self._failure.ok and (taken := running.policy.take()) is not None:
                fired = True
                timestamp, packets = taken
                try:
                    running.work.process(Call(timestamp, packets, self._emitter(running.node)))
                except NodeError as error:
                    self._fail("Process", running.node, error)
        return fired

    def _emitter(self, node: Node) -> Any:
        def emit(port: Port, packet: Any, timestamp: int) -> None:
            connection = node.outputs.get(*port)
            if connection is None:
                raise NotExercised(f'node "{node.canonical_name}" has no output {port[0]}:{port[1]}')
            status = self._hand_over(connection.name, packet, timestamp)
            if not status.ok and self._failure.ok:
                self._failure = AbslStatus(
                    status.code,
                    "CalculatorGraph::Run() failed: \n" + status.message.removeprefix("Graph has errors: \n"),
                )

        return emit

    def _hand_over(self, stream: str, packet: Any, timestamp: int) -> AbslStatus:
        """A packet of one of our nodes to whoever reads it."""
        feeder = self._feeders.get(stream)
        held = packet if isinstance(packet, Held) else self.handles.read(packet) if feeder is not None else None
        if feeder is None or held is None:
            return self.push(stream, packet, timestamp)
        for policy, port in self._consumers.get(stream, ()):
            policy.queues[port].arrive(timestamp, packet)
        for part, made, moment in feeder.pushes(held.value, timestamp):
            status = self.push(part, made, moment)
            if not status.ok:
                return status
        return OK

    def _open(self) -> None:
        for running in self._nodes:
            try:
                running.work.open()
            except NodeError as error:
                self._fail("Open", running.node, error)

    def _fail(self, step: str, node: Node, error: NodeError) -> None:
        if self._failure.ok:
            self._failure = AbslStatus(
                error.status.code,
                "CalculatorGraph::Run() failed: \n"
                f'Calculator::{step}() for node "{node.canonical_name}" failed: {error.status.message}',
            )

    def _missing_side_packets(self) -> list[str]:
        """Input side packets of our nodes that nobody gives; the framework checks those of its own."""
        given = self._surroundings.side_packets.keys() | self._plan.wiring.side_producers.keys()
        return [name for name in self._plan.side_packets_needed if name not in given]
