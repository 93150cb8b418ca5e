"""What a picture of a graph shows, and where findings land."""

from __future__ import annotations

import pytest

from graphval.draw.picture import Box, BoxKind, EdgeKind, Exercised, Picture
from graphval.findings import (
    By,
    Effect,
    Finding,
    GraphReport,
    NotExercised,
    Phase,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Verdict,
)

from .reading import LOOP, picture, read


def titles(of: Picture, kind: BoxKind) -> list[str]:
    return [box.title for box in of.boxes if box.kind is kind]


def wires(of: Picture, kind: EdgeKind) -> set[tuple[str, str, bool]]:
    return {(of.boxes[e.source[0]].title, of.boxes[e.target[0]].title, e.back) for e in of.edges if e.kind is kind}


def named(of: Picture, title: str) -> Box:
    return next(box for box in of.boxes if box.title == title and box.kind is not BoxKind.MODEL)


def finding(line: int, column: int, end_column: int, **more: object) -> Finding:
    place = Span("graph.pbtxt", line, column, line, end_column)
    facts = {"code": "GV501", "name": "n", "severity": Severity.ERROR, "phase": Phase.CREATE, "effect": Effect.ABORT}
    return Finding(**{**facts, "graph": "g", "message": "wrong", "location": place, **more})  # type: ignore[arg-type]


def test_a_loop_with_a_session() -> None:
    shown = picture(LOOP)
    assert titles(shown, BoxKind.NODE) == [
        "remember",
        "OpenVINOModelServerSessionCalculator",
        "OpenVINOInferenceCalculator",
    ]
    assert titles(shown, BoxKind.MODEL) == ["blend"]
    inference = "OpenVINOInferenceCalculator"
    assert wires(shown, EdgeKind.STREAM) == {
        ("level", "remember", False),
        (inference, "remember", True),
        ("level", inference, False),
        ("remember", inference, False),
        (inference, "smoothed", False),
    }
    assert wires(shown, EdgeKind.SIDE_PACKET) == {("OpenVINOModelServerSessionCalculator", inference, False)}
    assert wires(shown, EdgeKind.SERVABLE) == {("blend", "OpenVINOModelServerSessionCalculator", False)}
    assert [port.tag for port in named(shown, inference).inputs] == ["NOW", "BEFORE", "SESSION"]


def test_sessions_of_one_model_share_it() -> None:
    session = """node { calculator: "OpenVINOModelServerSessionCalculator" output_side_packet: "SESSION:%s"
      node_options { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions] {
        servable_name: "m" } } }"""
    shown = picture(session % "a" + session % "b")
    assert titles(shown, BoxKind.MODEL) == ["m"]
    assert len([edge for edge in shown.edges if edge.kind is EdgeKind.SERVABLE]) == 2


def test_subgraphs_are_folded() -> None:
    shown = picture('node { calculator: "FaceLandmarkFrontCpu" input_stream: "IMAGE:i" }')
    assert titles(shown, BoxKind.SUBGRAPH) == ["FaceLandmarkFrontCpu"]


@pytest.mark.parametrize("field", ["input_stream", "input_side_packet"])
def test_what_nobody_produces_is_shown_missing_once(field: str) -> None:
    node = f'node {{ calculator: "X" {field}: "A:nowhere" }}'
    shown = picture(node + node)
    assert titles(shown, BoxKind.MISSING) == ["nowhere"]
    assert len(shown.edges) == 2


def test_what_the_server_makes_is_not_missing() -> None:
    shown = picture('node { calculator: "X" input_side_packet: "R:llm" }', made_by_server={"llm"})
    assert titles(shown, BoxKind.INPUT) == ["llm"]


def test_a_broken_text_is_drawn_as_far_as_it_goes() -> None:
    shown = picture('node { calculator: "X" output_stream: "a" }\nnode { calculator: "Y" input_stream: "a"')
    assert titles(shown, BoxKind.NODE) == ["X", "Y"]


class TestFindings:
    """Each remark is on the innermost thing that holds its place."""

    TEXT = 'input_stream: "in"\nnode {\n  calculator: "X"\n  input_stream: "in"\n  output_stream: "out"\n}\n'

    def test_on_a_stream(self) -> None:
        shown = picture(self.TEXT, findings=[finding(4, 17, 21)])
        assert [[r.code for r in edge.remarks] for edge in shown.edges] == [["GV501"]]
        assert [r.code for r in named(shown, "X").remarks] == ["GV501"]

    def test_on_a_node(self) -> None:
        shown = picture(self.TEXT, findings=[finding(3, 15, 18)])
        assert [r.code for r in named(shown, "X").remarks] == ["GV501"]
        assert not any(edge.remarks for edge in shown.edges)

    def test_on_a_graph_input(self) -> None:
        assert named(picture(self.TEXT, findings=[finding(1, 15, 19)]), "in").remarks

    def test_by_the_name_of_the_node_from_another_file(self) -> None:
        elsewhere = finding(1, 1, 2, location=Span("config.json", 3, 1, 3, 2), node="X")
        assert named(picture(self.TEXT, findings=[elsewhere]), "X").remarks

    def test_on_the_graph_as_a_whole(self) -> None:
        elsewhere = finding(1, 1, 2, location=Span("config.json", 3, 1, 3, 2))
        shown = picture(self.TEXT, findings=[elsewhere])
        assert [remark.code for remark in shown.remarks] == ["GV501"]


class TestExercised:
    """What an engine showed."""

    @staticmethod
    def report(status: StageStatus, *left_out: NotExercised, by: By = By.ENGINE) -> GraphReport:
        stage = Stage(Rung.SERVE, status, by, 0.0)
        return GraphReport("g", "graph.pbtxt", Verdict.PASS, Rung.SERVE, (stage,), left_out)

    @pytest.mark.parametrize(
        ("report", "exercised"),
        [
            (None, Exercised.UNSAID),
            (report(StageStatus.PASS), Exercised.SHOWN),
            (report(StageStatus.FAIL), Exercised.UNSAID),
            (report(StageStatus.PASS, by=By.STATIC), Exercised.UNSAID),
            (report(StageStatus.SKIPPED, NotExercised("n", "why")), Exercised.LEFT_OUT),
            (report(StageStatus.SKIPPED, NotExercised(None, "why")), Exercised.LEFT_OUT),
            (report(StageStatus.PASS, NotExercised("other", "why")), Exercised.SHOWN),
        ],
    )
    def test_a_node(self, report: GraphReport | None, exercised: Exercised) -> None:
        (box,) = picture('node { name: "n" calculator: "X" }', report=report).boxes
        assert box.exercised is exercised
        assert (box.reason == "why") == (exercised is Exercised.LEFT_OUT)


def test_a_line_leads_back_to_the_text() -> None:
    graph = read(LOOP)
    assert [box.line for box in picture(LOOP).boxes if box.kind is BoxKind.NODE] == [n.place.span.line for n in graph]
