"""Which files a verdict on a deployment depends on: to tell what a change touches, and whether anything has changed.

They are the deployment's own (config.json, subconfigs, graph files), all that lies in the folders of its graphs and
models (models, handlers, tokenizers), what the graphs and configurations name elsewhere, and the samples.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from graphval.deployment.files import exists
from graphval.deployment.model import Deployment

_COMMENT = r"#[^\n]*"
_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_GRAPH_STRINGS = rf"{_COMMENT}|((?:{_STRING}\s*)+)"
_JSON_STRING = r'"((?:[^"\\\n]|\\.)*)"'
_LONGEST, _LONGEST_NAME = 4096, 256
"""What Linux takes for a path and for a name in it."""


def own_files(deployment: Deployment) -> Iterator[Path]:
    """The files that the deployment is made of."""
    yield deployment.path
    for document in deployment.documents:
        yield Path(document.source.file)
    for graph in deployment.graphs:
        yield graph.file
        if graph.subconfig is not None:
            yield graph.subconfig


def own_folders(deployment: Deployment) -> Iterator[Path]:
    """The folders of which everything may be read: the deployment's, its graphs' and its models'."""
    if deployment.path.is_dir():
        yield deployment.path
    alone = deployment.path.suffix == ".pbtxt"
    for graph in deployment.graphs:
        # Beside a bare graph file lie others that have nothing to do with it.
        if not (alone and graph.file.name != "graph.pbtxt"):
            yield graph.base_path
    for model in deployment.models:
        yield model.base_path


def named_paths(deployment: Deployment) -> Iterator[Path]:
    """Where strings of graphs and configurations may lead outside of the folders above, whatever they are meant for: a
    model's folder, a handler, a library. It need not be there."""
    bare = deployment.path.suffix == ".pbtxt"
    for graph in deployment.graphs:
        if graph.source is not None:
            for text in _strings_of_graph(graph.source.text):
                if text.startswith("/") or ".." in text or (bare and exists(graph.base_path / text)):
                    yield graph.base_path / text
    for document in deployment.documents:
        folder = Path(os.path.abspath(document.source.file)).parent
        for match in re.finditer(_JSON_STRING, document.source.text):
            text = _unescaped(match[1])
            if _may_be_path(text) and ("/" in text or exists(folder / text)):
                yield folder / text


def sample_files(
    deployment: Deployment, samples: Iterable[Path], named: Mapping[str, tuple[Path, ...]]
) -> Iterator[Path]:
    """Where samples of the graphs may lie, there or not: in these folders, and the files that were named for them."""
    for graph in deployment.graphs:
        for file in named.get(graph.name, ()):
            yield file
            yield file.with_name(f"{file.name}.expected.json")
    name = Path(deployment.name).name
    for folder in samples:
        for graph in deployment.graphs:
            yield folder / name / graph.name
            yield folder / graph.name


def _strings_of_graph(text: str) -> Iterator[str]:
    """The strings of a pbtxt text; those that follow each other are one, as protobuf joins them."""
    for match in re.finditer(_GRAPH_STRINGS, text):
        if match[1]:
            joined = _unescaped("".join(part[1:-1] for part in re.findall(_STRING, match[1])))
            if _may_be_path(joined):
                yield joined


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _may_be_path(text: str) -> bool:
    names = text.encode("utf-8", "surrogatepass").split(b"/")
    return bool(text) and "\0" not in text and len(text) < _LONGEST and len(max(names, key=len)) < _LONGEST_NAME
