"""Changes of a deployment: what is written altered or left out (see ``altered``), what may be written added, and the
release and what is at hand when it is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from google.protobuf.descriptor import FieldDescriptor

from graphval.catalog import load as load_catalog
from graphval.deployment.json_text import read_json
from graphval.deployment.json_tree import JsonNode, walk
from graphval.textproto import BoundMessage, Source

from .altered import edits
from .judging import context
from .node_cases import VALUES

CATALOG = load_catalog()
RELEASES = ("2025.0", "2025.2.1", "2025.4.1", "2026.2.1")
DEVICES = ("", "CPU", "GPU", "NPU", "AUTO", "AUTO:GPU,CPU", "HETERO:GPU,CPU", "MULTI:CPU,GPU", "GPU.1", "cpu", "TPU")
PLUGIN = (
    "{}",
    '{"NUM_STREAMS": "2"}',
    '{"NUM_STREAMS": 1.5}',
    '{"NUM_STREAMS": -2}',
    '{"PERFORMANCE_HINT": "latency"}',
    '{"PERFORMANCE_HINT": 1}',
    '{"INFERENCE_PRECISION_HINT": "int3"}',
    '{"ENABLE_MMAP": "maybe"}',
    '{"ENABLE_MMAP": true}',
    '{"MAX_PROMPT_LEN": 2048}',
    '{"CACHE_DIR": 1}',
    '{"CACHE_DIR": "a"}',
    '{"PROMPT_LOOKUP": true}',
    '{"FULL_DEVICE_NAME": "x"}',
    '{"DEVICE_ID": "0"}',
    '{"NUM_STREAM": 1}',
    '{"DEVICE_PROPERTIES": {"CPU": {"NUM_STREAMS": "x"}, "NPU": {"MAX_PROMPT_LEN": 1}}}',
    '{"DEVICE_PROPERTIES": {"TPU": {}}}',
    '{"KV_CACHE_PRECISION": "u8", "NUM_STREAMS": {"a": 1}}',
)


def _quoted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(f'"{text}"' for text in texts)


FIELDS: dict[str, tuple[str, ...]] = {
    **VALUES,
    "device": _quoted((*DEVICES, "CPU GPU CPU", "CPU GPU", "NPU NPU NPU")),
    "target_device": _quoted(DEVICES),
    "draft_device": _quoted(DEVICES),
    "plugin_config": tuple(f"'{text}'" for text in (*PLUGIN, "", "{", "[]", "1")),
    "models_path": _quoted(("", "graph.pbtxt", "gone", "model/openvino_model.xml", "hub/name")),
    "draft_models_path": _quoted(("", "graph.pbtxt", "model", "gone")),
    "tool_parser": _quoted(("hermes3", "hermes", "Hermes3")),
    "reasoning_parser": _quoted(("qwen3", "qwen", "hermes3")),
    "resolution": _quoted(("512x512", "512", "0x1", "512x512 256x256", "512X512", "64x")),
    "default_resolution": _quoted(("512x512", "64x64", "9x")),
    "max_resolution": _quoted(("512x512", "64x512", "x9")),
    "num_images_per_prompt": ("0", "1", "2"),
    "lora_adapters": (
        '{ alias: "a" path: "gone.safetensors" }',
        '{ alias: "a" }',
        '{ path: "gone.safetensors" alpha: 0 }',
    ),
    "composite_lora_adapters": (
        '{ alias: "c" components { adapter_alias: "gone" } }',
        '{ alias: "c" }',
        "{ components { } }",
    ),
    "voices": ('{ name: "v" path: "gone.bin" }', "{ }"),
    "handler_path": _quoted(("", "model.py", "gone.py", "a.txt", "../model.py")),
    "servable_name": _quoted(("gauge", "gone", "meter", "")),
    "servable_version": _quoted(("", "1", "2", "0", "x")),
    "executor": _quoted(("", "gpu", "gone")),
    "input_stream_handler": (
        "{ }",
        '{ input_stream_handler: "DefaultInputStreamHandler" }',
        '{ input_stream_handler: "ImmediateInputStreamHandler" }',
        '{ input_stream_handler: "FixedSizeInputStreamHandler" }',
        '{ input_stream_handler: "MuxInputStreamHandler" }',
        '{ input_stream_handler: "SyncSetInputStreamHandler" }',
        '{ input_stream_handler: "EarlyCloseInputStreamHandler" }',
        '{ input_stream_handler: "BarrierInputStreamHandler" }',
        '{ input_stream_handler: "TimestampAlignInputStreamHandler" }',
        '{ input_stream_handler: "Homemade" }',
    ),
    "output_stream_handler": ("{ }", '{ output_stream_handler: "Homemade" }'),
    "input_stream_info": (
        "{ }",
        '{ tag_index: "" back_edge: true }',
        '{ tag_index: ":0" back_edge: true }',
        '{ tag_index: "LOOPBACK" back_edge: true }',
        '{ tag_index: "GONE" }',
    ),
    "node": (
        "{ }",
        '{ calculator: "PassThroughCalculator" }',
        '{ calculator: "HttpLLMCalculator" }',
        '{ calculator: "PythonExecutorCalculator" }',
        '{ calculator: "SwitchContainer" }',
    ),
    "input_stream": _quoted(("in", "X:in", "other", "")),
    "output_stream": _quoted(("out", "X:out", "other", "")),
    "input_side_packet": _quoted(("side", "X:py", "llm", "")),
    "output_side_packet": _quoted(("side", "X:py", "llm", "")),
    "profiler_config": (
        "{ }",
        "{ trace_enabled: true }",
        '{ trace_log_path: "/gone/trace" }',
        '{ enable_profiler: true histogram_interval_size_usec: 0 calculator_filter: "(" }',
    ),
}
"""What a field of a message is set to, by its name."""

KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "model": {
        "batch_size": ("0", "1", "2", "-1", '"0"', '"2"', '"auto"', '"1:2"', '"x"'),
        "shape": ('"auto"', '"(1,3)"', '"(2,3)"', '"(1,8)"', '"(-1,3)"', '"(1:2,3)"', '"(3)"', '{"level": "(2,3)"}',
                  '{"gone": "(1,3)"}', '{"level": "auto"}', '"x"'),
        "layout": ('"NC"', '"CN:NC"', '"N..."', '"NCHW"', '"CH"', '{"level": "CN"}', '{"volume": "NC"}',
                   '{"gone": "NC"}', '"NN"'),
        "target_device": _quoted(DEVICES),
        "nireq": ("0", "1", "100000", "100001"),
        "plugin_config": PLUGIN,
        "model_version_policy": ('{"all": {}}', '{"latest": {"num_versions": 1}}', '{"latest": {"num_versions": 0}}',
                                 '{"specific": {"versions": [1]}}', '{"specific": {"versions": [2]}}', "{}"),
        "stateful": ("true", "false"),
        "low_latency_transformation": ("true",),
        "max_sequence_number": ("0", "1", "4294967296"),
        "idle_sequence_cleanup": ("true",),
        "custom_loader_options": ('{"loader_name": "l"}', "{}"),
        "name": ('"gauge"', '"meter"'),
        "mean": ('"[1,2,3]"', '"1"', '"x"'),
        "scale": ('"[1,2,3]"', '"1"', '"0"'),
        "color_format": ('"RGB"', '"RGB:BGR"'),
        "precision": ('"FP32"', '"x"'),
        "allow_cache": ("true",),
        "base_path": ('"gone"', '"net/1"', '"s3://bucket/net"'),
    },
    "graph": {
        "base_path": ('"meter"', '"gone"', '"."', '"/gone"'),
        "graph_path": ('"graph.pbtxt"', '"gone.pbtxt"', '"meter/graph.pbtxt"'),
        "subconfig": ('"subconfig.json"', '"gone.json"'),
        "name": ('"gauge"', '"pipe"'),
        "graph_queue_max_size": ("1", '"x"'),
    },
    "root": {
        "monitoring": ('{"metrics": {"enable": true}}', '{"metrics": {"enable": true, "metrics_list": ["x"]}}',
                       '{"metrics": {"metrics_list": ["ovms_requests_success"]}}'),
        "custom_loader_config_list": ('[{"config": {"loader_name": "l", "library_path": "l.so"}}]', "[]"),
        "mediapipe_config_list": ('[{"name": "gauge"}]', '[{"name": "a"}, {"name": "a"}]'),
        "pipeline_config_list": ("[]",),
        "extra": ("1",),
    },
}  # fmt: skip
"""What keys of objects in config.json are set to."""


class Change(NamedTuple):
    """A text put in the place of another one; ``new`` is ``None`` for a file that is not there. Without a path: the
    release that is asked about, or that models are not at hand."""

    title: str
    path: str = ""
    start: int = 0
    end: int = 0
    new: str | None = None

    def apart(self, other: Change) -> bool:
        """Whether both can be made."""
        if self.path != other.path or not self.path:
            return bool(self.path or other.path)
        return self.new is not None and other.new is not None and (self.end < other.start or other.end < self.start)


def changed(files: dict[str, str], changes: Iterable[Change]) -> dict[str, str]:
    """The files with changes that are apart."""
    found = dict(files)
    for change in sorted(changes, key=lambda change: -change.start):
        if change.path and change.new is None:
            del found[change.path]
        elif change.path:
            text = found[change.path]
            found[change.path] = text[: change.start] + (change.new or "") + text[change.end :]
    return found


def changes_of(files: dict[str, str]) -> Iterator[Change]:
    """All changes of a deployment that are tried, each with a title of its own."""
    seen = set[str]()
    yield from (Change(f"release {release}") for release in RELEASES)
    yield Change("without models")
    for path, text in files.items():
        yield Change(f"no {path}", path)
        for title, start, end, new in (*edits(path, text), *_other_names(path, text), *_additions(path, text)):
            line = text.count("\n", 0, start) + 1
            named = f"{path}:{line} {title}"
            if named not in seen and text[start:end] != new:
                seen.add(named)
                yield Change(named, path, start, end, new)


def _other_names(path: str, text: str) -> Iterator[tuple[str, int, int, str]]:
    """For each name one that is like no other."""
    if path.endswith((".pbtxt", ".json", ".py")):
        for match in re.finditer(r'"\w+"', text):
            yield f"{match[0]} is homemade", match.start(), match.end(), '"homemade"'


def _additions(path: str, text: str) -> Iterator[tuple[str, int, int, str]]:
    if path.endswith(".pbtxt"):
        yield from _fields(context(text).graph.bound, len(text), text)
    elif path in ("config.json", "meter/subconfig.json"):
        root = read_json(Source(path, text)).root
        yield from _keys(root, text) if root is not None and "_config_list" in text else ()


def _fields(message: BoundMessage, end: int, text: str) -> Iterator[tuple[str, int, int, str]]:
    """One more field in the message that ends there, in place of one of its name if it may stand there once."""
    if message.expanded is not None:
        yield from _fields(message.expanded, message.expanded.end - 1, text)
        return
    descriptor = CATALOG.message(message.type_name)
    for field in descriptor.fields if descriptor is not None else ():
        written = message.first(field.name)
        for value in _values(field):
            line = f"{field.name}: {value}"
            if written is None or field.label == field.LABEL_REPEATED:
                yield f"with {line}", end, end, f" {line}\n"
            else:
                yield line, written.name_start, written.end, line
    for field in message.fields:
        if isinstance(field.value, BoundMessage):
            yield from _fields(field.value, field.value.end - 1, text)


def _values(field: FieldDescriptor) -> tuple[str, ...]:
    """What a field is set to."""
    if field.name in FIELDS and field.cpp_type != FieldDescriptor.CPPTYPE_ENUM:
        return FIELDS[field.name]
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return ("{ }",)
        case FieldDescriptor.CPPTYPE_ENUM:
            return tuple(value.name for value in field.enum_type.values)
        case FieldDescriptor.CPPTYPE_BOOL:
            return "true", "false"
        case FieldDescriptor.CPPTYPE_STRING:
            return '""', '"a"'
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return "0", "1", "2"
        case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
            return "-0.1", "0", "0.5", "1", "1.1", "2.1"
        case _:
            return "-1", "0", "1", "2", "4096"


def _keys(root: JsonNode, text: str) -> Iterator[tuple[str, int, int, str]]:
    """One more key in an object of config.json, or another value in its place."""
    for node in walk(root):
        kind = "root" if node is root else _kind(node, text)
        for key, values in KEYS.get(kind, {}).items() if node.kind == "object" else ():
            member = next((member for member in node.members if member.key == key), None)
            for value in values:
                if member is None:
                    end = node.end - 1
                    yield f"with {key}: {value}", end, end, f'{", " if node.members else ""}"{key}": {value}'
                else:
                    yield f"{key}: {value}", member.value.start, member.value.end, value


def _kind(node: JsonNode, text: str) -> str:
    """What an object stands for, by what stands before it."""
    before = text[: node.start].rstrip()
    if before.endswith('"config":'):
        return "model"
    lists = re.findall(r'"(\w+_config_list)"', before)
    return "graph" if lists and lists[-1] == "mediapipe_config_list" and before[-1] in "[," else ""
