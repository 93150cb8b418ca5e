"""Options are written in the form of the other field.

## What it does

`node_options` takes `[type.googleapis.com/package.Message]: { … }`, `options` takes `[package.Message.ext] { … }`.
This looks for one in place of the other.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`); protobuf writes the
place to stderr.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [mediapipe.GateCalculatorOptions.ext] { allow: true } }  # error: [GV128]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

In `node_options` write `[type.googleapis.com/package.Message]`, in `options` write `[package.Message.ext]`. `graphval
lint --fix` does it.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV128", "options-form-mixed", kinds=("any-outside-any", "extension-in-any"), doc=__doc__)
