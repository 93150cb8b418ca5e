"""Free ports are different ones, and free."""

from __future__ import annotations

import socket

from graphval.engines.ports import LOOPBACK, free_ports


def test_they_differ_and_can_be_bound() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, port))


def test_none_that_is_taken() -> None:
    taken = [socket.create_server((LOOPBACK, 0)) for _ in range(50)]
    try:
        assert not {server.getsockname()[1] for server in taken} & set(free_ports(50))
    finally:
        for server in taken:
            server.close()
