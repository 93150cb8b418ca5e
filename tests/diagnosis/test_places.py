"""From protobuf's columns to characters, from MediaPipe's names to nodes."""

from __future__ import annotations

import pytest

from graphval.diagnosis.places import find_node, place_at, same_id
from tests.diagnosis.graphs import graph_of

TEXT = (
    'input_stream: "in"\n\toutput_stream: "out"\n  \tnode { name: "outer" calculator: "X" }\n'
    'node { calculator: "Y" }\nnode { calculator: "Y" }\n'
)
GRAPH = graph_of(TEXT)


@pytest.mark.parametrize(
    ("line", "column", "character"),
    [
        (1, 1, "i"), (1, 15, '"'), (1, 18, '"'),
        (2, 1, "\t"), (2, 9, "o"), (2, 10, "u"),  # a tab reaches to the next multiple of eight
        (3, 9, "n"), (3, 1, " "),
        (1, 19, ""), (99, 1, None),
    ],
)  # fmt: skip
def test_a_column_of_protobuf_is_a_character(line: int, column: int, character: str | None) -> None:
    place = place_at(GRAPH, line, column)
    text = TEXT[place.start : place.end]
    if character is None:
        assert 0 <= place.start <= place.end <= len(TEXT)
    else:
        assert text == character
        assert (place.span.line, place.span.line if not text else place.span.end_line) == (line, line)


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("outer", 0), ("outer__inner", 0), ("outer__inner__innermost", 0), ("X", 0), ("Y_1", 1), ("Y_2", 2), ("Y", 1),
        ("nobody", None), ("nobody__inner", None), ("", None), ("__", None),
    ],
)  # fmt: skip
def test_nodes_by_the_names_that_mediapipe_gives(name: str, position: int | None) -> None:
    node = find_node(GRAPH, name)
    assert (node.position if node is not None else None) == position


@pytest.mark.parametrize(
    ("written", "said", "same"),
    [("LOOP", "LOOP:0", True), ("LOOP:1", "LOOP:1", True), ("LOOP:", "LOOP:0", True), ("LOOP", "LOOP", True),
     ("LOOP:1", "LOOP:0", False), ("LOO", "LOOP:0", False), (7, "7", False)],
)  # fmt: skip
def test_ids_as_written_and_as_said(written: object, said: str, same: bool) -> None:
    assert same_id(written, said) == same
