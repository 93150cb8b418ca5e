"""``OpenVINOConverterCalculator``: an image as a tensor of shape ``[1, height, width, channels]``.

Source: ``mediapipe/calculators/openvino/openvino_converter_calculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.death import check_failed
from graphval.rehearsal.framework import bindings
from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.packets import IMAGE_FRAME, OV_TENSORS
from graphval.rehearsal.status import NotExercised

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.OpenVINOConverterCalculatorOptions"
_FILE = "openvino_converter_calculator.cc"
_IMAGE, _TENSORS = ("IMAGE", 0), ("TENSORS", 0)
_DEFAULT_CHANNELS = 3


class OpenVinoConverterNode:
    """Makes a tensor of a picture."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        options = node.options_of(OPTIONS)
        message: Any = options.message if options is not None else None
        self._range = _output_range(message)
        self._written = _written_range(message)
        self._flip = bool(message.flip_vertically) if message is not None else False
        self._channels = int(message.max_num_channels) if message is not None else _DEFAULT_CHANNELS

    def open(self) -> None:
        if self._written is not None and not self._written[1] > self._written[0]:
            low, high = self._written
            check_failed(
                _FILE,
                251,
                f"Check failed: output_range_->second > output_range_->first ({high:g} vs. {low:g}) ",
            )
        for line, sign, holds, bound in (
            (267, ">=", self._channels >= 1, 1),
            (268, "<=", self._channels <= 4, 4),
            (269, "!=", self._channels != 2, 2),
        ):
            if not holds:
                check_failed(
                    _FILE, line, f"Check failed: max_num_channels_ {sign} {bound} ({self._channels} vs. {bound}) "
                )

    def process(self, call: Call) -> None:
        packet = call.packets.get(_IMAGE)
        if packet is None:
            return
        if self._surroundings.handles.type_of(packet) != IMAGE_FRAME:
            raise NotExercised(f"a packet of type {self._surroundings.handles.type_of(packet)} is no image")
        pixels = np.asarray(bindings()._packet_getter.get_image_frame(packet).numpy_view())
        image = pixels.reshape(*pixels.shape[:2], -1)
        tensor = image.copy() if self._range is None else self._normalised(image, self._range)
        call.emit(_TENSORS, self._surroundings.handles.make(OV_TENSORS, [tensor[np.newaxis]]), call.timestamp)

    def close(self) -> None:
        """Nothing is held."""

    def _normalised(self, image: Any, bounds: tuple[float, float]) -> Any:
        if image.dtype not in (np.uint8, np.float32):
            raise NodeError("INTERNAL", "Only byte-based (8 bit) and float (32 bit) images supported.")
        low, high = np.float32(bounds[0]), np.float32(bounds[1])
        if low == high:
            raise NodeError("INTERNAL", "; RET_CHECK failure output_range_->first != output_range_->second")
        kept = min(image.shape[2], self._channels)
        rows = image[::-1] if self._flip else image
        with np.errstate(all="ignore"):
            scaled = rows[:, :, :kept].astype(np.float32) * ((high - low) / np.float32(255)) + low
        # Channels that are left out are not made up for: what is kept moves to the front of a tensor of full size.
        tensor = np.zeros(image.size, np.float32)
        tensor[: scaled.size] = scaled.ravel()
        return tensor.reshape(image.shape)


def _written_range(options: Any) -> tuple[float, float] | None:
    """The range that is written out, the only one that is looked at."""
    if options is None or not options.enable_normalization or not options.HasField("output_tensor_float_range"):
        return None
    return options.output_tensor_float_range.min, options.output_tensor_float_range.max


def _output_range(options: Any) -> tuple[float, float] | None:
    """The values that 0 and 255 become, ``None`` where pixels stay as they are."""
    if options is None or not options.enable_normalization:
        return None
    bounds = (-1.0, 1.0) if options.zero_center else None
    bounds = _written_range(options) or bounds
    if options.use_custom_normalization:
        with np.errstate(all="ignore"):
            width = float(np.float64(255) / np.float64(options.custom_div))
        bounds = (-options.custom_sub, -options.custom_sub + width)
    return bounds
