"""No network for what runs here: user code, tokenizers and models can call nobody.

A socket belongs to the network it was made in. The ports are therefore opened first, then the process moves into a
network namespace of its own that has nothing but a loopback, and what comes in at the old ports is passed on. Only
before the first thread starts can this be done, and only where the kernel lets this user do it.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

_NEW_NETWORK, _NEW_USER = 0x4000_0000, 0x1000_0000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_BACKLOG, _CHUNK = 128, 1 << 16


class PortBusy(Exception):
    """A port could not be opened; ``grpc`` says which of the two."""

    def __init__(self, *, grpc: bool) -> None:
        super().__init__("gRPC" if grpc else "REST")
        self.grpc = grpc


@dataclass(frozen=True, slots=True)
class Doors:
    """The sockets that clients reach, ``None`` for one that is not asked for."""

    grpc: socket.socket | None = None
    rest: socket.socket | None = None


def open_doors(grpc: tuple[str, int], rest: tuple[str, int]) -> Doors:
    """Open the ports; port 0 stays shut. Raises :class:`PortBusy`."""
    return Doors(_listening(*grpc, grpc=True), _listening(*rest, grpc=False))


def cut_off() -> bool:
    """Move this process into a network of its own; ``False`` where that is not allowed. No thread may run yet."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        user, group = os.getuid(), os.getgid()
        if libc.unshare(_NEW_NETWORK | _NEW_USER) != 0:
            return False
        # Inside the new user namespace we stay who we are, so that files keep their owners.
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _raise_loopback()
    return True


def forward(door: socket.socket, target: str) -> None:
    """Pass every connection that comes in at ``door`` on to a local socket of that name, until the process ends."""
    threading.Thread(target=_accept, args=(door, target), name="door", daemon=True).start()


def _listening(host: str, port: int, *, grpc: bool) -> socket.socket | None:
    if not port:
        return None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError as error:
        raise PortBusy(grpc=grpc) from error
    return made


def _raise_loopback() -> None:
    """A loopback is down in a new network; libraries may want it for themselves."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _GET_FLAGS, request))[1]
        fcntl.ioctl(probe, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))


def _accept(door: socket.socket, target: str) -> None:
    while True:
        try:
            outside, _ = door.accept()
        except OSError:
            return
        # Or the last piece of an answer waits until the client confirms the one before, some 40 ms later.
        outside.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        inside = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            inside.connect(target)
        except OSError:
            outside.close()
            inside.close()
            continue
        for source, sink in ((outside, inside), (inside, outside)):
            threading.Thread(target=_pump, args=(source, sink), name="door", daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    except OSError:
        return  # the other side is gone; both are shut below
    finally:
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
