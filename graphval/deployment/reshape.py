"""Whether an OpenVINO IR model can take other input shapes, as far as its XML is certain.

Shapes are carried from the inputs through operations whose rule for shapes is known here. Where an operation is not
known, or its result hangs on values, its outputs are unknown and nothing is said about what follows. What is reported
is therefore refused by OpenVINO; what is not may still be.

Source: OpenVINO's operation specifications (opset1 to opset15, 2026.4); the tests hold every refusal to OpenVINO's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

from graphval.deployment.ir import LARGEST
from graphval.deployment.signature import Dimension

Shape: TypeAlias = "tuple[Dimension, ...] | None"
Port: TypeAlias = "tuple[str, str]"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The operation that cannot take its inputs: its name and type in the model, and why, in one line."""

    operation: str
    kind: str
    reason: str


class _Unfit(Exception):
    """The shapes do not go together; the text says which."""


@dataclass(slots=True)
class _Layer:
    number: str
    name: str
    kind: str
    data: Mapping[str, str]
    names: tuple[str, ...] = ()
    inputs: list[str] = field(default_factory=list)
    outputs: list[tuple[str, Shape]] = field(default_factory=list)


def refusal(file: Path, wanted: Mapping[str, Shape]) -> Refusal | None:
    """Why the model in ``file`` cannot take the input shapes ``wanted``, by input name; ``None`` where nothing certain
    speaks against them. Raises :class:`OSError`."""
    if file.suffix != ".xml" or file.stat().st_size > LARGEST:
        return None
    try:
        return _carry(*_read(file), wanted)
    except (ET.ParseError, ValueError):
        return None


def _read(file: Path) -> tuple[list[_Layer], dict[Port, Port]]:
    """The layers of the model itself in file order (which is topological), and where each input port comes from."""
    root = ET.parse(file).getroot()  # noqa: S314
    layers = [_layer(element) for element in root.iterfind("layers/layer")]
    edges = {
        (edge.get("to-layer", ""), edge.get("to-port", "")): (edge.get("from-layer", ""), edge.get("from-port", ""))
        for edge in root.iterfind("edges/edge")
    }
    return layers, edges


def _layer(element: ET.Element) -> _Layer:
    data = element.find("data")
    ports = element.findall("output/port")
    return _Layer(
        element.get("id", ""),
        element.get("name", ""),
        element.get("type", ""),
        dict(data.attrib) if data is not None else {},
        tuple(name for port in ports for name in (port.get("names") or "").split(",") if name),
        [port.get("id", "") for port in element.iterfind("input/port")],
        [(port.get("id", ""), tuple(_dim(d.text or "") for d in port.iterfind("dim"))) for port in ports],
    )


def _dim(text: str) -> Dimension:
    return Dimension(0, None) if text.startswith("-") else Dimension(int(text), int(text))


def _carry(layers: list[_Layer], edges: Mapping[Port, Port], wanted: Mapping[str, Shape]) -> Refusal | None:
    shapes: dict[Port, Shape] = {}
    changed: set[str] = set()
    for layer in layers:
        sources = [edges.get((layer.number, port)) for port in layer.inputs]
        own = next((wanted[name] for name in (*layer.names, layer.name) if name in wanted), None)
        if layer.kind == "Parameter" and own is not None and layer.outputs:
            shapes[layer.number, layer.outputs[0][0]] = own
            changed.add(layer.number)
        elif not any(source is not None and source[0] in changed for source in sources):
            shapes |= {(layer.number, port): _stated(layer, shape) for port, shape in layer.outputs}
        else:
            changed.add(layer.number)
            rule = _RULES.get(layer.kind)
            given = [shapes.get(source) if source is not None else None for source in sources]
            try:
                found = rule(given, layer.data) if rule is not None and len(layer.outputs) == 1 else None
            except _Unfit as why:
                return Refusal(layer.name, layer.kind, str(why))
            shapes |= {(layer.number, port): found for port, _ in layer.outputs}
    return None


def _stated(layer: _Layer, shape: Shape) -> Shape:
    """The shape that the file states; an operation without dimensions is a scalar only where it is a constant."""
    return shape if shape or layer.kind in ("Const", "Constant") else None


# -- how operations make their output's shape ------------------------------------------------------------------------


def _same(given: Sequence[Shape], _: Mapping[str, str]) -> Shape:
    return given[0]


def _elementwise(given: Sequence[Shape], data: Mapping[str, str]) -> Shape:
    if len(given) != 2 or given[0] is None or given[1] is None:
        return None
    rule = data.get("auto_broadcast", "numpy")
    if rule == "numpy":
        return _broadcast(given[0], given[1])
    if rule == "none":
        return _equal(given[0], given[1])
    return None


def _broadcast(a: tuple[Dimension, ...], b: tuple[Dimension, ...]) -> Shape:
    rank = max(len(a), len(b))
    one = Dimension(1, 1)
    wide_a, wide_b = (one,) * (rank - len(a)) + a, (one,) * (rank - len(b)) + b
    out = []
    for left, right in zip(wide_a, wide_b, strict=True):
        if left in (one, right):
            out.append(right)
        elif right == one:
            out.append(left)
        elif left.fixed and right.fixed:
            raise _Unfit(f"{shown(a)} and {shown(b)} cannot be broadcast to each other")
        else:
            out.append(Dimension(0, None))
    return tuple(out)


def _equal(a: tuple[Dimension, ...], b: tuple[Dimension, ...]) -> Shape:
    if len(a) != len(b) or any(_apart(left, right) for left, right in zip(a, b, strict=True)):
        raise _Unfit(f"{shown(a)} and {shown(b)} are not the same")
    return a


def _matmul(given: Sequence[Shape], data: Mapping[str, str]) -> Shape:
    if len(given) != 2 or given[0] is None or given[1] is None:
        return None
    a, b = _matrix(given[0], data.get("transpose_a"), 0), _matrix(given[1], data.get("transpose_b"), 1)
    if not a or not b:
        return None
    if _apart(a[-1], b[-2]):
        raise _Unfit(f"{shown(given[0])} times {shown(given[1])}: {a[-1].low} columns do not meet {b[-2].low} rows")
    batches = _broadcast(tuple(a[:-2]), tuple(b[:-2]))
    if batches is None:
        return None
    rows, columns = a[-2:-1] if len(given[0]) > 1 else [], b[-1:] if len(given[1]) > 1 else []
    return (*batches, *rows, *columns)


def _matrix(shape: tuple[Dimension, ...], transposed: str | None, one_at: int) -> list[Dimension]:
    """A matrix, or a stack of them; a vector is one of one row or one column. A scalar is none."""
    out = list(shape)
    if len(out) == 1:
        out.insert(one_at, Dimension(1, 1))
    elif transposed == "true" and out:
        out[-1], out[-2] = out[-2], out[-1]
    return out


def _convolution(given: Sequence[Shape], _: Mapping[str, str]) -> Shape:
    return _convolved(given, grouped=False)


def _group_convolution(given: Sequence[Shape], _: Mapping[str, str]) -> Shape:
    return _convolved(given, grouped=True)


def _convolved(given: Sequence[Shape], *, grouped: bool) -> Shape:
    if len(given) != 2 or given[0] is None or given[1] is None:
        return None
    image, kernel = given[0], given[1]
    head = 2 + grouped
    if len(kernel) <= head:
        return None
    if len(image) != len(kernel) - grouped:
        raise _Unfit(f"an input of {len(image)} dimensions does not go with weights {shown(kernel)}")
    taken = _times(kernel[0], kernel[2]) if grouped else kernel[1]
    if _apart(image[1], taken):
        raise _Unfit(f"{image[1].low} channels come in, the weights {shown(kernel)} take {taken.low}")
    made = _times(kernel[0], kernel[1]) if grouped else kernel[0]
    return (image[0], made, *(Dimension(0, None) for _ in image[2:]))


def _times(a: Dimension, b: Dimension) -> Dimension:
    return Dimension(a.low * b.low, a.low * b.low) if a.fixed and b.fixed else Dimension(0, None)


def _concat(given: Sequence[Shape], data: Mapping[str, str]) -> Shape:
    known = [shape for shape in given if shape is not None]
    if len(known) != len(given) or not known:
        return None
    rank = len(known[0])
    if any(len(shape) != rank for shape in known):
        raise _Unfit(f"{' and '.join(shown(shape) for shape in known)} have not the same number of dimensions")
    axis = int(data.get("axis", "0"))
    axis += rank if axis < 0 else 0
    for position in range(rank):
        if position != axis and any(_apart(known[0][position], shape[position]) for shape in known[1:]):
            raise _Unfit(f"{' and '.join(shown(shape) for shape in known)} differ beside dimension {axis}")
    out = list(known[0])
    if axis < rank:
        joined = [shape[axis] for shape in known]
        total = sum(d.low for d in joined)
        out[axis] = Dimension(total, total) if all(d.fixed for d in joined) else Dimension(0, None)
    return tuple(out)


def _apart(a: Dimension, b: Dimension) -> bool:
    """Whether two dimensions can never be equal."""
    return (a.high is not None and a.high < b.low) or (b.high is not None and b.high < a.low)


def shown(shape: Sequence[Dimension]) -> str:
    """``[1,?,2..8]``, as OpenVINO writes shapes."""
    return f"[{','.join(_shown(dimension) for dimension in shape)}]"


def _shown(dimension: Dimension) -> str:
    if dimension.fixed:
        return str(dimension.low)
    return "?" if dimension.high is None and not dimension.low else f"{dimension.low}..{dimension.high or ''}"


_UNARY = (
    *("Abs", "Ceiling", "Clamp", "Convert", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HSigmoid", "HSwish"),
    *("Log", "LogicalNot", "LogSoftmax", "Mish", "Negative", "ReLU", "Relu", "Round", "Sigmoid", "Sign", "SoftMax"),
    *("Softmax", "SoftPlus", "SoftSign", "Sqrt", "Swish", "Tanh", "MVN", "NormalizeL2"),
)
_BINARY = (
    *("Add", "Subtract", "Multiply", "Divide", "Maximum", "Minimum", "Power", "Mod", "FloorMod", "SquaredDifference"),
    *("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr", "LogicalXor"),
)
_RULES: Mapping[str, Callable[[Sequence[Shape], Mapping[str, str]], Shape]] = {
    **dict.fromkeys(_UNARY, _same),
    **dict.fromkeys(_BINARY, _elementwise),
    "MatMul": _matmul,
    "Convolution": _convolution,
    "GroupConvolution": _group_convolution,
    "Concat": _concat,
}
