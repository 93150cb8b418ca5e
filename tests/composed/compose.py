"""Sound graphs at random: calculators that the wheel runs as the servers do, wired by their contracts.

A node's connections and options are those of a variant that was reviewed as accepted (``tests/rules/nodes``), or what
its contract requires with some of what it allows. Inputs are taken from streams of the same packet type, else from the
graph's own; side packets from nodes that make them. Around the nodes stand executors, handlers, limits and a pool as
they are written in real graphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

from graphval.catalog import Calculator, Port
from graphval.rehearsal.coverage import Treatment, rows
from tests.composed.draft import FIELDS, Draft, DraftNode, Entry
from tests.rules.nodes_in_short import CATALOG, contract_of
from tests.rules.nodes_in_short import FIELDS as SIGNS
from tests.rules.vary import kept, variants_in

UNLIKE = frozenset(
    {
        "CallbackPacketCalculator",  # takes any text for an address; what then happens is chance
        "CallbackWithHeaderCalculator",  # wants functions, which no server can give
        "CallbackCalculator",
        "TfLiteModelCalculator",  # wants the bytes of a model
    }
)
"""Calculators of which the wheel tells nothing about a server."""
MAKES_CONSTANT = "ConstantSidePacketCalculator"
CONSTANTS = {
    "int": "int_value: 1",
    "int32_t": "int_value: 1",
    "uint64_t": "uint64_value: 2",
    "int64_t": "int64_value: 3",
    "float": "float_value: 0.5",
    "double": "double_value: 0.5",
    "bool": "bool_value: true",
    "std::string": 'string_value: "1"',
    "Matrix": "matrix_data_value { rows: 1 cols: 1 packed_data: 1 }",
    "ClassificationList": "classification_list_value { }",
    "LandmarkList": "landmark_list_value { }",
    "vector<std::string>": 'string_vector_value { string_value: "a" }',
}
"""What makes a side packet of a type."""
_KIND = dict(zip(SIGNS, FIELDS, strict=True))


@cache
def palette() -> tuple[str, ...]:
    """The calculators and subgraphs to make graphs of."""
    return tuple(row.name for row in rows(CATALOG) if row.treatment is Treatment.REAL and row.name not in UNLIKE)


@cache
def accepted() -> dict[str, tuple[str, ...]]:
    """For each calculator with checks of its own the variants that were reviewed as accepted."""
    found = {}
    for calculator, text in kept().items():
        _, begins, rest = text.partition("  accepted\n")
        group = []
        for line in rest.splitlines() if begins else ():
            if not line.startswith("    "):
                break
            group.append(line)
        found[calculator] = tuple(v for v in variants_in("\n".join(group)) if v != "nothing")
    return found


class Composer:
    """Makes one graph."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._draft = Draft()
        self._streams: list[tuple[str, str]] = []
        self._packets: list[tuple[str, str]] = []
        self._names = 0

    def graph(self) -> Draft:
        """A graph that hands an input on and has some nodes beside that."""
        random = self._random
        for _ in range(random.randint(1, 5)):
            self._add_node(self._next_calculator())
        self._close_loops()
        self._add_border()
        self._add_settings()
        if random.random() < 0.3:
            random.shuffle(self._draft.nodes)
        return self._draft

    # -- nodes -------------------------------------------------------------------------------------------------------

    def _next_calculator(self) -> str:
        """Mostly one that reads a stream which is there."""
        types = [kind for _, kind in self._streams if kind not in ("", "Any")]
        if types and self._random.random() < 0.6:
            kind = self._random.choice(types)
            readers = [name for name in palette() if any(port.type == kind for port in contract_of(name).inputs)]
            if readers:
                return self._random.choice(readers)
        return self._random.choice(palette())

    def _add_node(self, calculator: str) -> None:
        contract, node = contract_of(calculator), DraftNode(calculator)
        if contract.options_message is not None:
            node.options_type = contract.options_message
            if contract.options_accepts == "options_ext" or (
                contract.options_accepts == "both" and self._random.random() < 0.3
            ):
                node.options_form = "options"
        variants = accepted().get(calculator, ())
        if variants and self._random.random() < 0.7:
            ports, _, settings = self._random.choice(variants).partition(" | ")
            wanted = [(_KIND[port[0]], port[1:]) for port in ports.removeprefix("nothing").split()]
            node.settings = [settings] if settings else []
        else:
            wanted = list(self._wanted(contract))
        seen: dict[tuple[str, str], int] = {}
        for kind, tag in wanted:
            index = seen[kind, tag] = seen.get((kind, tag), -1) + 1
            self._connect(node, contract, kind, tag, index)
        if calculator == MAKES_CONSTANT and not node.settings:
            node.settings = [f"packet {{ {self._random.choice(tuple(CONSTANTS.values()))} }}" for _ in wanted]
        self._draft.nodes.append(node)

    def _wanted(self, contract: Calculator) -> Iterator[tuple[str, str]]:
        """Kind and tag of each connection: all that are required, some that are not."""
        lists = (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)
        for kind, ports in zip(FIELDS, lists, strict=True):
            for port in ports:
                if port.tag == "*" or "<" in port.tag or port.tag.endswith("_GPU"):
                    continue
                times = 0 if port.optional else max(1, port.min_count)
                if port.indexes != "single" and self._random.random() < 0.4:
                    times += self._random.randint(0, 2)
                elif port.optional and kind != "side":
                    times = int(self._random.random() < 0.35)
                elif port.optional:
                    times = int(self._random.random() < 0.1)
                yield from [(kind, port.tag)] * times

    def _connect(self, node: DraftNode, contract: Calculator, kind: str, tag: str, index: int) -> None:
        kind_of_packet = _type(_port(contract, kind, tag))
        if kind == "in":
            name = self._stream_of(kind_of_packet)
        elif kind == "side":
            name = self._packet_of(kind_of_packet)
        else:
            name = self._new_name(kind[0])
            (self._streams if kind == "out" else self._packets).append((name, kind_of_packet))
        node.lists[kind].append(Entry(tag, index, name))

    def _stream_of(self, kind: str) -> str:
        same = [name for name, other in self._streams if kind == other or not kind or "Any" in (kind, other)]
        if same and self._random.random() < 0.85:
            return self._random.choice(same)
        name = self._new_name("in")
        self._draft.inputs.append(Entry("", 0, name))
        self._streams.append((name, kind))
        return name

    def _packet_of(self, kind: str) -> str:
        same = [name for name, other in self._packets if kind in (other, "")]
        if same and self._random.random() < 0.8:
            return self._random.choice(same)
        name = self._new_name("p")
        value = CONSTANTS.get(kind) if kind else self._random.choice(tuple(CONSTANTS.values()))
        if value is not None:
            maker = DraftNode(MAKES_CONSTANT, options_type=contract_of(MAKES_CONSTANT).options_message or "")
            maker.settings = [f"packet {{ {value} }}"]
            maker.lists["outside"].append(Entry("PACKET", 0, name))
            self._draft.nodes.append(maker)
        self._packets.append((name, kind))
        return name

    def _new_name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def _close_loops(self) -> None:
        """A stream made later becomes what a loop's node is handed back."""
        for at, node in enumerate(self._draft.nodes):
            for entry in node.lists["in"]:
                if entry.tag in ("LOOP", "FINISHED") and self._random.random() < 0.7:
                    later = [made.name for other in self._draft.nodes[at:] for made in other.lists["out"]]
                    if later:
                        entry.name = self._random.choice(later)
                        node.back_edges.append(self._random.choice((entry.tag, entry.tag_index)))

    # -- what stands around them ------------------------------------------------------------------------------------

    def _add_border(self) -> None:
        draft, random = self._draft, self._random
        if not draft.inputs:
            draft.inputs.append(Entry("", 0, self._new_name("in")))
        names = [name for name, _ in self._streams] or [draft.inputs[0].name]
        draft.outputs = [Entry("", 0, name) for name in random.sample(names, min(len(names), random.randint(1, 3)))]
        if random.random() < 0.2:
            for entries in (draft.inputs, draft.outputs):
                random.choice(entries).tag = random.choice(("IMAGE", "OVTENSOR", "TENSOR", "INPUT", "OTHER"))

    def _add_settings(self) -> None:
        random, head = self._random, self._draft.head
        if random.random() < 0.15:
            head.append(f"# OVMS_GRAPH_QUEUE_MAX_SIZE: {random.choice(('1', '2', 'AUTO', '0'))}")
        if random.random() < 0.15:
            head.append(random.choice(("num_threads: 2", "max_queue_size: 10", "max_queue_size: -1")))
        if random.random() < 0.05:
            head.append("report_deadlock: true")
        if random.random() < 0.15:
            head.append(
                'executor { name: "pool" type: "ThreadPoolExecutor" '
                "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }"
            )
            random.choice(self._draft.nodes).fields.append('executor: "pool"')
        if random.random() < 0.1:
            head.append("profiler_config { enable_profiler: true }")
        for node in self._draft.nodes:
            if random.random() < 0.1:
                node.fields.append(f'name: "{self._new_name("node_")}"')
            if random.random() < 0.1:
                node.fields.append(random.choice(HANDLERS))
            if random.random() < 0.05:
                several = len(node.lists["in"]) > 1  # which may run for one moment at once, a race
                node.fields.append(random.choice(("max_in_flight: 1", f"max_in_flight: {1 if several else 2}")))
            if random.random() < 0.03:
                node.fields.append('output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" }')


def handler(name: str, options: str = "", message: str = "") -> str:
    """An input stream handler as it is written in a node or at the head."""
    block = f"options {{ [mediapipe.{message or name}Options.ext] {{ {options} }} }}" if options else ""
    return f'input_stream_handler {{ input_stream_handler: "{name}" {block} }}'


HANDLERS = (
    handler("DefaultInputStreamHandler"),
    handler("DefaultInputStreamHandler", "batch_size: 2"),
    handler("FixedSizeInputStreamHandler", "trigger_queue_size: 2 target_queue_size: 1"),
    handler("ImmediateInputStreamHandler"),
    handler("EarlyCloseInputStreamHandler"),
)


def _port(contract: Calculator, kind: str, tag: str) -> Port | None:
    lists = (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)
    return next((port for port in dict(zip(FIELDS, lists, strict=True))[kind] if port.tag == tag), None)


def _type(port: Port | None) -> str:
    """The one packet type of a port; empty where it has none of its own."""
    if port is None or port.type.startswith(("SameAs", "from ", "inferred", "untyped", "same type", "Any")):
        return ""
    first = port.type.removeprefix("OneOf<").partition(", ")[0]
    return first if port.type.startswith("OneOf<") else port.type.partition(", or ")[0]


def sound_graph(random: Random) -> Draft:
    """A graph that MediaPipe should take."""
    return Composer(random).graph()
