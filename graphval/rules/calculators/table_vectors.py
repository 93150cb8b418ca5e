"""Checks of calculators that take vectors apart, walk through them, or pick from them.

Source: `mediapipe/calculators/core/*.cc` and `mediapipe/calculators/util/*.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from graphval.graph import Node
from graphval.rules.calculators.checks import Check, Fault, Moment, Options, count, fault_if, has, option, same_count

_BEGIN_LOOPS = (
    "Detection",
    "Float",
    "GpuBuffer",
    "Image",
    "ImageFrame",
    "Int",
    "Matrix",
    "MatrixVector",
    "NormalizedLandmarkListVector",
    "NormalizedRect",
    "String",
    "Tensor",
    "Uint64t",
    "ModelApiDetection",
    "RectanglePrediction",
)
_SPLITS = (
    "AffineMatrixVector",
    "ClassificationListVector",
    "DetectionVector",
    "FloatVector",
    "ImageVector",
    "LandmarkVector",
    "MatrixVector",
    "NormalizedLandmarkListVector",
    "NormalizedRectVector",
    "TfLiteTensorVector",
    "Uint64tVector",
    "JointList",
    "LandmarkList",
    "NormalizedLandmarkList",
    "TensorVector",
)
_MOVE_ONLY = ("SplitTensorVectorCalculator",)
"""Their elements can be handed on only once."""
_GET_ITEMS = (
    "ClassificationListVector",
    "DetectionVector",
    "LandmarkListVector",
    "NormalizedLandmarkListVector",
    "NormalizedRectVector",
    "RectVector",
)


def _split_ranges(node: Node, options: Options) -> Iterator[Fault]:
    ranges = [(r["begin"], r["end"]) for r in options["ranges"]]
    places = [m.place for m in options.bound.messages("ranges")] if options.bound is not None else []
    combined = options["combine_outputs"]  # then nobody looks at the ranges one by one
    for position, (begin, end) in enumerate(() if combined else ranges):
        place = places[position] if position < len(places) else node.calculator_place
        if begin < 0 or end < 0 or begin >= end:
            yield Fault(f"a range needs 0 <= begin < end, this is {begin} to {end}", place)
        elif options["element_only"] and end - begin != 1:
            yield Fault(f"with element_only every range has one element, this has {end - begin}", place)
    outputs = len(node.outputs)
    if combined:
        if outputs != 1:
            yield Fault(
                f"with combine_outputs {node.calculator} has exactly 1 output stream, not {outputs}",
                options.place("combine_outputs"),
            )
    elif outputs != len(ranges):
        last = list(node.outputs)[-1].place if outputs else node.calculator_place
        yield Fault(
            f"{node.calculator} has {outputs} output streams but {len(ranges)} ranges",
            last,
            "write one ranges { begin: … end: … } for each output",
        )
    if combined or node.registered_as in _MOVE_ONLY:
        ordered = sorted(entry for entry in ranges if entry[0] < entry[1])
        if any(first[1] > second[0] for first, second in pairwise(ordered)):
            yield Fault("ranges overlap", options.place("ranges"))


_QUANTIZED: tuple[Check, ...] = (
    fault_if(
        lambda n, o: not (o.has("max_quantized_value") and o.has("min_quantized_value")),
        "max_quantized_value and min_quantized_value must both be set",
        field="max_quantized_value",
    ),
    fault_if(
        lambda n, o: (
            o.has("max_quantized_value")
            and o.has("min_quantized_value")
            and o["max_quantized_value"] <= o["min_quantized_value"]
        ),
        "max_quantized_value must be above min_quantized_value",
        field="max_quantized_value",
    ),
)

TABLE: dict[str, dict[Moment, tuple[Check, ...]]] = {
    f"BeginLoop{kind}Calculator": {Moment.CONTRACT: (same_count("in:CLONE", "out:CLONE"),)} for kind in _BEGIN_LOOPS
}
TABLE |= {f"Split{kind}Calculator": {Moment.CONTRACT: (count("in", 1), _split_ranges)} for kind in _SPLITS}
TABLE |= {
    f"Get{kind}ItemCalculator": {
        Moment.OPEN: (
            fault_if(
                lambda n, o: not has(n, "in:INDEX") and not o.has("item_index"),
                "neither the INDEX input nor the option item_index is given",
                field="item_index",
            ),
        ),
        Moment.PROCESS: (
            fault_if(
                lambda n, o: not has(n, "in:INDEX") and o.has("item_index") and o["item_index"] < 0,
                "item_index is negative",
                field="item_index",
            ),
        ),
    }
    for kind in _GET_ITEMS
}
TABLE |= {
    f"{kind}HasMinSizeCalculator": {
        Moment.CONTRACT: (count("in", 1), count("out", 1), option("min_size", lambda v: v < 0, "must not be negative"))
    }
    for kind in ("ClassificationListVector", "NormalizedLandmarkListVector", "NormalizedRectVector")
}
TABLE |= {
    f"Clip{kind}VectorSizeCalculator": {
        Moment.CONTRACT: (
            count("in", 1),
            count("out", 1),
            option("max_vec_size", lambda v: v < 1, "must be at least 1"),
        )
    }
    for kind in ("Detection", "NormalizedRect")
}
TABLE |= {
    name: {Moment.OPEN: _QUANTIZED} for name in ("DequantizeByteArrayCalculator", "QuantizeFloatVectorCalculator")
}
