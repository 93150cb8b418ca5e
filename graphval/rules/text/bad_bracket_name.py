"""A name in brackets is neither an extension nor a type URL.

## What it does

Checks the form of `[package.Message.ext]` and `[type.googleapis.com/package.Message]`.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
options { [mediapipe..ext] { } }  # error: [GV110]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `[type.googleapis.com/package.Message]` in `node_options`, `[package.Message.ext]` in `options`.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV110", "bad-bracket-name", kinds=("bad-bracket-name",), doc=__doc__)
