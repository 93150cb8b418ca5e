"""Speed of reading the text format, beside protobuf's own parser in the same run.

    .venv/bin/python benchmarks/textproto.py [--megabytes 2] [--runs 5]

The text is the project's own graphs, repeated; a second text is one large made-up graph. ``parse`` is lexing and
parsing, ``bind`` makes the message. ``text_format.Parse`` makes it too, without places and up to the first mistake.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from google.protobuf import text_format
from google.protobuf.internal import api_implementation
from google.protobuf.message_factory import GetMessageClass

from graphval.catalog import load
from graphval.graph import graph_schema
from graphval.textproto import Schema, Source, bind, parse

ROOT = Path(__file__).resolve().parents[1]
GOAL = 5.0  # MB/s for lexing and parsing together
LARGEST = 700_000
"""Characters of the large graph: of more, not all of its tokens would be read."""

NODE = """node {{
  name: "node_{n}"
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:stream_{n}"
  output_stream: "IMAGE:stream_{m}"
  node_options: {{
    [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]: {{
      output_width: {n}
      output_height: 480
      flip_horizontally: true
    }}
  }}
}}
"""


def best(work: Callable[[], object], runs: int) -> float:
    """Seconds of processor time of the fastest of so many runs: one thread, whatever else the machine does."""
    seconds = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def own_graphs(size: int) -> list[str]:
    """The example graphs, over and over, until so many characters are reached."""
    graphs = [file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("graphs/**/*.pbtxt"))]
    schema = graph_schema(load())
    sound = [text for text in graphs if not _problems(text, schema)]
    texts: list[str] = []
    while sum(map(len, texts)) < size:
        texts += sound
    return texts


def _problems(text: str, schema: Schema) -> bool:
    document = parse(Source("graph.pbtxt", text))
    return bool(document.problems or bind(document, schema)[1])


def large_graph(size: int) -> list[str]:
    count = size // len(NODE.format(n=1000, m=1001))
    return ["".join(NODE.format(n=n, m=n + 1) for n in range(count))]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--megabytes", type=float, default=2.0)
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    size = int(given.megabytes * 1_000_000)
    catalog = load()
    schema = graph_schema(catalog)
    message_class = GetMessageClass(catalog.graph_config)
    print(f"protobuf implementation: {api_implementation.Type()}")
    slowest = float("inf")
    for title, texts in (("own graphs", own_graphs(size)), ("one large graph", large_graph(min(size, LARGEST)))):
        if any(_problems(text, schema) for text in texts):
            sys.exit(f"{title}: a text was not read whole")
        megabytes = sum(len(text.encode()) for text in texts) / 1_000_000

        def read(texts: list[str] = texts) -> None:
            for text in texts:
                parse(Source("graph.pbtxt", text))

        def read_and_bind(texts: list[str] = texts) -> None:
            for text in texts:
                bind(parse(Source("graph.pbtxt", text)), schema)

        def protobuf(texts: list[str] = texts) -> None:
            for text in texts:
                text_format.Parse(text, message_class(), descriptor_pool=catalog.pool)

        print(f"{title}, {megabytes:.1f} MB in {len(texts)} texts")
        for name, work in (("parse", read), ("parse and bind", read_and_bind), ("text_format.Parse", protobuf)):
            speed = megabytes / best(work, given.runs)
            print(f"  {name:18} {speed:6.2f} MB/s")
            if name == "parse":
                slowest = min(slowest, speed)
    print(f"goal {GOAL} MB/s for parse: {'met' if slowest >= GOAL else 'missed'}")
    return 0 if slowest >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
