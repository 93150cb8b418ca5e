"""From what a server says to the place in the pbtxt that it speaks of.

MediaPipe names nodes by their canonical names, streams and side packets by their names, ids as ``TAG:index``, checks
by their source file. Messages are tried against the patterns below from the most telling to the least; the first that
leads to something written in the graph wins. A failure inside a subgraph names the inner node, ``<outer>__<inner>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from graphval.diagnosis import prepared
from graphval.diagnosis.border import (
    border_tag,
    border_text,
    graph_input,
    graph_output,
    missing_border,
    tflite_border,
    wrong_packet,
)
from graphval.diagnosis.counterparts import unmatched_key
from graphval.diagnosis.places import (
    Blame,
    entry_in,
    fields,
    find_node,
    handlers,
    maps,
    of_entry,
    of_node,
    same_id,
    with_owner,
    words,
)
from graphval.graph import Graph, Node, TagMap

_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")
Finder = Callable[[Graph, "re.Match[str]", str], "Blame | None"]


def blame(graph: Graph, *texts: str) -> Blame:
    """Who is meant by these texts (most telling first)."""
    for text in texts:
        found = _blame_one(graph, text)
        if found is not None:
            return found
    return Blame(graph.start, None, sure=False)


def _blame_one(graph: Graph, text: str) -> Blame | None:
    for pattern, finder in _PATTERNS:
        for found in pattern.finditer(text):
            blamed = finder(graph, found, text)
            if blamed is not None:
                return _nearer(blamed, text)
    return None


def _nearer(blamed: Blame, text: str) -> Blame:
    """Within a node, the option that the message names (``options.strides_size()``, ``speed_min``), if written; then
    the option whose value it quotes; for a failed inference the tensor map that names no tag."""
    node = blamed.node
    if node is None or blamed.place != node.calculator_place:
        return blamed
    written = [f for block in (*node.node_options, *node.bound.messages("options")) for f in fields(block)]
    for value in written:
        if value.name not in ("key", "name") and re.search(rf"\b{re.escape(value.name)}(?:_size)?_?\b", text):
            return Blame(value.whole, node)
    quoted = set(_QUOTED.findall(text)) - words(node)
    for value in written:
        if isinstance(value.value, str) and value.value in quoted:
            return Blame(value.place, node)
    if "inferencecalculator.cc" in text:
        return unmatched_key(node) or blamed
    if "failed to load the model" in text:  # a session says so without the model's name
        return next((Blame(value.place, node) for value in written if value.name == "servable_name"), blamed)
    return blamed


# -- what patterns lead to -------------------------------------------------------------------------------------------


def _node_named(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    return of_node(find_node(graph, found["node"]))


def _calculator_named(graph: Graph, found: re.Match[str], text: str) -> Blame | None:
    name = found["name"]
    nodes = [n for n in graph.nodes if name in (n.calculator, n.registered_as, n.canonical_name)]
    if not nodes:
        return _contained(graph, name)
    # Several nodes may share a calculator: the one that fits the rest of the message is meant.
    lacking = set(re.findall(r'Failed to get tag "([A-Z_0-9]*)"', text))
    surplus = set(re.findall(r'Tag "([A-Z_0-9]*)" index \d+ was not expected', text))
    quoted = set(re.findall(r'"([^"]*)"', text)) - lacking
    best = max(nodes, key=lambda n: (len(surplus & words(n)), len(lacking - words(n)), len(quoted & words(n))))
    return _tagged(best, surplus) or of_node(best)


def _contained(graph: Graph, calculator: str) -> Blame | None:
    """A node inside the options of another (``contained_node`` of a ``SwitchContainer``)."""
    for node in graph.nodes:
        for value in (f for block in (*node.node_options, *node.bound.messages("options")) for f in fields(block)):
            if value.name == "calculator" and value.string == calculator:
                return Blame(value.place, node)
    return None


def _tagged(node: Node, tags: set[str]) -> Blame | None:
    return next((Blame(c.place, node) for tag_map in maps(node) for c in tag_map if c.tag in tags), None)


def _no_calculator(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    return next((Blame(n.place, n) for n in graph.nodes if not n.calculator), None)


def _stream_info(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """An ``input_stream_info`` whose ``tag_index`` is no input of its node."""
    infos = [(n, info) for n in graph.nodes for info in n.stream_infos]
    return next((Blame(i.tag_index_place, n) for n, i in infos if same_id(i.tag_index, found["id"])), None)


def _index_gap(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    for node, tag_map in _all_maps(graph):
        for tag, _index, connection in tag_map.gaps:
            if tag == found["tag"]:
                return Blame(connection.place, node)
    return None


def _reassigned(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    for node, tag_map in _all_maps(graph):
        for _first, second in tag_map.clashes:
            if (second.tag, second.name) == (found["tag"], found["name"]):
                return Blame(second.place, node)
    return None


def _all_maps(graph: Graph) -> list[tuple[Node | None, TagMap]]:
    border: list[tuple[Node | None, TagMap]] = [
        (None, graph.inputs), (None, graph.outputs), (None, graph.input_side_packets)]  # fmt: skip
    return border + [(node, tag_map) for node in graph.nodes for tag_map in maps(node)]


def _options_twice(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    wanted = found["type"].rpartition("/")[2]
    for node in graph.nodes:
        same = [o for o in node.node_options if o.expanded is not None and o.expanded.type_name == wanted]
        if len(same) > 1:
            return Blame(same[1].place, node)
    return None


def _mentioned(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """A word of the message that is a node's calculator."""
    return of_node(next((n for n in graph.nodes if found["name"] in (n.calculator, n.registered_as)), None))


def _dumped_node(graph: Graph, found: re.Match[str], text: str) -> Blame | None:
    """The message ends with the node's own text, under ``For calculator:``."""
    dump = text[found.end() :]
    nodes = [n for n in graph.nodes if f'calculator: "{n.calculator}"' in dump]
    if not nodes:
        return None
    node = max(nodes, key=lambda n: sum(f'"{word}"' in dump for word in words(n)))
    quoted = re.findall(r'"([^"]*)"', text[: found.start()])
    return of_entry(node, quoted) or of_node(node)


def _node_input(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    node = find_node(graph, found["node"])
    lists = [node.inputs] if node is not None else [n.inputs for n in graph.nodes]
    return entry_in(lists, found["stream"], graph)


def _bracketed_node(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """``[Calculator, input stream: TAG:x, and output stream: y]``: how MediaPipe names a node without a name."""
    stream = found["stream"]
    for node in graph.nodes:
        if found["name"] in (node.calculator, node.registered_as, node.name):
            for connection in node.inputs:
                if connection.name == stream:
                    return Blame(connection.place, node)
    return entry_in([n.inputs for n in graph.nodes], stream, graph)


def _side_packet(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    return entry_in([n.input_side_packets for n in graph.nodes], found["name"], graph)


def _produced_twice(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    entries = [
        (node, connection)
        for node in graph.nodes
        for connection in (*node.outputs, *node.output_side_packets)
        if connection.name == found["stream"]
    ]
    if len(entries) < 2 and graph.inputs and entries:
        return Blame(entries[0][1].place, entries[0][0])
    return Blame(entries[1][1].place, entries[1][0]) if len(entries) > 1 else None


def _pushed_stream(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """A packet did not fit a reader of this stream: the reader's entry, if a node reads it."""
    stream = found["stream"]
    for node in graph.nodes:
        for connection in node.outputs:
            if connection.name == stream:
                return Blame(connection.place, node)
    return entry_in([graph.inputs], stream, graph)


def _tag_map_entry(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    everything = [graph.inputs, graph.outputs, graph.input_side_packets] + [m for n in graph.nodes for m in maps(n)]
    for tag_map in everything:
        for connection in tag_map:
            if connection.text == found["text"]:
                return with_owner(graph, connection)
    return None


def _handler_value(graph: Graph, found: re.Match[str], text: str) -> Blame | None:
    """A ``tag_index`` (or base tag) of a handler's options; of several the last where it is there too often."""
    wanted = found["id"]
    places = [(node, f) for node, block in handlers(graph) for f in fields(block) if same_id(f.value, wanted)]
    if not places:
        return _by_source_file(graph, text)
    node, value = places[-1] if "more than one sync set" in text else places[0]
    return Blame(value.place, node)


def _handler_of_file(graph: Graph, _: re.Match[str], text: str) -> Blame | None:
    return _by_source_file(graph, text)


def _handler_named(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    for node, block in handlers(graph):
        for value in block.fields:
            if value.value == found["name"]:
                return Blame(value.place, node)
    return None


def _executor_of_node(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    for node in graph.nodes:
        if node.executor == found["name"]:
            return Blame(node.bound.place_of("executor"), node)
    return None


def _executor(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    name = found.groupdict().get("name")
    blocks = [e for e in graph.executors if name is None or name in (e.name, e.type)]
    return Blame(blocks[-1].place, None) if blocks else None


def _threads(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    field = graph.bound.first("num_threads")
    if field is not None:
        return Blame(field.whole, None)
    return Blame(graph.executors[0].place, None) if graph.executors else None


def _directive(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    return Blame(graph.directive.place, None) if graph.directive is not None else None


def _cycle(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    for name in found["nodes"].split(","):
        node = find_node(graph, name.strip())
        if node is not None:
            return of_node(node)
    return None


def _by_source_file(graph: Graph, text: str) -> Blame | None:
    """The calculator or handler that a source file belongs to."""
    for found in re.finditer(r"(?P<stem>[a-z0-9_]+)\.cc:\d+", text):
        stem = found["stem"].replace("_", "").lower()
        for node, block in handlers(graph):
            if any(f.string.lower() == stem for f in block.fields):
                return Blame(block.place, node)
        for node in graph.nodes:
            if node.registered_as.replace("_", "").lower() == stem:
                return of_node(node)
        if stem == "muxinputstreamhandler":
            return next((of_node(n) for n in graph.nodes if n.registered_as == "MuxCalculator"), None)
        if stem == "inputstreamhandler":
            batches = [(n, f) for n, b in handlers(graph) for f in fields(b) if f.name == "batch_size"]
            if batches:
                return Blame(batches[0][1].whole, batches[0][0])
        if stem == "calculatorcontextmanager":
            return next((Blame(n.bound.place_of("max_in_flight"), n) for n in graph.nodes if n.max_in_flight), None)
    return None


_PATTERNS: tuple[tuple[re.Pattern[str], Finder], ...] = tuple(
    (re.compile(pattern, re.DOTALL), finder)
    for pattern, finder in (
        (r'Calculator::(?:Open|Process|Close)\(\) for node "(?P<node>[^"]+)" failed', _node_named),
        (r'stream "(?P<id>[^"]*)" is (?:not found|in more than one sync set)', _handler_value),
        (r'TAG:index is invalid, "(?P<id>[^"]*)" does not match', _handler_value),
        (r'tag_index "(?P<id>[^"]*)" requested in InputStreamInfo', _stream_info),
        (r'TAG:index is invalid, "(?P<id>[^"]*)" does not match', _stream_info),
        (r"stream_handler\.cc:\d+", _handler_of_file),
        (
            r'[Pp]acket type mismatch on a? ?calculator (?:receiving from|outputting to) stream "(?P<stream>[^"]+)"',
            _pushed_stream,
        ),
        (r'"(?P<want>[^"]+)" was requested', wrong_packet),
        (r'Unable to find Calculator ""', _no_calculator),
        (r"For calculator:", _dumped_node),
        (r'TAG:index:name is invalid, "(?P<text>[^"]*)"', _tag_map_entry),
        (r'Tag "(?P<tag>[^"]*)" has the following', _index_gap),
        (
            (
                r'tag "(?P<tag>[^"]*)" index \d+ already had a name "[^"]*" but is being reassigned '
                r'a name "(?P<name>[^"]*)"'
            ),
            _reassigned,
        ),
        (r"type_urls\.insert.*Options type: '(?P<type>[^']+)'", _options_twice),
        (r'Calculator "(?P<node>[^"]+)" has already been added', _node_named),
        (r"(?:streams|side packets) of subgraph node (?P<node>\w+)", _node_named),
        (
            r'Input Stream "(?P<stream>[^"]+)" for node with sorted index \d+ name (?P<node>.+?) does not have',
            _node_input,
        ),
        (r'Input [Ss]tream "(?P<stream>[^"]+)" of calculator "\[?(?P<name>[\w.:]+)', _bracketed_node),
        (r'Input side packet "(?P<name>[^"]+)" of Calculator', _side_packet),
        (r'Side packet "(?P<name>[^"]+)" is required but was not provided', _side_packet),
        (r'Output (?:Stream|Side Packet) "(?P<stream>[^"]+)" defined twice', _produced_twice),
        (r'observer to output stream "(?P<stream>[^"]+)"', graph_output),
        (
            r'upstream edge for back edge "(?P<stream>[^"]+)"',
            lambda g, m, _: entry_in([n.inputs for n in g.nodes], m["stream"], g),
        ),
        (r'Unable to find Calculator "(?P<name>[^"]+)"', _calculator_named),
        (r'"(?P<name>[^"]+)" is not a registered (?:input|output) stream handler', _handler_named),
        (r'The executor "(?P<name>[^"]+)" is not declared', _executor_of_node),
        (r'"(?P<name>[^"]+)" is a reserved executor name', _executor),
        (r'ExecutorConfig for "(?P<name>[^"]*)" is duplicate', _executor),
        (r"No registered object with name: (?P<name>\w*Executor)\b", _executor),
        (r"No registered object with name: (?P<name>[\w.]+)", _handler_named),
        (r"(?:graph-level num_threads|num_threads field in ThreadPoolExecutorOptions)", _threads),
        (r"num_threads is not specified in ThreadPoolExecutorOptions", _executor),
        (r"cycle detected in graph: \[(?P<nodes>[^\]]*)\]", _cycle),
        (r'Subgraph "(?P<node>[^"]+)" has a field', _node_named),
        (r"(?P<name>[A-Z][\w.]+)::GetContract failed", _calculator_named),
        (r"^\s*(?P<name>[A-Z]\w*): ", _calculator_named),
        (r"\n\s*(?P<name>[A-Z]\w*): ", _calculator_named),
        (
            r"Creating Mediapipe graph (?P<kind>inputs|outputs) name failed for: (?P<stream>.*?)(?:\. |\n|$)",
            border_text,
        ),
        (r'input stream "(?P<stream>[^"]+)" which is not a graph input stream', graph_input),
        (r"OVMS_GRAPH_QUEUE_MAX_SIZE value", _directive),
        (r"requires: (?P<tag>REQUEST|RESPONSE) tag", border_tag),
        (r"requires having only one (?:input|output)", border_tag),
        (r"no support for TfLiteTensor", tflite_border),
        (r"having less than one input or output", missing_border),
        *prepared.PATTERNS,
        (r'node (?:name )?"(?P<node>[^"]+)"', _node_named),
        (r"\.cc:\d+", _handler_of_file),
        (r'"(?P<text>[^"]+)"', _tag_map_entry),
        (r"\b(?:Draft|draft) (?:model|scheduler)", prepared.draft),
        (r"\b(?P<name>[A-Z]\w{4,})\b", _mentioned),
    )
)
