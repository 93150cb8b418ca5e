"""A container sees the deployment's folder and no other; what lies outside is refused before anything is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.deployment import discover
from graphval.engines.interface import EngineError
from graphval.engines.mounts import mounts_of
from tests.engines.deployments import PASS_THROUGH, put


def configured(folder: Path, *entries: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_config_list": [{"config": entry} for entry in entries], "mediapipe_config_list": []}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder / "config.json"


def test_each_kind(tmp_path: Path) -> None:
    put(tmp_path / "d" / "g", PASS_THROUGH)
    config = configured(tmp_path / "d", {"name": "g"})
    for path, root in ((config, "d"), (tmp_path / "d" / "g", "d/g"), (tmp_path / "d" / "g" / "graph.pbtxt", "d/g")):
        assert mounts_of(discover([path])[0]) == (tmp_path / root,)


def test_a_graph_outside_is_refused_unless_allowed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "g", PASS_THROUGH)
    config = configured(tmp_path / "d", {"name": "g", "base_path": str(tmp_path / "elsewhere" / "g")})
    deployment = discover([config])[0]
    with pytest.raises(EngineError, match=r'graph "g" lies outside the deployment .*elsewhere.*--mount'):
        mounts_of(deployment)
    allowed = tmp_path / "elsewhere"
    assert mounts_of(deployment, [allowed]) == (tmp_path / "d", allowed)


def test_a_model_outside_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "d" / "g", PASS_THROUGH)
    (tmp_path / "models" / "m" / "1").mkdir(parents=True)
    config = configured(tmp_path / "d", {"name": "g"}, {"name": "m", "base_path": str(tmp_path / "models" / "m")})
    with pytest.raises(EngineError, match='model "m" lies outside the deployment'):
        mounts_of(discover([config])[0])


@pytest.mark.parametrize("base_path", ["s3://bucket/m", "/nowhere/at/all"])
def test_what_is_nowhere_here_is_the_servers_to_refuse(tmp_path: Path, base_path: str) -> None:
    put(tmp_path / "d" / "g", PASS_THROUGH)
    config = configured(tmp_path / "d", {"name": "g"}, {"name": "m", "base_path": base_path})
    assert mounts_of(discover([config])[0]) == (tmp_path / "d",)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "secret", PASS_THROUGH)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "g").symlink_to(tmp_path / "secret")
    config = configured(tmp_path / "d", {"name": "g"})
    with pytest.raises(EngineError, match="lies outside the deployment"):
        mounts_of(discover([config])[0])


def test_no_folder_is_mounted_twice(tmp_path: Path) -> None:
    put(tmp_path / "d" / "g", PASS_THROUGH)
    config = configured(tmp_path / "d", {"name": "g"})
    assert mounts_of(discover([config])[0], [tmp_path / "d" / "g", tmp_path / "d"]) == (tmp_path / "d",)
