"""How long the largest inputs take that are read: each is of another kind and as large as the caps let it be.

    python benchmarks/largest.py [WORD...]

A graph has as many tokens or bytes as are read, a config.json as many values. Only those whose name holds a WORD are
tried, if one is given. Printed are processor seconds for reading and judging; the exit code is 1 if one takes more than
two, or is refused for its size.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from graphval.catalog import load as load_catalog  # noqa: E402
from graphval.deployment import load as load_deployment  # noqa: E402
from graphval.deployment.load import MAX_SETTINGS  # noqa: E402
from graphval.rules.python.handler import MAX_BYTES as LARGEST_HANDLER  # noqa: E402
from graphval.rules.python.handler import MAX_PARTS  # noqa: E402
from graphval.rules.run import Judgement, judge  # noqa: E402
from graphval.textproto import MAX_BYTES as BYTES  # noqa: E402
from graphval.textproto.lexer import MAX_TOKENS  # noqa: E402

LONGEST = 2.0
TOKENS = MAX_TOKENS - 100
GRAPH, CONFIG, HANDLER = "one/graph.pbtxt", "config.json", "handler/model.py"
PASS = 'node { calculator: "PassThroughCalculator" input_stream: "s%d" output_stream: "s%d" }\n'
LLM = (
    'node { calculator: "HttpLLMCalculator" name: "a" input_side_packet: "LLM_NODE_RESOURCES:llm" node_options: {\n'
    "[type.googleapis.com/mediapipe.LLMCalculatorOptions]: { models_path: \".\" plugin_config: '{%s}' } } }\n"
)
PYTHON = (
    'node { name: "a" calculator: "PythonExecutorCalculator" input_side_packet: "PYTHON_NODE_RESOURCES:py"\n'
    '  input_stream: "IN:a" output_stream: "OUT:b" node_options: {\n'
    '  [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" } } }\n'
)


def numbered(piece: str, count: int) -> str:
    """A text so many times, each ``%d`` in it the number of the time."""
    return "".join(piece.replace("%d", str(number)) for number in range(count))


def wiring() -> Iterator[tuple[str, str]]:
    """Name and text of graphs of many nodes and streams."""
    many = TOKENS // 12
    yield "a chain", 'input_stream: "s0"\n' + "".join(PASS % (i, i + 1) for i in range(many - 1))
    yield (
        "a chain, all streams sent",
        numbered('output_stream: "s%d"\n', TOKENS // 15) + "".join(PASS % (i, i + 1) for i in range(TOKENS // 15)),
    )
    yield "a ring", "".join(PASS % (i, (i + 1) % many) for i in range(many))
    shut = 'node { calculator: "GateCalculator" input_stream: "s%d" output_stream: "s%d" }\n'
    yield "a chain of shut gates", 'input_stream: "s0"\n' + "".join(shut % (i, i + 1) for i in range(many - 1))
    converted = 'node { calculator: "StringToIntCalculator" input_side_packet: "s%d" output_side_packet: "s%d" }\n'
    yield "a chain of side packets", "".join(converted % (i, i + 1) for i in range(many))
    yield "nodes that are equal", (PASS % (0, 1)) * many
    yield "empty nodes", "node {}\n" * (TOKENS // 3)
    yield "unknown calculators", 'node { calculator: "X" }\n' * (TOKENS // 6)
    yield "misspelt calculators", numbered('node { calculator: "PassThroughCalculator%d" }\n', TOKENS // 6)
    streams = numbered('input_stream: "stream_%d"\n', 400)
    yield "misspelt streams", streams + numbered('node { calculator: "X" input_stream: "strean_%d_" }\n', TOKENS // 10)
    yield (
        "a node of many streams",
        'node { calculator: "PassThroughCalculator" '
        + numbered('input_stream: "a%d" output_stream: "b%d" ', TOKENS // 6 - 2)
        + "}",
    )
    yield "inputs of one index", 'node { calculator: "X" ' + 'input_stream: "A:0:a" ' * (TOKENS // 3 - 3) + "}"
    yield "graph inputs", 'input_stream: "a"\n' * (TOKENS // 3)
    yield "side packets", numbered('input_side_packet: "A:%d:b"\n', TOKENS // 3)

    dense = numbered('input_stream: "s%d" ', 120)
    node = f'node {{ calculator: "PassThroughCalculator" {dense} output_stream: "s%d" }}\n'
    yield "a dense cycle", numbered(node, TOKENS // 370)


def fields() -> Iterator[tuple[str, str]]:
    """Name and text of graphs of many options, comments or long strings."""
    bare = "node_options { [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions] {} }"
    yield "options without what they need", "node {" + f"{bare}\n" * (TOKENS // 16) + "}"
    gate = "node { node_options { [type.googleapis.com/mediapipe.GateCalculatorOption%d] {} } }\n"
    yield "unknown options", numbered(gate, TOKENS // 19)
    streams = numbered('input_stream: "A:%d:a" ', TOKENS // 7)
    tags = numbered('tag_index: "A:%d" ', TOKENS // 7)
    sets = f"[mediapipe.SyncSetInputStreamHandlerOptions.ext] {{ sync_set {{ {tags} }} }}"
    named = f'input_stream_handler {{ input_stream_handler: "SyncSetInputStreamHandler" options {{ {sets} }} }}'
    yield "a sync set of many streams", f'node {{ calculator: "PassThroughCalculator" {streams} {named} }}'
    pools = numbered('executor { name: "pool%d" }\n', 400)
    node = 'node { calculator: "PassThroughCalculator" executor: "poll%dx" }\n'
    yield "misspelt executors", pools + numbered(node, TOKENS // 9 - 400)
    yield "comments", "# graphval: ignore[GV203] x\n" * (BYTES // 28)
    yield "codes in a comment", "# graphval: ignore[" + "GV203," * (BYTES // 6 - 10) + "]\n"
    yield "one string", 'input_stream: "' + "\\101" * (BYTES // 4 - 10) + '"'
    yield "settings of a node", LLM % ",".join(f'"K{i}":0' for i in range(9_900))
    yield "settings that are wrong", LLM % ",".join(['"PERFORMANCE_HINT":0'] * 4700)
    yield "too many settings of a node", LLM % ",".join(f'"K{i}": "a"' for i in range(70_000))
    settings = LLM % ",".join(f'"K{i}": "a"' for i in range(400))
    yield "nodes with settings", settings * (BYTES // len(settings))
    yield "nodes with a handler", PYTHON * (TOKENS // 40)

    container = 'node { calculator: "SwitchContainer" %s node_options {\n%s } }'
    inner = 'contained_node { calculator: "PassThroughCalculator" }\n' * (TOKENS // 14)
    options = f"[type.googleapis.com/mediapipe.SwitchContainerOptions] {{ {inner} }}"
    yield "a container of many nodes", container % (numbered('input_stream: "A:%d:a"\n', TOKENS // 8), options)


def rubbish() -> Iterator[tuple[str, str]]:
    """Name and text of what is no graph."""
    for piece in '{[<"]:-,\\(':
        yield f"nothing but {piece}", piece * TOKENS
    yield "nothing but names", "a " * TOKENS


def handlers() -> Iterator[tuple[str, str]]:
    """Name and text of each Python handler."""
    pieces = (
        ("calls", "f(a)\n", 6),
        ("signs", "-a\n", 5),
        ("imports", "import a%d\n", 2),
        ("classes", "class a%d:0\n", 3),
    )
    for name, piece, parts in pieces:
        yield f"handler: {name}", numbered(piece, min((MAX_PARTS - 10) // parts, LARGEST_HANDLER // (len(piece) + 3)))
    head = "class OvmsPythonModel:\n def execute(self, inputs):\n"
    given = numbered("  t%d = Tensor('OUT', 1)\n", MAX_PARTS // 10 - 10)
    yield "handler: tensors", f"{head}{given}  return [" + numbered("t%d,", MAX_PARTS // 10 - 10) + "]\n"
    yield "handler: results", head + "  return [Tensor('a', 1)]\n" * (MAX_PARTS // 8 - 10)
    yield "handler: too long", "-a\n" * (LARGEST_HANDLER // 3)


def configs() -> Iterator[tuple[str, str]]:
    """Name and text of each config.json."""
    graphs = ",".join(f'{{"name": "a{i}"}}' for i in range(MAX_SETTINGS // 4 - 10))
    yield "config: graphs that are missing", f'{{"model_config_list": [], "mediapipe_config_list": [{graphs}]}}'
    models = ",".join(f'{{"config": {{"name": "a{i}", "base_path": "m"}}}}' for i in range(MAX_SETTINGS // 8 - 10))
    yield "config: models that are missing", f'{{"model_config_list": [{models}]}}'
    empty = ",".join(["{}"] * (MAX_SETTINGS // 3 - 10))
    yield "config: empty models", f'{{"model_config_list": [{empty}]}}'
    yield "config: empty graphs", f'{{"model_config_list": [], "mediapipe_config_list": [{empty}]}}'
    yield "config: numbers", '{"a": [' + "1," * (MAX_SETTINGS - 10) + "1]}"
    yield "config: keys", "{" + ",".join(f'"k{i}": 1' for i in range(MAX_SETTINGS - 10)) + "}"
    keys = ",".join(f'"mediapipe_config_list{i}": 1' for i in range(MAX_SETTINGS - 10))
    yield "config: misspelt keys", f"{{{keys}}}"
    families = ",".join(f'"ovms_requests_succes{i}"' for i in range(MAX_SETTINGS - 20))
    yield (
        "config: metrics",
        f'{{"model_config_list": [], "monitoring": {{"metrics": {{"enable": true, "metrics_list": [{families}]}}}}}}',
    )
    yield "config: one number", '{"a": ' + "1" * (BYTES - 20) + "}"


def is_refused(judgement: Judgement) -> bool:
    """Whether the input was beyond a cap other than that of depth, so that its time says nothing."""
    findings = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    return any(finding.code == "GV113" and "deep" not in finding.message for finding in findings)


def main(words: list[str]) -> int:
    catalog = load_catalog()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (GRAPH, HANDLER):
            (folder / file).parent.mkdir()
        (folder / "graph.pbtxt").write_text('input_stream: "a"', encoding="utf-8")
        (folder / "one/model.py").write_text("x = 1\n" * (MAX_PARTS // 20), encoding="utf-8")
        (folder / "handler/graph.pbtxt").write_text(PYTHON, encoding="utf-8")
        judge(load_deployment(folder / "graph.pbtxt"), catalog)  # imports the rules
        cases = [(case, text, GRAPH) for case, text in (*wiring(), *fields(), *rubbish())]
        cases += [(case, text, HANDLER) for case, text in handlers()]
        cases += [(case, text, CONFIG) for case, text in configs()]
        for case, text, file in cases:
            if words and not any(word in case for word in words):
                continue
            (folder / file).write_text(text, encoding="utf-8")
            asked = (folder / file).with_name("graph.pbtxt") if file == HANDLER else folder / file
            begun = process_time()
            judgement = judge(load_deployment(asked), catalog)
            taken = process_time() - begun
            refused = is_refused(judgement)
            failed |= taken > LONGEST or refused
            print(f"{taken:6.2f} s  {case}{', which is not read' * refused}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
