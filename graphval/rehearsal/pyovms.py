"""The ``pyovms`` module that user handlers import, with ``Tensor`` as OVMS documents it.

A tensor offers the buffer protocol and ``name``, ``data``, ``shape``, ``datatype``, ``size`` and nothing more: what a
handler does beyond that fails here as it would on the server. Known datatypes show their elements, all others
(``BYTES``, custom ones) are plain bytes.
Source: OVMS ``src/python/binding.cpp``, ``ovms_py_tensor.*`` and ``docs/python_support/reference.md`` (2026.4).
"""

from __future__ import annotations

import sys
import types
from typing import Any, ClassVar, NoReturn

import numpy as np

from graphval.rehearsal.tensors import DATATYPES, DTYPES

_DOCUMENTED = frozenset({"name", "data", "shape", "datatype", "size", "ptr"})


class Tensor(np.ndarray):  # type: ignore[type-arg]
    """``Tensor(name, buffer, shape=None, datatype=None)``.

    ``buffer`` is anything with the buffer protocol. Without ``shape`` and ``datatype`` those of the buffer hold; given,
    they override what the buffer says, bytes unchanged. A subclass of ndarray because a class written in Python can
    offer the buffer protocol in no other way before Python 3.12; the ways of an array are closed.
    """

    __array_ufunc__: ClassVar[None] = None  # type: ignore[assignment]

    def __new__(cls, name: str, buffer: Any, shape: Any = None, datatype: str | None = None) -> Tensor:
        if not isinstance(name, str):
            raise TypeError("Tensor name must be a string")
        view = memoryview(buffer)
        if not view.contiguous:
            view = np.ascontiguousarray(np.asarray(view)).data
        array = np.asarray(view)
        own_type = DATATYPES.get(array.dtype, view.format)
        return cls._make(
            name,
            array,
            tuple(int(d) for d in shape) if shape is not None else tuple(array.shape),
            datatype if datatype is not None else own_type,
        )

    @classmethod
    def received(cls, name: str, data: bytes, shape: tuple[int, ...], datatype: str) -> Tensor:
        """A tensor as the server makes it from a request."""
        dtype = DTYPES.get(datatype)
        flat = np.frombuffer(data, dtype if dtype is not None else np.uint8)
        return cls._make(name, flat.reshape(shape) if dtype is not None else flat, shape, datatype)

    @classmethod
    def _make(cls, name: str, array: Any, shape: tuple[int, ...], datatype: str) -> Tensor:
        made = np.asarray(array).view(cls)
        state = object.__getattribute__(made, "__dict__")
        state.update(name=name, shape=shape, datatype=datatype, raw=np.ascontiguousarray(array).tobytes())
        return made

    def __array_finalize__(self, _: Any) -> None:
        """Views made by NumPy itself carry no name; nothing to do."""

    def __getattribute__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            return super().__getattribute__(attribute)
        if attribute not in _DOCUMENTED:
            raise AttributeError(f"'pyovms.Tensor' object has no attribute '{attribute}'")
        state = object.__getattribute__(self, "__dict__")
        match attribute:
            case "data":
                return np.ndarray.view(self, np.ndarray).data
            case "size":
                return len(state["raw"])
            case "ptr":
                return np.ndarray.__array_interface__.__get__(self)["data"][0]
            case _:
                return state[attribute]

    def __setattr__(self, attribute: str, _: Any) -> None:
        raise AttributeError(f"can't set attribute '{attribute}'")

    def __repr__(self) -> str:
        return f"<pyovms.Tensor object at {id(self):#x}>"

    __str__ = __repr__

    def _closed(self, *_: Any) -> NoReturn:
        raise TypeError("'pyovms.Tensor' object does not support this; make an array of it first")

    __getitem__ = __setitem__ = __len__ = __iter__ = __contains__ = __float__ = __int__ = __bool__ = _closed
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


def name_of(tensor: Tensor) -> str:
    """The name of a tensor, which a handler may not read by every way."""
    return str(object.__getattribute__(tensor, "__dict__")["name"])


def raw_bytes(tensor: Tensor) -> bytes:
    """The bytes of a tensor, whatever its datatype."""
    return bytes(object.__getattribute__(tensor, "__dict__")["raw"])


def install() -> None:
    """Make ``import pyovms`` in a handler find this class."""
    if "pyovms" not in sys.modules:
        module = types.ModuleType("pyovms")
        module.Tensor = Tensor  # type: ignore[attr-defined]
        sys.modules["pyovms"] = module
