"""No message type of that name exists.

## What it does

Looks the type inside an `Any` up among those that the chosen OVMS release links. The URL begins with
`type.googleapis.com/`.

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
  node_options: { [type.googleapis.com/mediapipe.GateOptions]: { allow: true } }  # error: [GV126]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write the full name of the options message behind `type.googleapis.com/`. If it is one of your own build, declare its
calculator and its options in the settings.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV126", "unknown-type", kinds=("unknown-type",), doc=__doc__)
