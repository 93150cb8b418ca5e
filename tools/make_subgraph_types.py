"""Make the catalog's facts about the border of subgraphs by asking MediaPipe.

    python tools/make_subgraph_types.py [--into graphval/catalog/data]

The reference facts know the tags of a subgraph; the packet types follow from the nodes inside, and so does which of its
inputs must be connected. MediaPipe's own `ValidatedGraphConfig` tells both: each subgraph is loaded with everything
connected, then with one thing left out. The subgraphs are those of the ``mediapipe`` wheel; OVMS's fork runs other
inference nodes inside, and the same nodes at the border. A subgraph that does not load alone has no record.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from mediapipe.python._framework_bindings import validated_graph_config

from graphval.catalog import Calculator, load

LISTS = ("inputs", "outputs", "input_side_packets", "output_side_packets")
FIELDS = ("input_stream", "output_stream", "input_side_packet", "output_side_packet")
UNNAMED = {
    "IMAGE_SIZE": "pair<int,int>",
    "LETTERBOX_PADDING": "array<float,4>",
    "MATRIX": "array<float,16>",
    "MODEL": "TfLiteModelPtr",
    "TENSORS": "vector<Tensor>",
}
"""Types that MediaPipe registers no name for, by the tag that always carries them."""

IMAGE = "OneOf<Image, ImageFrame>"
"""What an ``IMAGE`` may be: the wheel's inference nodes insist on one of the two, which says nothing of OVMS's."""
OTHERWISE = ("InferenceCalculator", "TfLite")
"""What stands inside the wheel's subgraphs and not inside OVMS's: what they need says nothing."""
REFUSALS = (RuntimeError, ValueError, NotImplementedError)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path("graphval/catalog/data"))
    into = parser.parse_args().into
    catalog = load()
    lines = []
    for name in sorted(catalog.subgraphs):
        contract = catalog.calculator(name)
        known = facts(contract) if contract is not None and contract.expands_to else None
        if known is not None:
            lines.append(f"{name}\t{json.dumps(known, sort_keys=True)}\n")
    (into / "subgraph_types.txt").write_text("".join(lines), encoding="utf-8")


def facts(contract: Calculator) -> dict[str, Any] | None:
    """Type and need of each port by list and tag; ``None`` where the subgraph does not load."""
    ports = {
        kind: [(port.tag, f"{kind}_{number}") for number, port in enumerate(getattr(contract, kind))] for kind in LISTS
    }
    whole, _ = loaded(contract.name, ports)
    if whole is None:
        return None
    found: dict[str, Any] = {}
    for kind in LISTS:
        for tag, name in ports[kind]:
            found.setdefault(kind, {})[tag] = {
                "type": type_of(whole, kind, tag, name),
                "required": is_needed(contract.name, ports, name),
            }
            if kind == "outputs":
                found[kind][tag]["after"] = [
                    behind for behind, _ in ports["inputs"] if is_behind(contract.name, ports, behind, tag)
                ]
    return found


def is_needed(calculator: str, ports: dict[str, list[tuple[str, str]]], name: str) -> bool:
    """Whether the subgraph never loads without a port, whatever outputs are connected."""
    outputs = ports["outputs"]
    for chosen in (outputs, [], *([output] for output in outputs)):
        whole = {**ports, "outputs": chosen}
        less = {kind: [port for port in entries if port[1] != name] for kind, entries in whole.items()}
        if less == whole or loaded(calculator, whole)[0] is None:
            continue
        config, why = loaded(calculator, less)
        if config is not None or any(inner in why for inner in OTHERWISE):
            return False
    return True


def is_behind(calculator: str, ports: dict[str, list[tuple[str, str]]], read: str, written: str) -> bool:
    """Whether an output waits for an input: fed back into that input, the two make a circle."""
    inputs = [(tag, "fed_back" if tag == read else name) for tag, name in ports["inputs"]]
    output = next(name for tag, name in ports["outputs"] if tag == written)
    through = f'node {{ calculator: "PassThroughCalculator" input_stream: "{output}" output_stream: "fed_back" }}'
    _, why = loaded(calculator, {**ports, "inputs": inputs}, through)
    return "cycle" in why


def type_of(whole: Any, kind: str, tag: str, name: str) -> str | None:
    if tag == "IMAGE":
        return IMAGE
    ask = whole.registered_side_packet_type_name if "side" in kind else whole.registered_stream_type_name
    try:
        text = ask(name)
    except REFUSALS:
        return UNNAMED.get(tag)
    return re.sub(r"(::)?mediapipe::|::std::", "", text)


def loaded(calculator: str, ports: dict[str, list[tuple[str, str]]], more: str = "") -> tuple[Any, str]:
    """The graph of one node and perhaps more, or why it does not load."""
    fed = [("input_stream", name) for _, name in ports["inputs"] if name != "fed_back"]
    fed += [("input_side_packet", name) for _, name in ports["input_side_packets"]]
    connected = [
        f'{field}: "{f"{tag}:" if tag else ""}{name}"'
        for field, kind in zip(FIELDS, LISTS, strict=True)
        for tag, name in ports[kind]
    ]
    border = " ".join(f'{field}: "{name}"' for field, name in fed)
    config = validated_graph_config.ValidatedGraphConfig()
    try:
        config.initialize(graph_config=f'{border} node {{ calculator: "{calculator}" {" ".join(connected)} }} {more}')
    except REFUSALS as why:
        return None, str(why)
    return config, ""


if __name__ == "__main__":
    main()
