"""Options messages are protobuf's own descriptors: all of them build, in any order, and know their extensions."""

from __future__ import annotations

import random

import pytest
from google.protobuf import text_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message_factory import GetMessageClass

from graphval.catalog import Catalog, load, newest, releases

RELEASES = releases()


@pytest.mark.parametrize("version", RELEASES)
def test_every_message_builds(version: str) -> None:
    catalog = load(version)
    assert "mediapipe.CalculatorGraphConfig" in catalog.options_messages
    for name in catalog.options_messages:
        message = catalog.message(name)
        assert message is not None, name
        assert message.full_name == name
        for field in message.fields:
            if field.type in (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_GROUP):
                assert field.message_type.fields is not None
            if field.type == FieldDescriptor.TYPE_ENUM:
                assert field.enum_type.values


@pytest.mark.parametrize("version", RELEASES)
def test_every_extension_is_found(version: str) -> None:
    catalog = load(version)
    assert catalog.extensions
    for name in catalog.extensions:
        extension = catalog.extension(name)
        assert extension is not None, name
        assert extension.full_name == name
        assert extension.is_extension
        assert extension.containing_type.full_name.startswith("mediapipe.")
        assert extension.message_type.full_name in catalog.options_messages


@pytest.mark.parametrize("version", [RELEASES[0], newest()])
@pytest.mark.parametrize("seed", range(5))
def test_the_order_does_not_matter(version: str, seed: int) -> None:
    catalog = Catalog(version)
    wanted = sorted(catalog.options_messages | catalog.extensions)
    random.Random(seed).shuffle(wanted)
    for name in wanted:
        found = catalog.message(name) if name in catalog.options_messages else catalog.extension(name)
        assert found is not None, name


@pytest.mark.parametrize("version", RELEASES)
def test_a_graph_with_options_is_read(version: str) -> None:
    catalog = load(version)
    graph = GetMessageClass(catalog.graph_config)()
    text = """
    input_stream: "in"
    node {
      calculator: "X"
      options { [mediapipe.PacketThinnerCalculatorOptions.ext] { period: 7 } }
      node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } }
    }
    """
    text_format.Parse(text, graph, descriptor_pool=catalog.pool)
    assert graph.node[0].node_options[0].type_url == "type.googleapis.com/mediapipe.GateCalculatorOptions"
    assert "period: 7" in text_format.MessageToString(graph, descriptor_pool=catalog.pool)


def test_an_enum_is_no_message_and_can_be_asked_for_again() -> None:
    catalog = Catalog(newest())
    enums = [
        field.enum_type.full_name
        for name in sorted(catalog.options_messages)
        for field in (catalog.message(name) or pytest.fail(name)).fields
        if field.type == FieldDescriptor.TYPE_ENUM
    ]
    assert enums
    for name in enums:
        for _ in range(2):
            assert catalog.message(name) is None
            assert catalog.extension(name) is None


@pytest.mark.parametrize(
    "name", ["", ".", "mediapipe", "mediapipe.", "mediapipe.Nope", "CalculatorGraphConfig", "a,b", "\n", "\t"]
)
def test_what_is_no_message(name: str) -> None:
    catalog = Catalog(newest())
    assert catalog.message(name) is None
    assert catalog.extension(name) is None
    assert catalog.graph_config is not None


def test_the_default_pool_stays_clean() -> None:
    catalog = Catalog(newest())
    for name in catalog.options_messages:
        found = catalog.message(name)
        assert found is not None
        assert found.file.pool is not Default()
