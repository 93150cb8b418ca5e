"""``typing.NamedTuple``, whose classes are made in a tenth of the time: linting one graph meets seventy of them.

For each class ``typing`` has Python compile a constructor and look at every annotation. Here annotations stay as they
are written, and classes of equally many fields share the code of a constructor, in which only the names differ. To type
checkers it is the one of ``typing``; at run time there are no generic classes and no functional form.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any


class _Values(tuple[Any, ...]):
    """What all of them can do."""

    __slots__ = ()
    if TYPE_CHECKING:
        _fields: tuple[str, ...]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Any:
        return cls(*values)

    def _replace(self, /, **changed: Any) -> Any:
        made = tuple.__new__(type(self), map(changed.pop, self._fields, self))
        if changed:
            raise ValueError(f"Got unexpected field names: {list(changed)!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"


class _Maker(type):
    """Makes a plain class of values of what is written as a class of names."""

    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> Any:
        if not bases:
            return super().__new__(cls, name, bases, members)
        annotations = members.get("__annotations__", {})
        fields = tuple(annotations)
        defaults = tuple([members[field] for field in fields if field in members])
        pattern = _pattern(len(fields))
        code = pattern.__new__.__code__.replace(
            co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{members['__qualname__']}.__new__"
        )
        new = FunctionType(code, pattern.__new__.__globals__, "__new__", defaults)
        new.__annotations__ = annotations
        members.update(zip(fields, [vars(pattern)[field] for field in pattern._fields], strict=True))
        members.update(
            __slots__=(),
            __new__=new,
            __match_args__=fields,
            _fields=fields,
            _field_defaults=dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True)),
        )
        return type(name, (_Values,), members)


@cache
def _pattern(count: int) -> Any:
    """A class of so many fields, of which the constructor and the fields are taken."""
    return namedtuple("pattern", [""] * count, rename=True)


if TYPE_CHECKING:
    from typing import NamedTuple
else:
    NamedTuple = _Maker("NamedTuple", (), {})

__all__ = ["NamedTuple"]
