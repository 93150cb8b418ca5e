"""Loading the handler of a Python node.

Source: OVMS ``src/python/pythonnoderesources.cpp`` (2026.4).
"""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.graph import Node
from graphval.rehearsal import pyovms
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Refused, refuse

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition

OPTIONS = "mediapipe.PythonExecutorCalculatorOptions"
_CLASS = "OvmsPythonModel"


def load_handler(definition: GraphDefinition, node: Node) -> Any:
    """The initialised ``OvmsPythonModel`` of a node. Raises :class:`Refused`."""
    try:
        return _load(definition, node)
    except Refused:
        journal.error(f"Failed to process python node graph {definition.name}", "modelmanager")
        raise


def _load(definition: GraphDefinition, node: Node) -> Any:
    inner = node.node_options[0].expanded
    written = getattr(inner.message, "handler_path", "") if inner is not None and inner.type_name == OPTIONS else ""
    path = Path(written)
    if not path.is_absolute():
        path = definition.base_path / path
    if not path.exists():
        journal.error(f"Python node handler_path: {path} does not exist. ", "modelmanager")
        raise refuse("PYTHON_NODE_FILE_DOES_NOT_EXIST")
    pyovms.install()
    try:
        return _initialise(path, written, node)
    except Refused:
        raise
    except BaseException as error:  # a handler may raise anything at all, and OVMS catches it all
        text = "".join(traceback.format_exception_only(error)).strip()
        place = "".join(traceback.format_tb(error.__traceback__)[2:]).rstrip()
        journal.error(
            f"Error during python node initialization for handler_path: {written} - {text}"
            + (f"\n\nAt:\n{place}" if place else ""),
            "modelmanager",
        )
        raise refuse("PYTHON_NODE_FILE_STATE_INITIALIZATION_FAILED") from error


def _initialise(path: Path, written: str, node: Node) -> Any:
    directory, name = str(path.parent), path.stem if path.is_file() else ""
    sys.path.append(directory)
    # Found by file name in all directories so far: handlers of the same file name share one module, as in OVMS.
    module = importlib.import_module(name)
    handler_class = getattr(module, _CLASS, None)
    if handler_class is None:
        journal.error(f"Error during python node initialization. No {_CLASS} class found in {written}", "modelmanager")
        raise refuse("PYTHON_NODE_FILE_STATE_INITIALIZATION_FAILED")
    if not hasattr(handler_class, "execute"):
        journal.error(
            f"Error during python node initialization. {_CLASS} class defined in {written} does not "
            "implement execute method.",
            "modelmanager",
        )
        raise refuse("PYTHON_NODE_FILE_STATE_INITIALIZATION_FAILED")
    handler = handler_class()
    if hasattr(handler_class, "initialize"):
        handler.initialize(
            {
                "input_names": [c.name for c in node.inputs],
                "output_names": [c.name for c in node.outputs],
                "node_name": node.name,
                "base_path": str(path.parent),
            }
        )
    else:
        journal.debug(f"{_CLASS} class defined in {written} does not implement initialize method.")
    return handler


def finalise(handler: Any) -> None:
    """``finalize`` of a handler, if it has one; what it raises is logged."""
    if not hasattr(type(handler), "finalize"):
        return
    try:
        handler.finalize()
    except BaseException as error:  # noqa: BLE001 - user code may raise anything
        journal.error(f"Python node finalize failed: {error}")
