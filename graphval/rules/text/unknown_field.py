"""A message has no field of that name.

## What it does

Looks every field up in the message type of the chosen OVMS release.

## Why it is bad

One unknown field refuses the whole graph when OVMS loads it. Fields come and go between releases.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculater: "PassThroughCalculator"  # error: [GV120]
  input_stream: "in"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write the field as the release knows it; the help says what is near, or in which release the field came or went. Where
only one field can be meant, or a field was removed without replacement, `graphval lint --fix` does it.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV120", "unknown-field", kinds=("unknown-field",), doc=__doc__)
