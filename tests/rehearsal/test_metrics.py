"""What ``/metrics`` shows, under OVMS's names and with its labels."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import PASS_THROUGH

X = np.zeros((1, 10), np.float32)


def scraped(text: str) -> dict[str, float]:
    """Numbers by family and labels."""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def test_requests_to_graphs_and_models_are_counted(serve: Serve, increment_model: Path) -> None:
    server = serve({"g": PASS_THROUGH}, {"inc": increment_model}, flags=["--metrics_enable"])
    server.infer("g", {"in": X})
    server.infer("inc", {"a": X})
    server.refusal("g", {"other": X})
    server.refusal("inc", {"other": X})
    code, body, headers = server.post("/metrics", None, {})
    assert (code, headers["Content-Type"]) == (200, "text/plain")
    numbers = scraped(body.decode())
    graph = 'api="KServe",interface="gRPC",method="ModelInfer",name="g"'
    model = 'api="KServe",interface="gRPC",method="ModelInfer",name="inc",version="1"'
    assert numbers[f"ovms_requests_accepted{{{graph}}}"] == 1
    assert numbers[f"ovms_requests_rejected{{{graph}}}"] == 1
    assert numbers[f"ovms_responses{{{graph}}}"] == 1
    assert numbers[f"ovms_requests_success{{{model}}}"] == 1
    assert numbers[f"ovms_requests_fail{{{model}}}"] == 1
    assert numbers['ovms_current_graphs{name="g"}'] == 0
    assert numbers['ovms_graph_processing_time_us_count{method="ModelInfer",name="g"}'] == 2
    counts = [int(n) for n in re.findall(r'ovms_request_time_us_bucket\{.*name="inc".*\} (\d+)', body.decode())]
    assert counts == sorted(counts)
    assert counts[-1] == 1


def test_only_the_listed_families_are_kept(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH}, flags=["--metrics_enable", "--metrics_list", "ovms_requests_accepted"])
    server.infer("g", {"in": X})
    families = set(re.findall(r"# TYPE (\S+)", server.post("/metrics", None, {})[1].decode()))
    assert families == {"ovms_requests_accepted"}


def test_without_the_flag_there_are_none(serve: Serve) -> None:
    assert serve({"g": PASS_THROUGH}).rest("/metrics")[0] == 400


@pytest.mark.parametrize("names", ["ovms_graph_request_latency_us", "ovms_streams,ovms_streams"])
def test_an_unknown_or_repeated_family_stops_the_start(serve: Serve, names: str) -> None:
    server = serve({"g": PASS_THROUGH}, flags=["--metrics_enable", "--metrics_list", names])
    assert server.exit_code() == 1
    assert "Metrics family name not supported" in server.stdout
