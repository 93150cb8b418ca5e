"""A field that takes one value is given two.

## What it does

Looks for singular fields that are repeated, members of one choice given together, and lists for single values.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  calculator: "GateCalculator"  # error: [GV124]
  input_stream: "in"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Keep one of the two; merge two blocks into one.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule(
    "GV124", "field-given-twice", kinds=("field-given-twice", "oneof-given-twice", "list-for-singular"), doc=__doc__
)
