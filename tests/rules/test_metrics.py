"""The families that `metrics_list` may name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .test_deployment_rules import Site

DEFAULT = (
    "ovms_current_requests", "ovms_requests_success", "ovms_requests_fail", "ovms_request_time_us", "ovms_streams",
    "ovms_inference_time_us", "ovms_wait_for_infer_req_time_us", "ovms_current_graphs", "ovms_requests_accepted",
    "ovms_requests_rejected", "ovms_graph_error", "ovms_graph_processing_time_us", "ovms_responses",
)  # fmt: skip
OPTIONAL = ("ovms_infer_req_queue_size", "ovms_infer_req_active")
"""OVMS `src/metric_config.hpp` (2026.4)."""


def told(folder: Path, monitoring: Any) -> list[str]:
    site = Site(folder)
    site.config["monitoring"] = monitoring
    return [f"{finding.code} {finding.message}; {finding.help}" for finding in site.findings()]


def listed(*families: object) -> dict[str, Any]:
    return {"metrics": {"enable": True, "metrics_list": list(families)}}


@pytest.mark.parametrize("family", [*DEFAULT, *OPTIONAL])
def test_families_that_there_are(family: str, tmp_path: Path) -> None:
    assert told(tmp_path, listed(family)) == []
    assert told(tmp_path, listed(f"{family}_total")) != []


def test_all_of_them_at_once(tmp_path: Path) -> None:
    assert told(tmp_path, listed(*DEFAULT, *OPTIONAL)) == []


@pytest.mark.parametrize(
    ("families", "messages"),
    [
        (("ovms_stream",), ["GV602 OVMS has no metrics family ovms_stream; did you mean ovms_streams?"]),
        (("speed",), ["GV602 OVMS has no metrics family speed; remove it"]),
        (
            ("ovms_graph_request_latency_us",),  # in the documentation, and in no list
            ["GV602 OVMS has no metrics family ovms_graph_request_latency_us; remove it"],
        ),
        (
            ("ovms_streams", "ovms_responses", "ovms_streams"),
            ["GV602 ovms_streams is listed twice; remove one of them"],
        ),
        (
            ("speed", "speed"),
            ["GV602 OVMS has no metrics family speed; remove it", "GV602 speed is listed twice; remove one of them"],
        ),
    ],
)
def test_families_that_there_are_not(families: tuple[str, ...], messages: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, listed(*families)) == messages


@pytest.mark.parametrize(
    "monitoring",
    [listed(1, 1), {"metrics": {"enable": True, "metrics_list": {"ovms_speed": 1}}}, {"metrics": []}, []],
)
def test_what_is_no_list_of_names_is_told_once(monitoring: Any, tmp_path: Path) -> None:
    assert {line.partition(" ")[0] for line in told(tmp_path, monitoring)} == {"GV601"}
