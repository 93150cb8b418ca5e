"""A character stands in the text that the format does not have.

## What it does

Looks for typographic quotes, no-break spaces, byte order marks and other characters beyond ASCII outside strings and
comments.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr. Most come from copying out of a web page or a word processor.

## Bad

```pbtxt graph.pbtxt
# error-below: [GV111]
input_stream: “in”
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

Replace the character by the plain one: a space, a straight quote, a hyphen. `graphval lint --fix` does it where only
one can be meant.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule(
    "GV111", "foreign-character", kinds=("non-ascii-character", "control-character", "byte-order-mark"), doc=__doc__
)
