"""What is mended, one mistake after the other; and what is not, since a person must decide."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphval
from graphval.fixes import mends
from graphval.settings import Settings

from .protobuf import refusal

GRAPH = """\
# A camera's frames, as they come.
input_stream: "in"
output_stream: "out"
node {
  name: "pass"  # on purpose
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }
  max_in_flight: 2
}
"""
OPTIONS = """\
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node {
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:in"
  output_stream: "IMAGE:out"
  node_options {
    [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions] {
      output_width: 8
      output_height: 8
      scale_mode: FIT
    }
  }
}
"""
EXTENSION = OPTIONS.replace("node_options {", "options {").replace(
    "[type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]",
    "[mediapipe.ImageTransformationCalculatorOptions.ext]",
)
ANY = "[type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]"

# Each: the sound text, what stands in it, and what is written there by mistake.
MENDED = {
    "colon": (GRAPH, 'name: "pass"', 'name "pass"'),
    "equals sign": (GRAPH, 'name: "pass"', 'name= "pass"'),
    "two colons": (GRAPH, 'name: "pass"', 'name:: "pass"'),
    "colon before a list": (GRAPH.replace('"in"\n  out', '["in"]\n  out'), 'input_stream: ["', 'input_stream ["'),
    "no-break space": (GRAPH, "  name", "\u00a0 name"),
    "figure space": (GRAPH, "  name", "\u2007 name"),
    "narrow no-break space": (GRAPH, "  name", "\u202f name"),
    "zero-width space": (GRAPH, "  name", "  \u200bname"),
    "minus sign": (GRAPH.replace("flight: 2", "flight: -2"), "-2", "\u22122"),
    "en dash": (GRAPH.replace("flight: 2", "flight: -2"), "-2", "\u20132"),
    "curly quotes": (GRAPH, '"pass"', "\u201cpass\u201d"),
    "byte order mark": (GRAPH, "# A", "\ufeff# A"),
    "field": (GRAPH, "calculator", "calculater"),
    "field in camel case": (GRAPH, "max_in_flight", "maxInFlight"),
    "field with a letter too few": (GRAPH, "max_in_flight", "max_in_fligt"),
    "field of the graph": (GRAPH, 'output_stream: "out"\nnode', 'ouput_stream: "out"\nnode'),
    "a number in quotes": (GRAPH, "max_in_flight: 2", 'max_in_flight: "2"'),
    "a word without quotes": (GRAPH, '"pass"', "pass"),
    "calculator": (GRAPH, "PassThroughCalculator", "PassTroughCalculator"),
    "handler": (GRAPH, '"DefaultInputStreamHandler"', '"DefaultInputStreamHandlr"'),
    "extension in an Any": (OPTIONS, ANY, "[mediapipe.ImageTransformationCalculatorOptions.ext]"),
    "bare name in an Any": (OPTIONS, ANY, "[mediapipe.ImageTransformationCalculatorOptions]"),
    "domain of an Any": (OPTIONS, "type.googleapis.com", "type.example.com"),
    "type of an Any": (OPTIONS, "mediapipe.ImageTransformationC", "mediapipe.ImageTransfromationC"),
    "Any among extensions": (EXTENSION, "[mediapipe.ImageTransformationCalculatorOptions.ext]", ANY),
    "extension without its end": (EXTENSION, "CalculatorOptions.ext]", "CalculatorOptions]"),
    "enum value in small letters": (OPTIONS, "FIT", "fit"),
    "enum value in quotes": (OPTIONS, "FIT", '"FIT"'),
    "stray comma": (OPTIONS, "    }\n  }", "    },\n  }"),
}
LEFT = {
    "two fields alike": (GRAPH, "max_in_flight: 2", 'put_stream: "a"'),
    "a word nobody knows": (GRAPH, "max_in_flight", "frobnicate"),
    "a stray brace": (GRAPH, "max_in_flight: 2\n}", "max_in_flight: 2\n}}"),
    "a missing brace": (GRAPH, "max_in_flight: 2\n}", "max_in_flight: 2\n"),
    "an open string": (GRAPH, '"pass"', '"pass'),
    "a value is missing": (GRAPH, 'name: "pass"', "name:"),
    "a number of words": (GRAPH, "max_in_flight: 2", 'max_in_flight: "two"'),
    "a calculator nobody knows": (GRAPH, "PassThroughCalculator", "MyOwnCalculator"),
    "merge conflict": (GRAPH, "node {\n", "node {\n<<<<<<< HEAD\n"),
}


def mended(folder: Path, text: str, settings: Settings | None = None) -> str:
    """The text of a graph after its mends."""
    file = folder / "graph.pbtxt"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    changes = mends([file], settings or Settings())
    assert file.read_bytes() == text.encode("utf-8", "surrogateescape")
    for change in changes:
        assert (change.file, change.before, change.findings > 0) == (file, text, True)
        return change.after
    return text


def test_the_sound_texts_are_sound(tmp_path: Path) -> None:
    for text in (GRAPH, OPTIONS, EXTENSION):
        assert refusal(text) == ""
        assert mended(tmp_path, text) == text
        assert graphval.lint([tmp_path]).findings == ()


@pytest.mark.parametrize(("sound", "right", "wrong"), MENDED.values(), ids=MENDED)
def test_what_is_certain_is_mended(tmp_path: Path, sound: str, right: str, wrong: str) -> None:
    assert sound.count(right) == 1
    faulty = sound.replace(right, wrong)
    (tmp_path / "graph.pbtxt").write_text(faulty, encoding="utf-8")
    [found] = graphval.lint([tmp_path]).findings
    assert found.edits
    assert mended(tmp_path, faulty) == sound


@pytest.mark.parametrize(("sound", "right", "wrong"), MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("ends", ["\r\n", "\n\n"], ids=["carriage returns", "blank lines"])
def test_line_ends_are_kept(tmp_path: Path, sound: str, right: str, wrong: str, ends: str) -> None:
    right, wrong, sound = (text.replace("\n", ends) for text in (right, wrong, sound))
    assert mended(tmp_path, sound.replace(right, wrong)) == sound


@pytest.mark.parametrize(("sound", "right", "wrong"), LEFT.values(), ids=LEFT)
def test_what_is_not_certain_is_left_alone(tmp_path: Path, sound: str, right: str, wrong: str) -> None:
    faulty = sound.replace(right, wrong)
    assert faulty != sound
    assert mended(tmp_path, faulty) == faulty
    assert graphval.lint([tmp_path]).findings


def test_one_behind_the_other(tmp_path: Path) -> None:
    faulty = GRAPH
    for right, wrong in (('name: "pass"', 'name= "pass"'), ("calculator", "calculater"), ("Through", "Trough")):
        faulty = faulty.replace(right, wrong)
    assert mended(tmp_path, faulty) == GRAPH


def test_what_is_left_does_not_keep_the_rest_from_being_mended(tmp_path: Path) -> None:
    faulty = GRAPH.replace('name: "pass"', 'name "pass"').replace("max_in_flight: 2", "max_in_flight:")
    assert mended(tmp_path, faulty) == faulty.replace('name "pass"', 'name: "pass"')


def test_what_is_left_out_is_not_mended(tmp_path: Path) -> None:
    faulty = GRAPH.replace("PassThrough", "PassTrough")
    assert mended(tmp_path, faulty, Settings(ignore=("GV301",))) == faulty
    assert mended(tmp_path, faulty, Settings(select=("GV2",))) == faulty
    silenced = faulty.replace('Calculator"\n', 'Calculator"  # graphval: ignore[GV301]\n')
    assert mended(tmp_path, silenced) == silenced


def test_what_a_baseline_knows_is_not_mended(tmp_path: Path) -> None:
    from graphval.run.baseline import write_baseline

    faulty = GRAPH.replace("PassThrough", "PassTrough")
    mended(tmp_path, faulty)
    write_baseline(tmp_path / "known.json", graphval.lint([tmp_path]).findings)
    settings = Settings(baseline=tmp_path / "known.json")
    assert mended(tmp_path, faulty, settings) == faulty
    both = faulty.replace("DefaultInputStreamHandler", "DefaultInputStreamHandlr")
    assert mended(tmp_path, both, settings) == faulty


def test_by_the_release_that_is_asked_for(tmp_path: Path) -> None:
    text = """\
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "llm"
  calculator: "HttpLLMCalculator"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions] {
      models_path: "./"
      block_size: 16  # as the old guide says
      cache_size: 8
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
"""
    without = text.replace("      block_size: 16  # as the old guide says\n", "      # as the old guide says\n")
    assert mended(tmp_path, text, Settings(no_models=True)) == without
    assert mended(tmp_path, text, Settings(no_models=True, ovms_version="2024.5")) == text


@pytest.mark.parametrize(
    ("faulty", "sound"),
    [
        ('{"model_config_list": [],}', '{"model_config_list": []}'),
        ("{'model_config_list': []}", '{"model_config_list": []}'),
        ("{model_config_list: []}", '{"model_config_list": []}'),
        ('\ufeff{"model_config_list": []}', '{"model_config_list": []}'),
        ('{"model_config_list": [{"config": {"name": "m", "base_path": "m"}},]}', None),
        ('{"model_config_list": [] /* mine */}', '{"model_config_list": [] /* mine */}'),
    ],
)
def test_a_config_is_mended_too(tmp_path: Path, faulty: str, sound: str | None) -> None:
    config = tmp_path / "config.json"
    config.write_text(faulty, encoding="utf-8")
    expected = sound if sound is not None else faulty.replace("},]", "}]")
    changes = mends([config])
    assert [change.after for change in changes] == ([expected] if expected != faulty else [])
