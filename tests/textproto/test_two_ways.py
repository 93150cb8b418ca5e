"""Ordinary text is read by whole pieces and bound at once, all other text token by token and field by field: the same
comes of it either way, trees, places, problems and values."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.graph import graph_schema
from graphval.textproto import BoundMessage, Document, bind, decode, parse
from graphval.textproto.binder import _Binder
from graphval.textproto.parser import _Parser
from graphval.textproto.tree import Field, ListValue, MessageValue, Scalar, Value

from .language import ACCEPTED, REFUSED
from .mistakes import MISTAKES
from .reference import CATALOG
from .test_differential import EXAMPLES, PIECES, damaged


def read(text: str) -> tuple[Document, list[object]]:
    document = parse(decode(text.encode("utf-8", "surrogateescape"), "graph.pbtxt")[0])
    return document, [*map(shown, document.fields), *document.problems]


def shown(field: Field) -> object:
    return (
        *(field.form, field.name, field.name_start, field.name_end, field.colon, field.value_start, field.end),
        None if field.value is None else value_shown(field.value),
    )


def value_shown(value: Value) -> object:
    match value:
        case Scalar():
            return (value.lexeme, value.text, value.start, value.end, value.negative, value.parts)
        case MessageValue():
            return (value.start, value.end, [shown(field) for field in value.fields])
        case ListValue():
            return (value.start, value.end, [value_shown(item) for item in value.items])


def bound(document: Document) -> list[object]:
    message, problems = bind(document, graph_schema(CATALOG))
    return [message_shown(message), message.message, *problems]


def message_shown(message: BoundMessage) -> object:
    assert {name: len(same) for name, same in message.by_name.items()} == counted(message)
    return (
        message.type_name,
        *(message.start, message.end),
        [
            (
                *(field.name, field.text, field.name_start, field.name_end, field.start, field.end),
                message_shown(field.value) if isinstance(field.value, BoundMessage) else repr(field.value),
            )
            for field in message.fields
        ],
    )


def counted(message: BoundMessage) -> dict[str, int]:
    names = [field.name for field in message.fields]
    return {name: names.count(name) for name in names}


def both_ways(text: str) -> None:
    document, tree = read(text)
    values = bound(document)
    with pytest.MonkeyPatch.context() as by_tokens:
        by_tokens.setattr(_Parser, "_ordinary_pieces", lambda _: False)
        assert read(text)[1] == tree
    with pytest.MonkeyPatch.context() as one_by_one:
        one_by_one.setattr("graphval.textproto.binder.PieceField", ())  # no field is one
        assert bound(document) == values


@pytest.mark.parametrize("text", [*ACCEPTED, *REFUSED, *MISTAKES], ids=ascii)
def test_short_texts(text: str) -> None:
    both_ways(text)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_whole_graphs(file: Path) -> None:
    both_ways(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        "node { }",
        "node: {\n}\n# end\n",
        "type: 'a', package: \"b\"; num_threads: 3\n",
        "num_threads: -123456789\nmax_queue_size: 0,report_deadlock: true;",
        "input_stream: 'a' # first\ninput_stream: 'b'\n# second\nnode { name: 'n' node_options { } }",
        "executor { options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }",
        "node { node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } } }",
        "node { node_options { [type.googleapis.com/mediapipe.PacketThinnerCalculatorOptions] { thinner_type: SYNC }}}",
    ],
)
def test_what_is_ordinary_is_read_and_bound_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is how reading a graph is fast. What is written with a sign, in brackets or in an ``Any`` is bound alone."""
    monkeypatch.setattr(_Parser, "_slow_piece", not_wanted)
    document, _ = read(text)
    assert document.problems == []
    assert bind(document, graph_schema(CATALOG))[1] == []  # a field is looked up when it is first met
    if not {"-", "["} & set(text):
        monkeypatch.setattr(_Binder, "_field", not_wanted)
        assert bind(document, graph_schema(CATALOG))[1] == []


def not_wanted(*_: object) -> None:
    pytest.fail("this was not to be asked")


@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_rows_of_tokens(seed: int) -> None:
    chance = random.Random(seed)
    both_ways("".join(chance.choices(PIECES, k=chance.randint(1, 12))))


LINES = (
    "node {", "}", "};", "} }", "},", "}]", "name: 'a'", "name = 'a'", "name", 'input_stream: ["a",', "]", "] }", ">",
    "input_stream: ['b', 'c']", "input_stream_info <", "input_stream_info { }", "options {", "node: [", "node: [{",
    "node: <", "{ name: 'b' }", "# x", "", "{", "[", "<", "; ", "node", "node:", "num_threads: 3",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from((0, 0, 2, 2, 4)), st.sampled_from(LINES)), max_size=9))
@settings(max_examples=200, deadline=None)
def test_rows_of_lines(lines: list[tuple[int, str]]) -> None:
    """Brackets that are missing are found by how far in each line begins."""
    both_ways("\n".join(" " * indentation + line for indentation, line in lines))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_damaged_graphs(seed: int) -> None:
    chance = random.Random(seed)
    both_ways(damaged(chance.choice(EXAMPLES).read_text(encoding="utf-8"), chance))
