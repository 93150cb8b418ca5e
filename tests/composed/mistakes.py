"""Mistakes that people make, put into a sound graph one or two at a time.

A mistake is a function that changes a draft; it says whether it found a place for itself. Some leave a graph sound
(a needless back edge, another order): what must be the same then is that nobody complains.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from tests.composed.compose import CONSTANTS, HANDLERS, MAKES_CONSTANT, handler, palette
from tests.composed.draft import FIELDS, Draft, DraftNode, Entry
from tests.rules.nodes_in_short import CATALOG
from tests.rules.test_contracts import values

Mistake: TypeAlias = Callable[[Random, Draft], bool]
MISTAKES: dict[str, Mistake] = {}


def mistake(change: Mistake) -> Mistake:
    """Enter a mistake under its name."""
    MISTAKES[change.__name__] = change
    return change


def _any_entry(random: Random, draft: Draft, *kinds: str) -> tuple[DraftNode, str, Entry] | None:
    found = [
        (node, kind, entry) for node in draft.nodes for kind in kinds or tuple(FIELDS) for entry in node.lists[kind]
    ]
    return random.choice(found) if found else None


def _tags(node: DraftNode) -> list[str]:
    contract = CATALOG.calculator(node.calculator)
    if contract is None:
        return [""]
    lists = (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)
    return sorted({port.tag for ports in lists for port in ports if port.tag.replace("_", "A").isalnum()} | {""})


# -- connections -----------------------------------------------------------------------------------------------------


@mistake
def drop_connection(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        node, kind, entry = chosen
        node.lists[kind].remove(entry)
    return chosen is not None


@mistake
def repeat_connection(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        node, kind, entry = chosen
        node.lists[kind].append(Entry(entry.tag, entry.index, entry.name))
    return chosen is not None


@mistake
def one_more_index(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        node, kind, entry = chosen
        index = 1 + max(other.index for other in node.lists[kind] if other.tag == entry.tag)
        name = entry.name if kind in ("in", "side") else f"{entry.name}_more"
        node.lists[kind].append(Entry(entry.tag, index, name))
    return chosen is not None


@mistake
def rename_tag(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        node, _, entry = chosen
        entry.tag = random.choice([*_tags(node), "OTHER", f"{entry.tag}S", entry.tag[:-1]])
    return chosen is not None


@mistake
def change_index(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        chosen[2].index = random.choice((0, 1, 2, 9999, 10000, 10001))
        chosen[2].tag = chosen[2].tag or random.choice(("", "DATA"))
    return chosen is not None


@mistake
def swap_tags(random: Random, draft: Draft) -> bool:
    lists = [node.lists[kind] for node in draft.nodes for kind in FIELDS if len(node.lists[kind]) > 1]
    if lists:
        one, other = random.sample(random.choice(lists), 2)
        one.tag, one.index, other.tag, other.index = other.tag, other.index, one.tag, one.index
    return bool(lists)


@mistake
def write_malformed(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        entry = chosen[2]
        tag, name = entry.tag or "TAG", entry.name
        entry.written = random.choice(
            (
                f"{tag.lower()}:{name}", f"{tag}:{name.upper()}", f"{tag}: {name}", f"{tag}:00:{name}", f"{tag}:", "",
                f":{name}", f"{tag}:-1:{name}", f"{tag}:1:2:{name}", f"1{name}", f"{name}-a", f"{name}.a",
                f"{tag}::{name}", f"_{name}", f"_{tag}:{name}", f"{tag}:0:{name}", f" {name}",
                f"{tag}:01:{name}", f"{tag}9:{name}",
            )
        )  # fmt: skip
    return chosen is not None


@mistake
def move_to_another_list(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft)
    if chosen is not None:
        node, kind, entry = chosen
        node.lists[kind].remove(entry)
        node.lists[random.choice([other for other in FIELDS if other != kind])].append(entry)
    return chosen is not None


@mistake
def read_another_stream(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft, "in")
    names = [entry.name for _, entry in draft.written("out")] + [entry.name for entry in draft.inputs]
    if chosen is not None:
        chosen[2].name = random.choice(names)
    return chosen is not None


@mistake
def read_another_side_packet(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft, "side")
    names = [entry.name for _, entry in draft.written("outside")]
    if chosen is not None and names:
        chosen[2].name = random.choice(names)
    return chosen is not None and bool(names)


@mistake
def read_what_nobody_makes(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft, "in", "side")
    if chosen is not None:
        chosen[2].name = f"{chosen[2].name}_missing"
    return chosen is not None


@mistake
def produce_twice(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft, "out", "outside")
    if chosen is None:
        return False
    _, kind, entry = chosen
    names = [other.name for _, other in draft.written(kind)]
    names += [other.name for other in draft.inputs] if kind == "out" else []
    entry.name = random.choice(names)
    return True


@mistake
def remove_node(random: Random, draft: Draft) -> bool:
    draft.nodes.remove(random.choice(draft.nodes))
    return True


@mistake
def repeat_node(random: Random, draft: Draft) -> bool:
    draft.nodes.append(random.choice(draft.nodes))
    return True


@mistake
def share_a_name_between_stream_and_side_packet(random: Random, draft: Draft) -> bool:
    made, packets = draft.written("out"), draft.written("outside")
    if made and packets:
        random.choice(packets)[1].name = random.choice(made)[1].name
    return bool(made and packets)


# -- loops -----------------------------------------------------------------------------------------------------------


@mistake
def declare_back_edge(random: Random, draft: Draft) -> bool:
    chosen = _any_entry(random, draft, "in")
    if chosen is not None:
        entry = chosen[2]
        chosen[0].back_edges.append(
            random.choice((entry.tag_index, entry.tag, f"{entry.tag}:1", "OTHER", "", ":0", "tag"))
        )
    return chosen is not None


@mistake
def forget_back_edge(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.back_edges]
    if nodes:
        random.choice(nodes).back_edges.pop()
    return bool(nodes)


@mistake
def make_cycle(random: Random, draft: Draft) -> bool:
    reads, makes = random.choice((("in", "out"), ("in", "out"), ("side", "outside")))
    chosen, made = _any_entry(random, draft, reads), draft.written(makes)
    if chosen is None or not made:
        return False
    later = [entry.name for node, entry in made if draft.nodes.index(node) >= draft.nodes.index(chosen[0])]
    if later:
        chosen[2].name = random.choice(later)
    return bool(later)


@mistake
def info_without_back_edge(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    tags = [entry.tag_index for entry in node.lists["in"]]
    node.fields += [f'input_stream_info {{ tag_index: "{random.choice([*tags, "OTHER", ""])}" }}'] * random.randint(
        1, 2
    )
    return True


# -- the border ------------------------------------------------------------------------------------------------------


@mistake
def change_border(random: Random, draft: Draft) -> bool:
    entries = random.choice((draft.inputs, draft.outputs))
    if not entries:
        return False
    at = random.randrange(len(entries))
    match random.randrange(6):
        case 0:
            entries.pop(at)
        case 1:
            entries.append(Entry(entries[at].tag, entries[at].index, entries[at].name))
        case 2:
            entries[at].name = random.choice([entry.name for entry in (*draft.inputs, *draft.outputs)] + ["nobody"])
        case 3:
            entries[at].tag = random.choice(
                ("TFLITE_TENSOR", "REQUEST", "RESPONSE", "IMAGES", "TENSOR_1", "OVMS_PY_TENSOR", "REQUESTED")
            )
        case 4:
            entries[at].written = random.choice(("", "A:", "a:b", "A b", ":in1", "A:1:in1", "A::in1", "A:B:in1", "In1"))
        case 5:
            entries[at].tag, entries[at].index = random.choice((("", 0), ("A", 1), ("A", 0), ("IMAGE", 1)))
    return True


@mistake
def declare_side_packets(random: Random, draft: Draft) -> bool:
    names = [entry.name for kind in ("side", "outside") for _, entry in draft.written(kind)] or ["other"]
    name = random.choice(names)
    side = random.choice(("input_side_packet", "output_side_packet"))
    draft.head += random.choice(
        (
            [f'{side}: "{name}"'], [f'{side}: "{name}"'] * 2, [f'{side}: "A:{name}"', f'{side}: "A:{name}"'],
            [f'{side}: "A:1:{name}"'], [f'{side}: "a b"'], [f'{side}: "TAG:"'], [f'{side}: "nobody"'],
        )
    )  # fmt: skip
    return True


# -- calculators and options -----------------------------------------------------------------------------------------


@mistake
def another_calculator(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    node.calculator = random.choice(
        (
            random.choice(palette()), random.choice(palette()), f"{node.calculator}s", f".{node.calculator}", "", "a.b",
            f"mediapipe.{node.calculator}", node.calculator.lower(), f"::{node.calculator}", f"{node.calculator} ",
            f"..{node.calculator}", f"{node.calculator}.", "GlCalculator",
        )
    )  # fmt: skip
    return True


@mistake
def drop_options(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.settings]
    if nodes:
        random.choice(nodes).settings = []
    return bool(nodes)


def _odd_option(random: Random, node: DraftNode) -> str | None:
    message = CATALOG.message(node.options_type) if node.options_type else None
    if message is None or not message.fields:
        return None
    field = random.choice(list(message.fields))
    return f"{field.name}: {random.choice(values(field))}"


@mistake
def odd_option(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.options_type]
    node = random.choice(nodes) if nodes else None
    setting = _odd_option(random, node) if node is not None else None
    if node is None or setting is None:
        return False
    node.settings = [*node.settings, setting] if random.random() < 0.5 else [setting]
    return True


@mistake
def options_of_another(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.options_type]
    if len(nodes) > 1:
        one, other = random.sample(nodes, 2)
        one.options_type, one.settings, one.options_form = other.options_type, other.settings, other.options_form
    return len(nodes) > 1


@mistake
def both_forms_of_options(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.options_type]
    node = random.choice(nodes) if nodes else None
    setting = _odd_option(random, node) if node is not None else None
    if node is None or setting is None:
        return False
    name = node.options_type
    node.fields.append(
        f"options {{ [{name}.ext] {{ {setting} }} }}"
        if random.random() < 0.5
        else f"node_options {{ [type.googleapis.com/{name}] {{ {setting} }} }}"
    )
    return True


@mistake
def unknown_field(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    if node.settings and random.random() < 0.5:
        node.settings.append("no_such_field: 1")
    else:
        node.fields.append(random.choice(("no_such_field: 1", "calculator_name: 1", 'options { a: "b" }')))
    return True


@mistake
def another_constant(random: Random, draft: Draft) -> bool:
    nodes = [node for node in draft.nodes if node.calculator == MAKES_CONSTANT]
    if nodes:
        node = random.choice(nodes)
        node.settings = [
            f"packet {{ {random.choice([*CONSTANTS.values(), ''])} }}" for _ in range(random.randint(0, 2))
        ]
    return bool(nodes)


@mistake
def option_value(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    if node.options_form == "options":
        return False  # what then happens depends on the messages that a build has registered
    node.fields.append(
        f'option_value: "{random.choice(("nocolon", "OPTIONS/a:b", "num_threads:OPTIONS/a", ":", "a:"))}"'
    )
    return True


@mistake
def package(random: Random, draft: Draft) -> bool:
    draft.head.append(f'package: "{random.choice(("a.b", "mediapipe", "", "::a"))}"')
    return True


# -- handlers, executors, limits -------------------------------------------------------------------------------------


@mistake
def odd_handler(random: Random, draft: Draft) -> bool:
    tags = [entry.tag_index for node in draft.nodes for entry in node.lists["in"]] or [""]
    tag = random.choice([*tags, *tags, "OTHER", "lower", ":1"])
    number = random.choice((-1, 0, 1, 2, 3))
    fixed = "FixedSizeInputStreamHandler"
    text = random.choice(
        (
            *HANDLERS, handler("BarrierInputStreamHandler"), handler("MuxInputStreamHandler"),
            handler("NoSuchInputStreamHandler"), handler("InputStreamHandler"), handler("SyncSetInputStreamHandler"),
            handler("DefaultInputStreamHandler", f"batch_size: {number}"),
            handler("DefaultInputStreamHandler", f"batch_size: {number}"),
            handler(fixed, f"batch_size: {number}", "mediapipe.DefaultInputStreamHandler".removeprefix("mediapipe.")),
            handler(fixed, f"trigger_queue_size: {number} target_queue_size: {random.choice((-1, 0, 1, 2, 3))}"),
            handler("SyncSetInputStreamHandler", f'sync_set {{ tag_index: "{tag}" }}'),
            handler("SyncSetInputStreamHandler", f'sync_set {{ tag_index: "{tag}" tag_index: "{tag}" }}'),
            handler("SyncSetInputStreamHandler", "sync_set { }"),
            handler("TimestampAlignInputStreamHandler"),
            handler("TimestampAlignInputStreamHandler", f'timestamp_base_tag_index: "{tag}"'),
            "input_stream_handler { options { [mediapipe.DefaultInputStreamHandlerOptions.ext] { batch_size: 0 } } }",
            'output_stream_handler { output_stream_handler: "NoSuchOutputStreamHandler" }',
            'output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" input_side_packet: "a" }',
            "input_stream_handler { }",
            "output_stream_handler { }",
        )
    )  # fmt: skip
    if random.random() < 0.25:
        draft.head.append(text)
    else:
        node = random.choice(draft.nodes)
        field = text.partition(" ")[0]
        node.fields = [other for other in node.fields if not other.startswith(field)] + [text]
    return True


@mistake
def odd_executor(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    name = random.choice(("pool", "other", "default", "gpu", "__own", ""))
    options = random.choice(
        (
            "", "options { [mediapipe.ThreadPoolExecutorOptions.ext] { } }",
            "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 0 } }",
            "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 } }",
            "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 stack_size: 0 } }",
            "options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 stack_size: -5 } }",
            'options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 thread_name_prefix: "a b" } }',
        )
    )  # fmt: skip
    kind = random.choice(
        ("ThreadPoolExecutor", "ThreadPoolExecutor", "ApplicationThreadExecutor", "NoSuchExecutor", "")
    )
    declared = f'executor {{ name: "{name}" {f"type: {chr(34)}{kind}{chr(34)}" if kind else ""} {options} }}'
    match random.randrange(4):
        case 0:
            node.fields.append(f'executor: "{name}"')
        case 1:
            draft.head.append(declared)
        case 2:
            draft.head += [declared, declared]
        case 3:
            draft.head.append(declared)
            node.fields.append(f'executor: "{name}"')
    return True


@mistake
def odd_limit(random: Random, draft: Draft) -> bool:
    number = random.choice((-5, -2, -1, 0, 1, 2, 100))
    small = random.choice((-2, -1, 0, 1, 3))
    if random.random() < 0.5:
        draft.head.append(
            random.choice(
                (
                    f"num_threads: {number}", f"max_queue_size: {number}", "report_deadlock: true",
                    f"profiler_config {{ enable_profiler: true num_histogram_intervals: {small} }}",
                    f"profiler_config {{ num_histogram_intervals: {small} }}",
                    f"profiler_config {{ histogram_interval_size_usec: {small} enable_profiler: true }}",
                    f"profiler_config {{ trace_enabled: true trace_log_capacity: {small} }}",
                    f"profiler_config {{ trace_log_capacity: {small} }}",
                    "profiler_config { enable_profiler: true enable_input_output_latency: true }",
                    'profiler_config { enable_profiler: true calculator_filter: "(" }',
                    f"profiler_config {{ trace_enabled: true trace_log_disabled: true trace_log_capacity: {small} }}",
                    "runtime_info { enable_graph_runtime_info: true }",
                )
            )
        )  # fmt: skip
    else:
        node = random.choice(draft.nodes)
        several = len(node.lists["in"]) > 1  # which may run for one moment at once, a race
        node.fields.append(
            random.choice(
                (
                    f"max_in_flight: {min(number, 1) if several else number}", f"source_layer: {number}",
                    f"buffer_size_hint: {number}",
                )
            )
        )  # fmt: skip
    return True


@mistake
def odd_pool(random: Random, draft: Draft) -> bool:
    size = random.choice(("1", "-1", "two", "AUTO", "0", "1 2", "", "auto", "99999999999999999999", "1.5"))
    draft.head.insert(0, f"# OVMS_GRAPH_QUEUE_MAX_SIZE: {size}")
    return True


@mistake
def odd_name(random: Random, draft: Draft) -> bool:
    node = random.choice(draft.nodes)
    other = random.choice(draft.nodes)
    node.fields = [field for field in node.fields if not field.startswith("name:")]
    node.fields.append(
        random.choice(
            (
                f'name: "{other.calculator}"', f'name: "{other.calculator}_1"', f'name: "{other.calculator}_2"',
                'name: ""', 'name: "a b"', 'name: "Ä"', f'name: "{other.calculator.lower()}__x"',
            )
        )
    )  # fmt: skip
    return True


@mistake
def what_no_server_has(random: Random, draft: Draft) -> bool:
    draft.head.append(
        random.choice(
            (
                'packet_generator { packet_generator: "NoGenerator" output_side_packet: "g" }',
                'status_handler { status_handler: "NoHandler" }',
                'packet_factory { packet_factory: "NoFactory" }',
                'type: "Name"', "options { }", 'graph_options { }', 'input_stream_handler { }', "status_handler { }",
                'output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" }', "packet_generator { }",
            )
        )
    )  # fmt: skip
    return True


def spoil(random: Random, draft: Draft, number: int) -> list[str]:
    """Put so many mistakes into a draft; their names."""
    made: list[str] = []
    while len(made) < number:
        name = random.choice(tuple(MISTAKES))
        if draft.nodes and MISTAKES[name](random, draft):
            made.append(name)
        elif not draft.nodes:
            break
    return made
