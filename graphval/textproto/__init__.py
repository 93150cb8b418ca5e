"""The protobuf text format: lexer, error-recovering parser, syntax tree with places, binder to descriptors.

Knows no MediaPipe and no OVMS. Reading never raises on bad input: every mistake becomes a :class:`Problem` and reading
goes on. The accepted language is that of C++ protobuf's ``TextFormat``.

Texts and their places are at hand at once; parser and binder, and protobuf with them, are imported when they are first
asked for: whoever only asks which files a deployment has needs neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from graphval.textproto.decode import MAX_BYTES, decode
from graphval.textproto.problem import Fix, Problem
from graphval.textproto.source import Place, Source

if TYPE_CHECKING:
    from graphval.textproto.binder import bind
    from graphval.textproto.bound import BoundField, BoundMessage
    from graphval.textproto.parser import parse
    from graphval.textproto.reading import Reading
    from graphval.textproto.schema import Schema
    from graphval.textproto.tree import Document

_LATER = {
    "BoundField": "bound",
    "BoundMessage": "bound",
    "Document": "tree",
    "Reading": "reading",
    "Schema": "schema",
    "bind": "binder",
    "parse": "parser",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found


__all__ = [
    "MAX_BYTES",
    "BoundField",
    "BoundMessage",
    "Document",
    "Fix",
    "Place",
    "Problem",
    "Reading",
    "Schema",
    "Source",
    "bind",
    "decode",
    "parse",
]
