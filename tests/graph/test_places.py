"""Every element of a graph knows where it is written: the text at its place is what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphval.findings import Span
from graphval.graph import Graph
from graphval.textproto import Place

from .reading import read

ROOT = Path(__file__).resolve().parents[2]

TEXT = """\
# OVMS_GRAPH_QUEUE_MAX_SIZE: 2
package: "acme"
num_threads: 4
executor { name: "slow" type: "ThreadPoolExecutor" }
input_stream: "IMAGE:0:picture"
output_stream: "OUT:result"
input_side_packet: "MODEL:model"
input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }
node {
  name: "ä first"
  calculator: "FlowLimiterCalculator"
  executor: 'slow'
  max_in_flight: 3
  input_stream: ["picture", "FINISHED:result"]
  output_stream: "kept" output_side_packet: "SIZE:size"
  input_side_packet: "MODEL:" "model"
  input_stream_info { tag_index: "FINISHED" back_edge: true }
  options { [mediapipe.FlowLimiterCalculatorOptions.ext] { max_in_flight: 2 } }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "FINISHED:0" } } }
  }
  output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" }
}
node {
  calculator: "PassThroughCalculator"
  input_stream: "kept"
  output_stream: "result"
  node_options { [type.googleapis.com/mediapipe.FlowLimiterCalculatorOptions]: { max_in_flight: 7 } }
}
"""

GRAPH = read(TEXT)
FIRST, SECOND = GRAPH.nodes


def test_what_a_graph_says_of_itself() -> None:
    assert (GRAPH.name, GRAPH.file, GRAPH.package, GRAPH.type, GRAPH.num_threads) == ("g", "graph.pbtxt", "acme", "", 4)
    assert GRAPH.directive is not None
    assert GRAPH.directive.size == 2
    assert [(executor.name, executor.type) for executor in GRAPH.executors] == [("slow", "ThreadPoolExecutor")]
    assert [(entry.tag, entry.name) for entry in GRAPH.inputs] == [("IMAGE", "picture")]
    assert [(entry.tag, entry.name) for entry in GRAPH.outputs] == [("OUT", "result")]
    assert [(entry.tag, entry.name) for entry in GRAPH.input_side_packets] == [("MODEL", "model")]


def test_what_a_node_says_of_itself() -> None:
    assert (FIRST.name, FIRST.calculator, FIRST.executor, FIRST.max_in_flight) == (
        "ä first",
        "FlowLimiterCalculator",
        "slow",
        3,
    )
    assert [entry.text for entry in FIRST.inputs] == ["picture", "FINISHED:result"]
    assert [entry.text for entry in FIRST.input_side_packets] == ["MODEL:model"]
    assert [(info.tag_index, info.back_edge) for info in FIRST.stream_infos] == [("FINISHED", True)]
    assert (SECOND.name, SECOND.display, SECOND.executor, SECOND.max_in_flight) == ("", "PassThroughCalculator", "", 0)
    assert SECOND.handler is None
    assert not SECOND.stream_infos


def places() -> Iterator[tuple[Place, str]]:
    """Every place the graph can give, and the text that stands there."""
    assert GRAPH.directive is not None
    yield GRAPH.directive.place, "2"
    (executor,) = GRAPH.executors
    yield executor.place, '{ name: "slow" type: "ThreadPoolExecutor" }'
    for tag_map, written in (
        (GRAPH.inputs, ['"IMAGE:0:picture"']),
        (GRAPH.outputs, ['"OUT:result"']),
        (GRAPH.input_side_packets, ['"MODEL:model"']),
        (FIRST.inputs, ['"picture"', '"FINISHED:result"']),
        (FIRST.outputs, ['"kept"']),
        (FIRST.input_side_packets, ['"MODEL:" "model"']),
        (FIRST.output_side_packets, ['"SIZE:size"']),
        (SECOND.inputs, ['"kept"']),
        (SECOND.outputs, ['"result"']),
    ):
        for entry, text in zip(tag_map, written, strict=True):
            yield entry.place, text
    yield FIRST.calculator_place, '"FlowLimiterCalculator"'
    yield FIRST.bound.place_of("name"), '"ä first"'
    yield FIRST.bound.place_of("executor"), "'slow'"
    (info,) = FIRST.stream_infos
    yield info.place, '{ tag_index: "FINISHED" back_edge: true }'
    yield info.tag_index_place, '"FINISHED"'
    assert GRAPH.handler is not None
    assert FIRST.handler is not None
    assert FIRST.output_handler is not None
    yield GRAPH.handler.name_place, '"ImmediateInputStreamHandler"'
    yield FIRST.handler.name_place, '"SyncSetInputStreamHandler"'
    yield FIRST.output_handler.name_place, '"InOrderOutputStreamHandler"'
    (extension,) = FIRST.option_extensions
    yield extension.name_place, "[mediapipe.FlowLimiterCalculatorOptions.ext]"
    yield extension.place, "{ max_in_flight: 2 }"
    (options,) = SECOND.node_options
    inner = options.expanded
    assert inner is not None
    yield inner.place, "{ max_in_flight: 7 }"
    yield GRAPH.start, "#"


@pytest.mark.parametrize(("place", "text"), list(places()), ids=lambda value: value if isinstance(value, str) else "")
def test_the_text_at_a_place_is_what_was_written(place: Place, text: str) -> None:
    assert place.text == text
    assert cut(TEXT, place.span) == text


def test_a_node_s_place_is_its_whole_block() -> None:
    for node, first_line in ((FIRST, 9), (SECOND, 25)):
        assert node.place.text.startswith("{\n")
        assert node.place.text.endswith("\n}")
        assert node.place.span.line == first_line


def test_a_node_without_a_calculator_is_shown_by_its_block() -> None:
    (node,) = read('node { name: "a" }').nodes
    assert node.calculator_place == node.place
    assert node.place.text == '{ name: "a" }'
    assert read("node { }").nodes[0].display == "node 1"


def test_an_empty_file_has_a_start_too() -> None:
    graph = read("")
    assert graph.start.text == ""
    assert graph.start.span == Span("graph.pbtxt", 1, 1, 1, 1)


def cut(text: str, span: Span) -> str:
    """The text a span means, read as an editor would: by lines and columns."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def written_strings(graph: Graph) -> Iterator[tuple[Place, str]]:
    """Every connection of a graph with the string it means."""
    yield from ((entry.place, entry.text) for lists in (graph.inputs, graph.outputs) for entry in lists)
    for node in graph:
        for lists in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets):
            yield from ((entry.place, entry.text) for entry in lists)
        yield node.calculator_place, node.calculator


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("graphs/good/*/**/graph.pbtxt")), ids=lambda file: file.parent.relative_to(ROOT).as_posix()
)
def test_in_the_examples_every_name_stands_where_it_says(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = list(written_strings(read(text)))
    assert found
    for place, value in found:
        assert cut(text, place.span) in (f'"{value}"', f"'{value}'")


@pytest.mark.parametrize("end", ["\r\n", "\n\n", "\n\t", "\n# ünï\n"], ids=repr)
def test_line_ends_tabs_and_comments_do_not_move_places(end: str) -> None:
    text = TEXT.replace("\n", end)
    graph = read(text)
    assert len(graph.nodes) == 2
    for place, value in written_strings(graph):
        assert cut(text, place.span).replace('" "', "").strip("\"'") == value
