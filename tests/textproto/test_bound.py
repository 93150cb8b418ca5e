"""What a bound field says of its value."""

from __future__ import annotations

import pytest

from graphval.catalog import load
from graphval.graph import graph_schema
from graphval.textproto import BoundField, BoundMessage, Source, bind, parse

ANY = "type.googleapis.com/mediapipe"


def bound(text: str) -> BoundMessage:
    found, problems = bind(parse(Source("graph.pbtxt", text)), graph_schema(load()))
    assert problems == []
    return found


def first(message: BoundMessage, *names: str) -> BoundField:
    """The field that is found by going down these names."""
    for name in names[:-1]:
        message = next(iter(message.messages(name)))
    found = message.first(names[-1])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "names", "string", "number"),
    [
        ("max_queue_size: 0x10", ("max_queue_size",), "16", 16),
        ("max_queue_size: -017", ("max_queue_size",), "-15", -15),
        ("report_deadlock: true", ("report_deadlock",), "True", 1),
        ("package: 'a' \"b\"", ("package",), "ab", 0),
        ("node { node_options { value: '\\303\\244\\377' } }", ("node", "node_options", "value"), "ä\ufffd", 0),
    ],
)
def test_values(text: str, names: tuple[str, ...], string: str, number: int) -> None:
    field = first(bound(text), *names)
    assert (field.string, field.number) == (string, number)


def test_what_lies_in_an_any() -> None:
    [node] = bound(f"node {{ node_options {{ [{ANY}.GateCalculatorOptions] {{ allow: true }} }} }}").messages("node")
    [options] = node.messages("node_options")
    inner = options.expanded
    assert inner is not None
    assert (inner.type_name, first(inner, "allow").number) == ("mediapipe.GateCalculatorOptions", 1)
    plain = "node { node_options { type_url: 'type.googleapis.com/mediapipe.GateCalculatorOptions' } name: 'n' }"
    [node] = bound(plain).messages("node")
    [options] = node.messages("node_options")
    assert options.expanded is None
    assert node.expanded is None


def test_places() -> None:
    message = bound("node { name: 'n' } num_threads: 2")
    assert message.place_of("num_threads").text == "2"
    assert message.place_of("max_queue_size").text == message.source.text
    node = first(message, "node")
    assert (node.name_place.text, node.place.text) == ("node", "{ name: 'n' }")
    assert node.whole.text == "node { name: 'n' }"
    assert [field.name for field in message.all("node")] == ["node"]


def test_names_of_all_fields_at_every_depth() -> None:
    message = bound(
        f"node {{ name: 'n' node_options {{ [{ANY}.GateCalculatorOptions] {{ allow: true }} }} }} type: 't'"
    )
    assert message.names() == {"node", "name", "node_options", "mediapipe.GateCalculatorOptions", "allow", "type"}


def test_the_message_of_a_part_is_that_part_of_the_whole_message() -> None:
    message = bound(f"node {{ name: 'n' node_options {{ [{ANY}.GateCalculatorOptions] {{ allow: true }} }} }}")
    [node] = message.messages("node")
    options = node.messages("node_options")[0].expanded
    assert options is not None
    assert node.message == message.message.node[0]
    assert options.message.SerializeToString() == message.message.node[0].node_options[0].value
