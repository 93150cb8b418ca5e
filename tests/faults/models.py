"""Small models for the graphs, made with OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

Parameter = tuple[str, Sequence[int], Any]


def write_models(folder: Path) -> dict[str, Path]:
    """All models by name; each output is named after what it holds."""
    made = {
        "plus_one": _map(("a", (1, 4), np.float32), "b"),
        "whole": _map(("ids", (1, 4), np.int64), "sums"),
        "wide": _map(("a", (1, 6), np.float32), "b"),
        "any_rows": _map(("a", (-1, 4), np.float32), "b"),
        "picture": _map(("pixels", (1, 8, 8, 3), np.float32), "shades"),
        "bytes": _map(("pixels", (1, 8, 8, 3), np.uint8), "shades"),
        "doubles": _map(("a", (1, 4), np.float64), "b"),
        "scalar": _map(("a", (), np.float32), "b"),
        "scores": _scores(),
        "adder": _adder(),
        "pair": _pair(),
        "elsewhere": _reads_a_table(),
    }
    folders = {}
    for name, model in made.items():
        folders[name] = _save(model, folder / name)
    folders["cut_off"] = _save(_map(("a", (1, 4), np.float32), "b"), folder / "cut_off")
    file = next(folders["cut_off"].glob("1/*.xml"))
    file.write_text(file.read_text()[:200])
    return folders


def _ops() -> Any:
    from openvino import opset13

    return opset13


def _parameter(parameter: Parameter) -> Any:
    name, shape, kind = parameter
    source = _ops().parameter(list(shape), kind, name=name)
    source.output(0).set_names({name})
    return source


def _named(result: Any, name: str) -> Any:
    result.output(0).set_names({name})
    return result


def _model(outputs: list[Any], inputs: list[Any]) -> Any:
    import openvino

    return openvino.Model(outputs, inputs, "made")


def _map(parameter: Parameter, output: str) -> Any:
    """``output = input + 1``."""
    source = _parameter(parameter)
    return _model([_named(_ops().add(source, _ops().constant(np.array(1, parameter[2]))), output)], [source])


def _scores() -> Any:
    """Pixels to three scores, as a classifier gives them."""
    ops = _ops()
    source = _parameter(("pixels", (1, 8, 8, 3), np.float32))
    mean = ops.reduce_mean(source, ops.constant(np.array([1, 2])), False)
    return _model([_named(mean, "scores")], [source])


def _adder() -> Any:
    """``sum = x + y``."""
    sources = [_parameter((name, (1, 4), np.float32)) for name in ("x", "y")]
    return _model([_named(_ops().add(*sources), "sum")], sources)


def _pair() -> Any:
    """One input, two outputs."""
    ops = _ops()
    source = _parameter(("a", (1, 4), np.float32))
    one = ops.constant(np.float32(1))
    return _model([_named(ops.add(source, one), "more"), _named(ops.subtract(source, one), "less")], [source])


def _reads_a_table() -> Any:
    """Looks a row up; a reshape inside fails for more than four of them."""
    ops = _ops()
    source = _parameter(("ids", (-1,), np.int64))
    rows = ops.gather(ops.constant(np.arange(8, dtype=np.float32)), source, ops.constant(np.int64(0)))
    square = ops.reshape(rows, ops.constant(np.array([2, 2])), False)
    return _model([_named(square, "square")], [source])


def _save(model: Any, folder: Path) -> Path:
    import openvino

    (folder / "1").mkdir(parents=True)
    openvino.save_model(model, folder / "1" / "model.xml", compress_to_fp16=False)
    return folder
