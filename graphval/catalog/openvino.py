"""The properties of OpenVINO's device plugins, which ``plugin_config`` sets.

Source: the plugins and headers of the OpenVINO that the data file names (``tools/make_openvino_properties.py``).
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, TypeAlias

from graphval.catalog.records import names, record, records

_FILE = "openvino_properties.txt"

Scalar: TypeAlias = "str | int | float | bool"


class DeviceProperty(NamedTuple):
    """One property.

    ``devices``: who lists it as supported, each with ``RO``, ``RW`` or ``WO``. ``compile``: who takes it when a model
    is compiled, of the devices that were tried (OpenVINO's core takes some that no device lists). ``kind``:
    ``boolean``, ``integer``, ``number``, ``choice``, ``text``, or empty where nothing tells it. ``values``: the words
    of a choice, as they must be written. ``accepts``: JSON values that the CPU plugin took when it was tried.
    """

    name: str
    devices: Mapping[str, str]
    compile: tuple[str, ...]
    kind: str
    values: tuple[str, ...]
    accepts: tuple[Scalar, ...]

    def settable(self, device: str) -> bool:
        """Whether the device lists it as something that can be set."""
        return self.devices.get(device, "RO") != "RO"


class DeviceProperties(NamedTuple):
    """What one OpenVINO knows. ``devices`` were asked; of those in ``partial`` a driver may add more."""

    openvino: str
    devices: tuple[str, ...]
    partial: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_known())

    def get(self, name: str) -> DeviceProperty | None:
        return _property(name) if name in _known() else None

    def supported_by(self, device: str) -> frozenset[str]:
        """The names that a device lists, read-only ones included."""
        return frozenset(name for name, found in records(_FILE).items() if device in found["devices"] and name != "*")


@cache
def _known() -> dict[str, None]:
    """The names of all properties, in the order of the file."""
    return dict.fromkeys(name for name in names(_FILE) if name != "*")


@cache
def _property(name: str) -> DeviceProperty:
    """One that is known: a ``plugin_config`` may ask for the same ones thousands of times."""
    found = record(_FILE, name)
    assert found is not None
    return DeviceProperty(
        name,
        found["devices"],
        tuple(found.get("compile", ())),
        found["kind"],
        tuple(found.get("values", ())),
        tuple(found.get("accepts", ())),
    )


@cache
def device_properties() -> DeviceProperties:
    """The properties of the OpenVINO that the newest release is built with."""
    found = record(_FILE, "*")
    assert found is not None
    return DeviceProperties(found["openvino"], tuple(found["devices"]), tuple(found["partial"]))
