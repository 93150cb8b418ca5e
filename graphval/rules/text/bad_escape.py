r"""A string holds a backslash sequence that does not exist.

## What it does

Checks escapes in strings. Windows paths are the usual cause.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
type: "C:\Users\graphs"  # error: [GV107]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `\\` for a backslash; in paths write `/`.

## Limits

A path like `".\tools"` is legal text (`\t` is a tab) and fails only later, as a file that does not exist.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV107", "bad-escape", kinds=("bad-escape",), doc=__doc__)
