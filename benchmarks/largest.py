"""How long the largest inputs take that are judged in two seconds: each is of another kind and of one size.

    python benchmarks/largest.py [WORD...]

Graphs have 50,000 tokens or 512 KiB, hundreds of times what people write; a config.json has as many values as are read.
Graphs are read up to twenty times that size, and then take as many times longer. Only those whose name holds a WORD are
tried, if one is given. Printed are processor seconds for reading and judging; the exit code is 1
if one takes more than two.
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
from graphval.rules.run import judge  # noqa: E402

LONGEST = 2.0
BYTES, TOKENS = 512 << 10, 50_000
PASS = 'node { calculator: "PassThroughCalculator" input_stream: "s%d" output_stream: "s%d" }\n'
LLM = (
    'node { calculator: "HttpLLMCalculator" name: "a" input_side_packet: "LLM_NODE_RESOURCES:llm" node_options: {\n'
    "[type.googleapis.com/mediapipe.LLMCalculatorOptions]: { models_path: \".\" plugin_config: '{%s}' } } }\n"
)


def graphs() -> Iterator[tuple[str, str]]:
    """Name and text of each graph."""
    chain = 'input_stream: "s0"\n' + "".join(PASS % (i, i + 1) for i in range(TOKENS // 14 - 1))
    yield "a chain", chain
    yield (
        "a chain, all streams sent",
        "".join(f'output_stream: "s{i}"\n' for i in range(2900)) + "".join(PASS % (i, i + 1) for i in range(2900)),
    )
    yield "a ring", "".join(PASS % (i, (i + 1) % 3500) for i in range(3500))
    yield "nodes that are equal", (PASS % (0, 1)) * (TOKENS // 14)
    yield "empty nodes", "node {}\n" * (TOKENS // 4)
    yield "unknown calculators", 'node { calculator: "X" }\n' * (TOKENS // 6)
    yield (
        "a node of many streams",
        'node { calculator: "PassThroughCalculator" '
        + "".join(f'input_stream: "a{i}" output_stream: "b{i}" ' for i in range(TOKENS // 6 - 2))
        + "}",
    )
    yield "graph inputs", 'input_stream: "a"\n' * (TOKENS // 3)
    yield "side packets", "".join(f'input_side_packet: "A:{i}:b"\n' for i in range(TOKENS // 3))
    yield "comments", "# graphval: ignore[GV203] x\n" * (BYTES // 28)
    yield "one string", 'input_stream: "' + "\\101" * (BYTES // 4 - 10) + '"'
    yield "settings of a node", LLM % ",".join(f'"K{i}": "a"' for i in range(4990))
    yield "too many settings of a node", LLM % ",".join(f'"K{i}": "a"' for i in range(35_000))
    settings = LLM % ",".join(f'"K{i}": "a"' for i in range(400))
    yield "nodes with settings", settings * (BYTES // len(settings))
    for piece in '{[<"]:-,\\(':
        yield f"nothing but {piece}", piece * TOKENS
    yield "nothing but names", "a " * TOKENS


def configs() -> Iterator[tuple[str, str]]:
    """Name and text of each config.json."""
    graphs = ",".join(f'{{"name": "a{i}"}}' for i in range(MAX_SETTINGS // 4 - 10))
    yield "config: graphs that are missing", f'{{"model_config_list": [], "mediapipe_config_list": [{graphs}]}}'
    models = ",".join(f'{{"config": {{"name": "a{i}", "base_path": "m"}}}}' for i in range(MAX_SETTINGS // 8 - 10))
    yield "config: models that are missing", f'{{"model_config_list": [{models}]}}'
    empty = ",".join(["{}"] * (MAX_SETTINGS // 3 - 10))
    yield "config: empty models", f'{{"model_config_list": [{empty}]}}'
    yield "config: empty graphs", f'{{"model_config_list": [], "mediapipe_config_list": [{empty}]}}'
    yield "config: numbers", '{"a": [' + "1," * (BYTES // 2 - 10) + "1]}"
    yield "config: keys", "{" + ",".join(f'"k{i}": 1' for i in range(MAX_SETTINGS - 10)) + "}"


def main(words: list[str]) -> int:
    catalog = load_catalog()
    taken = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one").mkdir()
        cases = [(case, text, "one/graph.pbtxt") for case, text in graphs()]
        cases += [(case, text, "config.json") for case, text in configs()]
        (folder / "graph.pbtxt").write_text('input_stream: "a"', encoding="utf-8")
        judge(load_deployment(folder / "graph.pbtxt"), catalog)  # imports the rules
        for case, text, file in cases:
            if words and not any(word in case for word in words):
                continue
            (folder / file).write_text(text, encoding="utf-8")
            begun = process_time()
            judge(load_deployment(folder / file), catalog)
            taken.append(process_time() - begun)
            print(f"{taken[-1]:6.2f} s  {case}", flush=True)
    return int(max(taken) > LONGEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
