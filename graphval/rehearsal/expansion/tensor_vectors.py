"""``vector<mediapipe::Tensor>`` across the bridge, through calculators that only the wheel has.

Python can neither read nor make MediaPipe tensors. *Reading*: ``TensorsToFloatsCalculator`` in front of the bridge
hands out the elements; their shape is known where ``ImageToTensorCalculator`` made them. *Making*: a matrix packet per
tensor goes through ``TensorConverterCalculator``, and a TFLite model that only reshapes gives each tensor the shape
that the OpenVINO model's output has. Values are copied, never computed with.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from graphval.graph import Node
from graphval.rehearsal.expansion.entry import Push
from graphval.rehearsal.framework import bindings, wheel_root
from graphval.rehearsal.tensors import element_count

Shape: TypeAlias = tuple[int, ...]
IMAGE_TO_TENSOR = "ImageToTensorCalculator"
_OPTIONS = "mediapipe.ImageToTensorCalculatorOptions"


@dataclass(frozen=True, slots=True)
class Tap:
    """A stream of tensor vectors that one of our nodes reads: the stream to observe instead, and the image size."""

    stream: str
    floats: str
    height: int
    width: int

    def decode(self, packet: Any) -> list[Any]:
        """The tensors of a packet of the observed stream."""
        values = np.asarray(bindings()._packet_getter.get_float_list(packet), np.float32)
        return [values.reshape(1, self.height, self.width, -1)]


def image_size(node: Node) -> tuple[int, int] | None:
    """Height and width of the float tensor an ``ImageToTensorCalculator`` node makes; ``None`` if it is not known."""
    options = node.options_of(_OPTIONS)
    if options is None or options.first("output_tensor_float_range") is None:
        return None
    message: Any = options.message
    size = (message.output_tensor_height, message.output_tensor_width)
    return size if all(size) else None


def add_tap(config: Any, tap: Tap) -> None:
    """Put the reading node into a configuration."""
    node = config.node.add(name=f"graphval_read_{tap.stream}", calculator="TensorsToFloatsCalculator")
    node.input_stream.append(f"TENSORS:{tap.stream}")
    node.output_stream.append(f"FLOATS:{tap.floats}")


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """A stream of tensor vectors that one of our nodes feeds: a matrix stream per tensor, and the shapes."""

    stream: str
    parts: tuple[str, ...]
    shapes: tuple[Shape, ...]

    def feeder(self) -> TensorEntry:
        """It is the same in every run."""
        return self

    def pushes(self, value: Sequence[Any], timestamp: int) -> list[Push]:
        create = bindings()._packet_creator
        return [
            (part, create.create_matrix(np.ascontiguousarray(tensor, np.float32).reshape(-1, 1), False), timestamp)
            for part, tensor in zip(self.parts, value, strict=True)
        ]


def add_entry(config: Any, stream: str, shapes: Sequence[Shape]) -> TensorEntry:
    """Put the making nodes into a configuration; its new graph inputs are the entry's ``parts``."""
    parts = tuple(f"graphval_{stream}_{i}" for i in range(len(shapes)))
    singles = []
    for part in parts:
        converter = config.node.add(name=f"{part}_converter", calculator="TensorConverterCalculator")
        converter.input_stream.append(f"MATRIX:{part}")
        converter.output_stream.append(f"TENSORS:{part}_tensors")
        singles.append(f"{part}_tensors")
    joined = singles[0]
    if len(singles) > 1:
        joined = f"graphval_{stream}_joined"
        join = config.node.add(name=joined, calculator="ConcatenateTensorVectorCalculator")
        join.input_stream.extend(singles)
        join.output_stream.append(joined)
    reshape = config.node.add(name=f"graphval_{stream}_reshape", calculator="InferenceCalculatorCpu")
    reshape.input_stream.append(f"TENSORS:{joined}")
    reshape.output_stream.append(f"TENSORS:{stream}")
    options = reshape.node_options.add()
    options.type_url = "type.googleapis.com/mediapipe.InferenceCalculatorOptions"
    options.value = _inference_options(str(_reshape_model(tuple(tuple(s) for s in shapes))))
    return TensorEntry(stream, parts, tuple(tuple(s) for s in shapes))


def _inference_options(model_path: str) -> bytes:
    bindings()
    module = importlib.import_module("mediapipe.calculators.tensor.inference_calculator_pb2")
    options = module.InferenceCalculatorOptions(model_path=model_path)
    options.delegate.tflite.SetInParent()
    return bytes(options.SerializeToString())


@cache
def _directory() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="graphval-rehearsal-")


@cache
def _schema() -> Any:
    """The wheel's Python classes for TFLite's file format."""
    path = wheel_root() / "tasks" / "metadata" / "schema_py_generated.py"
    spec = importlib.util.spec_from_file_location("graphval_tflite_schema", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _reshape_model(shapes: tuple[Shape, ...]) -> Path:
    """A TFLite model with one RESHAPE per tensor, as a file."""
    import flatbuffers  # type: ignore[import-untyped]

    schema = _schema()
    model = schema.ModelT()
    model.version = 3
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.RESHAPE
    code.version = 1
    model.operatorCodes = [code]
    model.buffers = [schema.BufferT()]
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs, graph.operators = [], [], [], []

    def tensor(shape: Sequence[int], name: str, kind: int, buffer: int = 0) -> int:
        made = schema.TensorT()
        made.shape, made.type, made.buffer, made.name = list(shape), kind, buffer, name
        graph.tensors.append(made)
        return len(graph.tensors) - 1

    for number, shape in enumerate(shapes):
        sizes = schema.BufferT()
        sizes.data = np.frombuffer(np.array(shape, "<i4").tobytes(), np.uint8)
        model.buffers.append(sizes)
        source = tensor((1, element_count(shape), 1, 1), f"in{number}", schema.TensorType.FLOAT32)
        wanted = tensor((len(shape),), f"shape{number}", schema.TensorType.INT32, len(model.buffers) - 1)
        target = tensor(shape, f"out{number}", schema.TensorType.FLOAT32)
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = 0, [source, wanted], [target]
        operator.builtinOptionsType = schema.BuiltinOptions.ReshapeOptions
        operator.builtinOptions = schema.ReshapeOptionsT()
        operator.builtinOptions.newShape = list(shape)
        graph.inputs.append(source)
        graph.outputs.append(target)
        graph.operators.append(operator)
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    path = Path(_directory().name) / f"reshape-{abs(hash(shapes)):x}.tflite"
    path.write_bytes(bytes(builder.Output()))
    return path
