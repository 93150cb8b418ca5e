"""Pooling and normalisation of embeddings, built into the model as OVMS builds them, operation by operation.

Source: OVMS ``src/embeddings/embeddings_servable.cpp`` (2026.4).
"""

from __future__ import annotations

from typing import Any

from graphval.rehearsal.status import Escaped

POOLINGS = {"pooling_mode_cls_token": "CLS", "pooling_mode_lasttoken": "LAST", "pooling_mode_mean_tokens": "MEAN"}
"""Keys of a sentence transformer's ``1_Pooling/config.json`` and the option's words for them."""


def with_pooling(model: Any, pooling: str, *, normalise: bool) -> Any:
    """A model whose one output is a vector per text. Raises :class:`Escaped` where no output can be pooled."""
    import numpy as np
    import openvino
    from openvino import opset15 as ops

    port = next((port for port in model.outputs if len(port.get_partial_shape()) == 3), None)
    if port is None:
        raise Escaped("No output with 3 dimensions found")
    hidden = port.get_node().input_value(0)
    one = ops.constant(np.array([1], np.int64))
    match pooling:
        case "MEAN":
            mask = model.input("attention_mask").get_node().output(0)
            wide = ops.broadcast(ops.unsqueeze(mask, np.array([-1], np.int64)), ops.shape_of(hidden))
            weights = ops.convert(wide, hidden.get_element_type())
            total = ops.reduce_sum(ops.multiply(hidden, weights), one)
            count = ops.maximum(ops.reduce_sum(weights, one), np.array([1e-12], np.float32))
            vector = ops.divide(total, count)
        case "LAST":
            mask = model.input("attention_mask").get_node().output(0)
            last = ops.subtract(ops.reduce_sum(mask, one), one)
            vector = ops.gather(hidden, last, one, 1)
        case _:
            begin, end = (ops.constant(np.array([n], np.int64)) for n in (0, 1))
            vector = ops.squeeze(ops.slice(hidden, begin, end, one, one), one)
    if normalise:
        vector = ops.normalize_l2(vector, np.array([1], np.int32), 1e-12, "max")
    result = ops.result(vector)
    result.output(0).set_names({"last_hidden_state"})
    return openvino.Model([result], model.get_parameters(), "pooled")
