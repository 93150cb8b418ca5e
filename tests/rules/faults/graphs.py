"""The good graphs that faults are put into: the project's examples and a few that have what those lack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphval.graph import Graph
from graphval.rules.context import GraphContext
from tests.rules.judging import judged

EXAMPLES = Path(__file__).parents[3] / "graphs" / "good"


@dataclass(frozen=True)
class Good:
    """A graph that no rule complains of; models and files that it names are taken to lie elsewhere."""

    name: str
    text: str
    context: GraphContext

    @property
    def graph(self) -> Graph:
        return self.context.graph

    @property
    def feed(self) -> str:
        """A stream that any node may read."""
        return next(iter(self.graph.inputs)).name

    @property
    def pooled(self) -> bool:
        return self.context.pooled


MADE_UP = {
    "a chain": """\
input_stream: "OVTENSOR:first"
output_stream: "OVTENSOR:last"
node { calculator: "PassThroughCalculator" input_stream: "first" output_stream: "middle" }
node { calculator: "PassThroughCalculator" input_stream: "middle" output_stream: "last" }
""",
    "everything in one block a line": """\
input_stream: "IMAGE:picture"
output_stream: "IMAGE:small"
output_stream: "IMAGE_GREY:grey"
num_threads: 4
node {
  name: "shrink"
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:picture"
  output_stream: "IMAGE:small"
  node_options: {
    [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]: {
      output_width: 64
      output_height: 64
    }
  }
}
node {
  name: "grey"
  calculator: "ColorConvertCalculator"
  input_stream: "RGB_IN:small"
  output_stream: "GRAY_OUT:grey"
}
""",
    "a loop with a sync set": """\
input_stream: "OVMS_PY_TENSOR:start"
output_stream: "OVMS_PY_TENSOR:step"
node {
  name: "count"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:start"
  input_stream: "LOOPBACK:again"
  output_stream: "OUTPUT:step"
  output_stream: "LOOPBACK:again"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "count.py" } }
}
""",
    "side packets and an executor": """\
input_stream: "values"
output_stream: "allowed"
executor {
  name: "pool"
  type: "ThreadPoolExecutor"
  options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } }
}
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:0:open"
  output_side_packet: "PACKET:1:text"
  node_options: {
    [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: {
      packet { bool_value: true }
      packet { string_value: "5" }
    }
  }
}
node { calculator: "StringToIntCalculator" input_side_packet: "text" output_side_packet: "number" }
node {
  calculator: "GateCalculator"
  input_stream: "values"
  input_side_packet: "ALLOW:open"
  output_stream: "allowed"
  executor: "pool"
}
""",
    "a container": """\
input_stream: "OVTENSOR:data"
output_stream: "OVTENSOR:chosen"
node {
  calculator: "SwitchContainer"
  input_stream: "data"
  output_stream: "chosen"
  options {
    [mediapipe.SwitchContainerOptions.ext] {
      select: 0
      contained_node: { calculator: "PassThroughCalculator" }
      contained_node: { calculator: "PassThroughCalculator" name: "other" }
    }
  }
}
""",
    "a pool": """\
# OVMS_GRAPH_QUEUE_MAX_SIZE: 2
input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
""",
}


@cache
def good_graphs() -> tuple[Good, ...]:
    """All good graphs, the examples first."""
    texts = {
        str(file.relative_to(EXAMPLES)): file.read_text(encoding="utf-8")
        for file in sorted(EXAMPLES.glob("**/*.pbtxt"))
    }
    found = []
    for name, text in {**texts, **MADE_UP}.items():
        graph = judged(text, no_models=True)
        assert graph.context is not None
        assert not graph.findings, (name, graph.findings)
        found.append(Good(name, text, graph.context))
    return tuple(found)
