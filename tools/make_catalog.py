"""Make the catalog's data files from reference facts about OVMS releases.

    python tools/make_catalog.py REFERENCE_FOLDER [--into graphval/catalog/data]

REFERENCE_FOLDER holds ``calculators.json``, ``options-schema.json``, ``ovms-status-codes.json``,
``ovms-log-signatures.json`` and ``releases/``. The output depends on nothing else and is the same for the same input.

Data are text, one record a line (``name<TAB>json``), so that a change of a fact is one changed line. Protobuf
descriptors are the exception: they are serialised ``FileDescriptorProto`` messages in base64, one proto file a line.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2

NEWEST = "2026.4"
"""The name of the reference's ``HEAD``: its tree says 2026.4.0 and precedes that release by four weeks."""

_NEWEST_IN_WORDS = "the development branch after 2026.3"
"""What the reference calls it in its advice."""

_TYPES = {
    name.removeprefix("TYPE_").lower(): number for name, number in descriptor_pb2.FieldDescriptorProto.Type.items()
}
_LABELS = {"optional": 1, "required": 2, "repeated": 3}
_PORT_KEYS = ("inputs", "outputs", "input_side_packets", "output_side_packets")
_CONTRACT_KEYS = (
    "name",
    "kind",
    *_PORT_KEYS,
    "options_message",
    "options_accepts",
    "options_required",
    "options_required_fields",
    "contract_rules",
    "open_checks",
    "process_checks",
    "aborts",
    "input_policy",
    "source_node",
    "in_wheel_0_10_21",
    "required_servables",
    "expands_to_calculators",
)
_FACT_KEYS = (
    "cli_flags",
    "config_json",
    "env",
    "http_endpoints",
    "behaviour",
    "reserved_request_parameters",
    "pbtxt_directives",
    "notes",
    "release_date",
    "product_version",
    "model_server_commit",
)
_NAME_KEYS = (
    "calculators",
    "calculators_unit_test_only",
    "subgraphs",
    "input_stream_handlers",
    "output_stream_handlers",
    "tool_parsers",
    "reasoning_parsers",
    "pipeline_types",
    "node_initializer_suffixes",
    "side_packets_provided",
    "graph_io_tags",
)

_AS_CHECKED: dict[str, dict[str, dict[str, dict[str, Any] | None]]] = {
    "FeatureDetectorCalculator": {
        "inputs": {"IMAGE": {"optional": True}},
        "input_side_packets": {"OPTIONS": None},
    },
    # The container puts a PacketSequencerCalculator, which takes any packet, before what reads the choice.
    "SwitchContainer": {"inputs": {"SELECT": {"type": "later int"}, "ENABLE": {"type": "later bool"}}},
    "NonMaxSuppressionCalculator": {"inputs": {"": {"min_count": 0, "optional": True}}},
    "TfLiteCustomOpResolverCalculator": {"output_side_packets": {"": {"type": "BuiltinOpResolver unless OP_RESOLVER"}}},
}
"""Ports as the contract checks them, where the reference lists what the calculator's code uses: by calculator, kind and
tag, with None for a port that the contract does not know. The entry's own ``contract_rules`` say so."""

_NEEDED_ONCE_CONNECTED: dict[str, tuple[str, ...]] = {
    "BoxDetectorCalculator": ("INDEX_PROTO_STRING", "OUTPUT_INDEX_FILENAME", "FRAME_ALIGNMENT"),
    "CallbackCalculator": ("CALLBACK", "VECTOR_CALLBACK", "OBSERVE_TIMESTAMP_BOUNDS"),
    "ClassificationListVectorHasMinSizeCalculator": ("",),
    "ClipDetectionVectorSizeCalculator": ("",),
    "ClipNormalizedRectVectorSizeCalculator": ("",),
    "CountingSourceCalculator": (
        "MAX_COUNT",
        "ERROR_COUNT",
        "BATCH_SIZE",
        "INITIAL_VALUE",
        "INCREMENT",
        "ERROR_ON_OPEN",
    ),
    "FlowPackagerCalculator": ("CACHE_DIR",),
    "ImageTransformationCalculator": ("OUTPUT_DIMENSIONS", "ROTATION_DEGREES", "FLIP_HORIZONTALLY", "FLIP_VERTICALLY"),
    "MatrixSubtractCalculator": ("MINUEND", "SUBTRAHEND"),
    "MotionAnalysisCalculator": ("CSV_FILE", "DOWNSAMPLE", "OPTIONS"),
    "NormalizedLandmarkListVectorHasMinSizeCalculator": ("",),
    "NormalizedRectVectorHasMinSizeCalculator": ("",),
    "OpenCvVideoEncoderCalculator": ("AUDIO_FILE_PATH",),
    "PacketResamplerCalculator": ("OPTIONS", "SEED"),
    "PacketThinnerCalculator": ("OPTIONS", "PERIOD"),
    "ResourceProviderCalculator": ("RESOURCE_ID",),
    "SidePacketToStreamCalculator": ("TIMESTAMP",),
    "SwitchMuxCalculator": ("C<n>__<TAG>",),
    "TfLiteInferenceCalculator": ("MODEL", "CUSTOM_OP_RESOLVER"),
    "TfLiteModelCalculator": ("MODEL_BLOB", "MODEL_FD", "MODEL_SPAN", "MODEL_RESOURCE"),
    "TfLiteTensorsToDetectionsCalculator": ("ANCHORS",),
    "ThresholdingCalculator": ("THRESHOLD",),
}
"""Input side packets that may be left out but not left unsupplied: the contract sets their type where they are
connected and does not call them optional, so that a graph does not start without the packet
(``mediapipe/calculators/**/*.cc``; for those of the wheel also seen there)."""


_LIST_WORDS = {"input": "inputs", "output": "outputs", "side packet": "input_side_packets"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent.parent / "graphval/catalog/data")
    arguments = parser.parse_args()
    for name, text in make(arguments.reference).items():
        path = arguments.into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make(reference: Path) -> dict[str, str]:
    """All data files by name."""
    calculators = _read(reference / "calculators.json")
    index = _read(reference / "releases/index.json")
    drift = _read(reference / "releases/drift.json")
    releases = {
        _release(name): _read(reference / "releases" / entry["file"])
        for name, entry in sorted(index["files"].items(), key=lambda item: index["order"].index(item[0]))
    }
    options = {version: _options(release, releases[NEWEST]) for version, release in releases.items()}
    newest = _descriptors(options[NEWEST])
    files = {
        "index.json": _json(
            {
                "releases": list(releases),
                "newest": NEWEST,
                "aliases": {
                    alias: _release(name) for alias, name in sorted(index["aliases"].items()) if alias not in releases
                },
            }
        ),
        "calculators.txt": _lines(
            {
                entry["name"]: {key: entry[key] for key in _CONTRACT_KEYS if entry.get(key)}
                for entry in map(_as_checked, calculators["calculators"])
            }
        ),
        "handlers.txt": _lines({entry["name"]: entry for entry in calculators["input_stream_handlers"]}),
        "executors.txt": _lines({entry["name"]: entry for entry in calculators["executors"]}),
        "drift.txt": _drift(drift["entries"]),
        "statuses.txt": _lines(
            {entry["name"]: entry for entry in _read(reference / "ovms-status-codes.json")["codes"]}
        ),
        "log_formats.txt": _lines(
            {entry["id"]: entry for entry in _read(reference / "ovms-log-signatures.json")["formats"]}
        ),
        "log_signatures.txt": _lines(
            {entry["id"]: entry for entry in _read(reference / "ovms-log-signatures.json")["signatures"]}
        ),
        f"releases/{NEWEST}.descriptors.txt": "".join(f"{line}\n" for line in newest.values()),
    }
    for version, release in releases.items():
        files[f"releases/{version}.json"] = _json(
            {key: release[key] for key in _NAME_KEYS} | {"contracts": _contracts(release.get("contracts", {}))}
        )
        files[f"releases/{version}.facts.json"] = _json({key: release.get(key) for key in _FACT_KEYS})
        if version != NEWEST:
            # A file that does not differ is only named; a file that is not named is not linked in that release.
            own = _descriptors(options[version])
            files[f"releases/{version}.descriptors.txt"] = "".join(
                f"{name}\t=\n" if newest.get(name) == line else f"{line}\n" for name, line in own.items()
            )
    return files


def _as_checked(entry: dict[str, Any]) -> dict[str, Any]:
    """A calculator with its ports as its contract checks them."""
    corrected = dict(entry)
    for kind, by_tag in _AS_CHECKED.get(entry["name"], {}).items():
        corrections = {port["tag"]: by_tag.get(port["tag"], {}) for port in entry[kind]}
        corrected[kind] = [
            port | correction for port in entry[kind] if (correction := corrections[port["tag"]]) is not None
        ]
    needed = _NEEDED_ONCE_CONNECTED.get(entry["name"], ())
    if needed:
        corrected["input_side_packets"] = [
            port | {"needed_once_connected": True} if port["tag"] in needed else port
            for port in entry["input_side_packets"]
        ]
    return corrected


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _release(name: str) -> str:
    return NEWEST if name == "HEAD" else name


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _lines(records: dict[str, Any]) -> str:
    return "".join(
        f"{name}\t{json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(',', ':'))}\n"
        for name, record in sorted(records.items())
    )


def _contracts(contracts: dict[str, Any]) -> dict[str, Any]:
    """The contracts of a release, with what its calculators lack of the newest one's ports, and what they need that is
    optional now: ``{calculator: {"lacks": {list: [tag]}, "needs": {list: [tag]}}}``."""
    apart: dict[str, dict[str, dict[str, list[str]]]] = {}
    for entry in contracts.get("differences_to_HEAD", ()):
        for clause in re.split("[;,] ", entry["difference"]):
            way = "lacks" if clause.startswith("no ") else "needs" if clause.endswith("required") else ""
            tags = re.findall(r"\b[A-Z][A-Z_]+\b", clause)
            lists = [name for word, name in _LIST_WORDS.items() if word in clause]
            for name in entry["calculator"].split(", ") if way and tags else ():
                for one in lists:
                    apart.setdefault(name, {}).setdefault(way, {}).setdefault(one, []).extend(tags)
    return contracts | {"ports": apart} if apart else contracts


def _drift(entries: list[dict[str, Any]]) -> str:
    by_subject: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        record = dict(
            entry,
            release=_release(entry["release"]),
            previous=_release(entry["previous"]),
            advice=entry["advice"].replace(_NEWEST_IN_WORDS, NEWEST),
        )
        by_subject[record.pop("subject")].append(record)
    return _lines({subject.replace("\t", " ").replace("\n", " "): found for subject, found in by_subject.items()})


def _options(release: dict[str, Any], newest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The options messages of a release, every ``same_as`` resolved."""
    return {
        name: newest["options"][name] if "same_as" in table else table for name, table in release["options"].items()
    }


def _descriptors(messages: dict[str, dict[str, Any]]) -> dict[str, str]:
    """One line per proto file: its name, all symbols it defines, its messages, the files it imports, the serialised
    descriptor."""
    file_of = {name: table["file"] for name, table in messages.items()}
    enums: dict[str, list[list[Any]]] = {}
    for name, table in messages.items():
        for field in table["fields"]:
            if field["type"] == "enum":
                enums[field["type_name"]] = field["enum_values"]
                parent = field["type_name"].rpartition(".")[0]
                file_of[field["type_name"]] = file_of.get(parent, file_of[name])
    lines = {}
    for path in sorted(set(file_of.values())):
        proto, symbols = _file(path, messages, enums, file_of)
        encoded = base64.b64encode(proto.SerializeToString(deterministic=True)).decode()
        own = ",".join(sorted(name for name in messages if file_of[name] == path))
        imported = ",".join(proto.dependency)
        lines[path] = f"{path}\t,{','.join(sorted(symbols))},\t{own}\t{imported}\t{encoded}"
    return lines


def _file(
    path: str, messages: dict[str, dict[str, Any]], enums: dict[str, list[list[Any]]], file_of: dict[str, str]
) -> tuple[descriptor_pb2.FileDescriptorProto, set[str]]:
    proto = descriptor_pb2.FileDescriptorProto(name=path)
    own = sorted(name for name, file in file_of.items() if file == path)
    proto.package = "google.protobuf" if own[0].startswith("google.protobuf.") else "mediapipe"
    syntax = next((messages[name]["syntax"] for name in own if name in messages), "proto2")
    if syntax == "proto3":
        proto.syntax = syntax
    built: dict[str, descriptor_pb2.DescriptorProto] = {}
    symbols = set(own)
    imports: set[str] = set()

    def place(full_name: str) -> descriptor_pb2.DescriptorProto:
        """The (perhaps not yet described) message of that name in this file."""
        if full_name not in built:
            parent, _, simple = full_name.rpartition(".")
            owner = proto.message_type if parent == proto.package else place(parent).nested_type
            built[full_name] = owner.add(name=simple)
            symbols.add(full_name)
        return built[full_name]

    for name in own:
        if name in messages:
            symbols |= _message(name, messages[name], place(name), messages, imports, file_of)
    for name in own:
        if name in enums:
            parent, _, simple = name.rpartition(".")
            owner = proto.enum_type if parent == proto.package else place(parent).enum_type
            enum = owner.add(name=simple)
            for value, number in enums[name]:
                enum.value.add(name=value, number=number)
            if len({number for _, number in enums[name]}) < len(enums[name]):
                enum.options.allow_alias = True
            symbols |= {f"{parent}.{value}" for value, _ in enums[name]}
    proto.dependency.extend(sorted(imports - {path}))
    return proto, symbols


def _message(
    name: str,
    table: dict[str, Any],
    proto: descriptor_pb2.DescriptorProto,
    messages: dict[str, dict[str, Any]],
    imports: set[str],
    file_of: dict[str, str],
) -> set[str]:
    """Describe one message; returns the symbols that it defines beside itself."""
    symbols = set()
    oneofs: dict[str, int] = {}
    for field in sorted(table["fields"], key=lambda field: field["number"]):
        entry = proto.field.add(
            name=field["name"], number=field["number"], label=_LABELS[field["label"]], type=_TYPES[field["type"]]
        )
        symbols.add(f"{name}.{field['name']}")
        if field.get("type_name"):
            entry.type_name = f".{field['type_name']}"
            imports.add(file_of[field["type_name"]])
        if field.get("default") is not None and table["syntax"] != "proto3":
            entry.default_value = field["default"]
        if field.get("oneof"):
            if field["oneof"] not in oneofs:
                oneofs[field["oneof"]] = len(proto.oneof_decl)
                proto.oneof_decl.add(name=field["oneof"])
            entry.oneof_index = oneofs[field["oneof"]]
    if name in (
        "mediapipe.CalculatorOptions",
        "mediapipe.MediaPipeOptions",
        "mediapipe.PacketGeneratorOptions",
        "mediapipe.PacketFactoryOptions",
        "mediapipe.StatusHandlerOptions",
    ):
        proto.extension_range.add(start=20000, end=536870912)
    parent, _, simple = name.rpartition(".")
    if any(simple == f"{_camel(field['name'])}Entry" for field in messages.get(parent, {}).get("fields", ())):
        proto.options.map_entry = True
    extension = table.get("extension")
    if extension:
        proto.extension.add(
            name=extension["field"].rpartition(".")[2],
            number=extension["number"],
            label=1,
            type=_TYPES["message"],
            type_name=f".{name}",
            extendee=f".{extension['extendee']}",
        )
        imports.add(file_of[extension["extendee"]])
        symbols.add(extension["field"])
    return symbols


def _camel(name: str) -> str:
    return re.sub(r"(?:^|_)([a-z0-9])", lambda match: match[1].upper(), name)


if __name__ == "__main__":
    main()
