"""``PythonExecutorCalculator``: runs a user's handler on the packets of one timestamp.

Source: OVMS ``src/python/python_executor_calculator.cc`` (2026.4). With a generator, the first value goes out at the
input's timestamp and a ``LOOPBACK`` packet one later asks for the next, until the generator is exhausted.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, cast

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.journal import journal
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.packets import PY_OBJECT
from graphval.rehearsal.pyovms import Tensor, name_of
from graphval.rehearsal.status import NotExercised

if TYPE_CHECKING:
    from graphval.graph import Node

LOOPBACK = "LOOPBACK"
_FILE = "python_executor_calculator.cc"


class PythonExecutorNode:
    """Runs a user's handler, as a function or as a generator."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._node = node
        self._surroundings = surroundings
        self._handler: Any = None
        self._generator: Generator[Any, None, None] | None = None
        self._next_timestamp = 0

    def open(self) -> None:
        connection = self._node.input_side_packets.get("PYTHON_NODE_RESOURCES")
        resources = self._surroundings.side_packets.get(connection.name) if connection is not None else None
        if not isinstance(resources, dict) or self._node.name not in resources:
            raise NodeError("INTERNAL", f"; RET_CHECK failure (src/python/{_FILE}:180) false")
        self._handler = resources[self._node.name]

    def process(self, call: Call) -> None:
        loop = (LOOPBACK, 0) in call.packets
        data = {port: packet for port, packet in call.packets.items() if port[0] != LOOPBACK}
        if data and self._generator is not None:
            raise NodeError(
                "RESOURCE_EXHAUSTED", "Node is already processing data. Create new stream for another request."
            )
        try:
            if data:
                self._first(call, data)
            elif loop and self._generator is not None:
                self._following(call.timestamp, call)
        except (NodeError, NotExercised):
            raise
        # A handler may raise anything at all, and OVMS catches it all.
        except BaseException as error:
            self._say(
                f"Error occurred during node {self._node.name} execution: "
                + "".join(traceback.format_exception(error)).strip()
            )
            raise _failed() from error

    def close(self) -> None:
        if self._generator is not None:
            self._generator.close()
            self._generator = None

    def _first(self, call: Call, data: dict[Any, Any]) -> None:
        inputs = []
        for port in sorted(data):
            held = self._surroundings.handles.read(data[port])
            if held is None or held.type != PY_OBJECT:
                raise NotExercised(
                    f"a packet of type {self._surroundings.handles.type_of(data[port])} "
                    "cannot be handed to a Python handler"
                )
            connection = self._node.inputs.get(*port)
            inputs.append(_renamed(held.value, connection.name if connection is not None else ""))
        result = self._handler.execute(inputs)
        if inspect.isgenerator(result):
            if not self._node.outputs.has(LOOPBACK):
                raise self._blamed(
                    ": Bad python node configuration. Execute yielded, but LOOPBACK is not defined in the node"
                )
            self._generator = cast("Generator[Any, None, None]", result)
            self._following(call.timestamp, call)
        else:
            self._push(result, call.timestamp, call)

    def _following(self, timestamp: int, call: Call) -> None:
        assert self._generator is not None
        try:
            value = next(self._generator)
        except StopIteration:
            self._generator = None
            return
        self._push(value, timestamp, call)
        call.emit((LOOPBACK, 0), bindings()._packet_creator.create_bool(True), timestamp + 1)

    def _push(self, value: Any, timestamp: int, call: Call) -> None:
        if not isinstance(value, list):
            raise self._wrong_object(value, "list or generator")
        ports = {c.name: (c.tag, c.index) for c in self._node.outputs if c.tag != LOOPBACK}
        for element in value:
            if not isinstance(element, Tensor):
                raise self._wrong_object(element, "Tensor")
            if name_of(element) not in ports:
                said = f"Tensor name: {name_of(element)} is not a valid node output"
                raise self._blamed(f": Unexpected Tensor found in the outputs. {said}")
            call.emit(ports[name_of(element)], self._surroundings.handles.make(PY_OBJECT, element), timestamp)

    def _wrong_object(self, value: object, expected: str) -> NodeError:
        return self._blamed(
            ". Wrong object on execute output: Unexpected Python object type. "
            f"Expected: {expected}. Received: {type(value).__name__}"
        )

    def _blamed(self, text: str) -> NodeError:
        self._say(f"Error occurred during node {self._node.name} execution{text}")
        return _failed()

    def _say(self, text: str) -> None:
        journal.glog("I", _FILE, 210, text)


def _failed() -> NodeError:
    return NodeError("INTERNAL", "Error occurred during graph execution")


def _renamed(tensor: Tensor, name: str) -> Tensor:
    """The tensor under the name of the node's own input stream."""
    if name_of(tensor) == name or not name:
        return tensor
    return Tensor(name, tensor.data, tensor.shape, tensor.datatype)
