"""A server that is already there: it is asked, and neither started nor stopped.

What a probe does to it, it does: a graph that ends the server ends this one, and nobody starts it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphval.deadlines import ServerPhase
from graphval.engines.interface import EngineError, Exit, Launch, Limits, Starting, Steps, Written
from graphval.engines.options import EngineOptions
from graphval.engines.readable import Reader
from graphval.engines.tls import Tls, look

NAME = "remote"
_READY = "/v2/health/ready"


@dataclass(frozen=True, slots=True)
class Address:
    """A host and its port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """``HOST:PORT``, IPv6 in brackets. Raises :class:`EngineError`."""
    host, colon, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not colon or not bare or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise EngineError(f"an address is HOST:PORT; this is {text}")
    if ":" in bare and bare == host:
        raise EngineError(f"an IPv6 address stands in brackets, [ADDRESS]:PORT; this is {text}")
    return Address(bare, int(port))


class RemoteEngine:
    """Yields the one server at the addresses of the options."""

    def __init__(self, options: EngineOptions) -> None:
        if options.address is None:
            raise EngineError("the engine remote needs --address HOST:PORT, where gRPC is served")
        self._grpc = parse_address(options.address)
        self._rest = parse_address(options.rest_address) if options.rest_address is not None else None
        self._tls = options.tls

    @property
    def name(self) -> str:
        return NAME

    @property
    def image(self) -> str | None:
        return None

    @property
    def build(self) -> str | None:
        return None

    @property
    def is_ovms(self) -> bool:
        return True

    @property
    def reader(self) -> Reader | None:
        return None

    def start(self, launch: Launch, limits: Limits) -> Starting:
        return Starting(self._reached(launch, limits))

    def _reached(self, launch: Launch, limits: Limits) -> Steps:
        if launch.without:
            names = ", ".join(sorted(launch.without))
            raise EngineError(f"a server that is already there cannot be started again without {names}")
        yield ServerPhase.LISTEN
        if self._tls is not None:
            # Any answer will do: what is looked at is how the connection comes about.
            look(self._grpc.host, self._grpc.port, self._tls, "/", limits.listen)
        if self._rest is not None:
            status = look(self._rest.host, self._rest.port, self._tls, _READY, limits.listen)
            if status != 200:
                raise EngineError(f"the server at {self._rest} is not ready: GET {_READY} answers {status}")
        yield RemoteServer(str(self._grpc), str(self._rest) if self._rest is not None else None, self._tls)


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server of which nothing is known but what it answers."""

    grpc: str
    rest: str | None
    tls: Tls | None

    @property
    def loaded(self) -> bool:
        return True

    def exit(self) -> Exit | None:
        return None

    def wait(self, seconds: float) -> Exit | None:
        return None

    @property
    def written(self) -> Written:
        return Written(0, 0)

    def stdout(self, since: int = 0) -> str:
        return ""

    def stderr(self, since: int = 0) -> str:
        return ""
