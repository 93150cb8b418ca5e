"""Whether a refusal is about the request that was made up rather than about the graph."""

from __future__ import annotations

import re

_NOTHING_CAME = "Unknown error during mediapipe execution"
ABOUT_VALUES = (
    "Invalid input shape", "Invalid input precision", "Invalid number of values", "Invalid content size",
    "Inputs inside buffer does not match", "Missing input with specific name", "Invalid number of inputs",
    "Passing buffers both in", "Functionality not implemented", "Unexpected input",
)  # fmt: skip
"""Statuses that speak of the request's tensors (``src/status.cpp``, OVMS 2026.4)."""

ABOUT_ENDPOINT = ("chat template", "Chat template", "Wrong endpoint", "Unsupported URI", "voice")
"""What a generative node says of a request that its model has no use for."""

ABOUT_CONTENT = ("Error occurred during graph execution",)
"""What user code in a Python node answers to values that it does not like."""


_BROKEN_CODE = re.compile(
    r"Wrong object on execute output|is not a valid node output|Bad python node configuration|"
    r"(?:^|execution: )(?:"
    r"(?:NameError|ImportError|ModuleNotFoundError|NotImplementedError): |"
    r"AttributeError: (?:'(?:pyovms\.Tensor|OvmsPythonModel)' object|module '[^']+') has no attribute|"
    r"TypeError: (?:'pyovms\.Tensor' object|execute\(\) takes|[^\n]*operand type\(s\)[^\n]*'(?:pyovms\.)?Tensor'))",
    re.MULTILINE,
)
"""Errors of a handler that no values would mend: what it returns, names that nobody defined, uses of a tensor that it
does not offer (``src/python/python_executor_calculator.cc``, ``python_backend.hpp``, OVMS 2026.4)."""


def is_broken_code(raised: str) -> bool:
    """Whether what a handler raised shows a mistake of its own."""
    return _BROKEN_CODE.search(raised) is not None


def excuse(text: str) -> str:
    """Why a failure of a made-up request may be about its values; empty where it is the graph's."""
    if any(text.startswith(start) for start in ABOUT_VALUES):
        return "the made-up request was refused"
    if text.endswith(_NOTHING_CAME):
        return "the made-up request produced no answer"
    if any(part in text for part in ABOUT_ENDPOINT):
        return "the made-up request was refused"
    if any(part in text for part in ABOUT_CONTENT):
        return "user code did not take the made-up values"
    return ""
