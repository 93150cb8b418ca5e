"""What a server must be given to serve a deployment, perhaps without some of its graphs.

The words are OVMS's own command line. A configuration that is changed on the way is written to a folder of the
caller's; its paths are then absolute, since OVMS resolves relative ones against the configuration's own folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphval.deployment.model import Deployment, GraphEntry, Kind


@dataclass(frozen=True, slots=True)
class ServerArguments:
    """Command line words that choose what is served (ports and logging are the engine's), and the configuration file
    they name, if any."""

    words: tuple[str, ...]
    config_file: Path | None = None


def stage(deployment: Deployment, without: frozenset[str], folder: Path) -> ServerArguments:
    """Arguments that serve ``deployment`` but not the graphs named in ``without``.

    ``folder`` must exist; the configuration is written there where one has to be made.
    """
    match deployment.kind:
        case Kind.DIRECTORY if not without:
            entry = deployment.graphs[0]
            return ServerArguments(("--model_path", str(deployment.path.absolute()), "--model_name", entry.name))
        case Kind.CONFIG:
            config = _staged_config(deployment, without)
            if config is None:
                # OVMS would not start with it: let the server say so itself.
                path = deployment.path.absolute()
                return ServerArguments(("--config_path", str(path)), path)
        case _:
            kept = [_entry(entry) for entry in deployment.graphs if entry.name not in without]
            config = {"model_config_list": [], "mediapipe_config_list": kept}
    file = folder / "config.json"
    # Names and paths may hold bytes that are no UTF-8, which an escape cannot stand for.
    file.write_text(json.dumps(config, indent=1, ensure_ascii=False), encoding="utf-8", errors="surrogateescape")
    return ServerArguments(("--config_path", str(file)), file)


def _entry(entry: GraphEntry) -> dict[str, str]:
    return {"name": entry.name, "base_path": str(entry.base_path), "graph_path": str(entry.file.absolute())}


def _staged_config(deployment: Deployment, without: frozenset[str]) -> dict[str, Any] | None:
    """The configuration with absolute paths and without the excluded graphs; ``None`` where it is no configuration."""
    document = deployment.config_document
    if document is None or document.problems or document.root is None or document.root.kind != "object":
        return None
    config: dict[str, Any] = document.root.plain()
    folder = deployment.path.absolute().parent
    graphs = {entry.place.start: entry for entry in deployment.graphs if entry.place is not None}
    listed = document.root.get("mediapipe_config_list")
    if listed is not None and listed.kind == "array":
        config["mediapipe_config_list"] = [
            _with_base(item.plain(), folder, own_folder=True)
            for item in listed.items
            if not (item.start in graphs and graphs[item.start].name in without)
        ]
    models = document.root.get("model_config_list")
    if models is not None and models.kind == "array":
        config["model_config_list"] = []
        for wrapper in models.items:
            inner = wrapper.get("config") if wrapper.kind == "object" else None
            if inner is None or inner.kind != "object":
                config["model_config_list"].append(wrapper.plain())
                continue
            entry = graphs.get(inner.start)
            if entry is None or entry.name not in without:
                changed = _with_base(inner.plain(), folder, own_folder=entry is not None)
                config["model_config_list"].append({**wrapper.plain(), "config": changed})
        # Other graphs may use the models that an excluded graph's subconfig declares.
        config["model_config_list"] += [
            {"config": {**model.config, "base_path": str(model.base_path.absolute())}}
            for model in deployment.models
            if model.subconfig_of in without
        ]
    return config


def _with_base(entry: Any, folder: Path, *, own_folder: bool) -> Any:
    """An entry with its base path made absolute. ``..`` stays in it: OVMS refuses it, and that must be seen."""
    if not isinstance(entry, dict):
        return entry
    written = entry.get("base_path")
    if isinstance(written, str) and "://" in written:
        return entry
    if isinstance(written, str) and written:
        return {**entry, "base_path": str(folder / written)}
    if own_folder:
        name = entry.get("name")
        return {**entry, "base_path": str(folder / name)} if isinstance(name, str) else entry
    # A graph_path that does not resolve below the entry's own folder must not begin to resolve below another.
    return entry if "graph_path" in entry else {**entry, "base_path": str(folder)}
