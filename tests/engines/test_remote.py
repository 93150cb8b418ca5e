"""A server that is already there, in plain text and behind a proxy that asks for certificates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import graphval
from graphval.deployment import Deployment, discover
from graphval.engines.choose import choose
from graphval.engines.interface import EngineError, Launch, Limits, Server
from graphval.engines.options import EngineOptions
from graphval.engines.remote import parse_address
from graphval.engines.tls import Tls, look
from graphval.findings import Report
from graphval.probe.http import HttpRequest, Rest, post

from . import deployments
from .deployments import deploy, put
from .proxy import Authority, authority, proxy
from .scripts import PATIENCE

HOST = "ovms.test"
LIMITS = Limits(load=PATIENCE)


@dataclass(frozen=True, slots=True)
class SetUp:
    """A server, a proxy before it, and who may reach it how."""

    deployment: Deployment
    server: Server
    grpc: str
    rest: str
    expired: tuple[str, str]
    ours: Authority
    others: Authority
    tls: Tls
    folder: Path

    def options(self, **changes: object) -> EngineOptions:
        tls = replace(self.tls, **changes)  # type: ignore[arg-type]
        return EngineOptions(address=self.grpc, rest_address=self.rest, tls=tls)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SetUp]:
    folder = tmp_path_factory.mktemp("remote")
    (folder / "pki").mkdir()
    ours, others = authority(folder / "pki", "ours"), authority(folder / "pki", "others")
    deployment = deploy(folder / "d", {"g": deployments.PASS_THROUGH, "bad": deployments.REFUSED})
    client = ours.sign("client", "client.test")
    with ExitStack() as stack:
        server = stack.enter_context(choose("rehearsal").engine.start(Launch(deployment), LIMITS))
        assert server.rest is not None
        behind = (server.grpc, server.rest)
        valid = ours.sign("server", HOST)
        gone = ours.sign("old", HOST, expired=True)
        good = stack.enter_context(proxy(folder / "good", *behind, *valid, ours.certificate))
        old = stack.enter_context(proxy(folder / "old", *behind, *gone, ours.certificate))
        tls = Tls(ours.certificate, *client, HOST)
        yield SetUp(deployment, server, *good, old, ours, others, tls, folder)


def check(deployment: Deployment, options: EngineOptions) -> Report:
    return graphval.check([deployment.path], engine="remote", options=options, select=["GV"])


def test_in_plain_text(there: SetUp) -> None:
    report = check(there.deployment, EngineOptions(address=there.server.grpc, rest_address=there.server.rest))
    graphs = {graph.name: (graph.verdict.value, graph.reached.value) for graph in report.graphs}
    assert graphs["g"] == ("pass", "serve")
    assert graphs["bad"][0] == "fail"
    assert report.target.engine == "remote"


def test_through_the_proxy(there: SetUp) -> None:
    report = check(there.deployment, there.options())
    graphs = {graph.name: (graph.verdict.value, graph.reached.value) for graph in report.graphs}
    assert graphs["g"] == ("pass", "serve")


def test_a_request_by_rest_takes_the_same_way(there: SetUp) -> None:
    body = b'{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [7]}]}'
    request = HttpRequest("/v2/models/g/infer", body)
    answer = post(Rest(there.rest, there.tls), request, PATIENCE)
    assert answer.ok, answer
    assert b"7" in answer.response.body
    refused = post(Rest(there.rest, replace(there.tls, certificate=None, key=None)), request, PATIENCE)
    assert refused.code == "HTTP_400"


def test_from_the_command_line(there: SetUp) -> None:
    words = ["--engine", "auto", "--address", there.grpc, "--rest-address", there.rest, "--tls-ca", there.tls.ca]
    words += ["--tls-cert", there.tls.certificate, "--tls-key", there.tls.key, "--tls-server-name", HOST, "-v"]
    graph = there.deployment.path.parent / "g"
    run = subprocess.run(
        [sys.executable, "-m", "graphval", "check", graph, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "engine remote: an address is given" in run.stdout


@pytest.mark.parametrize("way", ["grpc", "rest"])
@pytest.mark.parametrize(
    ("case", "why"),
    [
        (
            "wrong authority",
            "is not accepted: unable to get local issuer certificate; name its authority with --tls-ca",
        ),
        ("wrong name", "is not accepted: .*(mismatch|not valid for).*--tls-server-name"),
        ("expired server", "is not accepted: certificate has expired; renew it"),
        ("no client certificate", "it asks for a client certificate: give --tls-cert and --tls-key"),
        ("client of another authority", "the client certificate is expired, revoked, or of another authority"),
        ("expired client", "the client certificate is expired, revoked, or of another authority"),
    ],
)
def test_what_stands_in_the_way(there: SetUp, case: str, why: str, way: str) -> None:
    names = f"{case} {way}".replace(" ", "-")
    address = parse_address(there.grpc if way == "grpc" else there.rest)
    tls = there.tls
    match case:
        case "wrong authority":
            tls = replace(tls, ca=there.others.certificate)
        case "wrong name":
            tls = replace(tls, server_name="other.test")
        case "expired server":
            address = parse_address(there.expired[0 if way == "grpc" else 1])
        case "no client certificate":
            tls = replace(tls, certificate=None, key=None)
        case "client of another authority":
            certificate, key = there.others.sign(names, "client.test")
            tls = replace(tls, certificate=certificate, key=key)
        case _:
            certificate, key = there.ours.sign(names, "client.test", expired=True)
            tls = replace(tls, certificate=certificate, key=key)
    with pytest.raises(EngineError, match=why):
        look(address.host, address.port, tls, "/v2/health/ready", PATIENCE)


def test_the_run_says_what_stands_in_the_way(there: SetUp) -> None:
    report = check(there.deployment, there.options(certificate=None, key=None))
    assert report.verdict.value == "fail"  # for what the files say of the other graph
    good = next(graph for graph in report.graphs if graph.name == "g")
    assert good.verdict.value == "inconclusive"
    assert "it asks for a client certificate" in good.not_exercised[-1].reason


def test_tls_where_none_is_spoken(there: SetUp) -> None:
    options = replace(there.options(), address=there.server.rest)
    with pytest.raises(EngineError, match="it speaks plain text; leave the TLS options out"):
        with choose("remote", options).engine.start(Launch(there.deployment), LIMITS):
            pass


def test_nobody_is_there(there: SetUp) -> None:
    options = replace(there.options(), address="127.0.0.1:1")
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:1 does not answer: Connection refused"):
        with choose("remote", options).engine.start(Launch(there.deployment), LIMITS):
            pass


def test_a_graph_that_ended_it_is_not_left_out(there: SetUp) -> None:
    engine = choose("remote", EngineOptions(address=there.server.grpc)).engine
    with pytest.raises(EngineError, match="cannot be started again without bad"):
        with engine.start(Launch(there.deployment, without=frozenset({"bad"})), LIMITS):
            pass


def test_a_graph_that_it_does_not_serve(there: SetUp, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"unknown": deployments.PASS_THROUGH})
    report = check(deployment, there.options())
    assert report.graphs[0].verdict.value == "fail"
    assert [finding.code for finding in report.findings] == ["GV805"]
    assert "does not serve this graph: /v1/config does not list it" in report.findings[0].message


def test_a_graph_that_it_refused(there: SetUp) -> None:
    """The server's log is out of reach; its state is not."""
    good = there.folder / "corrected" / "bad"
    put(good, deployments.PASS_THROUGH)
    report = check(discover([good])[0], there.options())
    assert [(f.code, f.graph) for f in report.findings] == [("GV805", "bad")]
    assert report.findings[0].message.endswith("its state in /v1/config is LOADING, FAILED_PRECONDITION")


def test_without_its_rest_address_nothing_is_said_of_a_graph_that_it_lacks(there: SetUp, tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"unknown": deployments.PASS_THROUGH})
    report = check(deployment, EngineOptions(address=there.server.grpc))
    assert report.graphs[0].verdict.value == "inconclusive"
    assert "does not serve it" in report.graphs[0].not_exercised[0].reason


@pytest.mark.parametrize("tls", [{"ca": "key"}, {"certificate": "ca"}])
def test_files_that_cannot_be_used(there: SetUp, tmp_path: Path, tls: dict[str, str]) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no certificate", encoding="ascii")
    options = there.options(**dict.fromkeys(tls, rubbish))
    with pytest.raises(EngineError, match="cannot be used"):
        with choose("remote", options).engine.start(Launch(there.deployment), LIMITS):
            pass


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("localhost:9000", "localhost", 9000), ("10.0.0.1:1", "10.0.0.1", 1), ("[::1]:65535", "::1", 65535)],
)
def test_an_address(text: str, host: str, port: int) -> None:
    address = parse_address(text)
    assert (address.host, address.port, str(address)) == (host, port, text)


@pytest.mark.parametrize(
    "text", ["", "host", ":9000", "host:", "host:0", "host:65536", "host:x", "::1:9000", "h:-1", "h:٣"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(EngineError, match=r"HOST:PORT|in brackets"):
        parse_address(text)


def test_an_address_is_needed() -> None:
    with pytest.raises(EngineError, match="needs --address"):
        choose("remote")
