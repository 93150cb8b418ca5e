"""A list has a comma too few or too many.

## What it does

Checks the commas between the values of a `[a, b]` list.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: ["in", "side",]  # error: [GV109]
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Put one comma between two values and none behind the last. `graphval lint --fix` does it.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV109", "bad-list", kinds=("bad-list",), doc=__doc__)
