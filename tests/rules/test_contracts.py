"""Contracts and the calculators' own checks, held against MediaPipe on generated nodes.

Every calculator that the ``mediapipe`` wheel shares with the servers is asked with connections that its contract has
and some that it has not, and with options set to odd values. What the rules say about loading and creating the graph
must be what the framework does.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from graphval.catalog import Calculator, load
from graphval.findings import Effect, Phase
from tests.rules.framework import Framework, Verdict
from tests.rules.judging import errors

CATALOG = load()
DIFFERS = frozenset(
    {
        "ImageCloneCalculator",  # the wheel has GPU support, the servers have not
        "AnnotationOverlayCalculator",  # likewise
        "CallbackPacketCalculator",  # takes any text for an address; what then happens is chance
        "ResourceProviderCalculator",  # reads files
    }
)


def _shared() -> Iterator[Calculator]:
    for name in sorted(CATALOG.calculators):
        contract = CATALOG.calculator(name)
        if contract is not None and contract.in_wheel and name not in DIFFERS:
            yield contract


SHARED = tuple(_shared())
HANDED_ON = 'node { calculator: "PassThroughCalculator" input_stream: "unused" output_stream: "handed_on" }\n'
FIELDS = {"in": "input_stream", "out": "output_stream", "side": "input_side_packet", "made": "output_side_packet"}


def _ports(contract: Calculator, *, required: bool) -> list[tuple[str, str, int]]:
    """Kind, tag and index of what the contract requires, or of what it also knows."""
    found = []
    lists = (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)
    for kind, ports in zip(FIELDS, lists, strict=True):
        for port in ports:
            if port.tag == "*":
                indexes: list[int] = [] if required else [0]
            elif port.indexes == "single":
                indexes = [port.position or 0] if required != port.optional else []
            else:
                needed = 0 if port.optional else max(1, port.min_count)
                indexes = list(range(needed)) if required else [needed]
            found += [(kind, "" if port.tag in ("*",) else port.tag, index) for index in indexes]
    return found


@st.composite
def connections(draw: st.DrawFn, contract: Calculator) -> list[tuple[str, str, int]]:
    """Mostly a sound set of connections; sometimes one is missing or one is too much."""
    chosen = _ports(contract, required=True)
    more = [port for port in _ports(contract, required=False) if port not in chosen and "<" not in port[1]]
    if more:
        chosen += draw(st.lists(st.sampled_from(more), unique=True, max_size=3))
    match draw(st.sampled_from(["", "", "", "drop", "add"])):
        case "drop" if chosen:
            chosen.remove(draw(st.sampled_from(chosen)))
        case "add":
            stranger = draw(st.sampled_from([(kind, tag, 0) for kind in FIELDS for tag in ("", "STRANGE")]))
            chosen += [] if stranger in chosen else [stranger]
    return chosen


def values(field: FieldDescriptor, depth: int = 0) -> list[str]:
    """Odd values of an options field, as written."""
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_MESSAGE:
            inner = ["{ }"]
            if depth == 0 and not field.message_type.GetOptions().map_entry:
                inner += [f"{{ {name} }}" for name in written(field.message_type, depth + 1)]
            return inner
        case FieldDescriptor.CPPTYPE_ENUM:
            return [value.name for value in field.enum_type.values]
        case FieldDescriptor.CPPTYPE_BOOL:
            return ["true", "false"]
        case FieldDescriptor.CPPTYPE_STRING:
            return ['""'] if field.name.endswith("_path") else ['""', '"abc"']
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return ["0", "1", "2", "100"]
        case _:
            return ["-1", "0", "1", "2", "300"]


def written(message: Descriptor, depth: int = 0) -> list[str]:
    """One setting for each field and odd value."""
    return [f"{field.name}: {value}" for field in message.fields for value in values(field, depth)]


@st.composite
def options(draw: st.DrawFn, contract: Calculator) -> str:
    """Options with a few odd values, or none."""
    message = CATALOG.message(contract.options_message) if contract.options_message is not None else None
    if message is None or not message.fields:
        return ""
    fields = draw(st.lists(st.sampled_from(list(message.fields)), unique_by=lambda field: field.name, max_size=3))
    settled = " ".join(f"{field.name}: {draw(st.sampled_from(values(field)))}" for field in fields)
    return f"node_options {{ [type.googleapis.com/{message.full_name}] {{ {settled} }} }}"


@st.composite
def nodes(draw: st.DrawFn) -> str:
    """A graph that hands its input on, and beside that one node."""
    contract = draw(st.sampled_from(SHARED))
    fields, inputs = [], ["unused"]
    for number, (kind, tag, index) in enumerate(draw(connections(contract))):
        name = f"{kind}_{number}"
        inputs += [name] if kind == "in" else []
        fields.append(f'{FIELDS[kind]}: "{f"{tag}:{index}:" if tag else ""}{name}"')
    node = f'node {{ calculator: "{contract.name}" {" ".join(fields)} {draw(options(contract))} }}\n'
    border = "".join(f'input_stream: "{name}"\n' for name in inputs) + 'output_stream: "handed_on"\n'
    return border + HANDED_ON + node


@pytest.fixture(scope="module")
def framework() -> Iterator[Framework]:
    with Framework() as found:
        yield found


def expected(text: str) -> Verdict:
    """What the rules say becomes of a graph that gets no packets."""
    found = errors(text)
    for moment, phases in (("load", (Phase.PARSE, Phase.LOAD)), ("start", (Phase.CREATE,))):
        here = [finding for finding in found if finding.phase in phases]
        if here:
            return Verdict(moment, died=any(finding.effect is Effect.ABORT for finding in here))
    return Verdict("")


def agree(theirs: Verdict, ours: Verdict) -> bool:
    """Whether the framework found what the rules say."""
    if theirs.moment == "start" and "is required but was not provided" in theirs.why:
        return ours.moment != "load"  # nobody gives side packets here, so nothing was opened
    if theirs.moment == ours.moment == "start":
        return not theirs.died or ours.died  # of several mistakes the framework meets one first
    return (theirs.moment, theirs.died) == (ours.moment, ours.died)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=nodes())
def test_what_the_rules_say_of_a_node_is_what_becomes_of_it(framework: Framework, text: str) -> None:
    theirs, ours = framework.judge(text), expected(text)
    note(text)
    note(f"MediaPipe: {theirs}")
    note(f"graphval: {[(f.code, f.phase, f.effect, f.message) for f in errors(text)]}")
    assert agree(theirs, ours) or (not theirs.moment and need_not_show(text))


def need_not_show(text: str) -> bool:
    """Whether the only mistake is a source without end: a run that gets no packets may be closed before it has run
    twice."""
    return {finding.code for finding in errors(text) if finding.phase is not Phase.SERVE} == {"GV317"}


def test_a_stream_that_a_calculator_reads_without_asking_for_it_is_missed_by_the_first_packet_only() -> None:
    pass_through = 'input_stream: "in" output_stream: "in" '
    [missing] = errors(pass_through + 'node { calculator: "FeatureDetectorCalculator" output_stream: "FEATURES:f" }')
    assert (missing.code, missing.phase, missing.effect) == ("GV315", Phase.SERVE, Effect.ABORT)
    found = errors(
        pass_through + 'node { calculator: "FeatureDetectorCalculator" input_stream: "IMAGE:in" '
        'input_side_packet: "OPTIONS:o" output_stream: "FEATURES:f" }'
    )
    [refused] = [finding for finding in found if finding.phase is Phase.LOAD]
    assert refused.effect is Effect.REJECT
    assert "OPTIONS" in refused.message
