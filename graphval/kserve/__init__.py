"""The KServe v2 messages and method names, for who asks (``probe``) and who answers (``rehearsal``).

``grpc_predict_v2_pb2`` is generated from the proto beside it: ``python -m grpc_tools.protoc -I graphval/kserve
--python_out=graphval/kserve --pyi_out=graphval/kserve graphval/kserve/grpc_predict_v2.proto``.
"""

from graphval.kserve import grpc_predict_v2_pb2 as messages

SERVICE = "inference.GRPCInferenceService"


def method(name: str) -> str:
    """The gRPC path of a method of the service."""
    return f"/{SERVICE}/{name}"


__all__ = ["SERVICE", "messages", "method"]
