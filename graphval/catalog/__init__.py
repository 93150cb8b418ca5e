"""What one OVMS release can run: calculators and contracts, options descriptors, handlers, accepted names, flags.

Data, never judgement. The files under ``data`` are made by ``tools/make_catalog.py`` and are not edited by hand; only
the records that a graph uses are decoded.
"""

from graphval.catalog.contract import Calculator, HandlerFacts, Port
from graphval.catalog.openvino import DeviceProperties, DeviceProperty
from graphval.catalog.release import (
    Catalog,
    Drift,
    IoTag,
    NameList,
    NodeInitializer,
    UnknownRelease,
    load,
    newest,
    releases,
)
from graphval.catalog.server_texts import LogFormat, Signature, Status, log_formats, log_signatures, statuses

__all__ = [
    "Calculator",
    "Catalog",
    "DeviceProperties",
    "DeviceProperty",
    "Drift",
    "HandlerFacts",
    "IoTag",
    "LogFormat",
    "NameList",
    "NodeInitializer",
    "Port",
    "Signature",
    "Status",
    "UnknownRelease",
    "load",
    "log_formats",
    "log_signatures",
    "newest",
    "releases",
    "statuses",
]
