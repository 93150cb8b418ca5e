"""What one OVMS release can run: calculators and contracts, options descriptors, handlers, accepted names, flags.

Data, never judgement. The files under ``data`` are made by ``tools/make_catalog.py`` and are not edited by hand; only
the records that a graph uses are decoded. What servers say (``server_texts``) is imported by those who listen to one.
"""

from graphval.catalog.contract import Calculator, Port, Ports
from graphval.catalog.openvino import DeviceProperties, DeviceProperty
from graphval.catalog.release import (
    Catalog,
    NameList,
    NodeInitializer,
    UnknownRelease,
    load,
    newest,
    releases,
)

__all__ = [
    "Calculator",
    "Catalog",
    "DeviceProperties",
    "DeviceProperty",
    "NameList",
    "NodeInitializer",
    "Port",
    "Ports",
    "UnknownRelease",
    "load",
    "newest",
    "releases",
]
