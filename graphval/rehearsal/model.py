"""One classic model: versions, states, metadata and inference on OpenVINO Runtime (CPU).

Source: OVMS ``src/modelmanager.cpp``, ``src/modelinstance.cpp``, ``src/kfs_frontend/kfs_grpc_inference_service.cpp``
(2026.4).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.deployment.model_settings import read_layout
from graphval.deployment.versions import model_file
from graphval.rehearsal.journal import journal
from graphval.rehearsal.status import Status, refuse
from graphval.rehearsal.tensors import datatype_of_element, format_shape

if TYPE_CHECKING:
    from graphval.deployment.model import ModelEntry


@cache
def core() -> Any:
    """OpenVINO's ``Core``, one per process."""
    import openvino

    return openvino.Core()


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One input or output: name, KServe datatype and shape (``-1`` where a dimension is dynamic)."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    dimensions: tuple[tuple[int, int], ...]
    """Least and greatest value of each dimension; the greatest is -1 where it is open."""

    def admits(self, shape: Sequence[int]) -> bool:
        return len(shape) == len(self.dimensions) and all(
            low <= size and (high < 0 or size <= high) for size, (low, high) in zip(shape, self.dimensions, strict=True)
        )


@dataclass(slots=True)
class ModelVersion:
    """A compiled version of a model."""

    model: str
    version: int
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    _request: Any
    """Made at load, as OVMS makes its inference requests, and used by one request at a time."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, tensors: Mapping[str, Any]) -> Status | None:
        """What OVMS's request validation would object to, ``None`` for nothing.

        Source: OVMS ``src/predict_request_validation_utils_impl.hpp`` (2026.4).
        """
        if len(tensors) != len(self.inputs):
            return Status("INVALID_NO_OF_INPUTS", f"Expected: {len(self.inputs)}; Actual: {len(tensors)}")
        for info in self.inputs:
            array = tensors.get(info.name)
            if array is None:
                return Status("INVALID_MISSING_INPUT", f"Required input: {info.name}")
            if len(array.shape) != len(info.shape):
                return Status(
                    "INVALID_NO_OF_SHAPE_DIMENSIONS",
                    f"Expected: {format_shape(info.shape)}; Actual: {format_shape(array.shape)}; "
                    f"input name: {info.name}",
                )
            if not info.admits(array.shape):
                return Status(
                    "INVALID_SHAPE",
                    f"Expected: {format_shape(info.shape)}; Actual: {format_shape(array.shape)}; "
                    f"input name: {info.name}",
                )
            from graphval.rehearsal.tensors import DATATYPES

            datatype = DATATYPES.get(array.dtype, "INVALID")
            if datatype != info.datatype:
                return Status(
                    "INVALID_PRECISION", f"Expected: {info.datatype}; Actual: {datatype}; input name: {info.name}"
                )
        return None

    def infer(self, tensors: Mapping[str, Any]) -> dict[str, Any]:
        """Outputs by name. Raises RuntimeError where OpenVINO does; validation comes before (:meth:`check`)."""
        with self._lock:
            result = self._request.infer(dict(tensors))
        return {info.name: result[index].copy() for index, info in enumerate(self.outputs)}


class ServedModel:
    """A model under its name, with the versions its policy selects."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.versions: dict[int, ModelVersion] = {}
        self.states: dict[int, tuple[str, str]] = {}

    def set_state(self, version: int, state: str, error: str = "OK") -> None:
        self.states[version] = (state, error)
        journal.info(
            f"STATUS CHANGE: Version {version} of model {self.name} status change. "
            f'New status: ( "state": "{state}", "error_code": "{error}" )'
        )

    def retire(self) -> None:
        """Leave the deployment: no version is served any more."""
        for version in sorted(self.versions):
            self.set_state(version, "UNLOADING")
            self.set_state(version, "END")
        self.versions.clear()

    def version(self, wanted: int) -> ModelVersion:
        """The version asked for, 0 meaning the newest. Raises :class:`Refused` as OVMS would."""
        if wanted == 0:
            if not self.versions:
                raise refuse("MODEL_VERSION_NOT_LOADED_YET" if self.states else "MODEL_VERSION_MISSING")
            return self.versions[max(self.versions)]
        found = self.versions.get(wanted)
        if found is None:
            raise refuse("MODEL_VERSION_NOT_LOADED_YET" if wanted in self.states else "MODEL_VERSION_MISSING")
        return found


def load_model(entry: ModelEntry) -> ServedModel:
    """Load every version the entry's policy selects; what fails is logged and left unavailable."""
    served = ServedModel(entry.name)
    if entry.problem and ".." in entry.base_path.parts:
        journal.error(f"Path {entry.base_path} escape with .. is forbidden.", "modelmanager")
    elif entry.problem and not entry.base_path.exists():
        journal.error(f"Directory does not exist: {entry.base_path}", "modelmanager")
    elif not entry.served:
        journal.warning(f"No version found for model in path: {entry.base_path}", "modelmanager")
    for version in entry.served:
        served.set_state(version, "START")
        served.set_state(version, "LOADING")
        try:
            served.versions[version] = _compile(entry, version)
        except (RuntimeError, OSError, ValueError) as error:
            journal.error(f"Cannot load network into device: {error}", "modelmanager")
            served.set_state(version, "LOADING", "UNKNOWN")
            continue
        served.set_state(version, "AVAILABLE")
    return served


def _file_of(base: Path, version: int) -> Path:
    """The model file of a version; a base path may be the file itself. Raises FileNotFoundError."""
    if base.is_file():
        return base
    folder = base / str(version)
    found = model_file(folder)
    if found is None:
        raise FileNotFoundError(f"Could not find file for model in path: {folder}")
    return found


def _compile(entry: ModelEntry, version: int) -> ModelVersion:
    model = core().read_model(_file_of(entry.base_path, version))
    model = _turn(model, entry.config)
    _reshape(model, entry.config)
    compiled = core().compile_model(model, entry.target_device or "CPU", _plugin_config(entry.config))
    return ModelVersion(
        entry.name,
        version,
        tuple(_describe(port) for port in model.inputs),
        tuple(_describe(port) for port in model.outputs),
        compiled.create_infer_request(),
    )


def _describe(port: Any) -> TensorInfo:
    shape = port.get_partial_shape()
    dimensions = (
        tuple((d.min_length, d.max_length if d.max_length < 1 << 31 else -1) for d in shape)
        if shape.rank.is_static
        else ()
    )
    return TensorInfo(
        port.get_any_name() if port.get_names() else port.get_node().get_friendly_name(),
        datatype_of_element(port.get_element_type()),
        tuple(low if low == high else -1 for low, high in dimensions),
        dimensions,
    )


def _plugin_config(config: Mapping[str, Any]) -> dict[str, Any]:
    written = config.get("plugin_config")
    return dict(written) if isinstance(written, Mapping) else {}


def _turn(model: Any, config: Mapping[str, Any]) -> Any:
    """Apply ``layout`` of the model's entry: requests and answers lie as its first half says, the model's data as its
    second. One text is for the one input. Source: OVMS ``src/modelinstance.cpp`` (2026.4)."""
    written = config.get("layout")
    if not isinstance(written, str | Mapping):
        return model
    from openvino import Layout
    from openvino.preprocess import PrePostProcessor

    process = PrePostProcessor(model)
    for ports, of, common in ((model.inputs, process.input, written), (model.outputs, process.output, None)):
        for port in ports:
            name = port.get_any_name() if port.get_names() else ""
            text = written.get(name) if isinstance(written, Mapping) else common
            layout = read_layout(str(text)) if text is not None else None
            if layout is not None:
                info = of(name)
                info.tensor().set_layout(Layout(layout.tensor))
                info.model().set_layout(Layout(layout.model))
    return process.build()


def _reshape(model: Any, config: Mapping[str, Any]) -> None:
    """Apply ``shape`` and ``batch_size`` of the model's entry. A text that is no shape is ignored, as OVMS does."""
    from openvino import PartialShape

    shape, batch = config.get("shape"), config.get("batch_size")
    wanted: dict[str, str] = {}
    if isinstance(shape, str):
        wanted = {port.get_any_name(): shape for port in model.inputs}
    elif isinstance(shape, Mapping):
        wanted = {str(name): str(text) for name, text in shape.items()}
    parsed: dict[str, Any] = {}
    for name, text in wanted.items():
        if text.strip() == "auto":
            continue
        try:
            parsed[name] = PartialShape([_dimension(word) for word in text.strip().strip("()[]").split(",")])
        except ValueError:
            journal.error(f"There was an error parsing shape {text}", "modelmanager")
    if not parsed and batch not in (None, 0, "0", "auto"):
        for port in model.inputs:
            resized = port.get_partial_shape()
            if resized.rank.is_static and len(resized) > 0:
                resized[0] = int(batch)
                parsed[port.get_any_name()] = resized
    if parsed:
        model.reshape(parsed)


def _dimension(word: str) -> Any:
    from openvino import Dimension

    low, colon, high = word.strip().partition(":")
    return Dimension(int(low), int(high)) if colon else Dimension(int(low))
