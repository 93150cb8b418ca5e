"""Packet types: what contracts agree on, and what is really in a packet."""

from __future__ import annotations

import pytest

from graphval.rules.flow import PacketFlow
from graphval.rules.graph_border import tag_for

from .judging import context

BORDER = 'input_stream: "{}"\noutput_stream: "{}"\n'


def flow(text: str) -> PacketFlow:
    return context(text).flow


def node(calculator: str, *connections: str, options: str = "") -> str:
    """A node; a connection is ``> in``, ``< out``, ``} side packet in`` or ``{ side packet out``."""
    fields = {">": "input_stream", "<": "output_stream", "}": "input_side_packet", "{": "output_side_packet"}
    written = " ".join(f'{fields[entry[0]]}: "{entry[2:]}"' for entry in connections)
    return f'node {{ calculator: "{calculator}" {written} {options} }}\n'


THROUGH = node("PassThroughCalculator", "> in", "< out")
SIZE = node("ImagePropertiesCalculator", "> IMAGE:in", "< SIZE:size")

EMITTED: dict[str, tuple[str, str, str | None]] = {
    "a graph input of a known tag": (BORDER.format("IMAGE:in", "out"), "in", "ImageFrame"),
    "a graph input whose tag only begins so": (BORDER.format("IMAGE_LEFT:in", "out"), "in", "ImageFrame"),
    "a graph input without a tag": (BORDER.format("in", "out"), "in", "ov::Tensor"),
    "what a contract says": (BORDER.format("IMAGE:in", "out") + SIZE, "size", "pair<int,int>"),
    "handed on": (BORDER.format("IMAGE:in", "out") + THROUGH, "out", "ImageFrame"),
    "handed on twice": (
        BORDER.format("IMAGE:in", "out")
        + node("PassThroughCalculator", "> in", "< one")
        + node("PassThroughCalculator", "> one", "< out"),
        "out",
        "ImageFrame",
    ),
    "handed on by index": (
        BORDER.format("IMAGE:in", "out") + SIZE + node("PassThroughCalculator", "> in", "> size", "< x", "< out"),
        "out",
        "pair<int,int>",
    ),
    "handed on by tag": (
        BORDER.format("IMAGE:in", "out")
        + SIZE
        + node("PassThroughCalculator", "> A:in", "> B:size", "< B:out", "< A:x"),
        "out",
        "pair<int,int>",
    ),
    "nobody writes it": (BORDER.format("IMAGE:in", "out") + THROUGH, "other", None),
    "a calculator nobody knows": (BORDER.format("IMAGE:in", "out") + node("Homemade", "> in", "< out"), "out", None),
    "any of its inputs": (
        BORDER.format("IMAGE:in", "out") + node("MergeCalculator", "> in", "> in", "< out"),
        "out",
        None,
    ),
    "a loop without a beginning": (
        BORDER.format("IMAGE:in", "out")
        + node("PassThroughCalculator", "> two", "< one")
        + node("PassThroughCalculator", "> one", "< two"),
        "one",
        None,
    ),
    "the packet of before": (
        BORDER.format("IMAGE:in", "out")
        + SIZE
        + node("PreviousLoopbackCalculator", "> MAIN:in", "> LOOP:size", "< PREV_LOOP:previous"),
        "previous",
        "pair<int,int>",
    ),
    "by the prefix of its tag": (
        BORDER.format("in", "out") + node("OpenVINOInferenceCalculator", "> OVTENSORS:in", "< TFLITE_TENSORS0:out"),
        "out",
        "vector<TfLiteTensor>",
    ),
    "by its options": (
        BORDER.format("in", "out")
        + node(
            "SplitTensorVectorCalculator",
            "> in",
            "< out",
            options="node_options { [type.googleapis.com/mediapipe.SplitVectorCalculatorOptions]"
            " { ranges { begin: 0 end: 1 } element_only: true } }",
        ),
        "out",
        "Tensor",
    ),
    "without them": (
        BORDER.format("in", "out") + node("SplitTensorVectorCalculator", "> in", "< out"),
        "out",
        "vector<Tensor>",
    ),
    "an HTTP graph's input": (
        BORDER.format("HTTP_REQUEST_PAYLOAD:input", "HTTP_RESPONSE_PAYLOAD:output") + THROUGH,
        "input",
        "HttpPayload",
    ),
}


PEERS = (
    node("AddHeaderCalculator", "> DATA:size", "> HEADER:in", "< out"),
    node("MuxCalculator", "> INPUT:0:size", "> INPUT:1:in", "> SELECT:in", "< OUTPUT:out"),
    node("GateCalculator", "> in", "> size", "> ALLOW:in", "< x", "< out"),
    node("FlowLimiterCalculator", "> in", "> size", "> FINISHED:in", "< x", "< out"),
    node("PacketClonerCalculator", "> size", "> in", "> TICK:in", "< out", "< x"),
    node("PacketThinnerCalculator", "> size", "< out"),
    node("PacketResamplerCalculator", "> DATA:size", "> VIDEO_HEADER:in", "< DATA:out"),
    node("PacketResamplerCalculator", "> size", "< out"),
    node("RoundRobinDemuxCalculator", "> size", "> in", "< OUTPUT:0:x", "< OUTPUT:1:out"),
    node("SequenceShiftCalculator", "> size", "< out"),
    node("PacketInnerJoinCalculator", "> in", "> size", "< x", "< out"),
    node(
        "BeginLoopImageCalculator",
        *(
            "> ITERABLE:in",
            "> CLONE:0:in",
            "> CLONE:1:size",
            "< ITEM:i",
            "< CLONE:0:x",
            "< CLONE:1:out",
            "< BATCH_END:e",
        ),
    ),
    node("RectTransformationCalculator", "> NORM_RECT:size", "> IMAGE_SIZE:in", "< out"),
    node("PreviousLoopbackCalculator", "> MAIN:in", "> LOOP:size", "< PREV_LOOP:out"),
)


@pytest.mark.parametrize("text", PEERS)
def test_packets_that_are_handed_on_by_name(text: str) -> None:
    assert flow(BORDER.format("IMAGE:in", "end") + SIZE + text).emitted("out") == "pair<int,int>"


@pytest.mark.parametrize(("text", "stream", "type_name"), EMITTED.values(), ids=EMITTED)
def test_what_is_in_a_packet(text: str, stream: str, type_name: str | None) -> None:
    assert flow(text).emitted(stream) == type_name


@pytest.mark.parametrize(
    ("tag", "type_name"),
    [
        ("OVTENSORS", "vector<ov::Tensor>"),
        ("OVTENSOR", "ov::Tensor"),
        ("OVTENSOR1", "ov::Tensor"),
        ("TENSORS", "vector<Tensor>"),
        ("TENSOR_A", "Tensor"),
        ("TFTENSORS", "vector<tensorflow::Tensor>"),
        ("TFTENSOR", "tensorflow::Tensor"),
        ("TFLITE_TENSORS", "vector<TfLiteTensor>"),
        ("TFLITE_TENSOR", "TfLiteTensor"),
        ("VOLUME", "ov::Tensor"),
    ],
)
def test_packets_by_the_prefix_of_a_tag(tag: str, type_name: str) -> None:
    """`mediapipe/calculators/ovms/openvinoinferencecalculator.cc` (fork of OVMS 2026.4)."""
    text = BORDER.format("in", "out") + node("OpenVINOInferenceCalculator", "> LEVEL:in", f"< {tag}:out")
    assert flow(text).emitted("out") == type_name


AGREEMENT: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "the same type": (node("ImageTransformationCalculator", "> IMAGE:in", "< IMAGE:x") + SIZE, []),
    "another type": (
        SIZE + node("ImageTransformationCalculator", "> IMAGE:size", "< IMAGE:x"),
        [("pair<int,int>", "ImageFrame")],
    ),
    "another type behind a pass-through": (
        SIZE
        + node("PassThroughCalculator", "> size", "< same")
        + node("ImageTransformationCalculator", "> IMAGE:same", "< IMAGE:x"),
        [("pair<int,int>", "ImageFrame")],
    ),
    "a graph input takes the type of its reader": (THROUGH + SIZE, []),
    "two readers of a graph input want two types": (
        SIZE + node("DetectionsToRectsCalculator", "> DETECTION:in", "< RECT:x"),
        [("Image or ImageFrame", "Detection")],
    ),
    "two readers behind a pass-through want two types": (
        THROUGH
        + node("ImagePropertiesCalculator", "> IMAGE:out", "< SIZE:size")
        + node("DetectionsToRectsCalculator", "> DETECTION:out", "< RECT:x"),
        [("Image or ImageFrame", "Detection")],
    ),
    "what a merge hands on is not known": (
        SIZE
        + node("MergeCalculator", "> size", "> size", "< any")
        + node("ImageTransformationCalculator", "> IMAGE:any", "< IMAGE:x"),
        [],
    ),
    "an unknown calculator makes anything": (
        node("Homemade", "> in", "< made") + node("ImageTransformationCalculator", "> IMAGE:made", "< IMAGE:x"),
        [],
    ),
    "a tag that nobody has": (
        node("ImagePropertiesCalculator", "> PICTURE:in", "< SIZE:size")
        + node("ImageTransformationCalculator", "> IMAGE:in", "< IMAGE:x"),
        [],
    ),
}


@pytest.mark.parametrize(("nodes", "clashes"), AGREEMENT.values(), ids=AGREEMENT)
def test_where_contracts_disagree(nodes: str, clashes: list[tuple[str, str]]) -> None:
    found = flow(BORDER.format("in", "out") + nodes).mismatches
    assert [(clash.produced, clash.wanted) for clash in found] == clashes
    assert not any(clash.side for clash in found)


def test_side_packets_have_types_too() -> None:
    options = "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] { packet { int_value: 1 } }"
    text = (
        BORDER.format("in", "out")
        + THROUGH
        + node("ConstantSidePacketCalculator", "{ PACKET:number", options=f"node_options {{ {options} }}")
        + node("StringToIntCalculator", "} number", "{ again")
    )
    [clash] = flow(text).mismatches
    assert (clash.side, clash.produced, clash.wanted) == (True, "int", "std::string")
    assert clash.producer.connection.name == clash.consumer.connection.name == "number"


@pytest.mark.parametrize(
    ("packet", "type_name"),
    [
        ("int_value: 1", "int"),
        ("uint64_value: 1", "uint64_t"),
        ("int64_value: 1", "int64_t"),
        ("float_value: 1", "float"),
        ("double_value: 1", "double"),
        ("bool_value: true", "bool"),
        ("classification_list_value { }", "ClassificationList"),
        ("landmark_list_value { }", "LandmarkList"),
        ("time_series_header_value { }", "TimeSeriesHeader"),
        ("matrix_data_value { }", "Matrix"),
        ("string_vector_value { string_value: 's' }", "vector<std::string>"),
        ("string_value: 's'", None),
        ("", None),
    ],
)
def test_constants_have_the_type_of_their_field(packet: str, type_name: str | None) -> None:
    options = f"[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {{ packet {{ {packet} }} }}"
    text = (
        BORDER.format("in", "out")
        + node("ConstantSidePacketCalculator", "{ PACKET:given", options=f"node_options {{ {options} }}")
        + node("StringToIntCalculator", "} given", "{ again")
    )
    assert [(clash.produced, clash.wanted) for clash in flow(text).mismatches] == (
        [(type_name, "std::string")] if type_name is not None else []
    )


SIDE_PEERS = (
    node("PassThroughCalculator", "} other", "} number", "{ x", "{ out"),
    node("DefaultSidePacketCalculator", "} DEFAULT_VALUE:number", "{ VALUE:out"),
)


@pytest.mark.parametrize("text", SIDE_PEERS)
def test_side_packets_that_are_handed_on_by_name(text: str) -> None:
    options = "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] { packet { int_value: 1 } }"
    given = node("ConstantSidePacketCalculator", "{ PACKET:number", options=f"node_options {{ {options} }}")
    reader = node("StringToIntCalculator", "} out", "{ again")
    [clash] = flow(BORDER.format("in", "out") + given + text + reader).mismatches
    assert (clash.side, clash.produced, clash.wanted) == (True, "int", "std::string")


@pytest.mark.parametrize(
    ("reader", "wanted"),
    [
        (node("GetDetectionVectorItemCalculator", "> VECTOR:x", "> INDEX:in", "< ITEM:i"), "int or uint64_t"),
        (node("ConcatenateInt32VectorCalculator", "> in", "< i"), "int or vector<int>"),
        (node("InverseMatrixCalculator", "> MATRIX:in", "< MATRIX:i"), "array<float,16>"),
        (node("ConcatenateStringVectorCalculator", "> in", "< i"), "std::string or vector<std::string>"),
    ],
)
def test_types_that_contracts_list(reader: str, wanted: str) -> None:
    found = flow(BORDER.format("in", "out") + reader).wanted_of_input("in")
    assert found is not None
    assert found.text == wanted


class TestBorder:
    """Where OVMS makes packets of requests and responses of packets."""

    @pytest.mark.parametrize(
        ("text", "http"),
        [
            (BORDER.format("in", "out") + THROUGH, False),
            (BORDER.format("HTTP_REQUEST_PAYLOAD:in", "out") + THROUGH, True),
            (BORDER.format("in", "HTTP_RESPONSE_PAYLOAD:out") + THROUGH, True),
            (
                BORDER.format("in", "out")
                + node("EmbeddingsCalculatorOV", "> REQUEST_PAYLOAD:in", "< RESPONSE_PAYLOAD:out"),
                True,
            ),
            (BORDER.format("OVTENSOR:in", "OVTENSOR:out") + THROUGH, False),
        ],
    )
    def test_a_graph_that_speaks_http_is_known_by_its_tags_or_its_nodes(self, text: str, http: bool) -> None:
        assert context(text).border.speaks_http is http

    @pytest.mark.parametrize(
        ("tag", "read", "written"),
        [
            ("OVTENSOR", ("ov::Tensor",), ("ov::Tensor",)),
            ("TENSOR", ("Tensor",), ("Tensor",)),
            ("TFTENSOR", ("tensorflow::Tensor",), ("tensorflow::Tensor",)),
            ("IMAGE", ("ImageFrame",), ("ImageFrame",)),
            ("OVMS_PY_TENSOR", ("PyObjectWrapper<py::object>",), ("PyObjectWrapper<py::object>",)),
            ("REQUEST", ("const KFSRequest*",), ("const KFSRequest*",)),
            ("RESPONSE", ("KFSResponse",), ("KFSResponse",)),
            ("OTHER", ("ov::Tensor", "HttpPayload"), ("ov::Tensor", "std::string")),
            ("HTTP_REQUEST_PAYLOAD", ("HttpPayload",), ("std::string",)),
        ],
    )
    def test_types_by_tag(self, tag: str, read: tuple[str, ...], written: tuple[str, ...]) -> None:
        about = context(BORDER.format(f"{tag}:in", f"{tag}:out") + THROUGH)
        assert about.border.input_types(next(iter(about.graph.inputs))) == read
        assert about.border.output_types(next(iter(about.graph.outputs))) == written

    def test_what_the_readers_of_an_input_want(self) -> None:
        wanted = flow(BORDER.format("in", "out") + THROUGH + SIZE).wanted_of_input("in")
        assert wanted is not None
        assert (wanted.types, wanted.text) == ({"Image", "ImageFrame"}, "Image or ImageFrame")
        assert wanted.endpoint.node is not None
        assert wanted.endpoint.node.calculator == "ImagePropertiesCalculator"

    def test_readers_that_take_anything_want_nothing(self) -> None:
        assert flow(BORDER.format("in", "out") + THROUGH).wanted_of_input("in") is None
        assert flow(BORDER.format("in", "out") + THROUGH).wanted_of_input("nobody reads it") is None

    @pytest.mark.parametrize(
        ("connection", "names"),
        [("} SESSION:s", {"shared_ptr<InferenceAdapter>"}), ("} OTHER:s", None)],
    )
    def test_side_packets_that_a_node_needs(self, connection: str, names: set[str] | None) -> None:
        about = context(BORDER.format("in", "out") + node("OpenVINOInferenceCalculator", "> in", "< out", connection))
        [only] = about.graph
        needed = about.flow.side_packet_needed(only, next(iter(only.input_side_packets)))
        assert (set(needed.names or ()) if needed is not None else None) == names

    def test_optional_ones_are_not_needed(self) -> None:
        about = context(BORDER.format("in", "out") + node("GateCalculator", "> in", "< out", "} ALLOW:allow"))
        [gate] = about.graph
        assert about.flow.side_packet_needed(gate, next(iter(gate.input_side_packets))) is None

    @pytest.mark.parametrize(
        ("type_name", "tag"), [("ImageFrame", "IMAGE"), ("TfLiteTensor", None), ("pair<int,int>", None)]
    )
    def test_the_tag_for_a_type(self, type_name: str, tag: str | None) -> None:
        assert tag_for(type_name) == tag


def test_a_side_packet_that_was_never_typed_fits_nobody() -> None:
    reader = node("GateCalculator", "} ALLOW:more", "> in", "< gated")
    text = BORDER.format("in", "in") + node("StringToIntCalculator", "} p", "{ number", "{ more") + reader
    [mismatch] = flow(text).mismatches
    assert (mismatch.side, mismatch.produced, mismatch.consumer.connection.name) == (True, "of no type", "more")


def container(*inside: str, connections: tuple[str, ...] = ("> IMAGE:in", "< IMAGE:made")) -> str:
    held = " ".join(f"contained_node {{ {text} }}" for text in inside)
    options = f"node_options {{ [type.googleapis.com/mediapipe.SwitchContainerOptions] {{ {held} }} }}"
    return node("SwitchContainer", *connections, options=options)


SHRINK, WRAP = 'calculator: "ImageTransformationCalculator"', 'calculator: "ToImageCalculator"'
HAND_ON = 'calculator: "PassThroughCalculator"'
NESTED = container(SHRINK, connections=()).removeprefix("node { ").removesuffix(" }\n")
FRAMES = node("ImageTransformationCalculator", "> IMAGE:made", "< IMAGE:shrunk")
INSIDE: dict[str, tuple[str, str | None]] = {
    "as the reader takes it": (container(SHRINK, HAND_ON) + FRAMES, None),
    "otherwise than the reader takes it": (container(WRAP) + FRAMES, "ToImageCalculator"),
    "two nodes that make different packets": (container(SHRINK, WRAP), "ToImageCalculator"),
    "a node of one in another": (container(WRAP, NESTED), "ImageTransformationCalculator"),
    "otherwise than the writer makes it": (
        container('calculator: "NonMaxSuppressionCalculator"', connections=("> size", "< made")),
        "NonMaxSuppressionCalculator",
    ),
    "what is inside is not known": (container('calculator: "Homemade"') + FRAMES, None),
    "what the container calls otherwise": (
        container('calculator: "ToImageCalculator" output_stream: "IMAGE:made"', connections=("> IMAGE:in",)) + FRAMES,
        None,
    ),
}


@pytest.mark.parametrize(("nodes", "held"), INSIDE.values(), ids=INSIDE)
def test_types_are_followed_through_containers(nodes: str, held: str | None) -> None:
    """MediaPipe ``framework/tool/switch_container.cc``: a container becomes its nodes between two that hand on."""
    found = flow(BORDER.format("IMAGE:in", "made") + SIZE + nodes).mismatches
    assert [clash.held.calculator for clash in found if clash.held] == ([held] if held is not None else [])
    assert len(found) == (held is not None)


@pytest.mark.parametrize(
    ("inside", "type_name"),
    [
        ((SHRINK,), "ImageFrame"),
        ((WRAP, WRAP), "Image"),
        ((HAND_ON, HAND_ON), "ImageFrame"),
        ((HAND_ON, SHRINK), None),
        (('calculator: "Homemade"',), None),
        ((), None),
    ],
)
def test_what_comes_out_of_a_container(inside: tuple[str, ...], type_name: str | None) -> None:
    assert flow(BORDER.format("IMAGE:in", "made") + container(*inside)).emitted("made") == type_name


@pytest.mark.parametrize(
    ("connection", "names"),
    [("} OUTPUT_DIMENSIONS:s", {"int[2]"}), ("} ROTATION_DEGREES:s", {"int"}), ("} ENABLE:s", None)],
)
def test_a_container_wants_all_side_packets_but_those_that_choose(connection: str, names: set[str] | None) -> None:
    about = context(
        BORDER.format("IMAGE:in", "made") + container(SHRINK, connections=("> IMAGE:in", "< IMAGE:made", connection))
    )
    [only] = about.graph
    needed = about.flow.side_packet_needed(only, next(iter(only.input_side_packets)))
    assert (set(needed.names or ()) if needed is not None else None) == names
