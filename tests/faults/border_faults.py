"""The graph's own inputs and outputs: tags that are not the packets' types, streams that nobody writes.

OVMS chooses the type of a border packet by the beginning of its tag and finds out when a packet is pushed or, for an
output, when the response is written: then the process ends.
"""

from __future__ import annotations

from tests.faults.case import at_creation, at_load, at_request, graph, node, passes, python, session
from tests.faults.inference_faults import FITS, TENSOR_IN, TENSOR_OUT, inference

ECHO = """
    from pyovms import Tensor
    class OvmsPythonModel:
        def execute(self, inputs):
            return [Tensor("out", inputs[0])]
"""
TURN = node("ImageTransformationCalculator", ["IMAGE:in"], ["IMAGE:out"], name="turn")
POOL = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1"

# A stream that nobody writes is asked for when the graph is created.
_LIVING = (
    at_creation("output-nobody-writes", graph(["in"], ["nothing"], passes()), 'output_stream: "nothing"'),
    at_creation("second-output-nobody-writes", graph(["in"], ["out", "OVTENSOR:oout"], passes()), '"OVTENSOR:oout"'),
    # A packet that its reader does not take is refused when it is pushed.
    at_request(
        "picture-for-a-model",
        graph(
            ["IMAGE:in"], TENSOR_OUT, session("plus_one"), inference(["OVTENSOR:in"], ["OVTENSOR:out"], FITS)
        ),
        '"IMAGE:in"', '"model"',
    ),
    at_request(
        "tensor-for-a-picture",
        graph(TENSOR_IN, ["IMAGE:out"], TURN),
        '"OVTENSOR:in"', '"turn"',
    ),
    at_request(
        "untagged-for-a-picture",
        graph(["in"], ["IMAGE:out"], TURN),
        'input_stream: "in"\n', '"turn"',
    ),
    at_request(
        "mediapipe-tensor-for-an-openvino-one",
        graph(
            ["TENSOR:in"], TENSOR_OUT, session("plus_one"), inference(["OVTENSOR:in"], ["OVTENSOR:out"], FITS)
        ),
        '"TENSOR:in"', '"model"',
    ),
    at_request(
        "one-tensor-for-many",
        graph(
            ["OVTENSORS:in"], TENSOR_OUT, session("plus_one"),
            inference(["OVTENSORS:in"], ["OVTENSOR:out"], 'input_order_list: "a" ' + FITS.partition("tag_to_output")[1]
                      + FITS.partition("tag_to_output")[2]),
        ),
        '"OVTENSORS:in"', '"model"',
    ),
    at_request(
        "tensor-for-user-code",
        graph(TENSOR_IN, ["OVMS_PY_TENSOR:out"], python(file="echo_for_tensor.py")),
        '"OVTENSOR:in"', '"handler"', files={"echo_for_tensor.py": ECHO},
    ),
)  # fmt: skip


def _through(given: str, wanted: str) -> str:
    return graph([f"{given}:in"], [f"{wanted}:out" if wanted else "out"], passes())


# An output that is not what its tag says ends the process when the response is written.
_DEADLY = (
    at_request("tensor-said-to-be-a-picture", _through("OVTENSOR", "IMAGE"), '"IMAGE:out"'),
    at_request("picture-said-to-be-a-tensor", _through("IMAGE", "OVTENSOR"), '"OVTENSOR:out"'),
    at_request("picture-without-a-tag", _through("IMAGE", ""), 'output_stream: "out"\n'),
    at_request("user-object-said-to-be-a-tensor", _through("OVMS_PY_TENSOR", "OVTENSOR"), '"OVTENSOR:out"'),
    at_request("tensor-said-to-be-a-user-object", _through("OVTENSOR", "OVMS_PY_TENSOR"), '"OVMS_PY_TENSOR:out"'),
    at_request("tensorflow-said-to-be-mediapipe", _through("TFTENSOR", "TENSOR"), '"TENSOR:out"'),
    at_request(
        "second-output-of-another-type",
        graph(["OVTENSOR:in"], ["OVTENSOR:out", "IMAGE:picture"], passes(), passes("in", "picture", name="painter")),
        '"IMAGE:picture"',
    ),
    at_request("request-said-to-be-a-response", _through("REQUEST", "RESPONSE"), '"RESPONSE:out"'),
    # With a pool the graph is started when it is loaded, and what is missing then ends the process.
    at_load("pool-output-nobody-writes", graph(["in"], ["nothing"], POOL, passes()), 'output_stream: "nothing"'),
)  # fmt: skip

CASES = _LIVING
DEADLY = _DEADLY
