"""A number does not fit its field.

## What it does

Compares whole numbers with the range of their field type.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 3000000000  # error: [GV123]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write a number within the range of the field.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV123", "out-of-range", kinds=("out-of-range",), doc=__doc__)
