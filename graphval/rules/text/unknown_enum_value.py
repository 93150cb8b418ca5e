"""A field has no such value.

## What it does

Looks the word up among the values of the enumeration, by the chosen OVMS release.

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
  node_options: {
    [type.googleapis.com/mediapipe.GateCalculatorOptions]: {
      initial_gate_state: GATE_OPEN  # error: [GV122]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write one of the names the field takes.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV122", "unknown-enum-value", kinds=("unknown-enum-value",), doc=__doc__)
