"""A node in short, and what the calculators' checks say of it.

``>IMAGE <TENSORS | output_tensor_width: 8`` are its ports (``>`` input stream, ``<`` output stream, ``}`` input side
packet, ``{`` output side packet; a port twice is two entries; ``nothing`` where there are none) and its options.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphval.catalog import Calculator, load
from graphval.findings import Finding, Phase

from .judging import judged

CATALOG = load()
FIELDS = {">": "input_stream", "<": "output_stream", "}": "input_side_packet", "{": "output_side_packet"}
CODES = frozenset({"GV303", "GV304", "GV310", "GV311", "GV312", "GV313", "GV314", "GV315"})
"""What is said of a node's own ports and options."""
BORDER = """input_stream: "in" output_stream: "any"
node { calculator: "MergeCalculator" input_stream: "in" output_stream: "any" }
"""
"""Makes a stream of which nobody knows the packet type, so that any port takes it."""


def node(calculator: str, variant: str) -> str:
    """A variant's node in the text of a graph, in one line. Streams are called like their ports."""
    ports, _, settings = variant.partition(" | ")
    message = contract_of(calculator).options_message
    written, used = [], {}
    for port in ports.removeprefix("nothing").split():
        kind, tag = port[0], port[1:]
        index = used[port] = used.get(port, -1) + 1
        name = {">": "any", "}": "given"}.get(kind, f"{tag.lower() or 'plain'}_{index}")
        prefix = f"{tag}:{index}:" if index and tag else f"{tag}:" if tag else ""
        written.append(f'{FIELDS[kind]}: "{prefix}{name}"')
    block = ""
    if settings:
        block = f"node_options {{ [type.googleapis.com/{message}] {{ {settings} }} }}"
        if contract_of(calculator).options_accepts == "options_ext":
            block = f"options {{ [{message}.ext] {{ {settings} }} }}"
    return f'node {{ calculator: "{calculator}" {" ".join(written)} {block} }}\n'


def contract_of(calculator: str) -> Calculator:
    contract = CATALOG.calculator(calculator)
    assert contract is not None
    return contract


AT_ONCE = 25
"""How many nodes stand in one graph: of each rule only so many mistakes are told (`MAX_HITS` of the run)."""


def said(calculator: str, variants: Sequence[str]) -> dict[str, str]:
    """For each variant what the checks say of its node: code, the text it points at, message."""
    found: dict[str, str] = {}
    for start in range(0, len(variants), AT_ONCE):
        found |= _said_at_once(calculator, variants[start : start + AT_ONCE])
    return found


def _said_at_once(calculator: str, variants: Sequence[str]) -> dict[str, str]:
    lines = [node(calculator, variant) for variant in variants]
    found: dict[int, list[Finding]] = {}
    for finding in judged(BORDER + "".join(lines)).findings:
        assert finding.phase is not Phase.PARSE, finding.message  # nothing else would be said
        if finding.code in CODES:
            found.setdefault(finding.location.line - 1 - BORDER.count("\n"), []).append(finding)
    return {variant: _shown(found.get(at, ()), lines[at]) for at, variant in enumerate(variants)}


def is_read(calculator: str, variant: str) -> bool:
    """Whether a graph with the node can be parsed."""
    return not any(finding.phase is Phase.PARSE for finding in judged(BORDER + node(calculator, variant)).findings)


def _shown(findings: Iterable[Finding], line: str) -> str:
    return "\n".join(
        f"{f.code} at {line[f.location.column - 1 : f.location.end_column - 1]}: {f.message}"
        for f in sorted(findings, key=lambda f: (f.code, f.location.column, f.message))
    )
