"""The nodes that a ``SwitchContainer`` holds in its options, as MediaPipe makes nodes of them.

Each ``contained_node`` gets all streams and side packets of the container, ``SELECT`` and ``ENABLE`` left out, besides
those it lists itself; what else it sets (options, handler, executor) is its own.

Source: MediaPipe ``framework/tool/switch_container.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from graphval.graph.model import Node
from graphval.graph.tagmap import TagMap
from graphval.textproto import BoundField

CONTAINER = "SwitchContainer"
OPTIONS = "mediapipe.SwitchContainerOptions"
MOST_CONNECTIONS = 50_000
"""Of all contained nodes of a graph together, so many are looked at."""
CHOOSING = ("SELECT", "ENABLE")
"""The tags by which a container is told which node to run; nodes inside are not connected to them."""
_CHOOSES = re.compile(f"({'|'.join(CHOOSING)}):")
_LISTS = ("input_stream", "output_stream", "input_side_packet", "output_side_packet")


def contained_nodes(node: Node, first_position: int, most: int = MOST_CONNECTIONS) -> list[Node]:
    """The nodes inside a container and inside the containers in it; none for any other node.

    Their positions run from ``first_position``, so that no two nodes of a graph share one. The last one is that with
    which they have more than ``most`` connections, if they do: each has all of its container's.
    """
    return [inner for _, inner in contained_pairs(node, first_position, most)]


def contained_pairs(node: Node, first_position: int, most: int = MOST_CONNECTIONS) -> list[tuple[Node, Node]]:
    """The nodes of :func:`contained_nodes`, each after the container that it is directly in."""
    found = []
    for pair in _within(node, {name: node.bound.all(name) for name in _LISTS}, count(first_position)):
        if most < 0:
            break
        found.append(pair)
        most -= connections_of(pair[1])
    return found


def connections_of(node: Node) -> int:
    """How many entries a node's lists have."""
    return sum(map(len, (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets)))


def holds_nodes(node: Node) -> bool:
    """Whether a node is a container with a node in it."""
    options = node.options_of(OPTIONS) if is_container(node) else None
    return options is not None and bool(options.messages("contained_node"))


def _within(
    container: Node, entries: Mapping[str, Sequence[BoundField]], positions: Iterator[int]
) -> Iterator[tuple[Node, Node]]:
    """``entries``: all that the container is connected to, by list, which is more than it writes where it is itself
    contained."""
    options = container.options_of(OPTIONS) if is_container(container) else None
    for block in options.messages("contained_node") if options is not None else ():
        connected = {
            name: [*block.all(name), *(entry for entry in handed_on if not _CHOOSES.match(entry.string))]
            for name, handed_on in entries.items()
        }
        inner = Node(next(positions), block, *(TagMap(connected[name]) for name in _LISTS))
        yield container, inner
        yield from _within(inner, connected, positions)


def is_container(node: Node) -> bool:
    """Whether a node's calculator is ``SwitchContainer``."""
    return node.registered_as == CONTAINER
