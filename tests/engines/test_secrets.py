"""Secrets reach the server, and nobody else: no command line, no log, no report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graphval.engines.binary import BinaryEngine
from graphval.engines.choose import choose
from graphval.engines.interface import EngineError, Launch, Limits
from graphval.engines.options import EngineOptions
from graphval.engines.secrets import api_key_of, masked, secrets_of

from .deployments import PASS_THROUGH, alone, deploy, handler

SAYS = """
print("SEEN", os.environ["MY_TOKEN"], os.environ["MY_SETTING"], flush=True)
raise ValueError(os.environ["MY_TOKEN"])
"""


def test_which_values_are_secrets(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("the-api-key \nmore\n", encoding="utf-8")
    environment = {
        "API_KEY": "one-key",
        "aws_secret_access_key": "one-key-longer",
        "HF_TOKEN": "abc",
        "AZURE_STORAGE_CONNECTION_STRING": "AccountKey=x;",
        "OVMS_GRAPH_QUEUE_OFF": "1",
        "LANG": "C.UTF-8",
    }
    secrets = secrets_of(EngineOptions(environment=environment, api_key_file=key))
    assert set(secrets) == {"one-key-longer", "one-key", "AccountKey=x;", "the-api-key"}
    assert masked("a one-key-longer one-key the-api-key b", secrets) == "a *** *** *** b"


def test_the_key_that_requests_carry(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("of the file \nmore\n", encoding="utf-8")
    environment = {"API_KEY": "of the environment"}
    assert api_key_of(EngineOptions(environment=environment, api_key_file=key)) == "of the file"
    assert api_key_of(EngineOptions(environment=environment)) == "of the environment"
    assert api_key_of(EngineOptions()) == api_key_of(None) == ""


def test_an_api_key_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the API key cannot be read from"):
        secrets_of(EngineOptions(api_key_file=tmp_path / "none"))


@pytest.mark.parametrize("flags", [("--log_level", "TRACE"), ("--log_level=TRACE",)])
@pytest.mark.parametrize("keyed", [True, False])
def test_trace_prints_the_key(tmp_path: Path, binary: str, flags: tuple[str, ...], keyed: bool) -> None:
    environment = {"API_KEY": "a secret"} if keyed else {}
    engine = BinaryEngine(Path(binary), EngineOptions(environment=environment, server_flags=flags))
    launch = Launch(alone(tmp_path / "g", PASS_THROUGH))
    if keyed:
        with pytest.raises(EngineError, match="at log level TRACE the server prints the API key"):
            with engine.start(launch, Limits()):
                pass
    else:
        with engine.start(launch, Limits()) as server:
            assert server.loaded


def test_what_the_server_writes_is_masked(tmp_path: Path) -> None:
    options = EngineOptions(environment={"MY_TOKEN": "very secret", "MY_SETTING": "plain text"})
    deployment = deploy(tmp_path / "d", {"g": handler(initialize=SAYS)})
    with choose("rehearsal", options).engine.start(Launch(deployment), Limits()) as server:
        assert "SEEN *** plain text" in server.stdout()
        assert "very secret" not in server.stdout() + server.stderr()


def test_no_report_holds_one(tmp_path: Path) -> None:
    raises = "raise ValueError(os.environ['MY_TOKEN'])"
    deploy(tmp_path / "d", {"g": handler(initialize=SAYS), "answers": handler(execute=raises, module="other")})
    sample = tmp_path / "samples" / "answers" / "one.json"
    sample.parent.mkdir(parents=True)
    sample.write_text('{"inputs": [{"name": "in", "shape": [1], "datatype": "FP32", "data": [1]}]}', "utf-8")
    told = []
    for form in ("text", "json"):
        words = [str(tmp_path / "d" / "config.json"), "-v", "--engine", "rehearsal", "--format", form]
        words += ["--env", "MY_TOKEN", "--env", "MY_SETTING=plain text", "--samples", str(tmp_path / "samples")]
        run = subprocess.run(
            [sys.executable, "-m", "graphval", "check", *words],
            env={**os.environ, "MY_TOKEN": "very secret"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1, run.stderr
        told.append(run.stdout + run.stderr)
    assert "***" in told[0]
    assert "very secret" not in "".join(told)
    report = json.loads(told[1])
    assert report["verdict"] == "fail"
    (answers,) = [graph for graph in report["graphs"] if graph["name"] == "answers"]
    assert answers["reached"] == "create"
    assert "***" in told[1]


def test_no_command_line_holds_one(tmp_path: Path, binary: str) -> None:
    options = EngineOptions(environment={"MY_TOKEN": "very secret"})
    deployment = alone(tmp_path / "g", PASS_THROUGH)
    with BinaryEngine(Path(binary), options).start(Launch(deployment), Limits()) as server:
        assert server.loaded
        lines = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines.append(entry.read_bytes())
            except OSError:
                continue
    assert not any(b"very secret" in line for line in lines)
