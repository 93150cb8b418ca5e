"""What a server counts of a graph: read from the very text that a server writes."""

from __future__ import annotations

import pytest

from graphval.probe.metrics import ServerMetrics, graph_counts, refused_at_the_door
from graphval.rehearsal.metrics import FAMILIES, Metrics
from graphval.rehearsal.status import Refused, refuse


def counted(metrics: Metrics, name: str, *refusals: str | None, interface: str = "gRPC") -> None:
    """Requests to a graph, each refused with a status or answered."""
    for refusal in refusals:
        try:
            with metrics.graph_request(name, "KServe", "ModelInfer", interface):
                if refusal is not None:
                    raise refuse(refusal)
        except Refused:
            continue


def test_counts_are_those_of_one_graph_over_all_interfaces() -> None:
    metrics = Metrics(FAMILIES)
    counted(metrics, "g", None, "INVALID_SHAPE", "MEDIAPIPE_EXECUTION_ERROR")
    counted(metrics, "g", None, interface="REST")
    counted(metrics, "g2", None, None)
    with metrics.graph_request("g", "V3", "Unary", "REST"):
        found = graph_counts(metrics.text(), "g")
    assert found == {
        "ovms_requests_accepted": 3,
        "ovms_requests_rejected": 1,
        "ovms_graph_error": 1,
        "ovms_responses": 2,
        "ovms_current_graphs": 1,
    }
    assert graph_counts(metrics.text(), "g3") == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('ovms_graph_error{name="a\\"b,c"} 2', {"ovms_graph_error": 2}),
        ('ovms_graph_error{x="1",name="a\\"b,c"} 1e2', {"ovms_graph_error": 100}),
        ('ovms_graph_error{other_name="a\\"b,c"} 2', {}),
        ('ovms_graph_error_created{name="a\\"b,c"} 2', {}),
        ('# HELP ovms_graph_error{name="a\\"b,c"} 2', {}),
        ("ovms_graph_error 2", {}),
        ("", {}),
    ],
)
def test_lines_are_told_apart(text: str, count: dict[str, int]) -> None:
    assert graph_counts(text, 'a"b,c') == count


@pytest.mark.parametrize(
    ("refusals", "at_the_door"),
    [
        (("INVALID_UNEXPECTED_INPUT", "MEDIAPIPE_INVALID_TIMESTAMP"), True),
        (("INVALID_UNEXPECTED_INPUT",), False),
        (("INVALID_UNEXPECTED_INPUT", "MEDIAPIPE_PRECONDITION_FAILED"), False),
        (("INVALID_UNEXPECTED_INPUT", None), False),
        ((), False),
    ],
)
def test_a_request_that_came_into_the_graph_was_not_refused_before(
    refusals: tuple[str | None, ...], at_the_door: bool
) -> None:
    metrics = Metrics(FAMILIES)
    counted(metrics, "g", *refusals)
    assert refused_at_the_door(graph_counts(metrics.text(), "g")) == at_the_door


def test_without_a_rest_port_nothing_is_known() -> None:
    assert ServerMetrics(None, 1).of("g") == {}
