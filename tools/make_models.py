"""Make the tiny OpenVINO models that the example graphs run: a few operations each, a few kilobytes on disk.

    python tools/make_models.py              # into graphs/, where they are committed
    python tools/make_models.py --into DIR   # the same tree elsewhere (the tests compare the two)

Every model is what its graph says it is: sums add, blends blend. Nothing is random and nothing is trained, so that an
answer can be worked out by hand. Models of the generative nodes come from ``make_genai_models.py``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino
from openvino import Model, Node, Output
from openvino import opset13 as op

GRAPHS = Path(__file__).resolve().parents[1] / "graphs"


@dataclass(frozen=True, slots=True)
class Example:
    """One model and every place that serves it: version directories below ``graphs``."""

    build: Callable[[], Model]
    places: tuple[str, ...]


def numbers(name: str, shape: list[int]) -> Node:
    """An FP32 input; -1 is a dynamic dimension. The node's own name is set too, so that files do not depend on how
    many nodes the process made before."""
    node = op.parameter(shape, np.float32, name=name)
    node.output(0).get_tensor().set_names({name})
    return node


def constant(value: float | list[list[float]], name: str) -> Node:
    return op.constant(np.asarray(value, dtype=np.float32), name=name)


def model(name: str, inputs: list[Node], **outputs: Node) -> Model:
    """A model whose outputs bear the given tensor names."""
    results = []
    for tensor, node in outputs.items():
        node.set_friendly_name(tensor)
        port: Output = node.output(0)
        port.get_tensor().set_names({tensor})
        result = op.result(port)
        result.set_friendly_name(f"{tensor}/result")
        results.append(result)
    return Model(results, inputs, name)


def price_sum() -> Model:
    """goods + freight, for any number of orders of four items."""
    goods, freight = numbers("goods", [-1, 4]), numbers("freight", [-1, 4])
    return model("price_sum", [goods, freight], subtotal=op.add(goods, freight))


def fee() -> Model:
    """A tenth on top, and the same with a fixed charge of 2."""
    amount = numbers("amount", [-1, 4])
    with_rate = op.multiply(amount, constant(1.1, "rate"), name="with_rate")
    return model("fee", [amount], with_fee=op.add(with_rate, constant(2.0, "charge")))


def blend() -> Model:
    """Half of what is and half of what was."""
    now, before = numbers("now", [1, 8]), numbers("before", [1, 8])
    both = op.add(now, before, name="both")
    return model("blend", [now, before], blended=op.multiply(both, constant(0.5, "half")))


def foreground() -> Model:
    """One value per pixel of a 64 by 48 picture: its mean brightness, made steep around the middle."""
    picture = numbers("picture", [1, 48, 64, 3])
    channels = op.constant(np.array([3], dtype=np.int64), name="channels")
    brightness = op.reduce_mean(picture, channels, keep_dims=True, name="brightness")
    centred = op.subtract(brightness, constant(0.5, "middle"), name="centred")
    return model("foreground", [picture], mask=op.multiply(centred, constant(12.0, "steepness")))


def comfort() -> Model:
    """A weighted mean of temperature, humidity and draught."""
    climate = numbers("climate", [1, 3])
    weighted = op.multiply(climate, constant([[0.5, 0.3, 0.2]], "weights"), name="weighted")
    axis = op.constant(np.array([1], dtype=np.int64), name="axis")
    return model("comfort", [climate], comfort=op.reduce_sum(weighted, axis, keep_dims=True))


def metres() -> Model:
    """Feet to metres."""
    feet = numbers("feet", [1, 2])
    return model("metres", [feet], metres=op.multiply(feet, constant(0.3048, "metres_per_foot")))


MODELS = {
    "price_sum": Example(price_sum, ("good/chained_models/price_sum/1",)),
    "fee": Example(fee, ("good/chained_models/fee/1",)),
    "blend": Example(blend, ("good/smoothing_session/blend/1", "broken/sync_set_unknown_stream/blend/1")),
    "foreground": Example(foreground, ("good/image_mask/foreground/1",)),
    "comfort": Example(comfort, ("good/python_around_model/comfort/1", "broken/tensor_name_not_in_model/comfort/1")),
    "metres": Example(
        metres,
        (
            "good/models_in_subconfig/survey/metres/1",
            "broken/servable_not_configured/metres/1",
            "broken/side_packet_misspelt/metres/1",
        ),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tiny OpenVINO models of the example graphs.")
    parser.add_argument("--into", type=Path, default=GRAPHS, help="folder to write to (default: the project's graphs)")
    into: Path = parser.parse_args().into
    for example in MODELS.values():
        for place in example.places:
            (into / place).mkdir(parents=True, exist_ok=True)
            # FP16 weights would round 0.3048; these models are too small for their size to matter.
            openvino.save_model(example.build(), into / place / "model.xml", compress_to_fp16=False)
            print(into / place)


if __name__ == "__main__":
    main()
