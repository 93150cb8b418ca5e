"""What nodes are varied by: values of options, where to start, what to add (see ``vary``)."""

from __future__ import annotations

from itertools import product

from graphval.rules.calculators import faults

VALUES: dict[str, tuple[str, ...]] = {
    "jitter": ("-0.1", "0", "0.1", "1", "1.1"),
    "frame_rate": ("0", "0.1", "1000000", "1000000.5"),
    "max_num_channels": ("0", "1", "2", "3", "4", "5"),
    "codec": ('""', '"avc"', '"avc1"', '"avc11"'),
    "type": ("UNKNOWN", "VECTOR_PACKET", "POST_STREAM_PACKET"),
    "min_value": ("-41", "39.5", "40", "41"),
    "max_value": ("-41", "-40", "-39.5", "41"),
    "min_similarity_threshold": ("-0.1", "0", "1"),
    "num_coords": ("0", "3", "4", "6", "8"),
    "num_values_per_keypoint": ("1", "2", "3"),
    "num_keypoints": ("0", "1", "2"),
    "output_tensor_float_range": ("{ min: 0 max: 1 }", "{ min: 1 max: 1 }", "{ min: -1 max: -2 }", "{ }"),
    "output_tensor_int_range": (
        "{ min: -128 max: 127 }",
        "{ min: -129 max: 127 }",
        "{ min: -128 max: 128 }",
        "{ min: 1 max: 1 }",
        "{ min: 2 max: 3 }",
    ),
    "output_tensor_uint_range": (
        "{ min: 0 max: 255 }",
        "{ min: 0 max: 256 }",
        "{ min: 1 max: 1 }",
        "{ min: 2 max: 1 }",
    ),
    "ranges": (
        "{ end: 1 }",
        "{ begin: 0 end: 1 }",
        "{ begin: -1 end: 1 }",
        "{ begin: 1 end: 1 }",
        "{ begin: 1 end: 3 }",
        "{ begin: 1 end: 0 }",
        "{ begin: 0 end: 1 } ranges { begin: 1 end: 2 }",
        "{ begin: 0 end: 2 } ranges { begin: 1 end: 3 }",
        "{ begin: 2 end: 3 } ranges { begin: 0 end: 1 }",
        "{ begin: 1 end: 3 } ranges { begin: 0 end: 2 }",
    ),
    "packet": ("{ int_value: 1 }", "{ }", "{ int_value: 1 } packet { float_value: 1 }", "{ int_value: 1 } packet { }"),
    "refinement": (
        "{ indexes_mapping: 0 z_refinement { none { } } }",
        "{ indexes_mapping: [0, 1] z_refinement { none { } } }",
        "{ indexes_mapping: 1 z_refinement { none { } } }",
        "{ indexes_mapping: [0, 2] z_refinement { none { } } }",
        "{ indexes_mapping: 0 }",
        "{ z_refinement { none { } } }",
        "{ indexes_mapping: 0 z_refinement { none { } } } refinement { indexes_mapping: 1 z_refinement { none { } } }",
        "{ indexes_mapping: 0 z_refinement { none { } } } refinement { indexes_mapping: 2 z_refinement { none { } } }",
        "{ indexes_mapping: 0 z_refinement { none { } } } refinement { indexes_mapping: 1 }",
        "{ indexes_mapping: 0 } refinement { z_refinement { none { } } }",
    ),
    "contained_node": ('{ calculator: "PassThroughCalculator" }',),
    "tick_input_stream": (
        '"A"',
        '"a"',
        '"B" tick_input_stream: "a"',
        '"A" tick_input_stream: "a"',
        '"A:99999999999"',
        '""',
    ),
    "label_map_path": ('""',),
    "model_path": ('""', '"m.tflite"'),
    "landmark_connections": ("1", "[1, 2]", "[1, 2, 3]"),
    "tag_to_input_tensor_names": ('{ key: "IN" value: "a" }', '{ key: "TENSOR" value: "a" }'),
    "tag_to_output_tensor_names": (
        '{ key: "OUT" value: "a" }',
        '{ key: "TENSOR" value: "a" }',
        '{ key: "OVMS_PY_TENSOR" value: "a" }',
    ),
    "streaming_track_data_cache_size": ("-1", "0", "1"),
}
"""Values of options around the limits of the checks that read them; others get values by their type."""


START = {
    "PassThroughCalculator": ">A <A",
    "GateCalculator": "> <",
    "PacketInnerJoinCalculator": "> > < <",
    "PacketSequencerCalculator": ">INPUT <OUTPUT",
    "PacketClonerCalculator": "> >TICK <",
    "ResourceProviderCalculator": "}RESOURCE_ID {RESOURCE",
    "ConstantSidePacketCalculator": "{PACKET | packet: { int_value: 1 }",
    "SwitchContainer": '>A <A | contained_node: { calculator: "PassThroughCalculator" }',
    "SwitchDemuxCalculator": ">SELECT >A <C0__A <C1__A",
    "SwitchMuxCalculator": ">SELECT >C0__A >C1__A <A",
    "BoxDetectorCalculator": ">TRACKING >FEATURES >DESCRIPTORS",
    "AssociationNormRectCalculator": "> <",
    "OpenVINOInferenceCalculator": ">IN <OUT }SESSION",
    "PythonExecutorCalculator": ">IN <OUT }PYTHON_NODE_RESOURCES",
    "LandmarksSmoothingCalculator": ">NORM_LANDMARKS >IMAGE_SIZE <NORM_FILTERED_LANDMARKS | no_filter: { }",
    "VisibilitySmoothingCalculator": ">LANDMARKS <FILTERED_LANDMARKS | no_filter: { }",
    "SsdAnchorsCalculator": "{ | strides: 1",
    "ImageToTensorCalculator": ">IMAGE <TENSORS | output_tensor_float_range: { min: 0 max: 1 }",
    "CallbackPacketCalculator": "{CALLBACK {POST_STREAM | type: VECTOR_PACKET",
    **{name: "> < | ranges: { end: 1 }" for name in faults.VECTORS if name.startswith("Split")},
}
"""Where the least node that is accepted leaves out what the checks are about."""
EXTRA = {
    "SidePacketToStreamCalculator": (
        ">TICK <AT_TICK }",
        ">TICK <AT_FIRST_TICK }",
        "<AT_TIMESTAMP } }TIMESTAMP",
        "<AT_TIMESTAMP } } }TIMESTAMP",
        "<AT_TIMESTAMP <AT_TIMESTAMP } }TIMESTAMP",
        "<AT_TIMESTAMP <AT_TIMESTAMP } } }TIMESTAMP",
        ">TICK <AT_TICK <AT_FIRST_TICK }",
    ),
    "RectTransformationCalculator": (
        ">IMAGE_SIZE >RECTS <",
        ">IMAGE_SIZE >NORM_RECTS <",
        ">IMAGE_SIZE >RECT >NORM_RECT <",
        ">IMAGE_SIZE >RECTS >NORM_RECTS <",
    ),
    "SwitchMuxCalculator": (
        ">C0__A >C1__A <A }C1__S {S",
        ">C0__A >C1__A <A }C1__S {S | select: 1",
        ">C0__A >C1__A <A }C1__S {S | enable: true",
        ">C0__A >C1__A <A }C1__S {S | select: 0 enable: true",
        ">C0__A >C1__A <A }C1__S }SELECT {S",
        ">C0__A >C1__A <A }C1__S }ENABLE {S",
        ">C0__A >C1__A <A }C0__S {S {S",
        ">C0__A <A }C0__B",
        ">C0__A <A }C0__B {B",
        ">C0__A <A {B",
        ">C0__A >C1__A <A <A",
        ">C0__A >C1__A >C1__A <A",
        ">C0__A >C0__A <A <A",
        ">SELECT <A",
    ),
    "SwitchDemuxCalculator": (
        ">A <C0__A }B {C0__B",
        ">A <C0__A }B",
        ">A <C0__A {C0__B",
        ">A >A <C0__A <C1__A",
        ">A <C0__A <C1__A <C1__A",
        ">A >A <C0__A <C0__A",
    ),
    "ColorConvertCalculator": tuple(
        f">{one}_IN <{other}_OUT"
        for one, other in product(("RGBA", "RGB", "GRAY", "BGRA", "BGR"), ("RGBA", "RGB", "GRAY", "BGRA"))
    ),
    "ImageCroppingCalculator": (
        ">IMAGE <IMAGE",
        ">IMAGE >RECT <IMAGE",
        ">IMAGE >WIDTH >HEIGHT <IMAGE",
        ">IMAGE >WIDTH <IMAGE",
        ">IMAGE <IMAGE | height: 1 width: 1",
        ">IMAGE <IMAGE | height: 1",
        ">IMAGE <IMAGE | width: 1",
        ">IMAGE <IMAGE | norm_height: 1 norm_width: 1",
        ">IMAGE <IMAGE | norm_height: 1",
        ">IMAGE <IMAGE | norm_width: 1",
        ">IMAGE <IMAGE | height: 1 norm_width: 1",
        ">IMAGE <IMAGE | height: 1 norm_height: 1 norm_width: 1 width: 1",
        ">IMAGE >RECT >NORM_RECT <IMAGE",
        ">IMAGE >RECT <IMAGE | height: 1 width: 1",
    ),
    "AnnotationOverlayCalculator": (
        ">UIMAGE <UIMAGE",
        "> <UIMAGE | canvas_height_px: 1 canvas_width_px: 1",
        "> <IMAGE | canvas_width_px: 1",
    ),
    "OpenCvVideoEncoderCalculator": tuple(
        f'>VIDEO }}OUTPUT_FILE_PATH | codec: "avc1" fps: {fps} height: {height} video_format: "mp4" width: {width}'
        for fps, height, width in ((1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 0, 0), (-1, 1, 1))
    ),
    "FlowToImageCalculator": ("< | max_value: -41", "> | min_value: 40", "> < < | max_value: -41"),
    "BoxDetectorCalculator": (">TRACKING", ">VIDEO", ">IMAGE_SIZE", ">VIDEO <VIZ", ">FEATURES", "<BOXES"),
    "BoxTrackerCalculator": (
        "}CACHE_DIR | streaming_track_data_cache_size: 0",
        "}CACHE_DIR | streaming_track_data_cache_size: 1",
        ">TRACK_TIME }CACHE_DIR",
        ">VIDEO <VIZ }CACHE_DIR",
        ">TRACKING | streaming_track_data_cache_size: 1",
        "}CACHE_DIR }INITIAL_POS | initial_position: { }",
        "}CACHE_DIR | initial_position: { }",
    ),
    "VideoPreStreamCalculator": (">FRAME >VIDEO_PRESTREAM <", ">FRAME <", ">VIDEO_PRESTREAM <", "> >FRAME <"),
    "PacketThinnerCalculator": ("> < }PERIOD | period: 0", "> < }PERIOD | period: 1"),
    "CallbackCalculator": ("> > }VECTOR_CALLBACK", "> }VECTOR_CALLBACK", "> > }CALLBACK }VECTOR_CALLBACK"),
    "PacketClonerCalculator": (">", "<", "> >", "> > <", "> > > <", "> > > < <", ">TICK", ">A <", "> > <A"),
    "CallbackWithHeaderCalculator": ("} }A", ">HEADER >INPUT }A }B", "}A", ">HEADER >INPUT }", ">A }A"),
    "PacketResamplerCalculator": (">A <", "> <A", ">A <A", ">DATA <DATA", ">DATA", "<DATA"),
    "VisibilitySmoothingCalculator": (
        ">NORM_LANDMARKS <NORM_FILTERED_LANDMARKS | no_filter: { }",
        ">NORM_LANDMARKS <FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS <NORM_FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS <FILTERED_LANDMARKS | low_pass_filter: { }",
    ),
    "LandmarksSmoothingCalculator": (
        ">LANDMARKS <FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS >IMAGE_SIZE <FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS <NORM_FILTERED_LANDMARKS | no_filter: { }",
        ">NORM_LANDMARKS <NORM_FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS <FILTERED_LANDMARKS <NORM_FILTERED_LANDMARKS | no_filter: { }",
        ">LANDMARKS <FILTERED_LANDMARKS | one_euro_filter: { }",
        ">LANDMARKS <FILTERED_LANDMARKS | velocity_filter: { }",
    ),
    "LandmarksRefinementCalculator": tuple(
        f">LANDMARKS >LANDMARKS <REFINED_LANDMARKS | refinement: {value}" for value in VALUES["refinement"]
    ),
    "OpenVINOInferenceCalculator": tuple(
        f"{ports} }}SESSION | {options}"
        for ports, options in product(
            (
                ">OVTENSORS <OUT",
                ">IN <OVTENSORS",
                ">IN <TFTENSORS",
                ">TFTENSORS <OUT",
                ">TENSORS <TFLITE_TENSORS",
                ">TENSOR <OUT",
            ),
            (
                'input_order_list: "a"',
                'output_order_list: "a"',
                'input_order_list: "a" tag_to_input_tensor_names: { key: "IN" value: "a" }',
                'output_order_list: "a" tag_to_output_tensor_names: { key: "OUT" value: "a" }',
                'tag_to_input_tensor_names: { key: "TENSORX" value: "a" }',
                'tag_to_output_tensor_names: { key: "OUTX" value: "a" }',
                " ".join(
                    f'tag_to_{side}put_tensor_names: {{ key: "{side.upper()}" value: "a" }}' for side in ("in", "out")
                ),
            ),
        )
    ),
    "PyTensorOvTensorConverterCalculator": tuple(
        f"{ports} | {options}"
        for ports, options in product(
            (">OVTENSOR <OVMS_PY_TENSOR", ">OVMS_PY_TENSOR <OVTENSOR", ">OVTENSOR <OVTENSOR"),
            (
                'tag_to_output_tensor_names: { key: "OVMS_PY_TENSOR" value: "a" }',
                'tag_to_output_tensor_names: { key: "OVTENSOR" value: "a" }',
            ),
        )
    ),
    "S2tCalculator": tuple(
        f"{ports} }}STT_NODE_RESOURCES"
        for ports in (
            ">HTTP_REQUEST_PAYLOAD >LOOPBACK <HTTP_RESPONSE_PAYLOAD",
            ">HTTP_REQUEST_PAYLOAD <HTTP_RESPONSE_PAYLOAD <LOOPBACK",
            ">HTTP_REQUEST_PAYLOAD >LOOPBACK <HTTP_RESPONSE_PAYLOAD <LOOPBACK",
        )
    ),
    "PythonExecutorCalculator": (
        ">IN >LOOPBACK <OUT <LOOPBACK }PYTHON_NODE_RESOURCES",
        ">IN >LOOPBACK <OUT }PYTHON_NODE_RESOURCES",
        ">IN <OUT <LOOPBACK }PYTHON_NODE_RESOURCES",
    ),
    "SsdAnchorsCalculator": tuple(
        f"{{ | {options}"
        for options in (
            "num_layers: 1 strides: 8",
            "num_layers: 2 strides: 8",
            "num_layers: 2 strides: 8 strides: 8",
            "feature_map_height: 1 feature_map_width: 1 num_layers: 1",
            "feature_map_height: 1 feature_map_width: 1 num_layers: 1 strides: 8",
            "feature_map_height: 1 feature_map_width: 1 num_layers: 2 strides: 8",
            "feature_map_height: 1 num_layers: 1 strides: 8",
            "feature_map_height: 1 feature_map_width: 1 feature_map_width: 1 num_layers: 1 strides: 8",
            "fixed_anchors: { }",
            "fixed_anchors: { } strides: 8",
            "fixed_anchors: { } num_layers: 1",
            "fixed_anchors: { } input_size_height: 1",
            "fixed_anchors: { } input_size_width: 1",
            "fixed_anchors: { } min_scale: 1",
            "fixed_anchors: { } max_scale: 1",
            "fixed_anchors: { } multiscale_anchor_generation: true",
            "multiscale_anchor_generation: true",
            "fixed_anchors: { } multiscale_anchor_generation: false",
            "max_level: 2 min_level: 1 multiscale_anchor_generation: true strides: 8 strides: 8",
            "max_level: 2 min_level: 1 multiscale_anchor_generation: true strides: 8",
            "max_level: 2 min_level: 2 multiscale_anchor_generation: true strides: 8",
            "feature_map_height: 1 feature_map_width: 1 multiscale_anchor_generation: true max_level: 2 min_level: 2",
        )
    ),
}
"""Variants with more than two changes, or with values that go together."""
STRANGERS = {
    "PythonExecutorCalculator": (">LOOPBACK", "<LOOPBACK"),
    "PassThroughCalculator": (">", "<", ">B", "<B", "}A", "{A", "}B", "{B"),
    "SwitchContainer": (">", ">B", "<B", ">SELECT", ">ENABLE", "}SELECT", "}ENABLE", "}B"),
    "SwitchDemuxCalculator": (">B", "<C0__B", "}A", "{C0__A", "}SELECT", ">ENABLE"),
    "SwitchMuxCalculator": ("<B", ">C0__B", "<C0__A", "}SELECT"),
    "PacketInnerJoinCalculator": (">", "<"),
    "ColorConvertCalculator": (">RGB_IN", ">BGR_IN", "<RGBA_OUT", "<BGRA_OUT"),
    "OpenVINOInferenceCalculator": (
        ">OVTENSORS",
        "<OVTENSORS",
        ">TFTENSORS",
        "<TFTENSORS",
        ">TENSORS",
        "<TFLITE_TENSORS",
        ">TENSOR",
        "{A",
        ">OTHER",
    ),
    "SidePacketToStreamCalculator": ("<AT_OTHER",),
    "AssociationNormRectCalculator": (">", ">PREV", ">A"),
    "CallbackWithHeaderCalculator": ("}A", "}"),
}
"""More ports than the contract names."""
