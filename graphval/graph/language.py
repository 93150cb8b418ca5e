"""The language graph files are written in: what one release reads as a ``mediapipe.CalculatorGraphConfig``."""

from __future__ import annotations

from functools import cache

from graphval.catalog import Catalog
from graphval.textproto import Schema


@cache
def graph_schema(catalog: Catalog) -> Schema:
    """What graph files of this release are bound against; made once per catalog."""
    return Schema(catalog.graph_config, catalog, lambda: catalog.options_messages)
