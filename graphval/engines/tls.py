"""Reaching a server through TLS, and saying what is wrong where it cannot be reached.

OVMS itself speaks plain text; the recommended set-up is a proxy in front of it that asks clients for certificates
(``docs/security_considerations.md`` and ``extras/nginx-mtls-auth``, 2026.4).
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from graphval.engines.interface import EngineError

_TITLE = re.compile(r"<title>\s*(?:\d+\s+)?(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)
_REFUSALS = (
    ("No required SSL certificate was sent", "it asks for a client certificate: give --tls-cert and --tls-key"),
    (
        "The SSL certificate error",
        "the client certificate is expired, revoked, or of another authority",
    ),
    ("The plain HTTP request was sent to HTTPS port", "it speaks TLS: give --tls-ca"),
)


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM form. ``ca``: authorities that the server's certificate is held against (``None``: the system's).
    ``certificate`` and ``key``: the client's own. ``server_name``: the name that must stand in the server's
    certificate, where it is not the host's."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str | None = None

    def context(self, protocol: str | None = None) -> ssl.SSLContext:
        """For Python's own connections; ``protocol`` is what the server must speak within. Raises
        :class:`EngineError` for files that cannot be used."""
        try:
            context = ssl.create_default_context(cafile=str(self.ca) if self.ca is not None else None)
        except (OSError, ssl.SSLError) as error:
            raise EngineError(f"the authorities in {self.ca} cannot be used: {_said(error)}") from error
        if self.certificate is not None:
            try:
                context.load_cert_chain(self.certificate, self.key)
            except (OSError, ssl.SSLError) as error:
                pair = f"{self.certificate} and {self.key or self.certificate}"
                raise EngineError(f"the client certificate in {pair} cannot be used: {_said(error)}") from error
        if protocol is not None:
            context.set_alpn_protocols([protocol])
        return context


def connection_to(host: str, port: int, tls: Tls | None, seconds: float) -> http.client.HTTPConnection:
    """A connection that is yet to be made. Raises :class:`EngineError` for files that cannot be used."""
    if tls is None:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    return _Named(host, port, tls, seconds)


def look(host: str, port: int, tls: Tls | None, path: str, seconds: float) -> int:
    """The HTTP status of a plain GET. Raises :class:`EngineError` with what is wrong if none comes, or if the other
    side refuses the way it was asked."""
    where = f"{host}:{port}"
    connection = connection_to(host, port, tls, seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(1 << 16).decode("utf-8", errors="replace")
    except ssl.SSLCertVerificationError as error:
        raise EngineError(f"the certificate of {where} is not accepted: {_verification(error)}") from error
    except ssl.SSLError as error:
        raise EngineError(f"no TLS with {where}: {_handshake(error)}") from error
    except (OSError, http.client.HTTPException) as error:
        raise EngineError(f"{where} does not answer: {_said(error)}") from error
    finally:
        connection.close()
    if answer.status == 400:
        title = _TITLE.search(body)
        for text, advice in _REFUSALS:
            if title is not None and text in title[1]:
                raise EngineError(f"{where} refuses the connection ({title[1]}): {advice}")
    return answer.status


class _Named(http.client.HTTPSConnection):
    """A TLS connection that holds the server's certificate against a name of its own."""

    def __init__(self, host: str, port: int, tls: Tls, seconds: float) -> None:
        self._tls_context = tls.context("http/1.1")
        self._name = tls.server_name or host
        super().__init__(host, port, timeout=seconds, context=self._tls_context)

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        try:
            self.sock = self._tls_context.wrap_socket(plain, server_hostname=self._name)
        except BaseException:
            plain.close()
            raise


def _verification(error: ssl.SSLCertVerificationError) -> str:
    said = error.verify_message
    advice = {
        "certificate has expired": "renew it",
        "certificate is not yet valid": "check the clocks",
        "unable to get local issuer certificate": "name its authority with --tls-ca",
        "self-signed certificate": "name it with --tls-ca if it is meant",
        "self-signed certificate in certificate chain": "name its authority with --tls-ca",
    }.get(said, "")
    if "mismatch" in said or "doesn't match" in said or "is not valid for" in said:
        advice = "name the host in it with --tls-server-name"
    return f"{said}; {advice}" if advice else said


def _handshake(error: ssl.SSLError) -> str:
    reason = (error.reason or "").upper()
    if "WRONG_VERSION_NUMBER" in reason or "HTTP_REQUEST" in reason:
        return "it speaks plain text; leave the TLS options out"
    if "CERTIFICATE_REQUIRED" in reason or "HANDSHAKE_FAILURE" in reason:
        return "it asks for a client certificate: give --tls-cert and --tls-key"
    if "CERTIFICATE_EXPIRED" in reason:
        return "the client certificate has expired"
    if "UNKNOWN_CA" in reason or "BAD_CERTIFICATE" in reason:
        return "it does not accept the client certificate"
    return reason.lower().replace("_", " ") or _said(error)


def _said(error: Exception) -> str:
    text = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error) or type(error).__name__
    return str(text)
