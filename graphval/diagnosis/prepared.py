"""What OVMS says of the nodes that it prepares at load, and where in the pbtxt that is.

Of several nodes of one kind most messages do not say which one is meant: the first that has what is spoken of counts.

Facts: OVMS `src/mediapipe_internal/node_initializer.cpp`, `src/llm`, `src/image_gen`, `src/audio` and `src/python`
(2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from graphval.diagnosis.places import Blame, fields, of_node
from graphval.graph import Graph, Node
from graphval.textproto import BoundField

Finder = Callable[[Graph, "re.Match[str]", str], "Blame | None"]

_KINDS = {
    "python": "PythonExecutorCalculator",
    "llm": "LLMCalculator",
    "embeddings": "EmbeddingsCalculatorOV",
    "rerank": "RerankCalculatorOV",
    "image gen": "ImageGenCalculator",
    "speechtotext": "S2tCalculator",
    "texttospeech": "T2sCalculator",
}
_ANY_KIND = r"(?P<kind>Python|LLM|llm|Embeddings|Rerank|Image Gen|SpeechToText|TextToSpeech|python|embeddings|rerank)"
_UNPACKED = ("image gen", "speechtotext", "texttospeech")
"""The kinds whose initialisers say so where the options are not theirs."""

_OF_IMAGES = (
    ("NPU is used", "device"),
    ("Device is in wrong format", "device"),
    ("exceeds maximum allowed resolution", "default_resolution"),
    ("static resolution", "resolution"),
    ("Plugin config", "plugin_config"),
    ("base path", "models_path"),
)
"""What the status of an image generation node says, and the option it speaks of."""


def _options(node: Node) -> Iterator[BoundField]:
    return (field for options in node.node_options for field in fields(options))


def _of_kinds(graph: Graph, *kinds: str) -> list[Node]:
    endings = tuple(_KINDS[kind] for kind in kinds)
    return [node for node in graph.nodes if node.calculator.endswith(endings)]


def _option_named(nodes: list[Node], name: str) -> Blame | None:
    return next((Blame(field.whole, node) for node in nodes for field in _options(node) if field.name == name), None)


def _option_in(nodes: list[Node], text: str) -> Blame | None:
    """The option that holds a path which the message repeats, be it the beginning of a longer one or its relative
    part; of several the one that says most."""
    best: Blame | None = None
    longest = 0
    for node in nodes:
        for field in _options(node):
            path = field.string.removeprefix("./").rstrip("/") if "/" in field.string else ""
            if len(path) > longest and re.search(rf"(?<![\w.-]){re.escape(path)}(?!\.?[\w-])", text):
                best, longest = Blame(field.place, node), len(path)
    return best


def _option_text(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """A value of an option: the field whose text the message repeats, whole or as the end of a path."""
    wanted = found["value"].strip().rstrip(".")
    for node in graph.nodes:
        for field in _options(node):
            relative = field.string.removeprefix("./")
            if field.string and (field.string == wanted or (relative and wanted.endswith(relative))):
                return Blame(field.place, node)
    return None


def _kind_of_node(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    nodes = _of_kinds(graph, found["kind"].lower())
    if "name" in (found.groupdict().get("what") or ""):
        nodes = [n for n in nodes if not n.name] or nodes
    if "options" in (found.groupdict().get("what") or ""):
        nodes = [n for n in nodes if not n.node_options] or nodes
    return of_node(nodes[0]) if nodes else None


def _kind_and_name(graph: Graph, found: re.Match[str], text: str) -> Blame | None:
    nodes = [n for n in graph.nodes if n.name == found["node"]]
    return _option_in(nodes, text) or of_node(nodes[-1]) if nodes else None


def draft(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    """Options of a draft model, which only LLM nodes have."""
    for node in graph.nodes:
        for field in _options(node):
            if field.name.startswith("draft_"):
                return Blame(field.whole, node)
    return None


def _images(graph: Graph, _: re.Match[str], text: str) -> Blame | None:
    nodes = _of_kinds(graph, "image gen")
    name = next((name for words, name in _OF_IMAGES if words in text), "")
    return _option_named(nodes, name) or _option_in(nodes, text) or of_node(next(iter(nodes), None))


def _alias(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    return _option_named(_of_kinds(graph, "image gen"), "alias")


def _other_options(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    nodes = _of_kinds(graph, *_UNPACKED)
    return of_node(nodes[0]) if len(nodes) == 1 else None


def _language_model(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    nodes = _of_kinds(graph, "llm")
    return _option_named(nodes, found.groupdict().get("field") or "pipeline_type") or of_node(next(iter(nodes), None))


def _escaped(graph: Graph, _: re.Match[str], text: str) -> Blame | None:
    """An exception that left an initialiser says only what it was about itself."""
    nodes = _of_kinds(graph, *_KINDS)
    told = _option_in(nodes, text)
    if told is None and "No output with 3 dimensions" in text:
        nodes = _of_kinds(graph, "embeddings")
    return told or (of_node(nodes[0]) if len(nodes) == 1 else None)


PATTERNS: tuple[tuple[str, Finder], ...] = (
    (rf"{_ANY_KIND} node (?:name: (?P<node>.+?) (?:already used|invalid speed|initialization))", _kind_and_name),
    (r"handler_path: (?P<value>.+?)(?: does not exist| - |$)", _option_text),
    (r"models_path: (?P<value>.+?)(?: does not exist| exception| is empty| is not a directory|$)", _option_text),
    (r"Models path does not exist: (?P<value>.+)$", _option_text),
    (rf"{_ANY_KIND} node (?:is )?(?P<what>missing options|name is missing)", _kind_of_node),
    (r"plugin_config option parsing to JSON: (?P<value>.*)$", _option_text),
    (r"(?:class found in|class defined in) (?P<value>\S+)", _option_text),
    (r'Unsupported (?P<field>tool_parser|reasoning_parser) "', _language_model),
    (r"Models directory content indicates", _language_model),
    (r"Failed to (?:prepare Image Gen pipeline args|create Image Generation pipelines)", _images),
    (r"LoRA alias in graph", _alias),
    (r"Failed to unpack calculator options", _other_options),
    (r"Failed to process mediapipe graph config:", _escaped),
    (rf"(?:Error during |Failed to process |^){_ANY_KIND} node", _kind_of_node),
)
"""Patterns of messages, the most telling first, and what finds the place."""
