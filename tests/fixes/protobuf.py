"""What protobuf itself says to the text of a graph."""

from __future__ import annotations

from google.protobuf import text_format
from google.protobuf.message import EncodeError
from google.protobuf.message_factory import GetMessageClass

from graphval.catalog import load

CATALOG = load()
GRAPH = GetMessageClass(CATALOG.graph_config)


def refusal(text: str) -> str:
    """Why protobuf refuses a text; empty where it takes it."""
    message = GRAPH()
    try:
        text_format.Parse(text.encode("utf-8", "surrogateescape"), message, descriptor_pool=CATALOG.pool)
    except (text_format.ParseError, EncodeError, UnicodeDecodeError, RecursionError, ValueError) as why:
        return str(why) or type(why).__name__
    return ", ".join(message.FindInitializationErrors())
