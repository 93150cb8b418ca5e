"""The deployment read anew while the server runs: what is looked at, what stays, what goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import PASS_THROUGH
from tests.rehearsal.server import Rehearsal

X = np.zeros((1,), np.float32)
RELOAD = "/v1/config/reload"


def configure(server: Rehearsal, **changed: Any) -> Path:
    file = server.out.parent / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}, indent=1))
    return file


def state_of(server: Rehearsal, name: str) -> str:
    return str(server.rest("/v1/config")[1][name]["model_version_status"][0]["state"])


def test_a_change_of_the_text_counts_only_with_a_change_of_the_config(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH})
    graph = server.out.parent / "g" / "graph.pbtxt"
    graph.write_text(graph.read_text().replace('"in"', '"other"'))
    assert server.rest(RELOAD, {})[0] == 200
    assert "out" in server.infer("g", {"in": X})
    configure(server)
    assert server.rest(RELOAD, {})[0] == 200
    assert "out" in server.infer("g", {"other": X})
    assert server.refusal("g", {"in": X})[0] == "INVALID_ARGUMENT"


def test_graphs_and_models_come_and_go(serve: Serve, increment_model: Path) -> None:
    server = serve({"g": PASS_THROUGH, "h": PASS_THROUGH})
    models = [{"config": {"name": "inc", "base_path": str(increment_model)}}]
    configure(server, mediapipe_config_list=[{"name": "h"}], model_config_list=models)
    assert server.rest(RELOAD, {})[0] == 200
    assert (state_of(server, "g"), state_of(server, "h"), state_of(server, "inc")) == ("END", "AVAILABLE", "AVAILABLE")
    assert server.refusal("g", {"in": X}) == ("NOT_FOUND", "Mediapipe is retired")
    configure(server, mediapipe_config_list=[{"name": "g"}, {"name": "h"}], model_config_list=[])
    assert server.rest(RELOAD, {})[0] == 200
    assert "out" in server.infer("g", {"in": X})
    assert state_of(server, "inc") == "END"


def test_a_config_that_is_none_changes_nothing(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH})
    good = configure(server).read_text()
    file = server.out.parent / "config.json"
    for text, code in (("{", 500), ('{"model_config_list": [], "unknown": 1}', 412)):
        file.write_text(text)
        assert server.rest(RELOAD, {}) == (
            code,
            {"error": "Reloading config file failed. Check server logs for more info."},
        )
        assert "out" in server.infer("g", {"in": X})
    file.write_text(good)
    assert server.rest(RELOAD, {})[0] == 200


def test_a_graph_that_failed_is_tried_again_once_its_text_is_mended(serve: Serve) -> None:
    server = serve({"g": "node {"})
    assert state_of(server, "g") == "LOADING"
    (server.out.parent / "g" / "graph.pbtxt").write_text(PASS_THROUGH)
    assert server.rest(RELOAD, {})[0] == 200
    assert state_of(server, "g") == "AVAILABLE"
    assert "out" in server.infer("g", {"in": X})
