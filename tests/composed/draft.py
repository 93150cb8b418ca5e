"""A graph that is being made up: its parts as plain data that can be changed, and the text they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

FIELDS = {
    "in": "input_stream",
    "out": "output_stream",
    "side": "input_side_packet",
    "outside": "output_side_packet",
}
"""The lists of a node, by the words that the calculators' checks have for them."""


@dataclass
class Entry:
    """One ``TAG:index:name``. ``written`` replaces the whole text, where it is to be malformed."""

    tag: str
    index: int
    name: str
    written: str | None = None

    @property
    def text(self) -> str:
        if self.written is not None:
            return self.written
        if not self.tag:
            return self.name
        return f"{self.tag}:{self.index}:{self.name}" if self.index else f"{self.tag}:{self.name}"

    @property
    def tag_index(self) -> str:
        """What a ``tag_index`` field writes for it."""
        return f"{self.tag}:{self.index}"


@dataclass
class DraftNode:
    """A node. ``settings`` are options in text format, ``options_type`` their message; ``fields`` whatever else stands
    in it, as written."""

    calculator: str
    lists: dict[str, list[Entry]] = field(default_factory=lambda: {kind: [] for kind in FIELDS})
    options_type: str = ""
    options_form: str = "node_options"
    settings: list[str] = field(default_factory=list)
    back_edges: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [f'calculator: "{self.calculator}"', *self.fields]
        parts += [f'{FIELDS[kind]}: "{entry.text}"' for kind, entries in self.lists.items() for entry in entries]
        parts += [f'input_stream_info {{ tag_index: "{at}" back_edge: true }}' for at in self.back_edges]
        if self.options_type and self.settings:
            name = self.options_type
            name = f"{name}.ext" if self.options_form == "options" else f"type.googleapis.com/{name}"
            parts.append(f"{self.options_form} {{ [{name}] {{ {' '.join(self.settings)} }} }}")
        return f"node {{ {' '.join(parts)} }}"


@dataclass
class Draft:
    """A graph. ``head`` holds whatever stands before its nodes, as written, comments included."""

    inputs: list[Entry] = field(default_factory=list)
    outputs: list[Entry] = field(default_factory=list)
    nodes: list[DraftNode] = field(default_factory=list)
    head: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Each part in a line of its own."""
        lines = [*self.head]
        lines += [f'input_stream: "{entry.text}"' for entry in self.inputs]
        lines += [f'output_stream: "{entry.text}"' for entry in self.outputs]
        lines += [node.text for node in self.nodes]
        return "\n".join(lines) + "\n"

    def written(self, kind: str) -> list[tuple[DraftNode, Entry]]:
        """The entries of one kind over all nodes, each with its node."""
        return [(node, entry) for node in self.nodes for entry in node.lists[kind]]
