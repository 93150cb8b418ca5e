"""The command line: usage errors in OVMS's words, exit code 64."""

from __future__ import annotations

import pytest

from graphval.rehearsal.__main__ import EXIT_OK, EXIT_USAGE, main
from graphval.rehearsal.arguments import UsageError, parse_arguments

CONFIG = ["--config_path", "c.json"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([*CONFIG], "port and rest_port cannot both be unset"),
        ([*CONFIG, "--port", "1", "--rest_port", "1"], "port and rest_port cannot have the same values"),
        ([*CONFIG, "--port", "70000"], "port number out of range from 0 to 65535"),
        ([*CONFIG, "--port", "-1"], "error parsing options: "),
        ([*CONFIG, "--port", "x"], "error parsing options: "),
        ([*CONFIG, "--port"], "error parsing options: "),
        ([*CONFIG, "--port", "1", "--nonsense"], "error parsing options - unmatched arguments: --nonsense"),
        (
            [*CONFIG, "--port", "1", "--log_level", "debug"],
            "log_level should be one of: TRACE, DEBUG, INFO, WARNING, ERROR",
        ),
        ([*CONFIG, "--port", "1", "--model_name", "m"], "Use either config_path or model_path with model_name"),
        (["--port", "1", "--model_name", "m"], "Use config_path or model_path with model_name"),
        ([*CONFIG, "--port", "1", "--batch_size", "2"], "Model parameters in CLI are exclusive with the config file"),
        ([*CONFIG, "--port", "1", "--rest_workers", "4"], "rest_workers is set but rest_port is not set"),
        (
            [*CONFIG, "--port", "1", "--metrics_enable"],
            "rest_port setting is missing, metrics are enabled on rest port",
        ),
        ([*CONFIG, "--port", "1", "--grpc_bind_address", "a b"], "grpc_bind_address has invalid format"),
    ],
)
def test_usage_errors(words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == EXIT_USAGE
    assert capsys.readouterr().err.startswith(text)


def test_both_ways_to_write_a_value() -> None:
    arguments = parse_arguments(["--config_path=c.json", "--port=9", "--rehearsal_memory_mib", "64"])
    assert (arguments.config_path, arguments.port, arguments.memory_mib) == ("c.json", 9, 64)


def test_the_first_failing_check_is_the_one_reported() -> None:
    with pytest.raises(UsageError, match="Use config_path"):
        parse_arguments(["--log_level", "nothing"])


def test_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == EXIT_OK
    assert "rehearsal" in capsys.readouterr().out
