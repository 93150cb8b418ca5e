"""What a program finds in a message: the same as in protobuf's own message, without one being made."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor

from graphval.catalog import load, releases
from graphval.graph import graph_schema
from graphval.textproto import BoundMessage, Reading, Source, bind, parse
from graphval.textproto.schema import MessageType

from .language import ACCEPTED

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("graphs/*/*/graph.pbtxt"))
ANY = "type.googleapis.com/mediapipe"
OPTIONS = f"node {{{{ node_options {{{{ [{ANY}.{{}}] {{{{ {{}} }}}} }}}} }}}}"
MORE = (
    OPTIONS.format("OpenVINOInferenceCalculatorOptions", 'tag_to_input_tensor_names { key: "A" value: "a" }'),
    OPTIONS.format("OpenVINOInferenceCalculatorOptions", "tag_to_input_tensor_names {} input_order_list: []"),
    OPTIONS.format("ConstantSidePacketCalculatorOptions", "packet { float_value: 0.1 } packet { bool_value: false }"),
    OPTIONS.format("ConstantSidePacketCalculatorOptions", "packet {}"),
    OPTIONS.format("TensorConverterCalculatorOptions", "output_tensor_float_range { min: 0.7 }"),
    OPTIONS.format("SplitVectorCalculatorOptions", "ranges { begin: 1 } ranges { end: 3 } element_only: true"),
    OPTIONS.format("LandmarksRefinementCalculatorOptions", "refinement { z_refinement { none {} } }"),
)


def messages_in(bound: BoundMessage) -> list[BoundMessage]:
    """A message and all that are written in it; an Any is left out, of which a program reads what is inside."""
    inner = [field.value for field in bound.fields if isinstance(field.value, BoundMessage)]
    return ([] if bound.type.is_any else [bound]) + [message for value in inner for message in messages_in(value)]


def assert_alike(reading: Reading, message: Any, depth: int = 2) -> None:
    """Every field reads as protobuf reads it, those of messages that nobody wrote included."""
    for field in message.DESCRIPTOR.fields:
        value, expected = reading[field.name], getattr(message, field.name)
        if field.label == FieldDescriptor.LABEL_REPEATED:
            assert reading.has(field.name) == (len(expected) > 0)
        elif field.has_presence:
            assert reading.has(field.name) == message.HasField(field.name)
        if field.message_type is None:
            expected = list(expected) if field.label == FieldDescriptor.LABEL_REPEATED else expected
            assert value == expected or (math.isnan(value) and math.isnan(expected)), field.full_name
        elif isinstance(value, dict):
            assert value == dict(expected)
        elif field.message_type.full_name != "google.protobuf.Any" and depth:
            pairs = zip(value, expected, strict=True) if isinstance(value, list) else [(value, expected)]
            for inner, expected_inner in pairs:
                assert_alike(inner, expected_inner, depth - 1)
    for oneof in message.DESCRIPTOR.oneofs:
        assert reading.one_of(oneof.name) == message.WhichOneof(oneof.name)


@pytest.mark.parametrize("text", [*ACCEPTED, *MORE])
def test_a_text_reads_as_protobuf_reads_it(text: str) -> None:
    bound, _ = bind(parse(Source("graph.pbtxt", text)), graph_schema(load()))
    for message in messages_in(bound):
        assert_alike(message.reading, message.message)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_reads_as_protobuf_reads_it(file: Path) -> None:
    source = Source(str(file), file.read_text(encoding="utf-8", errors="surrogateescape"))
    bound, _ = bind(parse(source), graph_schema(load()))
    for message in messages_in(bound):
        assert_alike(message.reading, message.message)


def test_options_that_nobody_wrote_are_all_defaults() -> None:
    catalog = load()
    schema = graph_schema(catalog)
    for name in sorted(catalog.options_messages - {"google.protobuf.Any"}):
        descriptor = catalog.message(name)
        assert descriptor is not None
        kind = schema.message(descriptor)
        if not kind.is_map_entry:
            assert_alike(Reading(kind), kind.make())


@pytest.mark.parametrize("release", releases())
def test_entries_of_maps_are_known_as_such(release: str) -> None:
    catalog = load(release)
    messages = [message for name in sorted(catalog.options_messages) if (message := catalog.message(name)) is not None]
    assert len(messages) > 100
    for message in messages:
        assert MessageType(message).is_map_entry == message.GetOptions().map_entry, message.full_name


def test_a_field_that_there_is_not() -> None:
    reading = Reading(graph_schema(load()).root)
    for ask in (lambda: reading["nope"], lambda: reading.has("nope"), lambda: reading.one_of("nope")):
        with pytest.raises(KeyError):
            ask()


def test_judging_graphs_imports_nothing_of_protobufs_python_part() -> None:
    """It takes longer to import than a graph takes to judge."""
    code = f"""
import sys
from graphval import lint
lint([{str(ROOT / "graphs/good")!r}], no_models=True)
heavy = ("descriptor_pool", "message_factory", "text_format")
print([name for name in heavy if "google.protobuf." + name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
