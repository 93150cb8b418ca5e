"""A comment silences a finding that is not there.

## What it does

Compares each code in a `# graphval: ignore[…]` comment with what is found on the lines that the comment speaks of: its
own line, and for a comment on a line of its own the next line that is no comment. A code that no rule has is reported
too.

## Why it is bad

OVMS does not read such comments. But a finding that comes back later, on a line that still carries the comment, would
go unseen; and a code that no rule has never silences anything.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"  # graphval: ignore[GV210] the camera feeds it  # info: [GV190]
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

Remove the comment, or the one code in it.

## Limits

Says nothing where a rule could not decide, where the text could not be read in full, and about codes that only a running
engine reports or that the settings leave out.

## Source

graphval's own comments, `graphval/rules/ignore.py`; OVMS 2026.4 reads no comment but the pool directive.
"""

from __future__ import annotations

from graphval.findings import Effect, Severity
from graphval.rules.mechanism import text_rule

RULE = text_rule(
    "GV190",
    "ignore-silences-nothing",
    kinds=("ignore-silences-nothing",),
    doc=__doc__ or "",
    effect=Effect.ADVICE,
    severity=Severity.INFO,
)
