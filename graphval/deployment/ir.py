"""Inputs and outputs of an OpenVINO IR file, read from its XML alone.

OpenVINO itself would take half a second to start; names, shapes and precisions of an IR stand in plain text. What is
not certain from the text (a mapping file beside the model, a form that is not known here) yields ``None``, never a
guess.

Source: OpenVINO `src/core/src/pass/serialize.cpp` and `src/frontends/ir/src/ir_deserializer.cpp` (2026.4); the tests
hold what is read here to what OpenVINO reads.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from graphval.deployment.precisions import KSERVE_OF
from graphval.deployment.signature import Dimension, ModelSignature, TensorSignature

LARGEST = 64 << 20
"""Bytes of XML beyond which a file is left to OpenVINO."""

_PORT_PRECISIONS = {"FP64": "f64", "FP32": "f32", "FP16": "f16", "BOOL": "boolean"}
"""Precisions that ports write otherwise than inputs do."""

_RENAMED_BY = "mapping_config.json"


def read_ir(file: Path) -> ModelSignature | None:
    """The signature of ``file``, or ``None`` where the text does not tell it. Raises :class:`OSError`."""
    if file.suffix != ".xml" or file.stat().st_size > LARGEST or (file.parent / _RENAMED_BY).exists():
        return None
    reader = _Reader()
    try:
        with file.open("rb") as stream:
            for _, element in ET.iterparse(stream):  # noqa: S314
                reader.take(element)
        return reader.signature()
    except (ET.ParseError, ValueError):  # no XML, or numbers that are none
        return None


class _Reader:
    """Keeps what layers and edges tell of inputs and outputs, and lets go of the rest."""

    def __init__(self) -> None:
        self._inputs: list[TensorSignature] = []
        self._results: list[tuple[str, tuple[str, ...], ET.Element | None]] = []
        self._ports: dict[tuple[str, str], tuple[tuple[str, ...], str, str]] = {}
        self._sources: dict[str, tuple[str, str]] = {}
        self._certain = True

    def take(self, element: ET.Element) -> None:
        match element.tag:
            case "layer":
                self._layer(element)
                element.clear()
            case "edge":
                source = element.get("from-layer", ""), element.get("from-port", "")
                self._sources[element.get("to-layer", "")] = source
            case "body" | "then_body" | "else_body":
                # The layers of a loop or branch have ids of their own, and what was kept of them is not the model's.
                self._certain = False
            case _:
                pass

    def signature(self) -> ModelSignature | None:
        outputs = [self._output(layer, names, port) for layer, names, port in self._results]
        known = [output for output in outputs if output is not None]
        if not self._certain or not self._inputs or not known or len(known) != len(outputs):
            return None
        return ModelSignature(tuple(self._inputs), tuple(known))

    def _layer(self, layer: ET.Element) -> None:
        kind, name, number = layer.get("type", ""), layer.get("name", ""), layer.get("id", "")
        for port in layer.iterfind("output/port"):
            self._ports[number, port.get("id", "")] = _names(port.get("names", "")), name, port.get("precision", "")
        if kind == "Parameter":
            self._input(layer, name)
        elif kind == "Result":
            self._results.append((number, _names(layer.get("output_names", "")), layer.find("input/port")))

    def _input(self, layer: ET.Element, name: str) -> None:
        data, port = layer.find("data"), layer.find("output/port")
        if data is None or port is None:
            self._certain = False
            return
        names = _names(port.get("names", "")) or (name,)
        precision = KSERVE_OF.get(data.get("element_type", ""), "UNKNOWN")
        layout = next((a.get("layout", "") for a in port.iterfind("rt_info/attribute[@name='layout']")), "")
        self._inputs.append(TensorSignature(names, _shape(data.get("shape", "")), precision, layout))

    def _output(self, layer: str, own: tuple[str, ...], port: ET.Element | None) -> TensorSignature | None:
        source = self._ports.get(self._sources.get(layer, ("", "")))
        if source is None:
            return None
        names, producer, precision = source
        names = tuple(sorted({*names, *own})) or (producer,)
        dims = [] if port is None else [dim.text or "" for dim in port.iterfind("dim")]
        shape = tuple(Dimension(0, None) if d.startswith("-") else Dimension(int(d), int(d)) for d in dims)
        element_type = _PORT_PRECISIONS.get(precision, precision.lower())
        return TensorSignature(names, shape, KSERVE_OF.get(element_type, "UNKNOWN"), "")


def _names(text: str) -> tuple[str, ...]:
    """The names of a port: separated by commas, where a comma within a name is escaped."""
    if not text:
        return ()
    parts, escaped = [""], False
    for character in text:
        if escaped:
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == ",":
            parts.append("")
        else:
            parts[-1] += character
    return tuple(sorted({part.strip() for part in parts}))


def _shape(text: str) -> tuple[Dimension, ...] | None:
    """``1,?,2..8`` as dimensions; ``...`` is a shape of unknown rank."""
    if text.strip() == "...":
        return None
    return tuple(_dimension(word.strip()) for word in text.split(",") if word.strip())


def _dimension(word: str) -> Dimension:
    if word in ("?", "-1"):
        return Dimension(0, None)
    low, dots, high = word.partition("..")
    if not dots:
        return Dimension(int(low), int(low))
    return Dimension(int(low or 0), int(high) if high else None)
