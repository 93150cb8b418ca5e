"""Loading a generative node: the checks OVMS makes before and around the construction of its pipeline.

Source: OVMS ``src/llm/``, ``src/embeddings/``, ``src/rerank/``, ``src/image_gen/``, ``src/audio/`` (2026.4), lifecycle
facts 3.2 to 3.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphval.graph import Node

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition


def load_node(definition: GraphDefinition, node: Node, kind: str) -> None:
    """Check and build what the node needs. Raises :class:`Refused`."""
