"""The protobuf text format: lexer, error-recovering parser, syntax tree with places, binder to descriptors.

Knows no MediaPipe and no OVMS. Reading never raises on bad input: every mistake becomes a :class:`Problem` and reading
goes on. The accepted language is that of C++ protobuf's ``TextFormat``.
"""

from graphval.textproto.binder import bind
from graphval.textproto.bound import BoundField, BoundMessage
from graphval.textproto.decode import MAX_BYTES, decode
from graphval.textproto.parser import parse
from graphval.textproto.problem import Fix, Problem
from graphval.textproto.schema import Schema
from graphval.textproto.source import Place, Source
from graphval.textproto.tree import Comment, Document

__all__ = [
    "MAX_BYTES",
    "BoundField",
    "BoundMessage",
    "Comment",
    "Document",
    "Fix",
    "Place",
    "Problem",
    "Schema",
    "Source",
    "bind",
    "decode",
    "parse",
]
