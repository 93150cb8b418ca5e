"""A string has no closing quote.

## What it does

Looks for a quote without a partner on its line. Strings that run over lines are legal, so protobuf notices only much
later; this rule names the line where the quote is missing.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
# error-below: [GV106]
input_stream: "in
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

Add the closing quote on the same line. A long text is written as several strings behind each other.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV106", "unterminated-string", kinds=("unterminated-string",), doc=__doc__)
