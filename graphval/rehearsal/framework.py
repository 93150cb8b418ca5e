"""The real MediaPipe framework: the C++ library inside the ``mediapipe`` wheel, without the Python package around it.

Importing ``mediapipe`` itself pulls in solutions, tasks, OpenCV and plotting libraries (seconds); the bindings alone
load in less than a tenth of a second. Wheels before 0.10.30 hold them.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import types
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@cache
def wheel_root() -> Path:
    """The folder of the installed wheel."""
    spec = importlib.util.find_spec("mediapipe")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the rehearsal needs the mediapipe wheel (0.10.21)")
    return Path(spec.submodule_search_locations[0])


@cache
def bindings() -> Any:
    """The wheel's binding module (``mediapipe.python._framework_bindings``)."""
    root = wheel_root()
    for name, path in (("mediapipe", root), ("mediapipe.python", root / "python")):
        if name not in sys.modules:
            package = types.ModuleType(name)
            package.__path__ = [str(path)]
            sys.modules[name] = package
    return importlib.import_module("mediapipe.python._framework_bindings")


@cache
def config_class() -> Any:
    """``mediapipe.CalculatorGraphConfig`` as the bindings take it."""
    bindings()
    return importlib.import_module("mediapipe.framework.calculator_pb2").CalculatorGraphConfig


@dataclass(frozen=True, slots=True)
class AbslStatus:
    """An ``absl::Status``: canonical code name and message."""

    code: str
    message: str

    @property
    def ok(self) -> bool:
        return self.code == "OK"

    def __str__(self) -> str:
        return "OK" if self.ok else f"{self.code}: {self.message}"


OK = AbslStatus("OK", "")

# The bindings raise ValueError for InvalidArgument, NotImplementedError for Unimplemented and RuntimeError for the
# rest, so that the code of the latter has to be read off the framework's fixed texts.
_CODE_BY_TEXT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("NOT_FOUND", re.compile(r"No registered object|Unable to (?:find|attach)|Option extension not found")),
    ("INTERNAL", re.compile(r"RET_CHECK failure|Could not write")),
    (
        "FAILED_PRECONDITION",
        re.compile(
            r"already had a name|Not all indexes were assigned|sent to closed stream|is still required|failed to load"
        ),
    ),
    ("UNAVAILABLE", re.compile(r"No anchor data available|Detected a deadlock")),
    ("ALREADY_EXISTS", re.compile(r"was already set")),
)


def status_of(error: BaseException) -> AbslStatus:
    """The status behind an exception of the bindings."""
    text = translate_types(str(error))
    match error:
        case ValueError():
            return AbslStatus("INVALID_ARGUMENT", text)
        case NotImplementedError():
            return AbslStatus("UNIMPLEMENTED", text)
        case _:
            code = next((code for code, pattern in _CODE_BY_TEXT if pattern.search(text)), "UNKNOWN")
            return AbslStatus(code, text)


# C++ types that no calculator of the server deals in; packets of them stand for what Python cannot make.
HANDLE_TYPES = {
    "unsigned int": "ov::Tensor",
    "unsigned short": "std::vector<ov::Tensor>",
    "short": "mediapipe::Tensor",
    "double": "std::vector<mediapipe::Tensor>",
    "unsigned char": "tensorflow::Tensor",
    "signed char": "ovms::HttpPayload",
    "::std::map<std::string,::mediapipe::Packet>": "ovms::PyObjectWrapper<pybind11::object>",
    "::std::vector<::mediapipe::Packet>": "inference::ModelInferRequest const*",
}
_HANDLE_IN_TEXT = re.compile('"(' + "|".join(re.escape(name) for name in HANDLE_TYPES) + ')"')


def translate_types(text: str) -> str:
    """A text of the framework with the type names the server would print."""
    text = _HANDLE_IN_TEXT.sub(lambda match: f'"{HANDLE_TYPES[match[1]]}"', text)
    return re.sub(r"(?<![\w:])::(?=(?:mediapipe|std)::)", "", text)


def cpp_type(packet: Any) -> str:
    """The C++ type that a packet stores, by the framework's own name for it."""
    match = re.search(r"C\+\+ type: (.*)>$", str(packet), re.DOTALL)
    return match[1] if match else ""


@cache
def has_calculator(name: str) -> bool:
    """Whether the wheel registers ``name`` as a calculator or subgraph."""
    config = config_class()()
    config.node.add().calculator = name
    try:
        bindings().validated_graph_config.ValidatedGraphConfig().initialize(graph_config=config)
    except (ValueError, RuntimeError, NotImplementedError) as error:
        return f'Unable to find Calculator "{name}"' not in str(error)
    return True
