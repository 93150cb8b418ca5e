"""The file is beyond what a graph can be.

## What it does

Reading stops at 1 MiB, at messages nested 100 deep and at 100,000 tokens, in a config.json or subconfig at 10,000
values, an object counting as three. Of a Python handler 128 KiB are read, of all nodes' some thousand lines, of the
`plugin_config` of all nodes 100,000 characters, of each JSON file of a model 8 MiB; beyond that they are not judged.

## Why it is bad

Such a file is no graph somebody wrote; a missing brace in generated text is the usual cause of deep nesting.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
# error-below: [GV113]
options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options { options {
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Name the right file. A graph of thousands of nodes is some hundred kilobytes.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule(
    "GV113", "too-much", kinds=("too-large", "too-deep", "too-many-tokens", "json-too-many-values"), doc=__doc__
)
