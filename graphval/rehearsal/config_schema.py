"""Whether OVMS would start with a config.json: its schema, reduced to accept or refuse.

Source: OVMS ``src/schema.cpp`` (2026.4). The message is the one of OVMS's schema validator, by JSON pointers: where in
the schema, which keyword, where in the document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias


class Violation(NamedTuple):
    """One place where a document breaks the schema."""

    keyword: str
    key: str


Check: TypeAlias = Callable[[Any, str], Iterator[Violation]]


def first_violation(document: Any) -> Violation | None:
    """The first violation of a whole config.json, ``None`` if it is accepted."""
    return next(_root(document, "#"), None)


def _type(*kinds: type, minimum: int | None = None) -> Check:
    def check(value: Any, key: str) -> Iterator[Violation]:
        if (isinstance(value, bool) and bool not in kinds) or not isinstance(value, kinds):
            yield Violation("type", key)
        elif minimum is not None and isinstance(value, int) and value < minimum:
            yield Violation("minimum", key)

    return check


def _list(item: Check) -> Check:
    def check(value: Any, key: str) -> Iterator[Violation]:
        if not isinstance(value, list):
            yield Violation("type", key)
            return
        for position, element in enumerate(value):
            yield from item(element, f"{key}/{position}")

    return check


def _object(fields: Mapping[str, Check] | Check, required: tuple[str, ...] = (), *, exactly_one: bool = False) -> Check:
    """An object with known keys only, or with values that all pass one check."""

    def check(value: Any, key: str) -> Iterator[Violation]:
        if not isinstance(value, dict):
            yield Violation("type", key)
            return
        if any(name not in value for name in required):
            yield Violation("required", key)
        if exactly_one and len(value) != 1:
            yield Violation("maxProperties" if value else "minProperties", key)
        for name, element in value.items():
            inner = fields.get(name) if isinstance(fields, Mapping) else fields
            if inner is None:
                yield Violation("additionalProperties", key)
            else:
                yield from inner(element, f"{key}/{name}")

    return check


def _either(*checks: Check) -> Check:
    def check(value: Any, key: str) -> Iterator[Violation]:
        if all(any(True for _ in one(value, key)) for one in checks):
            yield Violation("oneOf", key)

    return check


def _anything(_: Any, __: str) -> Iterator[Violation]:
    return iter(())


_STRING = _type(str)
_COUNT = _type(int, minimum=0)
_TEXT_OR_TABLE = _either(_STRING, _object(_STRING))
_POLICY = _object(
    {
        "all": _object({}),
        "latest": _object({"num_versions": _type(int, minimum=1)}, ("num_versions",)),
        "specific": _object({"versions": _list(_type(int, minimum=1))}, ("versions",)),
    },
    exactly_one=True,
)
_GRAPH = {"name": _STRING, "base_path": _STRING, "graph_path": _STRING, "subconfig": _STRING}
_MODEL = _object(
    {
        **_GRAPH,
        "batch_size": _either(_COUNT, _STRING),
        "shape": _TEXT_OR_TABLE,
        "layout": _TEXT_OR_TABLE,
        "nireq": _COUNT,
        "target_device": _STRING,
        "plugin_config": _object(_type(str, bool, int, float)),
        "allow_cache": _type(bool),
        "model_version_policy": _POLICY,
        "custom_loader_options": _object(_STRING, ("loader_name",)),
    },
    ("name",),
)
_root = _object(
    {
        "model_config_list": _list(_object({"config": _MODEL}, ("config",))),
        "mediapipe_config_list": _list(_object(_GRAPH, ("name",))),
        "pipeline_config_list": _list(_object(_anything, ("name", "inputs", "nodes", "outputs"))),
        "custom_loader_config_list": _list(
            _object({"config": _object(_STRING, ("loader_name", "library_path"))}, ("config",))
        ),
        "custom_node_library_config_list": _list(_object(_STRING, ("name", "base_path"))),
        "monitoring": _object(
            {"metrics": _object({"enable": _type(bool), "metrics_list": _list(_STRING)}, ("enable",))}, ("metrics",)
        ),
    },
    ("model_config_list",),
)
