"""The profiler's filter is no regular expression.

## What it does

Reads `calculator_filter` of `profiler_config` as an ECMAScript regular expression: brackets are closed, nothing is
repeated that is not there, no escape stands at the end.

## Why it is bad

MediaPipe compiles the expression whenever a graph is created, even where the profiler is off. Built with the expressions
of C++'s library, as its wheel is, it does not expect that this fails, and the graph is refused when it is loaded; built
with RE2 it writes a line to the log, and the profile stays empty. Which of both a release of OVMS does has not been seen,
so this is a warning.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
profiler_config {
  enable_profiler: true
  calculator_filter: "(Gate|PassThrough"  # warning: [GV542]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
profiler_config {
  enable_profiler: true
  calculator_filter: "(Gate|PassThrough).*"
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Close the bracket, or write `\\\\` before a character that is meant as such.

## Limits

Only what is surely wrong is said: classes and counts in braces are not read.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` and `mediapipe/framework/deps/re2.h`, whose class `RE2` is
`std::regex` (MediaPipe 0.10.21, the fork of OVMS 2026.4 not seen); the refusal was seen in the MediaPipe wheel. The
rehearsal leaves the filter out.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV542", "profiler-filter", phase=Phase.LOAD, effect=Effect.REJECT, severity=Severity.WARNING)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for profiler in context.graph.bound.messages("profiler_config"):
        field = profiler.first("calculator_filter")
        wrong = why_no_expression(field.string) if field is not None else ""
        if field is not None and wrong:
            yield Hit(field.place, f"calculator_filter is no regular expression: {wrong}")


def why_no_expression(text: str) -> str:
    """What surely keeps libstdc++'s ``std::regex`` from taking a text; empty where nothing does."""
    depth, at, repeatable = 0, 0, False
    while at < len(text):
        character = text[at]
        at += 1
        match character:
            case "\\":
                if at == len(text):
                    return "it ends with a backslash"
                repeatable = text[at] not in "bB"
                at += 1
            case "[":
                closing = _end_of_class(text, at)
                if closing is None:
                    return "a [ is not closed"
                at, repeatable = closing, True
            case "(":
                depth, repeatable = depth + 1, False
                if text.startswith("?", at) and text[at + 1 : at + 2] not in (":", "=", "!"):
                    return "after (? stands neither : nor = nor !"
                at += 2 * text.startswith("?", at)
            case ")":
                if not depth:
                    return "a ) closes nothing"
                depth, repeatable = depth - 1, True
            case "*" | "+" | "?" if not repeatable:
                return f"nothing stands before a {character}"
            case "|" | "^" | "$":
                repeatable = False
            case "{":
                return ""  # a count: what it may be is not read here
            case _ if character not in "*+?":
                repeatable = True
    return "a ( is not closed" if depth else ""


def _end_of_class(text: str, at: int) -> int | None:
    """Where a class that begins before ``at`` has ended; ``None`` if it does not end."""
    at += text.startswith("^", at)
    while at < len(text) and text[at] != "]":
        at += 1 + (text[at] == "\\")
    return at + 1 if at < len(text) else None
