"""Fixtures: tiny models made with OpenVINO, and servers that are always stopped."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rehearsal.server import Rehearsal

Serve = Callable[..., Rehearsal]


def save_increment(folder: Path, shape: tuple[int, ...] = (1, 10)) -> None:
    """A model ``b = a + 1`` in version 1 of ``folder``."""
    import openvino
    from openvino import opset13 as ops

    source = ops.parameter(shape, np.float32, name="a")
    source.output(0).set_names({"a"})
    result = ops.add(source, ops.constant(np.float32(1)))
    result.output(0).set_names({"b"})
    place = folder / "1"
    place.mkdir(parents=True)
    openvino.save_model(
        openvino.Model([result], [source], "increment"), place / "increment.xml", compress_to_fp16=False
    )


@pytest.fixture(scope="session")
def increment_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "inc"
    save_increment(folder)
    return folder


@contextmanager
def deployments(place: Path) -> Iterator[Serve]:
    """Start a server for graphs (name to pbtxt text, or to a table of files) and models (name to folder)."""
    started: list[Rehearsal] = []

    def start(
        graphs: Mapping[str, str | Mapping[str, str]] | None = None,
        models: Mapping[str, Path] | None = None,
        flags: list[str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Rehearsal:
        folder = place / f"deployment{len(started)}"
        folder.mkdir()
        for name, content in (graphs or {}).items():
            place_of_graph = folder / name
            place_of_graph.mkdir()
            files: Mapping[str, str] = {"graph.pbtxt": content} if isinstance(content, str) else content
            for file, text in files.items():
                (place_of_graph / file).write_text(textwrap.dedent(text))
        config: dict[str, Any] = {
            "model_config_list": [{"config": {"name": n, "base_path": str(p)}} for n, p in (models or {}).items()],
            "mediapipe_config_list": [{"name": name} for name in graphs or {}],
        }
        (folder / "config.json").write_text(json.dumps(config))
        server = Rehearsal(folder, ["--config_path", str(folder / "config.json"), *(flags or [])], environment)
        started.append(server)
        return server

    try:
        yield start
    finally:
        for server in started:
            server.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Servers of one test: for what ends a server, or says in its log what no other graph may say."""
    with deployments(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def serve_together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Servers that the tests of a module share."""
    with deployments(tmp_path_factory.mktemp("together")) as start:
        yield start
