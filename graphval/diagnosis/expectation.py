"""An answer against what a sample says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from graphval.probe.samples import Expected
from graphval.probe.tensors import unpack

_SHOWN = 3


def differences(expected: Sequence[Expected], response: Any) -> list[tuple[str, str]]:
    """Output and what is wrong with it, for each output of a ``ModelInferResponse`` that is not as expected."""
    outputs = {output.name: index for index, output in enumerate(response.outputs)}
    found = []
    for wanted in expected:
        index = outputs.get(wanted.name)
        wrong = "the answer lacks it" if index is None else _wrong(wanted, response, index)
        if wrong:
            found.append((wanted.name, wrong))
    return found


def _wrong(wanted: Expected, response: Any, index: int) -> str:
    output = response.outputs[index]
    if wanted.datatype is not None and output.datatype != wanted.datatype:
        return f"it is {output.datatype}, not {wanted.datatype}"
    if wanted.shape is not None and tuple(output.shape) != wanted.shape:
        return f"its shape is {list(output.shape)}, not {list(wanted.shape)}"
    if index >= len(response.raw_output_contents):
        return "it has no values"
    try:
        values = unpack(output.datatype, response.raw_output_contents[index])
    except ValueError as error:
        return f"its values cannot be read: {error}"
    if len(values) != len(wanted.values):
        return f"it has {len(values)} values, not {len(wanted.values)}"
    off = [
        f"value {position} is {got!r}, not {want!r}"
        for position, (got, want) in enumerate(zip(values, wanted.values, strict=True))
        if not _close(got, want, wanted.tolerance)
    ]
    more = f" and {len(off) - _SHOWN} more" if len(off) > _SHOWN else ""
    return "; ".join(off[:_SHOWN]) + more


def _close(got: object, want: object, tolerance: float) -> bool:
    if isinstance(got, int | float) and isinstance(want, int | float):
        if math.isnan(got) or math.isnan(want):
            return math.isnan(got) and math.isnan(want)
        return math.isclose(got, want, rel_tol=tolerance, abs_tol=tolerance)
    return got == want
