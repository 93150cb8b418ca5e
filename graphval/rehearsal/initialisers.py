"""Node initialisers: what OVMS prepares at load for the nodes of its own tasks.

Source: OVMS ``src/mediapipe_internal/node_initializer.*`` (2026.4). For each node in text order the initialiser whose
name rule matches runs; the first failure ends loading of that graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphval.graph import Graph, Node
from graphval.rehearsal.genai import load as genai
from graphval.rehearsal.journal import journal
from graphval.rehearsal.python import load as python
from graphval.rehearsal.status import refuse

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition


_KINDS = (
    ("LLMCalculator", "LLM"),
    ("EmbeddingsCalculatorOV", "Embeddings"),
    ("RerankCalculatorOV", "Rerank"),
    ("ImageGenCalculator", "Image Gen"),
    ("S2tCalculator", "SpeechToText"),
    ("T2sCalculator", "TextToSpeech"),
)


def initialise_nodes(definition: GraphDefinition, graph: Graph) -> None:
    """Run the initialisers. Raises :class:`Refused`, or :class:`Escaped` where an exception leaves an initialiser."""
    seen: dict[str, set[str]] = {}
    for node in graph.nodes:
        if node.calculator == "PythonExecutorCalculator":
            _check_common(definition, node, "Python", "PYTHON_NODE", seen)
            definition.resources.setdefault("py", {})[node.name] = python.load_handler(definition, node)
            continue
        kind = next((kind for suffix, kind in _KINDS if node.calculator.endswith(suffix)), None)
        if kind is not None:
            _check_common(definition, node, kind, "LLM_NODE", seen)
            genai.load_node(definition, node, kind)


def _check_common(definition: GraphDefinition, node: Node, kind: str, prefix: str, seen: dict[str, set[str]]) -> None:
    names = seen.setdefault(kind, set())
    if not node.node_options:
        journal.error(f"{kind} node missing options in graph: {definition.name}. ", "modelmanager")
        raise refuse(f"{prefix}_MISSING_OPTIONS")
    if not node.name:
        journal.error(f"{kind} node name is missing in graph: {definition.name}. ", "modelmanager")
        raise refuse(f"{prefix}_MISSING_NAME")
    if node.name in names:
        journal.error(f"{kind} node name: {node.name} already used in graph: {definition.name}. ", "modelmanager")
        raise refuse(f"{prefix}_NAME_ALREADY_EXISTS")
    names.add(node.name)
