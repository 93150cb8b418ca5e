"""A number is not written as protobuf writes numbers.

## What it does

Checks number tokens: octal digits behind a leading zero, digits behind `0x`, an exponent behind `e`.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 08  # error: [GV108]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write the number as protobuf does: no leading zeros, no plus sign, no unit behind it.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV108", "bad-number", kinds=("bad-number",), doc=__doc__)
