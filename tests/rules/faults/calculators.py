"""Faults of calculators: names, contracts, and the checks they make themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import Fault
from .editing import added, node, plain_nodes, replaced, unpooled, within
from .graphs import Good

_ANY = 'node { calculator: "MergeCalculator" input_stream: "{feed}" output_stream: "any" }'
_OTHER = 'node { calculator: "MergeCalculator" input_stream: "{feed}" output_stream: "other" }'
"""Make streams of packets of which nobody knows the type."""
_SPLIT, _CLIP, _ITEM = (
    "SplitVectorCalculatorOptions",
    "ClipVectorSizeCalculatorOptions",
    "GetVectorItemCalculatorOptions",
)


def _constant(name: str, value: str) -> str:
    return node("ConstantSidePacketCalculator", f"{{PACKET:{name}", f"packet {{ {value} }}")


def _misspelt(good: Good) -> Iterator[str]:
    for found in good.graph:
        name = found.calculator
        for wrong in (f"{name}s", name[0].lower() + name[1:], f"mediapipe.{name}", f" {name}"):
            yield replaced(good, found.calculator_place, f'"{wrong}"')


def _no_calculator(good: Good) -> Iterator[str]:
    for found in good.graph:
        yield replaced(good, found.calculator_place, '""')


def _unknown_tag(good: Good) -> Iterator[str]:
    for found in plain_nodes(good):
        contract = good.context.contract(found)
        if contract is not None and all(port.tag != "*" for port in contract.inputs):
            yield within(found, good, f'input_stream: "NO_SUCH_TAG:{good.feed}"')


def _dotted(good: Good) -> Iterator[str]:
    for found in good.graph:
        if found.calculator == "PythonExecutorCalculator":
            yield replaced(good, found.calculator_place, f'".{found.calculator}"')


_CHECKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "GV303": (
        (node("PreviousLoopbackCalculator", ">MAIN:{feed} <PREV_LOOP:x"),),
        (node("PacketPresenceCalculator", ">{feed} <PRESENCE:x"),),
        (node("FaceDetectionShortRangeCpu", "<DETECTIONS:faces"),),
        (_ANY, node("PoseDetectionToRoi", ">DETECTION:any <ROI:region")),
        (node("FlowLimiterCalculator", ">{feed} <x"),),
    ),
    "GV307": (
        (_constant("digits", 'string_value: "7"'), node("StringToIntCalculator", "}digits {NUMBER:x")),
        (_constant("digits", 'string_value: "7"'), node("StringToIntCalculator", "}digits")),
        (node("SsdAnchorsCalculator", "", "num_layers: 1 strides: 8"),),
    ),
    "GV308": (
        (
            node("ConstantSidePacketCalculator", "{PACKET:one {OTHER:two", "packet { int_value: 1 }"),
            node("SidePacketToStreamCalculator", ">TICK:{feed} }two <AT_TICK:x"),
        ),
    ),
    "GV310": (
        (_ANY, node("GateCalculator", ">any >ALLOW:any >DISALLOW:any <x")),
        (node("GateCalculator", ">{feed} >{feed} <x", "allow: true"),),
        (node("PassThroughCalculator", ">A:{feed} <B:x"),),
        (node("PassThroughCalculator", ">{feed} <x <y"),),
        (_ANY, node("BeginLoopDetectionCalculator", ">ITERABLE:any >CLONE:any <ITEM:x <BATCH_END:y")),
        (_ANY, node("SplitFloatVectorCalculator", ">any <x <y", "ranges { end: 1 }", _SPLIT)),
        (
            _ANY,
            node("SplitFloatVectorCalculator", ">any <x", "ranges { begin: 2 end: 1 }", _SPLIT),
        ),
        (_ANY, node("ImageToTensorCalculator", ">IMAGE:any <TENSORS:x", "output_tensor_width: 8")),
        (
            _ANY,
            node("ImageToTensorCalculator", ">IMAGE:any <TENSORS:x", "output_tensor_float_range { min: 1 max: 0 }"),
        ),
        (
            _ANY,
            node("ImageToTensorCalculator", ">IMAGE:any <TENSORS:x", "output_tensor_uint_range { min: 0 max: 256 }"),
        ),
        (_ANY, node("NonMaxSuppressionCalculator", ">any >any <x")),
        (_ANY, node("NonMaxSuppressionCalculator", ">any <x", "num_detection_streams: 0")),
        (_ANY, node("DetectionsToRectsCalculator", ">DETECTION:any <RECT:x <NORM_RECT:y")),
        (_ANY, node("LandmarkProjectionCalculator", ">NORM_LANDMARKS:any <NORM_LANDMARKS:x")),
        (_ANY, node("MuxCalculator", ">INPUT:0:{feed} >INPUT:1:{feed} <OUTPUT:x")),
        (node("ConstantSidePacketCalculator", "{PACKET:one"),),
        (node("ConstantSidePacketCalculator", "{PACKET:one", "packet { }"),),
        (_constant("one", "int_value: 1"), node("SidePacketToStreamCalculator", "}one <AT_TICK:x")),
        (node("SwitchContainer", ">{feed} <x"),),
        (node("SwitchContainer", ">{feed} <DATA:x", 'contained_node { calculator: "PassThroughCalculator" }'),),
        (
            node(
                "SwitchContainer",
                ">{feed} <x",
                'select: 0 enable: true contained_node { calculator: "PassThroughCalculator" }',
            ),
        ),
        (node("OpenVINOModelServerSessionCalculator", "{SESSION:nameless", 'servable_name: ""'),),
        (
            _ANY,
            node("ClipDetectionVectorSizeCalculator", ">any <x", "max_vec_size: 0", _CLIP),
        ),
        (_ANY, node("FlowToImageCalculator", ">any <x", "min_value: 2 max_value: 1")),
    ),
    "GV311": (
        (node("PacketResamplerCalculator", ">DATA:{feed}", "frame_rate: 10"),),
        (node("PacketClonerCalculator", ">{feed} >{feed} >{feed} <x"),),
    ),
    "GV312": (
        (node("PacketResamplerCalculator", ">DATA:{feed} <DATA:x", "frame_rate: 0"),),
        (_ANY, node("GetDetectionVectorItemCalculator", ">VECTOR:any <ITEM:x")),
        (_ANY, node("TensorsToDetectionsCalculator", ">TENSORS:any <DETECTIONS:x", "num_coords: 4")),
        (_ANY, node("TensorsToLandmarksCalculator", ">TENSORS:any <LANDMARKS:x", "flip_vertically: false")),
        (_ANY, node("LandmarksSmoothingCalculator", ">LANDMARKS:any <FILTERED_LANDMARKS:x")),
        (_ANY, node("LandmarksRefinementCalculator", ">LANDMARKS:any <REFINED_LANDMARKS:x", "refinement { }")),
        (
            _ANY,
            node(
                "LandmarksRefinementCalculator",
                ">LANDMARKS:any <REFINED_LANDMARKS:x",
                "refinement { indexes_mapping: 1 z_refinement { none { } } }",
            ),
        ),
        (
            _ANY,
            node(
                "LandmarksRefinementCalculator",
                "<REFINED_LANDMARKS:x",
                "refinement { indexes_mapping: 0 z_refinement { none { } } }",
            ),
        ),
        (node("SsdAnchorsCalculator", "{anchors", "num_layers: 1"),),
        (
            node(
                "SsdAnchorsCalculator",
                "{anchors",
                "fixed_anchors { x_center: 0 y_center: 0 w: 1 h: 1 } num_layers: 1",
            ),
        ),
        (node("SsdAnchorsCalculator", "{anchors", "num_layers: 1 feature_map_height: 1 feature_map_width: 1"),),
        (_ANY, _OTHER, node("ThresholdingCalculator", ">FLOAT:any >THRESHOLD:other <FLAG:x", "threshold: 0.5")),
        (
            _ANY,
            node("RectTransformationCalculator", ">RECT:any <x", "rotation: 1 rotation_degrees: 2"),
        ),
        (_ANY, node("DetectionLabelIdToTextCalculator", ">any <x", 'label_map_path: ""')),
        (_ANY, node("RectToRenderDataCalculator", ">RECT:any <RENDER_DATA:x", "filled: true top_left_thickness: 1")),
    ),
    "GV313": (
        (node("PacketThinnerCalculator", ">{feed} <x", "period: 0"),),
        (node("PacketThinnerCalculator", ">{feed} <x", "start_time: 5 end_time: 5"),),
        (_ANY, node("NonMaxSuppressionCalculator", ">any <x", "max_num_detections: 0")),
        (node("SsdAnchorsCalculator", "{anchors", "num_layers: 2 strides: 8"),),
        (
            node(
                "SsdAnchorsCalculator",
                "{anchors",
                "multiscale_anchor_generation: true min_level: 3 max_level: 4 strides: 8",
            ),
        ),
        (node("TfLiteCustomOpResolverCalculator", ""),),
        (
            _ANY,
            node("TensorsToDetectionsCalculator", ">TENSORS:any <DETECTIONS:x", "num_classes: 1 num_coords: 5"),
        ),
        (_ANY, node("OpenVINOConverterCalculator", ">IMAGE:any <TENSORS:x", "max_num_channels: 2")),
    ),
    "GV314": (
        (_ANY, node("ColorConvertCalculator", ">GRAY_IN:any <RGBA_OUT:x")),
        (
            _ANY,
            node(
                "GetDetectionVectorItemCalculator",
                ">VECTOR:any <ITEM:x",
                "item_index: -1",
                _ITEM,
            ),
        ),
    ),
    "GV315": (
        (
            node(
                "SequenceShiftCalculator",
                ">{feed} <x",
                "packet_offset: 1 emit_empty_packets_before_first_packet: true",
            ),
        ),
        (_ANY, node("TensorsToLandmarksCalculator", ">TENSORS:any <LANDMARKS:x", "num_landmarks: 0")),
        (node("RoundRobinDemuxCalculator", ">{feed}"),),
    ),
}

_CONTAINED = 'contained_node { name: "one" calculator: "PythonExecutorCalculator" %s }'
_HANDLER = (
    'node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "one.py" } }'
)


def _called(name: str) -> Callable[[Good], Iterator[str]]:
    text = node("FaceLandmarksToRoi", ">LANDMARKS:any >IMAGE_SIZE:other <ROI:roi")
    return added(_ANY, _OTHER, text.replace("{", f'{{ name: "{name}"', 1))


def _shut(good: Good) -> Iterator[str]:
    """The nodes that write graph outputs, their results sent through a gate that is shut."""
    for output in good.graph.outputs:
        producer = good.context.wiring.producer(output.name)
        if producer is None or producer.node is None or good.context.wiring.consumers.get(output.name, [])[1:]:
            continue
        entry = producer.connection
        tag = entry.text[: len(entry.text) - len(entry.name)]
        text = replaced(good, entry.place, f'"{tag}before"')
        for options in ("", "allow: false"):
            yield text + "\n" + node("GateCalculator", f">before <{output.name}", options) + "\n"


FAULTS = (
    Fault("GV301", "a calculator misspelt", _misspelt),
    Fault("GV301", "no calculator", _no_calculator),
    Fault("GV304", "a tag that the contract does not have", _unknown_tag),
    Fault("GV316", "a gate that is shut before an output", _shut),
    Fault("GV317", "a gate without inputs", unpooled(added(node("GateCalculator", "<STATE_CHANGE:turned")))),
    *(
        Fault("GV318", text[19:60], added(text))
        for text in (
            node("ResourceProviderCalculator", "{RESOURCE:labels", 'resource_id: "labels.txt"'),
            _constant("path", 'string_value: "labels.txt"')
            + node("ResourceProviderCalculator", "}RESOURCE_ID:path {RESOURCE:labels"),
            node("PoseLandmarkModelLoader", "{MODEL:model"),
        )
    ),
    *(Fault("GV321", f"a subgraph called {name}", _called(name)) for name in ("to-roi", "1st", "ROÌ", "roi/1")),
    Fault(
        "GV320",
        "a back edge into a subgraph",
        added(
            _ANY,
            'node { calculator: "FaceDetectionShortRangeCpu" input_stream: "IMAGE:any" '
            'output_stream: "DETECTIONS:faces" input_stream_info { tag_index: "IMAGE" } }',
        ),
    ),
    *(
        Fault(
            "GV323",
            f"a subgraph with {field}",
            added(
                _ANY,
                'node { calculator: "FaceDetectionShortRangeCpu" input_stream: "IMAGE:any" '
                f'output_stream: "DETECTIONS:faces" {field} }}',
            ),
        )
        for field in (
            'executor: "x"',
            "max_in_flight: 2",
            'input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }',
        )
    ),
    Fault(
        "GV322",
        "a Python node in a container",
        unpooled(
            added(
                _ANY,
                node("SwitchContainer", "}PYTHON_NODE_RESOURCES:py >IN:any <OUT:x", _CONTAINED % _HANDLER),
            )
        ),
    ),
    Fault("GV324", "a Python node with a leading dot", _dotted),
    Fault("GV330", "a packet generator", added('packet_generator { packet_generator: "Some" }')),
    Fault("GV331", "a status handler", added('status_handler { status_handler: "Some" }')),
    *(Fault(code, lines[-1][19:90], unpooled(added(*lines))) for code, checks in _CHECKS.items() for lines in checks),
)
