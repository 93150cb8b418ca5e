"""Properties that are worked out when first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class kept_property(Generic[Value]):  # noqa: N801 - a decorator like property
    """A property that is read once: the value is an ordinary attribute of the object from then on, where Python looks
    first.

    ``functools.cached_property`` takes a lock for it in Python 3.11, which costs more than most of the values. It stays
    where threads share an object and must get the same value, as they do with catalogs.
    """

    def __init__(self, read: Callable[[Any], Value]) -> None:
        self._read = read
        self.__doc__ = read.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> kept_property[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> kept_property[Value] | Value:
        if instance is None:
            return self
        value = self._read(instance)
        setattr(instance, self._name, value)  # looking into __dict__, Python would have to make one
        return value


__all__ = ["kept_property"]
