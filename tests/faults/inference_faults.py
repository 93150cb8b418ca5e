"""Models that do not fit the graph around them.

``openvinoinferencecalculator.cc`` hands tensors over by name and finds out at the packet what does not fit; the session
calculator looks for its model when it is opened.
"""

from __future__ import annotations

from tests.faults.case import at_creation, at_request, from_tag, graph, inference, node, passes, python, session, to_tag

TENSOR_IN, TENSOR_OUT = ["OVTENSOR:in"], ["OVTENSOR:out"]
FITS = from_tag("OVTENSOR", "a") + to_tag("OVTENSOR", "b")


def one(servable: str, options: str | None, *, version: str = "", reads: tuple[str, ...] = ("OVTENSOR:in",)) -> str:
    """One model between the graph's input and output."""
    return graph(
        reads, TENSOR_OUT, session(servable, version, name="finder"), inference(reads, ["OVTENSOR:out"], options)
    )


def two(second: str, options: str) -> str:
    """``plus_one``, then another model."""
    return graph(
        TENSOR_IN, TENSOR_OUT,
        session("plus_one"), inference(["OVTENSOR:in"], ["OVTENSOR:mid"], FITS, name="first"),
        session(second, packet="other"),
        inference(["OVTENSOR:mid"], ["OVTENSOR:out"], options, name="second", packet="other"),
    )  # fmt: skip


def from_picture(converter: str, options: str, servable: str = "picture") -> str:
    """A picture made a tensor, then a model."""
    return graph(
        ["IMAGE:in"], TENSOR_OUT,
        node("OpenVINOConverterCalculator", ["IMAGE:in"], ["TENSORS:tensors"], name="converter", options=converter),
        session(servable),
        inference(["OVTENSORS:tensors"], ["OVTENSOR:out"], options),
    )  # fmt: skip


_FLAT = "[Tensor('mid', inputs[0])]"

CASES = (
    # The session finds no model when it is opened.
    at_creation("no-such-model", one("nobody", FITS), '"finder"'),
    at_creation("model-in-another-case", one("Plus_One", FITS), '"finder"'),
    at_creation("graph-instead-of-model", one("passes-untagged", FITS), '"finder"'),
    at_creation("version-that-is-not-served", one("plus_one", FITS, version="7"), '"finder"'),
    at_creation("model-that-could-not-be-read", one("cut_off", FITS), '"finder"'),
    at_creation(
        "second-of-two-sessions-finds-nothing",
        graph(
            TENSOR_IN, TENSOR_OUT, session("plus_one"), session("nobody", packet="idle"),
            inference(["OVTENSOR:in"], ["OVTENSOR:out"], FITS),
        ),
        '"nobody"',
    ),
    # Nothing gives the session.
    at_creation(
        "session-nobody-gives", graph(TENSOR_IN, TENSOR_OUT, inference(["OVTENSOR:in"], ["OVTENSOR:out"], FITS)),
        '"model"',
    ),
    at_creation(
        "session-of-another-name",
        graph(
            TENSOR_IN, TENSOR_OUT, session("plus_one"),
            inference(["OVTENSOR:in"], ["OVTENSOR:out"], FITS, packet="sesion"),
        ),
        '"model"',
    ),
    # Tensor names that the model does not have.
    at_request("no-such-output", one("plus_one", from_tag("OVTENSOR", "a") + to_tag("OVTENSOR", "c")), '"model"'),
    at_request("no-such-input", one("plus_one", from_tag("OVTENSOR", "A") + to_tag("OVTENSOR", "b")), '"model"'),
    at_request("tag-taken-for-a-tensor", one("plus_one", None), '"model"'),
    at_request("output-tag-taken-for-a-tensor", one("plus_one", from_tag("OVTENSOR", "a")), '"model"'),
    at_request("no-such-output-of-the-second", two("plus_one", from_tag("OVTENSOR", "a")), '"second"'),
    # Another number of inputs.
    at_request("one-input-of-two", one("adder", from_tag("OVTENSOR", "x") + to_tag("OVTENSOR", "sum")), '"model"'),
    at_request(
        "two-inputs-of-one",
        one(
            "plus_one", FITS + from_tag("OVTENSOR1", "z"), reads=("OVTENSOR:in", "OVTENSOR1:more"),
        ),
        '"model"',
    ),
    # Two models that do not fit each other.
    at_request("shape-of-the-model-before", two("wide", FITS), '"first"', '"second"'),
    at_request(
        "precision-of-the-model-before", two("whole", from_tag("OVTENSOR", "ids") + to_tag("OVTENSOR", "sums")),
        '"first"', '"second"',
    ),
    at_request(
        "rank-of-the-picture",
        graph(
            TENSOR_IN, TENSOR_OUT, passes("in", "mid"), session("plus_one"), session("picture", packet="other"),
            inference(["OVTENSOR:mid"], ["OVTENSOR:vector"], FITS, name="first"),
            inference(
                ["OVTENSOR:vector"], ["OVTENSOR:out"],
                from_tag("OVTENSOR", "pixels") + to_tag("OVTENSOR", "shades"), name="second", packet="other",
            ),
        ),
        '"first"', '"second"',
    ),
    # Precisions that a MediaPipe tensor does not have.
    at_request(
        "doubles-from-a-mediapipe-tensor",
        graph(
            ["TENSOR:in"], TENSOR_OUT, session("doubles"),
            inference(["TENSOR:in"], ["OVTENSOR:out"], from_tag("TENSOR", "a") + to_tag("OVTENSOR", "b")),
        ),
        '"model"',
    ),
    at_request(
        "whole-numbers-to-a-mediapipe-tensor",
        graph(
            TENSOR_IN, ["TENSOR:out"], session("whole"),
            inference(["OVTENSOR:in"], ["TENSOR:out"], from_tag("OVTENSOR", "ids") + to_tag("TENSOR", "sums")),
        ),
        '"model"',
    ),
    # Pictures made tensors.
    at_request(
        "bytes-for-a-model-of-floats", from_picture("", 'input_order_list: "pixels" ' + to_tag("OVTENSOR", "shades")),
        '"converter"', '"model"',
    ),
    at_request(
        "floats-for-a-model-of-bytes",
        from_picture(
            "enable_normalization: true", 'input_order_list: "pixels" ' + to_tag("OVTENSOR", "shades"), "bytes"
        ),
        '"converter"', '"model"',
    ),
    at_request(
        "two-names-for-one-tensor",
        from_picture(
            "enable_normalization: true",
            'input_order_list: "pixels" input_order_list: "more" ' + to_tag("OVTENSOR", "shades"),
        ),
        '"model"',
    ),
    at_request(
        "user-code-of-another-shape",
        graph(
            ["OVMS_PY_TENSOR:in"], TENSOR_OUT,
            python(writes=["OUTPUT:mid"], file="flattens.py"),
            node("PyTensorOvTensorConverterCalculator", ["OVMS_PY_TENSOR:mid"], ["OVTENSOR:tensor"], name="converter"),
            session("plus_one"), inference(["OVTENSOR:tensor"], ["OVTENSOR:out"], FITS),
        ),
        '"handler"', '"model"',
        files={"flattens.py": f"""
            from pyovms import Tensor
            class OvmsPythonModel:
                def execute(self, inputs):
                    return {_FLAT}
        """},
        sample='{"inputs": [{"name": "in", "shape": [4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}',
    ),
)  # fmt: skip
