"""``# graphval: ignore[GV…]`` silences a finding where it stands, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphval
from graphval.findings import Verdict

GRAPH = """\
input_stream: "in"
output_stream: "out"
node {{
  calculator: "PassThroughCalculator"{above}
  input_stream: "inn"{beside}
  output_stream: "out"
}}
"""


def codes(folder: Path, text: str) -> list[str]:
    (folder / "graph.pbtxt").write_text(text, encoding="utf-8")
    return [finding.code for finding in graphval.lint([folder]).findings]


@pytest.mark.parametrize(
    ("above", "beside", "silenced"),
    [
        ("", "", False),
        ("", "  # graphval: ignore[GV210] fed by a custom build", True),
        ("", "  # graphval: ignore[GV210]", True),
        ("", "#graphval:ignore[GV210]", True),
        ("", "  # graphval:  ignore[ GV101 , GV210 ] two codes", True),
        ("", "  # graphval: ignore[GV101 GV210]", True),
        ("\n  # graphval: ignore[GV210]", "", True),
        ("\n\t# graphval: ignore[GV210] the reason", "", True),
        ("\n  # graphval: ignore[GV210] a reason\n  # of two lines", "", True),
        ("\n  # graphval: ignore[GV101]\n  # graphval: ignore[GV210]", "", True),
        ("", "  # graphval: ignore[GV211]", False),
        ("", "  # graphval: ignore[GV21]", False),
        ("", "  # graphval: ignore[GV2100]", False),
        ("", "  # graphval: ignore[gv210]", False),
        ("", "  # graphval: ignore", False),
        ("", "  # graphval: ignore[]", False),
        ("", "  # ignore[GV210]", False),
        ("", "  # see graphval: ignore[GV210]", False),
        ("\n  # graphval: ignore[GV210]\n", "", False),
        ("\n  # graphval: ignore[GV210]\n\n", "", False),
        ("  # graphval: ignore[GV210]", "", False),
        ("", "\n  # graphval: ignore[GV210]", False),
        ("", '\n  output_stream: "# graphval: ignore[GV210]"', False),
    ],
)
def test_where_it_counts(tmp_path: Path, above: str, beside: str, silenced: bool) -> None:
    found = codes(tmp_path, GRAPH.format(above=above, beside=beside))
    assert ("GV210" not in found) == silenced


@pytest.mark.parametrize(("before", "silenced"), [("}", False), (" }", False), ("", True), ("\t", True)])
def test_a_comment_behind_anything_speaks_of_its_own_line(tmp_path: Path, before: str, silenced: bool) -> None:
    options = "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] {\n"
    inner = f"{before}# graphval: ignore[GV301]\n calculator: 'NoSuch' }}\n"
    inner = f"{options} allow: true }}\n{inner}" if "}" in before else inner
    text = f"input_stream: 'in'\noutput_stream: 'out'\nnode {{\n{inner}"
    assert ("GV301" not in codes(tmp_path, text)) is silenced


def test_only_the_named_code_of_a_line_is_silenced(tmp_path: Path) -> None:
    two = """\
input_stream: "a"
output_stream: "out"
node {{ calculator: "PassThrough" input_stream: "b" output_stream: "c" }}{}
"""
    assert codes(tmp_path, two.format("")) == ["GV216", "GV211", "GV301", "GV210"]
    assert codes(tmp_path, two.format(" # graphval: ignore[GV301]")) == ["GV216", "GV211", "GV210"]
    assert codes(tmp_path, two.format(" # graphval: ignore[GV301, GV210]")) == ["GV216", "GV211"]


def test_the_same_finding_elsewhere_stays(tmp_path: Path) -> None:
    twice = GRAPH.format(above="", beside='  # graphval: ignore[GV210]\n  input_stream: "imm"')
    assert codes(tmp_path, twice.replace('"out"\n}', '"out"\n  output_stream: "o2"\n}')) == ["GV210"]


def test_a_string_is_no_comment(tmp_path: Path) -> None:
    text = GRAPH.format(above="", beside="").replace('"inn"', '"inn # graphval: ignore[GV202]"')
    assert "GV202" in codes(tmp_path, text)


def test_an_unknown_option_of_a_custom_build_can_be_silenced(tmp_path: Path) -> None:
    text = GRAPH.format(above="", beside="").replace('"inn"', '"in"')
    assert codes(tmp_path, text + "priority: 3  # graphval: ignore[GV120] our own build knows it\n") == []


def test_a_text_that_could_not_be_read_is_not_passed(tmp_path: Path) -> None:
    text = GRAPH.format(above="", beside="").replace('"inn"', '"in  # graphval: ignore[GV106]')
    assert "GV106" in codes(tmp_path, "# graphval: ignore[GV106]\n" + text)
    assert codes(tmp_path, 'input_stream "in"  # graphval: ignore[GV102]\n') == ["GV102"]


def test_what_the_deployment_says_about_a_graph_is_silenced_in_the_graph(tmp_path: Path) -> None:
    text = """\
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options: { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions]: {
    servable_name: "nobody"
  } }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "OVTENSOR:in"
  output_stream: "OVTENSOR:out"
}
"""
    config = tmp_path / "config.json"
    config.write_text(
        '{"model_config_list": [], "mediapipe_config_list": [{"name": "g", "base_path": "g"}]}', encoding="utf-8"
    )
    graph = tmp_path / "g" / "graph.pbtxt"
    graph.parent.mkdir()
    graph.write_text(text, encoding="utf-8")
    assert [finding.code for finding in graphval.lint([config]).findings] == ["GV620"]
    graph.write_text(text.replace('"nobody"', '"nobody"  # graphval: ignore[GV620]'), encoding="utf-8")
    report = graphval.lint([config])
    assert (report.verdict, report.findings) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    ("comment", "places"),
    [
        ("", []),
        ("# graphval: ignore[GV210]", [(5, 42)]),
        ("# graphval: ignore[GV101, GV210] both", [(5, 42), (5, 49)]),
        ("# graphval: ignore[GV999]", [(5, 42)]),
        ("# graphval: ignore[GV21]", [(5, 42)]),
        ("# graphval: ignore[GV820]", []),
        ("# graphval: ignore[gv210]", []),
        ("# graphval: ignore[]", []),
    ],
)
def test_a_comment_that_silences_nothing_is_reported(
    tmp_path: Path, comment: str, places: list[tuple[int, int]]
) -> None:
    text = GRAPH.format(above="", beside=f"  {comment}").replace('"inn"', '"in"')
    (tmp_path / "graph.pbtxt").write_text(text, encoding="utf-8")
    report = graphval.lint([tmp_path])
    assert [(f.location.line, f.location.column) for f in report.findings] == places
    assert {f.code for f in report.findings} <= {"GV190"}
    assert report.verdict is Verdict.PASS
    assert graphval.lint([tmp_path], profile="strict").verdict is (Verdict.FAIL if places else Verdict.PASS)


def test_an_unused_comment_is_not_reported_where_nobody_can_tell(tmp_path: Path) -> None:
    comment = "  # graphval: ignore[GV210]"
    sound = GRAPH.format(above="", beside=comment).replace('"inn"', '"in"')
    assert codes(tmp_path, sound) == ["GV190"]
    assert codes(tmp_path, sound + "priority: 3\n") == ["GV120"]
    assert codes(tmp_path, sound + "priority 3\n") == ["GV102"]
    (tmp_path / "graph.pbtxt").write_text(sound, encoding="utf-8")
    assert graphval.lint([tmp_path], ignore=["GV210"]).findings == ()
    assert graphval.lint([tmp_path], ignore=["GV190"]).findings == ()
    assert graphval.lint([tmp_path], select=["GV1"]).findings == ()
