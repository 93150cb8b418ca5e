"""The JSON text in a node's ``plugin_config``, with places in the graph file.

Source: OVMS `src/json_parser.cpp` (2026.4): an object whose values are strings, numbers or booleans, except that
``DEVICE_PROPERTIES`` holds one object of them for each device.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphval.deployment.json_text import read_json
from graphval.deployment.json_tree import JsonDocument, JsonMember, JsonNode
from graphval.graph import Node
from graphval.kept_property import kept_property
from graphval.rules.context import GraphContext, once
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.textproto import BoundField, Place, Source
from graphval.textproto.string_places import StringPlaces

PER_DEVICE = "DEVICE_PROPERTIES"
MAX_CHARACTERS = 100_000
"""Of all ``plugin_config`` of a graph together, so many are looked at; devices have some hundred properties."""
_READ = ("characters of plugin_config read so far", -1)
SCALARS = ("string", "number", "boolean")


_ALL_VALUES = 2 * MAX_CHARACTERS
"""More than fit: the smallest value that counts as three has two characters."""


class Setting(NamedTuple):
    """One key and its value; ``device`` is the one it is written for, empty where it is for the node's own."""

    device: str
    member: JsonMember

    @property
    def key(self) -> str:
        return self.member.key

    @property
    def value(self) -> JsonNode:
        return self.member.value


class PluginConfig:
    """The ``plugin_config`` of a node, parsed. ``beyond``: it is more than is looked at, so that nobody here can say what
    OVMS makes of it."""

    def __init__(self, kind: str, field: BoundField, *, beyond: bool) -> None:
        self.kind = kind
        self.field = field
        self.beyond = beyond
        self.document: JsonDocument = read_json(Source("plugin_config", "" if beyond else field.string), _ALL_VALUES)
        self._places: StringPlaces | None = None

    def place(self, start: int, end: int) -> Place:
        """Where in the graph file a stretch of the JSON text is written."""
        if self._places is None:
            self._places = StringPlaces(self.field)
        return self._places.place(start, end)

    def place_of(self, node: JsonNode) -> Place:
        return self.place(node.start, node.end)

    def key_place(self, member: JsonMember) -> Place:
        return self.place(member.key_start, member.key_end)

    @kept_property
    def readable(self) -> bool:
        """Whether OVMS can read it."""
        root = self.document.root
        if self.document.problems or root is None or root.kind != "object":
            return False
        return all(
            member.value.kind in SCALARS or (member.key == PER_DEVICE and member.value.kind == "object")
            for member in root.members
        )

    @kept_property
    def settings(self) -> tuple[Setting, ...]:
        """Every setting that OVMS takes from a readable text, in text order."""
        return tuple(self._settings())

    def _settings(self) -> Iterator[Setting]:
        root = self.document.root
        for member in root.members if root is not None and self.readable else ():
            if member.key != PER_DEVICE:
                yield Setting("", member)
                continue
            for device in member.value.members:
                for inner in device.value.members:
                    if inner.value.kind in SCALARS:
                        yield Setting(device.key, inner)


@once
def plugin_config_of(node: Node, context: GraphContext) -> PluginConfig | None:
    """The ``plugin_config`` of a node that OVMS prepares; ``None`` for other nodes, and where it is empty."""
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None else None
    field = options.first("plugin_config") if options is not None else None
    if initializer is None or field is None or not field.string:
        return None
    characters = context.kept[_READ] = context.kept.get(_READ, 0) + len(field.string)
    return PluginConfig(initializer.kind, field, beyond=characters > MAX_CHARACTERS)
