"""An `option_value` cannot be followed.

## What it does

Looks at `option_value` entries, which copy options of the graph into options of a node: each has the form
`node_field:graph_field`, the node needs options of its own to copy into, and both fields must exist. It also tells of
entries that copy nothing, since the graph has neither `options` nor `graph_options`.

## Why it is bad

Without a colon the string is read past its end and the server process dies while OVMS loads the graph; where the node
has no options, the graph is refused: `Option extension not found`. Options in the form `options { [X.ext] { } }` are
found only if the server's build has registered that message for copying, which few are; those in `node_options` always
are. A field that does not exist refuses the graph, or ends the process where it is the node's.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  option_value: "allow:gate_open"  # error: [GV403]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `node_field:graph_field`, and give the node options to copy into.

## Source

MediaPipe `mediapipe/framework/tool/options_util.cc`, `options_field_util.cc` and `options_registry.cc` (fork of OVMS 2026.4); the entry
without a colon and the node without options were seen on the real server, the others on the framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundField, BoundMessage

_COPY_IN_FULL = "write the option itself: option_value is for the insides of subgraphs"


@node_rule("GV403", "option-value", phase=Phase.LOAD, effect=Effect.REJECT, written=("option_value",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for field in node.bound.all("option_value"):
        if ":" not in field.string:
            yield Hit(
                field.place,
                f'option_value "{field.string}" has no colon',
                help="remove it",
                node=node,
                effect=Effect.ABORT,
            )
        elif not node.option_extensions and not node.node_options:
            yield Hit(
                field.place,
                f'option_value "{field.string}" has no node options to go to',
                node=node,
                help=_COPY_IN_FULL,
            )
        else:
            yield from _doubtful(node, field, context.graph.bound)


def _doubtful(node: Node, field: BoundField, graph: BoundMessage) -> Iterator[Hit]:
    """What becomes of an entry with options on the node's side depends on the messages that a build has registered."""
    if not node.node_options:
        yield Hit(
            field.place,
            f'option_value "{field.string}" may find no node options: not every build looks into options {{ }}',
            node=node,
            severity=Severity.WARNING,
            help=_COPY_IN_FULL,
        )
        return
    given = [message.expanded for message in graph.messages("graph_options")]
    if not given and not any(options.fields for options in graph.messages("options")):
        yield Hit(
            field.place,
            f'option_value "{field.string}" copies nothing, for the graph has no options',
            node=node,
            severity=Severity.WARNING,
            effect=Effect.WRONG,
            help=_COPY_IN_FULL,
        )
        return
    wanted, _, source = field.string.partition(":")
    sides = (
        (wanted, node.node_options[0].expanded, Effect.ABORT),
        (source.partition(":")[0], given[0] if given else None, Effect.REJECT),
    )
    for path, message, effect in sides:
        name = _first_name(path)
        if message is not None and name and name not in message.type.descriptor.fields_by_name:
            yield Hit(
                field.place,
                f"{message.type_name} has no field {name}",
                node=node,
                severity=Severity.WARNING,
                effect=effect,
                help=_COPY_IN_FULL,
            )


def _first_name(path: str) -> str:
    """The field that a path begins with: ``OPTIONS/a/b`` and ``a/b`` begin with ``a``."""
    names = path.split("/")
    for prefix in ("OPTIONS", "options"):
        if names and names[0] == prefix:
            names.pop(0)
    return next((name for name in names if name), "")
