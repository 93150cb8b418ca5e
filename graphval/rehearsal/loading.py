"""The first load procedure: everything a deployment names, models before graphs.

Source: OVMS ``src/modelmanager.cpp`` (2026.4), lifecycle facts sections 1 and 2.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphval.catalog import Catalog
from graphval.rehearsal.arguments import Arguments
from graphval.rehearsal.graph_load import load_graph
from graphval.rehearsal.journal import journal
from graphval.rehearsal.model import ServedModel, load_model
from graphval.rehearsal.servables import Servables
from graphval.rehearsal.status import Escaped, Refused

if TYPE_CHECKING:
    from graphval.deployment.model import Deployment


class StartRefused(Exception):
    """The server does not start; what is to be said has been logged. Exit code 1."""


def read_deployment(arguments: Arguments) -> Deployment:
    """What the command line names. Raises :class:`StartRefused`."""
    from graphval import deployment

    path = Path(arguments.config_path or arguments.model_path)
    try:
        found = deployment.load(path)
    except deployment.InputError as error:
        journal.error(f"Configuration file is invalid {path}", "modelmanager")
        raise StartRefused(str(error)) from error
    return found


def load_all(found: Deployment, arguments: Arguments, catalog: Catalog, servables: Servables) -> None:
    """Load models, then graphs in list order. Raises :class:`StartRefused` where OVMS would not start."""
    if not found.starts:
        _say_why_not(found)
        raise StartRefused("configuration refused")
    _load_models(found, servables)
    alone = bool(arguments.model_path)
    names: set[str] = set()
    for entry in found.graphs:
        if entry.name in names:
            journal.warning(f"Duplicated mediapipe names: {entry.name} defined in config file. "
                            "Only first graph will be loaded.", "modelmanager")
            continue
        names.add(entry.name)
        try:
            load_graph(entry, catalog, servables)
        except Refused as refusal:
            if alone:
                raise StartRefused(refusal.status.text) from refusal
        except Escaped as escaped:
            journal.error(f"Failed to process mediapipe graph config:{escaped}", "modelmanager")
            break


def _load_models(found: Deployment, servables: Servables) -> None:
    for entry in found.models:
        if servables.models.get(entry.name) is not None:
            journal.warning(f"Duplicated model names: {entry.name} defined in config file. "
                            "Only first definition will be loaded.", "modelmanager")
            continue
        model: ServedModel = load_model(entry)
        servables.models.add(model)


def _say_why_not(found: Deployment) -> None:
    for document in found.documents:
        for problem in document.problems:
            journal.error(f"Configuration file is not a valid JSON file. Error: {problem.message}", "modelmanager")
    journal.error("Configuration file is not in valid configuration format", "modelmanager")
