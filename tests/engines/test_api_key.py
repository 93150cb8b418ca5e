"""The API key of ``/v3``: requests bear it, a server that does not ask for it is found out, and it is shown nowhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphval.check import check_events
from graphval.cli.program import app
from graphval.deployment import discover
from graphval.diagnosis.repeat import tell_repeat
from graphval.engines.choose import choose
from graphval.engines.interface import Launch, Limits, Server
from graphval.engines.options import EngineOptions
from graphval.events import Done, ProbeSent
from graphval.findings import Effect, Finding, Phase, Report, Severity, Span, Verdict
from graphval.probe.http import HttpRequest, Rest, RestClient
from graphval.probe.keys import let_in
from graphval.probe.plan import Depth, Plan, Probe, ProbeKind
from graphval.report.json_report import as_json
from graphval.run.terms import default_terms

from .scripts import PATIENCE

CHAT = Path(__file__).parents[2] / "graphs/good/chat"
KEY = "open-sesame-7d1f"
QUICK = default_terms(Path("no samples"), probes=Depth.QUICK)


def checked(engine: str, options: EngineOptions) -> Report:
    *_, last = check_events([CHAT], engine=engine, options=options, terms=QUICK)
    assert isinstance(last, Done)
    return last.report


@dataclass(frozen=True)
class Guarded:
    """A server that asks for a key, and files with that key, with another, and with an empty first line."""

    server: Server
    right: Path
    wrong: Path
    empty: Path

    def remote(self, key: Path | None) -> Report:
        options = EngineOptions(address=self.server.grpc, rest_address=self.server.rest, api_key_file=key)
        return checked("remote", options)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("keys")
    files = {"right": f"{KEY}  \r\nsecond line\n", "wrong": "another-key\n", "empty": f"\n{KEY}\n"}
    paths = {name: folder / name for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8", newline="")
    [deployment] = discover([CHAT])
    engine = choose("rehearsal", EngineOptions(api_key_file=paths["right"])).engine
    with engine.start(Launch(deployment), Limits(load=PATIENCE)) as server:
        yield Guarded(server, **paths)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_with_the_key_the_graph_is_served(guarded: Guarded) -> None:
    report = guarded.remote(guarded.right)
    assert (report.verdict, codes(report)) == (Verdict.PASS, [])
    assert report.graphs[0].reached.value == "serve"


@pytest.mark.parametrize("which", ["wrong", None])
def test_without_the_right_key_nothing_is_known_of_the_graph(guarded: Guarded, which: str | None) -> None:
    report = guarded.remote(getattr(guarded, which) if which else None)
    assert (report.verdict, codes(report)) == (Verdict.INCONCLUSIVE, [])
    assert "another API key" in report.graphs[0].not_exercised[0].reason


@pytest.mark.parametrize(("which", "found"), [("right", []), ("empty", ["GV901"])])
def test_a_rehearsal_gets_the_key_and_is_asked_without(guarded: Guarded, which: str, found: list[str]) -> None:
    options = EngineOptions(api_key_file=getattr(guarded, which))
    report = checked("rehearsal", options)
    assert codes(report) == found
    assert report.graphs[0].verdict is Verdict.PASS, "the graph is not to blame"
    assert report.verdict is (Verdict.FAIL if found else Verdict.PASS)
    for finding in report.findings:
        assert finding.severity is Severity.ERROR
        assert "first line of the key's file is empty" in finding.help


def test_the_key_stands_on_no_command_line_and_in_no_report(guarded: Guarded) -> None:
    options = EngineOptions(environment={"API_KEY": KEY})
    seen: list[str] = []
    for event in check_events([CHAT], engine="rehearsal", options=options, terms=QUICK):
        if isinstance(event, ProbeSent):
            seen += [_read(file) for file in Path("/proc").glob("[0-9]*/cmdline")]
        if isinstance(event, Done):
            assert event.report.verdict is Verdict.PASS
            assert KEY not in json.dumps(as_json(event.report))
    assert any("graphval.rehearsal" in words for words in seen)
    assert not any(KEY in words for words in seen)


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""  # it has ended


def test_one_request_is_sent_with_the_key(guarded: Guarded) -> None:
    words = ["request", str(CHAT), "--probe", "2", "--samples", "no samples"]
    for key, code in ((guarded.right, 0), (guarded.wrong, 1)):
        result = CliRunner().invoke(app, [*words, "--send", str(guarded.server.rest), "--api-key-file", str(key)])
        assert result.exit_code == code, result.output
    result = CliRunner().invoke(app, [*words, "--form", "curl", "--api-key-file", str(guarded.right)])
    assert '-H "Authorization: Bearer $API_KEY"' in result.output
    assert KEY not in result.output


def test_a_line_that_sends_a_request_again_says_where_the_key_goes() -> None:
    probe = Probe(ProbeKind.SYNTHETIC, HttpRequest("/v3/completions", b"{}"))
    for keyed in (True, False):
        plan = Plan(probe, keyed=keyed)
        findings = [Finding("GV820", "x", Severity.ERROR, Phase.SERVE, Effect.REJECT, "g", "m", Span("f", 1, 1, 1, 1))]
        tell_repeat(findings, 0, plan, probe, "g", "deploy")
        assert ("Bearer $API_KEY" in str(findings[0].evidence["send"])) == keyed


def test_a_key_file_that_is_not_there(guarded: Guarded) -> None:
    words = ["request", str(CHAT), "--probe", "2", "--send", str(guarded.server.rest), "--api-key-file", "nowhere"]
    assert CliRunner().invoke(app, words).exit_code == 2


# -- servers of other kinds -------------------------------------------------------------------------------------------


@pytest.fixture
def answering() -> Iterator[tuple[ThreadingHTTPServer, dict[str, object]]]:
    """A server that answers everything as the test says."""
    says: dict[str, object] = {"status": 200, "body": b"{}", "keys": []}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys = says["keys"]
            assert isinstance(keys, list)
            keys.append(self.headers["Authorization"])
            if says["status"] is None:
                return
            body = says["body"]
            assert isinstance(body, bytes)
            self.send_response(int(str(says["status"])))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server, says
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "let"),
    [
        (500, b'{"error": "Unauthorized request due to invalid or missing api-key"}', []),
        (401, b"", []),
        (403, b"<html>", []),
        (None, b"", []),
        (200, b"{}", ["without an API key", "with a wrong API key"]),
        (404, b'{"error": "no such model"}', ["without an API key", "with a wrong API key"]),
        (500, b'{"error": "Internal server error"}', ["without an API key", "with a wrong API key"]),
    ],
)
def test_who_is_let_in(
    answering: tuple[ThreadingHTTPServer, dict[str, object]], status: int | None, body: bytes, let: list[str]
) -> None:
    server, says = answering
    says |= {"status": status, "body": body}
    with RestClient(Rest(f"127.0.0.1:{server.server_port}", key=KEY)) as client:
        assert [words for words, _ in let_in(client, PATIENCE)] == let
    keys = says["keys"]
    assert isinstance(keys, list)
    assert keys == [None, "Bearer graphval-wrong-key"], "the right key is not risked on it"
