"""A brace or bracket is opened and never closed.

## What it does

Reports the place before which a closing brace is missing, and with it the opening one. The indentation tells where
that is; where it does not, only the end of the text does.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  options {
}  # error: [GV104]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Add the closing bracket where the help says. Where several are missing, begin with the innermost.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV104", "unclosed-block", kinds=("unclosed-message", "unclosed-list"), doc=__doc__)
