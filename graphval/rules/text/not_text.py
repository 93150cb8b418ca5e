"""The file is no text.

## What it does

Looks at the beginning of the file: where one byte in twenty is a control character, it is an archive, a model or a
picture, not a graph. A pointer that Git LFS left in place of the file is none either.

## Why it is bad

OVMS refuses the graph when it loads it (`Trying to parse mediapipe graph definition … failed`).

## Bad

```hex graph.pbtxt
50 4b 03 04 14 00 00 00 08 00 00 00 00 00 00 00 00 00
```

```expect
error: GV115 at graph.pbtxt:1
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Name the right file; a graph is text, not the binary form of the message. In place of a pointer fetch the file with `git
lfs pull`.

## Source

protobuf `src/google/protobuf/text_format.cc` and `src/google/protobuf/io/tokenizer.cc` (3.19), which OVMS uses to read
graphs.
"""

from __future__ import annotations

from graphval.rules.mechanism import text_rule

RULE = text_rule("GV115", "not-text", kinds=("binary", "pointer"), doc=__doc__)
