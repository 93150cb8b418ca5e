"""A merge conflict was never resolved.

## What it does

Looks for lines of `<<<<<<<`, `=======` and `>>>>>>>`.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
# error-below: [GV114]
<<<<<<< ours
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

Resolve the conflict: keep one side, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV114", "merge-conflict", kinds=("merge-conflict",), doc=__doc__)
