"""What a model takes and returns."""

from typing import NamedTuple


class Dimension(NamedTuple):
    """One dimension of a shape: ``low`` to ``high``; ``high`` is ``None`` where it has no bound."""

    low: int
    high: int | None

    @property
    def fixed(self) -> bool:
        """Whether it has one size only."""
        return self.low == self.high


class TensorSignature(NamedTuple):
    """An input or output: all its names (the first is the one OVMS shows), shape (``None``: rank unknown), precision as
    KServe writes it (``FP32``), layout as the model declares it (``[N,C,H,W]``, or empty)."""

    names: tuple[str, ...]
    shape: tuple[Dimension, ...] | None
    precision: str
    layout: str

    @property
    def name(self) -> str:
        return self.names[0] if self.names else ""


class ModelSignature(NamedTuple):
    """The inputs and outputs of a model, in its own order."""

    inputs: tuple[TensorSignature, ...]
    outputs: tuple[TensorSignature, ...]
