"""Loading a generative node: which kind it is, and what becomes of a failure.

Source: OVMS ``src/mediapipe_internal/node_initializer.*`` (2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphval.graph import Node
from graphval.rehearsal.genai import image, llm, side_packet_servable, speech
from graphval.rehearsal.genai.options import NodeOptions

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition

_SIDE_PACKETS = {
    "LLM": "llm",
    "Embeddings": "embeddings_servable",
    "Rerank": "rerank_servable",
    "Image Gen": "pipes",
    "SpeechToText": "s2t_servable",
    "TextToSpeech": "t2s_servable",
}


def load_node(definition: GraphDefinition, node: Node, kind: str) -> None:
    """Check and build what a node of ``kind`` needs. Raises :class:`Refused` or :class:`Escaped`."""
    options = NodeOptions(node, definition.base_path)
    loaded: Any
    match kind:
        case "LLM":
            loaded = llm.load(definition.name, options)
        case "Embeddings" | "Rerank":
            loaded = side_packet_servable.load(kind, options)
        case "Image Gen":
            loaded = image.load(definition.name, options)
            definition.aliases += loaded.adapters.aliases
        case "SpeechToText":
            loaded = speech.load_recognition(options)
        case _:
            loaded = speech.load_synthesis(definition.name, node.name, options)
    definition.resources.setdefault(_SIDE_PACKETS[kind], {})[node.name] = loaded
