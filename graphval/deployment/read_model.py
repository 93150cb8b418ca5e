"""The child process of :mod:`graphval.deployment.models`: ``python -m graphval.deployment.read_model FILE MEMORY_MIB``.

Prints one JSON object; on failure the reason is the last line of stderr and the exit code is not 0.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from graphval.deployment.precisions import KSERVE_OF


def main(arguments: list[str]) -> int:
    """Read the model that the first argument names; the second is the memory limit in MiB."""
    path, memory = arguments[0], int(arguments[1])
    resource.setrlimit(resource.RLIMIT_DATA, (memory << 20, memory << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import openvino

    try:
        model = openvino.Core().read_model(path)
    except RuntimeError as why:
        lines = [line.strip() for line in str(why).splitlines() if line.strip()]
        print(lines[-1] if lines else "unknown error", file=sys.stderr)
        return 1
    answer = {
        "inputs": [describe(port) for port in model.inputs],
        "outputs": [describe(port) for port in model.outputs],
    }
    print(json.dumps(answer))
    return 0


def describe(port: Any) -> dict[str, Any]:
    """An input or output as :class:`TensorSignature` has it; ``shape`` holds pairs, -1 for a bound that is none."""
    shape = port.get_partial_shape()
    dimensions = None
    if not shape.rank.is_dynamic:
        dimensions = [[d.get_min_length(), d.get_max_length() if not _unbounded(d) else -1] for d in shape]
    layout = ""
    node = port.get_node()
    if hasattr(node, "get_layout"):
        layout = str(node.get_layout().to_string())
    return {
        "names": [port.any_name, *sorted(port.names - {port.any_name})] if port.names else [node.get_friendly_name()],
        "shape": dimensions,
        "precision": KSERVE_OF.get(port.get_element_type().get_type_name(), "UNKNOWN"),
        "layout": layout if layout != "[...]" else "",
    }


def _unbounded(dimension: Any) -> bool:
    return bool(dimension.is_dynamic and dimension.get_max_length() < 0) or dimension.get_max_length() >= 2**31


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
