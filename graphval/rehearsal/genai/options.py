"""The options of a generative node, and the JSON of ``plugin_config``.

Source: OVMS ``src/json_parser.cpp`` (2026.4).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graphval.graph import Node


class PluginConfigError(Exception):
    """``plugin_config`` is not a JSON object of scalars."""


class NodeOptions:
    """The first ``node_options`` entry; OVMS's initialisers read no other. ``type_name`` is its message's name."""

    def __init__(self, node: Node, base_path: Path) -> None:
        inner = node.node_options[0].expanded
        self.type_name = inner.type_name if inner is not None else ""
        self._message: Any = inner.message if inner is not None else None
        self._base = base_path

    def __getitem__(self, name: str) -> Any:
        """A field's value, ``None`` where the message has no such field."""
        return getattr(self._message, name, None)

    def word(self, name: str) -> str:
        """The name of an enum field's value; empty where the message has no such field."""
        field = self._message.DESCRIPTOR.fields_by_name.get(name) if self._message is not None else None
        return str(field.enum_type.values_by_number[self[name]].name) if field is not None else ""

    def has(self, name: str) -> bool:
        """Whether a field is written."""
        return self._message is not None and any(field.name == name for field, _ in self._message.ListFields())

    def path(self, name: str = "models_path") -> Path:
        """A path option, relative ones resolved against the graph's base path."""
        return self.resolve(str(self[name] or ""))

    def resolve(self, written: str) -> Path:
        """A path as it is written in the options."""
        return Path(written) if Path(written).is_absolute() else self._base / written

    def plugin_config(self) -> dict[str, Any]:
        """``plugin_config`` as properties. Raises :class:`PluginConfigError`."""
        text = str(self["plugin_config"] or "")
        if not text:
            return {}
        try:
            document = json.loads(text)
        except ValueError as error:
            raise PluginConfigError(text) from error
        if not isinstance(document, dict):
            raise PluginConfigError(text)
        for key, value in document.items():
            if not (_is_scalar(value) or (key == "DEVICE_PROPERTIES" and _is_device_table(value))):
                raise PluginConfigError(text)
        if "NUM_STREAMS" in document:
            document["NUM_STREAMS"] = str(document["NUM_STREAMS"])
        return document


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def _is_device_table(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(device, dict) and all(_is_scalar(v) for v in device.values()) for device in value.values()
    )
