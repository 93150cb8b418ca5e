"""What the server answers to each KServe method, whatever carried the question.

Every function may raise :class:`Refused`, and :class:`NotExercised` where the rehearsal cannot tell what OVMS would
answer. Source: OVMS ``src/kfs_frontend/kfs_grpc_inference_service.cpp`` (2026.4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.kserve import messages
from graphval.rehearsal.deserialize import check_coherency
from graphval.rehearsal.graph_definition import State
from graphval.rehearsal.journal import journal
from graphval.rehearsal.request import infer
from graphval.rehearsal.servables import Servables
from graphval.rehearsal.status import Refused, refuse
from graphval.rehearsal.tensors import CONTENTS_FIELD, DTYPES, fill_output
from graphval.rehearsal.version import SERVER_NAME, server_version

if TYPE_CHECKING:
    from graphval.rehearsal.model import ModelVersion, TensorInfo

PLATFORM = "OpenVINO"
GRAPH_VERSION = "1"


def server_live(_: messages.ServerLiveRequest, __: Servables) -> messages.ServerLiveResponse:
    """``ServerLive``."""
    return messages.ServerLiveResponse(live=True)


def server_ready(_: messages.ServerReadyRequest, servables: Servables) -> messages.ServerReadyResponse:
    """``ServerReady``: whether the first load procedure has ended, however it went."""
    ready = servables.ready.is_set()
    journal.debug(f"Requested Server readiness state: {str(ready).lower()}")
    return messages.ServerReadyResponse(ready=ready)


def server_metadata(_: messages.ServerMetadataRequest, __: Servables) -> messages.ServerMetadataResponse:
    """``ServerMetadata``."""
    return messages.ServerMetadataResponse(name=SERVER_NAME, version=server_version())


def model_ready(request: messages.ModelReadyRequest, servables: Servables) -> messages.ModelReadyResponse:
    """``ModelReady``, of a model or a graph."""
    journal.debug(f"ModelReady requested name: {request.name}, version: {request.version}")
    model = servables.models.get(request.name)
    if model is not None:
        wanted = model_version(request.version)
        if wanted and wanted not in model.states:
            raise refuse("MODEL_VERSION_MISSING")
        return messages.ModelReadyResponse(ready=wanted in model.versions if wanted else bool(model.versions))
    journal.debug(f"ModelReady requested model {request.name} is missing, trying to find definition with such name")
    definition = servables.graphs.get(request.name)
    if definition is None:
        raise refuse("MODEL_NAME_MISSING")
    return messages.ModelReadyResponse(ready=definition.state is State.AVAILABLE)


def model_metadata(request: messages.ModelMetadataRequest, servables: Servables) -> messages.ModelMetadataResponse:
    """``ModelMetadata``: names, types and shapes of a model; of a graph the names of its streams alone."""
    journal.debug(f"ModelMetadata requested name: {request.name}, version: {request.version}")
    model = servables.models.get(request.name)
    if model is not None:
        version = model.version(model_version(request.version))
        response = messages.ModelMetadataResponse(
            name=request.name, versions=[str(v) for v in sorted(model.versions)], platform=PLATFORM
        )
        _describe(response.inputs, version.inputs)
        _describe(response.outputs, version.outputs)
        return response
    journal.debug(f"GetModelMetadata: Model {request.name} is missing, trying to find definition with such name")
    definition = servables.graphs.get(request.name)
    if definition is None:
        raise refuse("MODEL_NAME_MISSING")
    if definition.state is State.RETIRED:
        raise refuse("MEDIAPIPE_DEFINITION_NOT_LOADED_ANYMORE")
    if definition.state is not State.AVAILABLE:
        raise refuse("MEDIAPIPE_DEFINITION_NOT_LOADED_YET")
    response = messages.ModelMetadataResponse(name=request.name, versions=[GRAPH_VERSION], platform=PLATFORM)
    for border in definition.inputs:
        response.inputs.add(name=border.name, datatype="INVALID")
    for border in definition.outputs:
        response.outputs.add(name=border.name, datatype="INVALID")
    return response


def model_infer(
    request: messages.ModelInferRequest, servables: Servables, interface: str = "gRPC"
) -> messages.ModelInferResponse:
    """``ModelInfer``, of a model or a graph. ``interface`` is the one by which the request came, for the metrics."""
    journal.debug(f"Processing gRPC request for model: {request.model_name}; version: {request.model_version}")
    journal.debug(f"ModelInfer requested name: {request.model_name}, version: {request.model_version}")
    wanted = model_version(request.model_version)
    model = servables.models.get(request.model_name)
    if model is not None:
        version = model.version(wanted)
        with servables.metrics.model_request(model.name, str(version.version), interface):
            return _infer_model(version, request)
    journal.debug(
        f"Requested DAG: {request.model_name} does not exist. Searching for mediapipe graph with that name..."
    )
    definition = servables.graphs.available(request.model_name)
    with servables.metrics.graph_request(definition.name, "KServe", "ModelInfer", interface):
        if definition.pool is not None:
            return definition.pool.infer(request)
        return infer(definition, request, servables.models)


def model_version(text: str) -> int:
    """The version a request asks for, 0 for none. Checked even where it is then ignored."""
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", text) or not -(1 << 63) <= int(text) < 1 << 63:
        raise refuse("MODEL_VERSION_INVALID_FORMAT")
    return int(text)


def _describe(target: Any, infos: tuple[TensorInfo, ...]) -> None:
    for info in infos:
        target.add(name=info.name, datatype=info.datatype, shape=info.shape)


def _infer_model(version: ModelVersion, request: messages.ModelInferRequest) -> messages.ModelInferResponse:
    check_coherency(request)
    tensors: dict[str, Any] = {}
    for index, tensor in enumerate(request.inputs):
        dtype = DTYPES.get(tensor.datatype)
        if dtype is None:
            raise refuse("INVALID_PRECISION", f"Actual: {tensor.datatype}; input name: {tensor.name}")
        if request.raw_input_contents:
            values = np.frombuffer(
                request.raw_input_contents[index][
                    : len(request.raw_input_contents[index]) // dtype.itemsize * dtype.itemsize
                ],
                dtype,
            )
        else:
            values = np.array(getattr(tensor.contents, CONTENTS_FIELD.get(tensor.datatype, "fp32_contents")), dtype)
        if any(d < 0 for d in tensor.shape) or values.size != int(np.prod(tensor.shape)):
            expected = int(np.prod(tensor.shape))
            raise refuse(
                "INVALID_CONTENT_SIZE" if request.raw_input_contents else "INVALID_VALUE_COUNT",
                f"Expected: {expected} values; Actual: {values.size} values; input name: {tensor.name}",
            )
        tensors[tensor.name] = values.reshape(tuple(tensor.shape))
    objection = version.check(tensors)
    if objection is not None:
        raise Refused(objection)
    response = messages.ModelInferResponse(
        model_name=request.model_name, model_version=str(version.version), id=request.id
    )
    for name, array in version.infer(tensors).items():
        fill_output(response, name, array)
    return response
