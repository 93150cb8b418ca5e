"""No extension of that name exists for this message.

## What it does

Looks the extension up among those that the chosen OVMS release links.

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
  options: { [mediapipe.GateCalculatorOptions] { allow: true } }  # error: [GV127]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `[package.Message.ext]` with the full name of the options message. If it is one of your own build, declare its
calculator and its options in the settings.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV127", "unknown-extension", kinds=("unknown-extension", "extension-of-another"), doc=__doc__)
