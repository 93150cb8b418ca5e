"""An nginx that asks for client certificates, in front of a server: the set-up that OVMS's documentation recommends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphval.engines.ports import LOOPBACK, free_ports

_PATIENCE = 30.0
_CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  ssl_client_certificate {authority};
  ssl_verify_client on;
  server {{ listen 127.0.0.1:{grpc} ssl http2; location / {{ grpc_pass grpc://{grpc_behind}; }} }}
  server {{ listen 127.0.0.1:{rest} ssl; location / {{ proxy_pass http://{rest_behind}; }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who signs certificates."""

    folder: Path
    name: str

    @property
    def certificate(self) -> Path:
        return self.folder / f"{self.name}.pem"

    @property
    def key(self) -> Path:
        return self.folder / f"{self.name}.key"

    def sign(self, name: str, host: str, *, expired: bool = False) -> tuple[Path, Path]:
        """A certificate for a host, and its key."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName=DNS:{host}\n", encoding="ascii")
        _openssl(
            "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={host}"
        )
        # The database of "ca" is what lets dates be given that lie in the past.
        database = self.folder / f"{name}.db"
        database.mkdir()
        (database / "index.txt").write_text("", encoding="ascii")
        (database / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={database}/index.txt\nnew_certs_dir={database}\nrand_serial=yes\n"
            "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n",
            encoding="ascii",
        )
        dates = ("20200101000000Z", "20200201000000Z") if expired else ("20200101000000Z", "20991231000000Z")
        _openssl(
            "ca", "-batch", "-config", database / "ca.cnf", "-cert", self.certificate, "-keyfile", self.key,
            "-in", request, "-out", certificate, "-notext", "-extfile", extensions,
            "-startdate", dates[0], "-enddate", dates[1],
        )  # fmt: skip
        return certificate, key


def authority(folder: Path, name: str) -> Authority:
    made = Authority(folder, name)
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", made.key, "-out", made.certificate,
        "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
    )  # fmt: skip
    return made


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@contextmanager
def proxy(folder: Path, grpc: str, rest: str, certificate: Path, key: Path, clients: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a proxy in front of these two."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        if os.environ.get("GRAPHVAL_CONTAINERS") == "required":
            pytest.fail("nginx or openssl is not installed")
        pytest.skip("nginx or openssl is not installed")
    folder.mkdir()
    ports = free_ports(2)
    configuration = folder / "nginx.conf"
    text = _CONFIGURATION.format(
        folder=folder, certificate=certificate, key=key, authority=clients,
        grpc=ports[0], rest=ports[1], grpc_behind=grpc, rest_behind=rest,
    )  # fmt: skip
    configuration.write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [nginx, "-p", folder, "-c", configuration, "-e", "stderr"], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for port in ports:
                _await(process, port)
            yield f"{LOOPBACK}:{ports[0]}", f"{LOOPBACK}:{ports[1]}"
        finally:
            process.terminate()
            process.communicate(timeout=_PATIENCE)


def _await(process: subprocess.Popen[str], port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection((LOOPBACK, port), 1.0).close()
        except OSError:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return
