"""How much is asked: the words of the command line are the plan's."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from graphval.cli.options import Probes
from graphval.cli.program import app
from graphval.probe.asking import Depth


def test_the_depths_of_the_command_line_are_the_plans() -> None:
    assert [probes.value for probes in Probes] == [depth.value for depth in Depth]


def test_samples_and_seed_reach_the_requests(tmp_path: Path) -> None:
    place = tmp_path / "samples" / "relay"
    place.mkdir(parents=True)
    words = ["request", "graphs/good/relay", "--samples", str(tmp_path / "samples")]
    assert "synthetic request" in CliRunner().invoke(app, words).output
    assert "there is no folder nowhere: without samples" in CliRunner().invoke(app, [*words[:-1], "nowhere"]).output
    shape = '{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]}'
    (place / "mine.json").write_text(shape)
    assert "sample mine.json" in CliRunner().invoke(app, words).output


def test_a_file_named_for_a_graph_is_its_request(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]}')
    words = ["request", "graphs/good/relay", "--sample"]
    assert "sample mine.json" in CliRunner().invoke(app, [*words, f"relay={file}"]).output
    assert "mine.json" not in CliRunner().invoke(app, [*words, f"another={file}"]).output
    for wrong, said in (
        (f"relay={tmp_path / 'none.json'}", "there is no file"),
        (str(file), "--sample takes GRAPH=FILE"),
        (f"={file}", "--sample takes GRAPH=FILE"),
        ("relay=", "--sample takes GRAPH=FILE"),
    ):
        refused = CliRunner().invoke(app, [*words, wrong])
        assert refused.exit_code == 2
        assert said in refused.output


def test_a_sample_for_a_graph_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"inputs": []}')
    words = ["check", "graphs/good/relay", "--engine", "none", "--sample"]
    for name, said in (
        ("rely", 'the graph "rely", and there is none; did you mean relay?'),
        ("x", '"x", and there is none\n'),
    ):
        run = CliRunner().invoke(app, [*words, f"{name}={file}"])
        assert run.exit_code == 0
        assert said in run.stderr
    assert CliRunner().invoke(app, [*words, f"relay={file}"]).stderr == ""


def test_what_the_settings_name_is_the_request_that_check_would_send(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]}')
    settings = tmp_path / "graphval.toml"
    settings.write_text('[samples]\nrelay = "mine.json"\n')
    words = ["request", "graphs/good/relay", "--settings", str(settings)]
    assert "sample mine.json" in CliRunner().invoke(app, words).output
    assert "mine.json" not in CliRunner().invoke(app, words[:2]).output
    settings.write_text("[samples]\nrelay = 1\n")
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2
    assert "graphval.toml:2:9" in refused.output


def test_another_seed_makes_other_values(tmp_path: Path) -> None:
    words = ["request", "graphs/good/relay", "--samples", str(tmp_path), "--probe", "2", "--seed"]
    one, same, other = (CliRunner().invoke(app, [*words, seed]).output for seed in ("1", "1", "2"))
    assert one == same != other
