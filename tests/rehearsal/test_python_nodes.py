"""Python nodes: the handler really runs, with the documented ``pyovms``."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import handler, python_node
from tests.rehearsal.server import Rehearsal

ROW = np.arange(4, dtype=np.float32)
BORDER = 'input_stream: "OVMS_PY_TENSOR:in"\noutput_stream: "OVMS_PY_TENSOR:out"\n'
STREAMS = 'input_stream: "INPUT:in" output_stream: "OUTPUT:out"'
LOOP = STREAMS + ' input_stream: "LOOPBACK:again" output_stream: "LOOPBACK:again"'
LOOP_EXTRA = 'input_stream_info: { tag_index: "LOOPBACK:0" back_edge: true } ' + handler(
    "SyncSetInputStreamHandler", 'sync_set { tag_index: "LOOPBACK:0" }'
)
ECHO = """
    from pyovms import Tensor

    class OvmsPythonModel:
        def initialize(self, kwargs):
            self.kwargs = kwargs

        def execute(self, inputs):
            assert self.kwargs["input_names"] == ["in"] and self.kwargs["node_name"] == "py_node", self.kwargs
            return [Tensor("out", {value})]
"""


def model(body: str) -> str:
    return f"""
    import numpy as np
    from pyovms import Tensor

    class OvmsPythonModel:
        def execute(self, inputs):
            {body}
    """


def files(handler_text: str, graph: str = BORDER + python_node(STREAMS)) -> dict[str, str]:
    return {"graph.pbtxt": graph, "model.py": handler_text}


def test_a_handler_computes(serve: Serve) -> None:
    server = serve({"g": files(ECHO.format(value="__import__('numpy').asarray(inputs[0]) * 2"))})
    np.testing.assert_array_equal(server.infer("g", {"in": ROW})["out"], ROW * 2)


def test_bytes_and_custom_types(serve: Serve) -> None:
    server = serve({"g": files(model('return [Tensor("out", bytes(inputs[0])[:4], shape=[4], datatype="my type")]'))})
    assert server.infer("g", {"in": ROW})["out"] == ROW.tobytes()[:4]


WRONG = [
    ('raise ValueError("no such luck")', "no such luck"),
    ('return Tensor("out", b"x")', "Expected: list or generator. Received: Tensor"),
    ('return ["out"]', "Expected: Tensor. Received: str"),
    ('return [Tensor("elsewhere", b"x")]', "Tensor name: elsewhere is not a valid node output"),
    ('yield [Tensor("out", b"x")]', "Execute yielded, but LOOPBACK is not defined in the node"),
    ("return [Tensor('out', inputs[0] + 1)]", "TypeError"),
    ("return [Tensor('out', inputs[0].mean())]", "AttributeError"),
]
BROKEN = [
    ("class Other: pass", "No OvmsPythonModel class found in broken_0.py"),
    ("class OvmsPythonModel: pass", "does not implement execute method."),
    (
        "class OvmsPythonModel:\n  def execute(self, i): pass\n  def initialize(self, k): raise Exception('boom')",
        "Error during python node initialization for handler_path: broken_2.py - Exception: boom",
    ),
    ("import no_such_module_at_all", "ModuleNotFoundError"),
    ("raise SystemExit(3)", "SystemExit"),
]


@pytest.fixture(scope="module")
def mistaken(serve_together: Serve) -> Rehearsal:
    """All handlers that do something wrong; each file has a name of its own, or they would be one module."""
    handlers = {f"wrong_{n}": model(body) for n, (body, _) in enumerate(WRONG)}
    handlers |= {f"broken_{n}": text for n, (text, _) in enumerate(BROKEN)}
    return serve_together(
        {
            name: {"graph.pbtxt": BORDER + python_node(STREAMS, handler_path=f"{name}.py"), f"{name}.py": text}
            for name, text in handlers.items()
        }
    )


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_a_handler_does_wrong(mistaken: Rehearsal, number: int) -> None:
    before = len(mistaken.stderr)
    code, text = mistaken.refusal(f"wrong_{number}", {"in": ROW})
    assert code == "INVALID_ARGUMENT"
    assert 'Calculator::Process() for node "py_node" failed: Error occurred during graph execution' in text
    assert WRONG[number][1] in mistaken.stderr[before:]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_handler_that_does_not_load(mistaken: Rehearsal, number: int) -> None:
    name, said = f"broken_{number}", mistaken.said_of(f"broken_{number}")
    assert BROKEN[number][1] in said
    assert f"Failed to process python node graph {name}" in said
    assert mistaken.refusal(name, {"in": ROW})[0] == "UNAVAILABLE"


def test_a_missing_handler(serve: Serve) -> None:
    server = serve({"g": BORDER + python_node(STREAMS)})
    assert "Python node handler_path: " in server.stdout
    assert "does not exist. " in server.stdout


def test_a_generator_with_its_own_sync_set(serve: Serve) -> None:
    body = 'for n in range(3): yield [Tensor("out", np.asarray([n], np.int64))]'
    server = serve({"g": files(model(body), BORDER + python_node(LOOP, LOOP_EXTRA))})
    np.testing.assert_array_equal(server.infer("g", {"in": ROW})["out"], [0])


def test_a_generator_without_sync_set_hangs_as_in_ovms(serve: Serve) -> None:
    extra = 'input_stream_info: { tag_index: "LOOPBACK:0" back_edge: true }'
    server = serve({"g": files(model('yield [Tensor("out", b"x")]'), BORDER + python_node(LOOP, extra))})
    assert server.refusal("g", {"in": ROW}, seconds=2)[0] == "DEADLINE_EXCEEDED"


def test_the_side_packet_must_be_py(serve: Serve) -> None:
    graph = (BORDER + python_node(STREAMS)).replace("RESOURCES:py", "RESOURCES:other")
    server = serve({"g": files(model("return []"), graph)})
    assert 'Side packet "other" is required but was not provided.' in server.refusal("g", {"in": ROW})[1]


def test_finalize_runs_at_the_end(serve: Serve) -> None:
    text = model("return []") + '\n        def finalize(self):\n            print("farewell", flush=True)\n'
    server = serve({"g": files(text)})
    assert server.terminate() == 0
    assert "farewell" in server.stdout


def test_conversion_to_and_from_tensors(serve: Serve) -> None:
    options = (
        "node_options: { [type.googleapis.com/mediapipe.PyTensorOvTensorConverterCalculatorOptions]: "
        '{ tag_to_output_tensor_names { key: "OVMS_PY_TENSOR" value: "in_py" } } }'
    )
    graph = f"""
        input_stream: "OVTENSOR:in"
        output_stream: "OVTENSOR:out"
        node {{ calculator: "PyTensorOvTensorConverterCalculator" input_stream: "OVTENSOR:in"
               output_stream: "OVMS_PY_TENSOR:in_py" {options} }}
        {python_node('input_stream: "INPUT:in_py" output_stream: "OUTPUT:out_py"')}
        node {{ calculator: "PyTensorOvTensorConverterCalculator" input_stream: "OVMS_PY_TENSOR:out_py"
               output_stream: "OVTENSOR:out" }}
    """
    server = serve({"g": files(model('return [Tensor("out_py", np.asarray(inputs[0]) - 1)]'), graph)})
    np.testing.assert_array_equal(server.infer("g", {"in": ROW})["out"], ROW - 1)
