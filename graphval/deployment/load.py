"""From a path to a deployment, by OVMS's rules.

Source: OVMS `src/modelmanager.cpp`, `src/mediapipe_internal/mediapipegraphconfig.cpp`, `src/schema.cpp` (2026.4).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from graphval.deployment.files import display, is_directory, is_file, read_text
from graphval.deployment.json_tree import JsonDocument, JsonNode
from graphval.deployment.model import Deployment, GraphEntry, InputError, Kind, Listed, ModelEntry
from graphval.deployment.versions import FAR_AWAY, is_cloud, model_directory
from graphval.textproto import Place, Problem, Source

GRAPH_FILE = "graph.pbtxt"
_FIRST_VERSION = f"1/{GRAPH_FILE}"
CONFIG_FILE = "config.json"
_NO_GRAPHS = {
    ".py",
    ".xml",
    ".bin",
    ".onnx",
    ".yaml",
    ".yml",
    ".toml",
    ".md",
    ".proto",
    ".jinja",
    ".safetensors",
    ".gguf",
}
"""Endings of files that lie beside graphs and are none."""
SUBCONFIGS = ("subconfig.json", "config.json")
MAX_SETTINGS = 10_000
"""Values of a config.json or subconfig: those of thousands of models, which are still looked at in two seconds."""


def load(path: str | Path) -> Deployment:
    """The deployment that a pbtxt file, a graph directory or a config.json is.

    Raises :class:`InputError` where there is nothing to judge; everything else that is wrong is kept as data.
    """
    path = Path(path)
    if is_directory(path):
        graph = single_graph(path)
        if graph is None and is_file(path / CONFIG_FILE):
            return server_config(path / CONFIG_FILE)
        if graph is None:
            raise InputError(f"{path} holds no {GRAPH_FILE}: name a graph file, a graph directory or a config.json")
        return graph_directory(str(path), graph)
    if not os.path.lexists(path):
        raise InputError(f"{path} does not exist")
    if path.suffix == ".json":
        return server_config(path)
    if path.suffix.lower() in _NO_GRAPHS and is_file(path):
        raise InputError(f"{path} is no graph: name a graph file (.pbtxt), a graph directory or a {CONFIG_FILE}")
    return graph_file(path)


def graph_file(path: Path) -> Deployment:
    """A graph file that no folder and no config.json serves."""
    source, problems, unreadable = read_text(path)
    if source is None:
        raise InputError(unreadable)
    if problems and path.suffix != ".pbtxt":
        raise InputError(f"{path} is a binary file, neither a graph (.pbtxt) nor a config.json")
    name = path.parent.name if path.name == GRAPH_FILE else path.stem
    folder = Path(absolute(str(path))).parent
    entry = GraphEntry(
        name or folder.name or "graph",
        str(path),
        source.file,
        str(folder),
        Listed.ALONE,
        source,
        problems=tuple(problems),
    )
    return Deployment(Kind.FILE, str(path), _name(path), (entry,))


def absolute(path: str) -> str:
    """The path from the root on; symlinks stay."""
    return path if path.startswith("/") and ".." not in path else os.path.abspath(path)


def inside(folder: str, name: str) -> str:
    """The path of what lies in a folder, as pathlib would write it."""
    if folder == ".":
        return name
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def _name(path: Path) -> str:
    """How a deployment is shown: its folder where the file has a standard name, else the file."""
    if path.name in (GRAPH_FILE, CONFIG_FILE) and str(path.parent) not in ("", "."):
        return display(path.parent)
    return display(path)


def single_graph(folder: str | Path, entries: Mapping[str, os.DirEntry[str]] | None = None) -> str | None:
    """The graph of single-graph mode in a folder: ``graph.pbtxt`` or ``1/graph.pbtxt``. ``entries``: what lies in the
    folder, where that is known."""
    if entries is None:
        return next((name for name in (GRAPH_FILE, _FIRST_VERSION) if is_file(f"{folder}/{name}")), None)
    if GRAPH_FILE in entries and is_file_entry(entries[GRAPH_FILE]):
        return GRAPH_FILE
    return _FIRST_VERSION if "1" in entries and is_file(f"{folder}/{_FIRST_VERSION}") else None


def is_file_entry(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder leads to a regular file; one that cannot be looked at does not."""
    try:
        return entry.is_file()
    except OSError:
        return False


def graph_directory(folder: str, graph: str, names: Collection[str] | None = None) -> Deployment:
    """A folder of single-graph mode. ``graph`` names its graph there, a regular file; ``names`` are those of all that
    lies in the folder, where they are known."""
    base, beside = (folder, names) if graph == GRAPH_FILE else (inside(folder, "1"), None)
    name = absolute(folder).rpartition("/")[2] or "graph"
    entry = _graph_entry(name, inside(folder, graph), Listed.ALONE, absolute(base), beside=beside, regular=True)
    if entry.source is None:
        raise InputError(entry.unreadable)
    documents: list[JsonDocument] = []
    models = _subconfig_models(entry, documents)
    return Deployment(Kind.DIRECTORY, folder, display(folder), (entry,), tuple(models), documents=tuple(documents))


def _graph_entry(
    name: str,
    file: str,
    listed: Listed,
    base: str,
    *,
    subconfig: str | None = None,
    place: Place | None = None,
    name_place: Place | None = None,
    beside: Collection[str] | None = None,
    regular: bool = False,
) -> GraphEntry:
    source, problems, unreadable = read_text(file, regular=regular)
    return GraphEntry(
        name,
        file,
        source.file if source is not None else display(file),
        base,
        listed,
        source,
        unreadable,
        tuple(problems),
        place,
        name_place,
        _subconfig_file(base, subconfig, beside),
    )


def _subconfig_file(base: str, written: str | None, beside: Collection[str] | None) -> Path | None:
    """The subconfig of a graph: the one written, where an empty text is the folder itself, else the first standard name
    that exists. ``beside``: the names in its folder, where they are known."""
    if written is not None:
        return Path(base, written)
    names = SUBCONFIGS if beside is None else (name for name in SUBCONFIGS if name in beside)
    return next((Path(base, name) for name in names if is_file(f"{base}/{name}")), None)


def server_config(path: Path) -> Deployment:
    """The deployment that a config.json describes."""
    source, problems, unreadable = read_text(path)
    if source is None:
        raise InputError(unreadable)
    document = _settings_of(source, problems)
    documents = [document]
    folder = Path(absolute(str(path))).parent
    graphs: list[GraphEntry] = []
    models: list[ModelEntry] = []
    root = document.root if not document.problems else None
    if root is not None and root.kind == "object":
        listed = _entries(root, "mediapipe_config_list")
        graphs += [_listed_graph(entry, folder, Listed.MEDIAPIPE_LIST) for entry in listed]
        for wrapper in _entries(root, "model_config_list"):
            config = wrapper.get("config")
            if config is None or config.kind != "object":
                continue
            as_graph = graph_in_model_list(config, folder)
            if as_graph is not None:
                graphs.append(as_graph)
            else:
                models.append(_model(config, folder, None))
        for graph in tuple(graphs):
            models += _subconfig_models(graph, documents)
    return Deployment(Kind.CONFIG, str(path), _name(path), tuple(graphs), tuple(models), path, tuple(documents))


def _entries(root: JsonNode, key: str) -> Iterator[JsonNode]:
    found = root.get(key)
    if found is not None and found.kind == "array":
        yield from (item for item in found.items if item.kind == "object")


def _place(node: JsonNode, key: str) -> Place | None:
    found = node.get(key)
    return found.place if found is not None else None


def _base_path(entry: JsonNode, folder: Path, name: str) -> Path:
    """The graph's base path: relative to the config's folder, by default the folder of the graph's name there."""
    written = entry.text("base_path")
    return folder / written if written else folder / name


def _listed_graph(entry: JsonNode, folder: Path, listed: Listed) -> GraphEntry:
    name = entry.text("name") or ""
    base = _base_path(entry, folder, name)
    written = entry.text("graph_path")
    file = base / (GRAPH_FILE if written is None else written)  # an empty one is the folder itself
    if listed is Listed.MODEL_LIST and not is_file(file) and is_file(base / "1" / GRAPH_FILE):
        base = base / "1"
        file = base / GRAPH_FILE
    return _graph_entry(
        name,
        str(file),
        listed,
        absolute(str(base)),
        subconfig=entry.text("subconfig"),
        place=entry.place,
        name_place=_place(entry, "name"),
    )


def graph_in_model_list(config: JsonNode, folder: Path) -> GraphEntry | None:
    """The graph an entry of ``model_config_list`` is: its graph file can be opened, else it is a classic model."""
    name = config.text("name") or ""
    base = _base_path(config, folder, name)
    written = config.text("graph_path")
    if is_file(base / (GRAPH_FILE if written is None else written)) or is_file(base / "1" / GRAPH_FILE):
        return _listed_graph(config, folder, Listed.MODEL_LIST)
    return None


def _model(config: JsonNode, folder: Path, subconfig_of: str | None) -> ModelEntry:
    written = config.text("base_path") or ""
    base = folder / written
    own_loader = config.get("custom_loader_options") is not None
    policy = config.get("model_version_policy")
    directory = FAR_AWAY if is_cloud(written) else model_directory(base, policy, own_loader=own_loader)
    return ModelEntry(
        config.text("name") or "",
        base,
        directory.versions,
        directory.served,
        config.plain(),
        config.place,
        _place(config, "base_path"),
        _place(config, "name"),
        config.text("target_device") or "",
        subconfig_of,
        directory.problem,
        config,
        directory.broken,
    )


def _settings_of(source: Source, problems: Sequence[Problem]) -> JsonDocument:
    """What a config.json or subconfig says; nothing where it is no text."""
    from graphval.deployment.json_text import read_json  # most graphs lie in a folder without either

    return JsonDocument(source, None, tuple(problems)) if problems else read_json(source, MAX_SETTINGS)


def _subconfig_models(graph: GraphEntry, documents: list[JsonDocument]) -> list[ModelEntry]:
    """The models of a graph's subconfig. Graphs in it are ignored, as OVMS does."""
    file = graph.subconfig
    if file is None:
        return []
    if any(known.source.file == display(file) for known in documents):
        return []  # of a graph that has no folder of its own, the config.json itself
    source, problems, _ = read_text(file)
    if source is None:
        return []
    document = _settings_of(source, problems)
    documents.append(document)
    if document.problems or document.root is None or document.root.kind != "object":
        return []
    folder = file.parent
    return [
        _model(config, folder, graph.name)
        for wrapper in _entries(document.root, "model_config_list")
        if (config := wrapper.get("config")) is not None
        and config.kind == "object"
        and graph_in_model_list(config, folder) is None
    ]


__all__ = [
    "CONFIG_FILE",
    "GRAPH_FILE",
    "MAX_SETTINGS",
    "absolute",
    "graph_directory",
    "graph_file",
    "graph_in_model_list",
    "inside",
    "is_file_entry",
    "load",
    "server_config",
    "single_graph",
]
