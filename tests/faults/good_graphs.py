"""Graphs that OVMS serves."""

from __future__ import annotations

from tests.faults.border_faults import ECHO, POOL
from tests.faults.calculator_faults import TENSOR, constant, scores
from tests.faults.case import (
    Case,
    back_edge,
    from_tag,
    good,
    graph,
    handler,
    inference,
    node,
    passes,
    python,
    session,
    to_tag,
)
from tests.faults.handler_faults import LOOP, NUMBERS, sync
from tests.faults.inference_faults import FITS, from_picture, one, two
from tests.faults.python_faults import BORDER, execute

_PY = 'input_stream_info: { tag_index: "LOOPBACK:0" back_edge: true } '
_PICTURE = to_tag("OVTENSOR", "shades")


def _border(tag: str) -> str:
    return graph([f"{tag}:in"], [f"{tag}:out"], passes())


_FRAMEWORK = (
    good("passes-untagged", graph(["in"], ["out"], passes())),
    good("passes-tensor", _border("OVTENSOR")),
    good("passes-mediapipe-tensor", _border("TENSOR")),
    good("passes-tensorflow-tensor", _border("TFTENSOR")),
    good("passes-picture", _border("IMAGE")),
    good("passes-user-object", _border("OVMS_PY_TENSOR")),
    good("three-in-a-row", graph(["in"], ["out"], passes("in", "a"), passes("a", "b"), passes("b", "out"))),
    good("two-ways", graph(["one", "two"], ["first", "second"], passes("one", "first"), passes("two", "second"))),
    good("two-outputs-of-one", graph(["in"], ["out", "same"], passes(), passes("in", "same"))),
    good("input-nobody-reads", graph(["in", "idle"], ["out"], passes())),
    good("two-tags-of-one-kind", graph(["OVTENSOR1:a", "OVTENSOR2:b"], ["OVTENSOR1:c", "OVTENSOR2:d"],
                                       node("PassThroughCalculator", ["a", "b"], ["c", "d"]))),
    good("immediate", graph(["in"], ["out"], passes(extra=handler("ImmediateInputStreamHandler")))),
    good("sync-set", graph(["in"], ["out"], passes(extra=sync('tag_index: ":0"')))),
    good("own-executor", graph(["in"], ["out"], 'executor { name: "own" type: "ThreadPoolExecutor" options { '
                               "[mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }",
                               passes(extra='executor: "own"'))),
    good("threads", graph(["in"], ["out"], "num_threads: 2", passes())),
    good("pool", graph(["in"], ["out"], POOL, passes())),
    good("picture-turned", graph(["IMAGE:in"], ["IMAGE:out"], node(
        "ImageTransformationCalculator", ["IMAGE:in"], ["IMAGE:out"],
        options="output_width: 6 output_height: 4 flip_vertically: true"))),
    good("picture-measured", graph(["IMAGE:in"], ["IMAGE:out"], passes(),
                                   node("ImagePropertiesCalculator", ["IMAGE:in"], ["SIZE:size"]))),
    good("picture-wrapped", graph(["IMAGE:in"], ["IMAGE:out"],
                                  node("ToImageCalculator", ["IMAGE_CPU:in"], ["IMAGE:any"]),
                                  node("FromImageCalculator", ["IMAGE:any"], ["IMAGE_CPU:out"]))),
    good("classes-of-a-picture", graph(
        ["IMAGE:in"], ["IMAGE:out"], passes(),
        node("ImageToTensorCalculator", ["IMAGE:in"], ["TENSORS:tensors"], options=TENSOR),
        node("TensorsToClassificationCalculator", ["TENSORS:tensors"], ["CLASSIFICATIONS:c"], options="top_k: 3"),
        node("TensorsToFloatsCalculator", ["TENSORS:tensors"], ["FLOATS:all"]))),
    good("gate-opened-by-a-parameter", graph(["in"], ["out"], node(
        "GateCalculator", ["in"], ["out"], takes=["ALLOW:open"]))),
    good("gate-not-shut-by-a-parameter", graph(["in"], ["out"], node(
        "GateCalculator", ["in"], ["out"], takes=["DISALLOW:shut"]))),
    good("gate-open-by-option", graph(["in"], ["out"], node("GateCalculator", ["in"], ["out"], options="allow: true"))),
    good("number-given-as-text", graph(["in"], ["out"], passes(), node(
        "StringToIntCalculator", takes=["text"], gives=["number"]))),
    good("constant-nobody-takes", graph(["in"], ["out"], passes(), constant("int_value: 3", "three"))),
    good("one-of-two-ways", graph(["in"], ["out"], node(
        "SwitchContainer", ["in"], ["out"], options='select: 1 contained_node { calculator: "PassThroughCalculator" } '
        'contained_node { calculator: "PassThroughCalculator" }')), sample=NUMBERS),
    good("limits-what-flows", graph(["in"], ["out"], node(
        "FlowLimiterCalculator", ["in", "FINISHED:out"], ["flows"], extra=back_edge("FINISHED")),
        passes("flows", "out"))),
    good("remembers-the-last", graph(["in"], ["out"], node(
        "PreviousLoopbackCalculator", ["MAIN:in", "LOOP:out"], ["PREV_LOOP:before"], extra=back_edge("LOOP")),
        passes())),
)  # fmt: skip

_MODELS = (
    good("model", one("plus_one", FITS)),
    good("model-of-a-version", one("plus_one", FITS, version="1")),
    good("model-whose-tags-are-its-tensors", graph(["A:in"], ["B:out"], session("plus_one"), inference(
        ["A:in"], ["B:out"], from_tag("A", "a") + to_tag("B", "b")))),
    good("model-of-whole-numbers", one("whole", from_tag("OVTENSOR", "ids") + to_tag("OVTENSOR", "sums"))),
    good("model-of-doubles", one("doubles", FITS)),
    good("model-of-any-rows", one("any_rows", FITS)),
    good("model-of-one-number", one("scalar", FITS)),
    good("model-of-mediapipe-tensors", graph(["TENSOR:in"], ["TENSOR:out"], session("plus_one"), inference(
        ["TENSOR:in"], ["TENSOR:out"], from_tag("TENSOR", "a") + to_tag("TENSOR", "b")))),
    good("two-models", two("plus_one", FITS)),
    good("model-of-two-inputs", graph(
        ["OVTENSOR1:x", "OVTENSOR2:y"], ["OVTENSOR:out"], session("adder"), inference(
            ["OVTENSOR1:x", "OVTENSOR2:y"], ["OVTENSOR:out"],
            from_tag("OVTENSOR1", "x") + from_tag("OVTENSOR2", "y") + to_tag("OVTENSOR", "sum")))),
    good("model-of-two-outputs", graph(
        ["OVTENSOR:in"], ["OVTENSOR1:more", "OVTENSOR2:less"], session("pair"), inference(
        ["OVTENSOR:in"], ["OVTENSOR1:more", "OVTENSOR2:less"],
        from_tag("OVTENSOR", "a") + to_tag("OVTENSOR1", "more") + to_tag("OVTENSOR2", "less")))),
    good("models-side-by-side", graph(
        ["OVTENSOR:in"], ["OVTENSOR:out"], session("plus_one"), session("adder", packet="joins"),
        inference(["OVTENSOR:in"], ["OVTENSOR:left"], FITS, name="left"),
        inference(["OVTENSOR:in"], ["OVTENSOR:right"], FITS, name="right"),
        inference(["OVTENSOR1:left", "OVTENSOR2:right"], ["OVTENSOR:out"],
                  from_tag("OVTENSOR1", "x") + from_tag("OVTENSOR2", "y") + to_tag("OVTENSOR", "sum"),
                  name="joined", packet="joins"))),
    good("picture-to-a-model", from_picture("enable_normalization: true", 'input_order_list: "pixels" ' + _PICTURE)),
    good("bytes-to-a-model", from_picture("", 'input_order_list: "pixels" ' + _PICTURE, "bytes")),
    good("picture-to-classes", scores("top_k: 2")),
    good("model-in-a-pool", POOL + "\n" + one("plus_one", FITS)),
    good("rows-of-a-table", one("elsewhere", from_tag("OVTENSOR", "ids") + to_tag("OVTENSOR", "square")),
         sample='{"inputs": [{"name": "in", "shape": [4], "datatype": "INT64", "data": [0, 1, 2, 3]}]}'),
)  # fmt: skip

_USER_CODE = (
    good("echo", graph(*BORDER, python(file="echo.py")), files={"echo.py": ECHO}),
    good("counts", graph(*BORDER, python(file="counts.py")),
         files={"counts.py": execute("self.n += 1; return [Tensor('out', str(self.n).encode())]", "self.n = 0")}),
    good("answers-text", graph(*BORDER, python(file="answers_text.py")),
         files={"answers_text.py": execute("return [Tensor('out', b'yes', shape=[1], datatype='my_text')]")}),
    good("generator", graph(*BORDER, python(*LOOP, file="generator.py", extra=_PY + sync('tag_index: "LOOPBACK:0"'))),
         files={"generator.py": execute("\n        for _ in range(3): yield [Tensor('out', inputs[0])]")}),
    good("user-code-around-a-model", graph(
        ["OVTENSOR:in"], ["OVTENSOR:out"], session("plus_one"), inference(["OVTENSOR:in"], ["OVTENSOR:sum"], FITS),
        node("PyTensorOvTensorConverterCalculator", ["OVTENSOR:sum"], ["OVMS_PY_TENSOR:object"],
             options=to_tag("OVMS_PY_TENSOR", "object")),
        python(["INPUT:object"], ["OUTPUT:made"], file="around_a_model.py"),
        node("PyTensorOvTensorConverterCalculator", ["OVMS_PY_TENSOR:made"], ["OVTENSOR:out"])),
        files={"around_a_model.py": execute("return [Tensor('made', inputs[0])]")}),
)  # fmt: skip

CASES: tuple[Case, ...] = (*_FRAMEWORK, *_MODELS, *_USER_CODE)
