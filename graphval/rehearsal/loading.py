"""The first load procedure: everything a deployment names, models before graphs.

Source: OVMS ``src/modelmanager.cpp`` (2026.4).
"""

from __future__ import annotations

from pathlib import Path

from graphval import deployment
from graphval.catalog import Catalog
from graphval.deployment import Deployment, Kind, ModelEntry
from graphval.deployment.versions import FAR_AWAY, is_cloud, model_directory
from graphval.rehearsal.arguments import Arguments
from graphval.rehearsal.config_schema import first_violation
from graphval.rehearsal.graph_load import load_graph
from graphval.rehearsal.journal import journal
from graphval.rehearsal.metrics import DEFAULT, FAMILIES
from graphval.rehearsal.model import load_model
from graphval.rehearsal.servables import Servables
from graphval.rehearsal.status import Escaped, Refused

_MM = "modelmanager"
_GRAPH_MODE_FLAGS = (
    "batch_size",
    "shape",
    "layout",
    "mean",
    "scale",
    "color_format",
    "precision",
    "nireq",
    "model_version_policy",
    "target_device",
)


class StartRefused(Exception):
    """The server does not start; what is to be said has been logged. Exit code 1, or ``code``."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def read_deployment(arguments: Arguments) -> Deployment:
    """What the command line names. Raises :class:`StartRefused`."""
    if arguments.config_path:
        return _read_config(Path(arguments.config_path), arguments)
    path = Path(arguments.model_path)
    if path.is_dir() and any((path / place).is_file() for place in ("graph.pbtxt", "1/graph.pbtxt")):
        _refuse_model_flags(arguments)
        found = deployment.load(path)
        return found._replace(graphs=tuple(g._replace(name=arguments.model_name) for g in found.graphs))
    place = FAR_AWAY if is_cloud(arguments.model_path) else model_directory(path, None)
    model = ModelEntry(
        arguments.model_name,
        path,
        place.versions,
        place.served,
        _model_flags(arguments),
        target_device=arguments.given.get("target_device", ""),
        problem=place.problem,
    )
    return Deployment(Kind.DIRECTORY, str(path), arguments.model_name, (), (model,))


def load_all(found: Deployment, arguments: Arguments, catalog: Catalog, servables: Servables) -> None:
    """Load models, then graphs in list order. Raises :class:`StartRefused` where OVMS would not start."""
    alone = bool(arguments.model_path)
    _load_models(found, servables)
    if alone and not found.graphs and not all(m.versions for m in servables.models.all()):
        raise StartRefused("Error while loading a model")
    names: set[str] = set()
    for entry in found.graphs:
        if entry.name in names:
            journal.warning(
                f"Duplicated mediapipe names: {entry.name} defined in config file. Only first graph will be loaded.",
                _MM,
            )
            continue
        names.add(entry.name)
        try:
            load_graph(entry, catalog, servables)
        except Refused as refusal:
            if alone:
                raise StartRefused(refusal.status.text) from refusal
        except Escaped as escaped:
            journal.error(f"Failed to process mediapipe graph config:{escaped}", _MM)
            break


def _read_config(path: Path, arguments: Arguments) -> Deployment:
    journal.debug(f"Loading configuration from {path} for: 1 time")
    try:
        found = deployment.load(path)
    except deployment.InputError as error:
        journal.error(f"Configuration file is invalid {path}", _MM)
        raise StartRefused("Configuration file not found or cannot open") from error
    if found.kind is not Kind.CONFIG or not found.documents:
        journal.error(f"Configuration file is not a valid JSON file. Error: Invalid value. ({path})", _MM)
        raise StartRefused("The file is not valid json")
    document = found.documents[0]
    for problem in document.problems:
        journal.error(f"Configuration file is not a valid JSON file. Error: {problem.message}", _MM)
        raise StartRefused("Configuration file not found or cannot open")
    content = document.root.plain() if document.root is not None else None
    violation = first_violation(content)
    if violation is not None:
        journal.error(f"JSON schema parse error:#. Keyword:{violation.keyword} Key: {violation.key}", _MM)
        journal.error("Configuration file is not in valid configuration format", _MM)
        raise StartRefused("The file is not valid json")
    _check_metrics(content, arguments)
    return found


def enabled_metrics(found: Deployment, arguments: Arguments) -> tuple[str, ...]:
    """The families that flags or config.json ask for. Raises :class:`StartRefused` for one that OVMS does not know."""
    if "metrics_enable" in arguments.given:
        listed = [name.strip() for name in arguments.given.get("metrics_list", "").split(",") if name.strip()]
        for name in listed:
            if name not in FAMILIES or listed.count(name) > 1:
                journal.warning(f"Metrics family name not supported: {name}", _MM)
                raise StartRefused("Invalid name in metrics_list")
        return tuple(listed) or DEFAULT
    root = found.documents[0].root if found.documents else None
    content = root.plain() if root is not None else None
    metrics = content.get("monitoring", {}).get("metrics") if isinstance(content, dict) else None
    if not isinstance(metrics, dict) or not metrics.get("enable"):
        return ()
    return tuple(metrics.get("metrics_list") or DEFAULT)


def _check_metrics(content: object, arguments: Arguments) -> None:
    metrics = content.get("monitoring", {}).get("metrics") if isinstance(content, dict) else None
    if metrics is None:
        journal.debug("Configuration file doesn't have monitoring property.", _MM)
        return
    if "metrics_enable" in arguments.given:
        journal.error("Metrics configuration duplicated in configuration file and CLI parameters", _MM)
        raise StartRefused("Configuration file not found or cannot open")
    if metrics["enable"] and not arguments.rest_port:
        journal.error("Missing rest_port parameter in server CLI", _MM)
        raise StartRefused("Missing rest_port parameter in server CLI")
    seen: set[str] = set()
    for name in metrics.get("metrics_list", ()):
        if name not in FAMILIES or name in seen:
            journal.warning(f"Metrics family name not supported: {name}", _MM)
            raise StartRefused("Invalid name in metrics_list")
        seen.add(name)


def _refuse_model_flags(arguments: Arguments) -> None:
    written = [flag for flag in _GRAPH_MODE_FLAGS if flag in arguments.given]
    if written:
        journal.error(
            f"Starting mediapipe graph with unsupported model settings: {' '.join(written)} "
            "The settings should be set in subconfig.json file.",
            _MM,
        )
        raise StartRefused("options validation error", code=64)


def _model_flags(arguments: Arguments) -> dict[str, str]:
    return {flag: arguments.given[flag] for flag in ("batch_size", "shape") if flag in arguments.given}


def _load_models(found: Deployment, servables: Servables) -> None:
    for entry in found.models:
        if servables.models.get(entry.name) is not None:
            journal.warning(
                f"Duplicated model names: {entry.name} defined in config file. Only first definition will be loaded.",
                _MM,
            )
            journal.error("Loading main OVMS config models failed.", _MM)
            continue
        servables.models.add(load_model(entry))
