"""Settings files: which one is read, what it says, and what is told where it says something wrong."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import jsonschema
import pytest

from graphval.deadlines import ServerPhase
from graphval.findings import Severity
from graphval.rules.registry import all_rules
from graphval.settings import DeclaredCalculator, Profile, Settings, SettingsError
from graphval.settings import file as file_module
from graphval.settings.file import read_settings
from graphval.settings.where import find_settings

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(Path(file_module.__file__).with_name("schema.json").read_text(encoding="utf-8"))
)
WHOLE = """\
profile = "strict"
fail-on = "warning"
ovms-version = "2026.3"
no-models = true
select = ["GV2", "GV501"]
ignore = ["GV21"]
baseline = "known.json"
cache = "verdicts"

[severity]
GV216 = "error"
GV2 = "info"

[deadlines]
pull = 600
load = 2.5

[samples]
chat = "talk.openai.json"
detect = ["a.npy", "b.png"]

[calculators.BlurCalculator]
options = "acme.BlurCalculatorOptions"
inputs = ["IMAGE", "MASK?", "EXTRA*", ""]
outputs = []
input-side-packets = ["MODEL"]
output-side-packets = ["STATE"]

[calculators]
SharpenCalculator = {}
"""
MISTAKES = {
    "unknown setting": ('selct = ["GV2"]', '1:1: there is no setting "selct"; did you mean select?'),
    "underscore": ("x = 1\nfail_on = 'error'", '2:1: there is no setting "fail_on"; did you mean fail-on?'),
    "unknown code": (
        'select = [\n  "GV2",\n  "GV999",\n]',
        '3:3: no code is or begins with "GV999"; see graphval rules',
    ),
    "a code in small letters": ('ignore = [" gv210"]', '1:11: no code is or begins with " gv210"; write GV210'),
    "empty code": ('ignore = [""]', '1:11: no code is or begins with ""; see graphval rules'),
    "one string": ('select = "GV2"', '1:10: select is a list of strings, not "GV2"'),
    "a number in a list": ("select = [2]", "1:11: select is a list of strings, and this is the number 2"),
    "severity": (
        '[severity]\nGV216 = "eror"',
        '2:9: GV216 is one of error, warning, info, not "eror"; did you mean error?',
    ),
    "code of a severity": ('[severity]\nGV98 = "info"', '2:1: no code is or begins with "GV98"; see graphval rules'),
    "severity is no table": ('severity = "info"', '1:12: severity is a table of codes, not "info"'),
    "profile": ('profile = "sevre"', '1:11: profile is one of default, strict, not "sevre"'),
    "release": ('ovms-version = "1.0"', "1:16: no such release"),
    "release as a number": ("ovms-version = 2026.3", "1:16: ovms-version is a string, not the number 2026.3"),
    "no-models": ('no-models = "yes"', '1:13: no-models is true or false, not "yes"'),
    "cache": ("cache = 5", "1:9: cache is true, false or a folder, not the number 5"),
    "cache nowhere": ('cache = ""', '1:9: cache is true, false or a folder, not ""'),
    "calculators is a list": ('calculators = ["A"]', "1:15: calculators is a table of calculators, not a list"),
    "a calculator is a word": ('calculators.A = "b"', '1:17: a calculator is a table, not "b"'),
    "a fact": (
        "[calculators.A]\ninput = []",
        '2:1: there is no fact of a calculator "input"; did you mean inputs?',
    ),
    "a tag": (
        '[calculators.A]\ninputs = ["image"]',
        '2:11: "image" is no tag; write it like IMAGE, IMAGE? if optional, IMAGE* if repeated',
    ),
    "options": (
        '[calculators.A]\noptions = "a/b"',
        '2:11: "a/b" is no full name of a message; write it like acme.BlurCalculatorOptions',
    ),
    "samples are a list": ('samples = ["a.npy"]', "1:11: samples is a table of graphs, not a list"),
    "a sample that is not there": ('[samples]\ng = "none.npy"', "2:5: there is no file none.npy"),
    "one of the samples is not there": (
        '[samples]\ng = ["graphval.toml", "none.npy"]',
        "2:23: there is no file none.npy",
    ),
    "a sample is a number": ("[samples]\ng = 1", "2:5: g is a list of strings, not the number 1"),
    "a phase": ("[deadlines]\nlod = 1", '2:1: there is no phase of a server "lod"; did you mean load?'),
    "no time": ("[deadlines]\nload = 0", "2:8: a deadline is a number of seconds from 0.1 to 86400, not 0"),
    "for ever": ("[deadlines]\nload = inf", "2:8: a deadline is a number of seconds from 0.1 to 86400, not inf"),
    "no number": ('[deadlines]\nload = "1 s"', '2:8: a deadline is a number of seconds, not "1 s"'),
    "deadlines is a number": ("deadlines = 5", "1:13: deadlines is a table of phases, not the number 5"),
    "syntax": ("select = [\n  GV2\n]", "2:3: invalid value"),
    "syntax at the end": ("select = [", "1:11: invalid value"),
    "twice": ("no-models = true\nno-models = true", "2:17: cannot overwrite a value"),
}


def release(version: str) -> str:
    return "" if version.startswith("20") else "no such release"


def written(folder: Path, text: str, name: str = "graphval.toml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_every_setting(tmp_path: Path) -> None:
    for name in ("talk.openai.json", "a.npy", "b.png"):
        (tmp_path / name).touch()
    text = WHOLE.replace("[calculators]\n", "[calculators.SharpenCalculator]\n").replace("SharpenCalculator = {}\n", "")
    assert read_settings(written(tmp_path, text), all_rules(), release) == Settings(
        profile=Profile.STRICT,
        fail_on=Severity.WARNING,
        ovms_version="2026.3",
        no_models=True,
        select=("GV2", "GV501"),
        ignore=("GV21",),
        severity={"GV216": Severity.ERROR, "GV2": Severity.INFO},
        baseline=tmp_path / "known.json",
        cache=tmp_path / "verdicts",
        calculators=(
            DeclaredCalculator(
                "BlurCalculator",
                "acme.BlurCalculatorOptions",
                ("IMAGE", "MASK?", "EXTRA*", ""),
                (),
                ("MODEL",),
                ("STATE",),
            ),
            DeclaredCalculator("SharpenCalculator"),
        ),
        deadlines={ServerPhase.PULL: 600.0, ServerPhase.LOAD: 2.5},
        samples={"chat": (tmp_path / "talk.openai.json",), "detect": (tmp_path / "a.npy", tmp_path / "b.png")},
    )
    SCHEMA.validate(tomllib.loads(text))
    assert set(tomllib.loads(text)) == set(SCHEMA.schema["properties"])


def test_in_a_project(tmp_path: Path) -> None:
    file = written(tmp_path, '[project]\nname = "x"\n[tool.graphval]\nno-models = true\n', "pyproject.toml")
    assert read_settings(file, all_rules()) == Settings(no_models=True)
    wrong = written(tmp_path, "[tool]\ngraphval = { no-models = 1 }\n", "pyproject.toml")
    with pytest.raises(SettingsError, match=r":2:26: no-models is true or false, not the number 1$"):
        read_settings(wrong, all_rules())
    for text in ('[project]\nname = "graphval"\n', "tool = 1\n"):
        with pytest.raises(SettingsError, match=r"pyproject\.toml has no \[tool\.graphval\]$"):
            read_settings(written(tmp_path, text, "pyproject.toml"), all_rules())
    with pytest.raises(SettingsError, match=r":2:12: tool\.graphval is a table, not true$"):
        read_settings(written(tmp_path, "[tool]\ngraphval = true\n", "pyproject.toml"), all_rules())


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        read_settings(file, all_rules(), release)
    assert f"{file}:{told}" in str(caught.value).splitlines()


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_the_schema_refuses_it_too(text: str, told: str) -> None:
    beyond = ("no such release", "GV999", "GV98", "there is no file")  # what only the tool knows
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert SCHEMA.is_valid(document) == any(word in told for word in beyond)


def test_all_mistakes_are_told_in_order(tmp_path: Path) -> None:
    file = written(tmp_path, 'no-models = 1\nselect = ["GV0", "GV2", 3]\nx = 1\n')
    with pytest.raises(SettingsError) as caught:
        read_settings(file, all_rules())
    places = [line.removeprefix(f"{file}:").split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == ["1:13", "2:11", "2:25", "3:1"]


def test_what_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "graphval.toml"
    file.write_bytes(b"no-models = true\n# \xff\n")
    with pytest.raises(SettingsError, match=r":2:3: this is no UTF-8 text$"):
        read_settings(file, all_rules())
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read: No such file or directory$"):
        read_settings(tmp_path / "nowhere.toml", all_rules())


def test_the_closest_file_upwards_counts_alone(tmp_path: Path) -> None:
    graph = written(tmp_path / "a" / "b", "", "graph.pbtxt")
    other = written(tmp_path / "a" / "c", "", "graph.pbtxt")
    top = written(tmp_path, "no-models = true")
    assert find_settings([graph]) == top
    assert find_settings([graph.parent]) == top
    written(tmp_path / "a" / "b", '[project]\nname = "graphval"\n', "pyproject.toml")
    assert find_settings([graph]) == top
    project = written(tmp_path / "a", "[tool.graphval]\n", "pyproject.toml")
    assert find_settings([graph]) == project
    near = written(tmp_path / "a" / "b", "")
    assert find_settings([graph]) == near
    assert find_settings([graph, other]) == project
    own = written(tmp_path / "a", "")
    assert find_settings([graph, other]) == own
    assert find_settings([tmp_path / "a" / "nowhere"]) == own


def test_without_paths_the_current_folder_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_settings([]) is None or not find_settings([]).is_relative_to(tmp_path)
    assert find_settings([os.curdir]) == find_settings([])
    file = written(tmp_path, "")
    assert find_settings([]) == find_settings([os.curdir]) == file


def test_a_project_file_that_cannot_be_read_is_told_only_if_it_names_graphval(tmp_path: Path) -> None:
    (tmp_path / ".end").mkdir()
    written(tmp_path, "[tool.other\n", "pyproject.toml")
    assert find_settings([tmp_path]) is None
    written(tmp_path, "[tool.graphval\n", "pyproject.toml")
    with pytest.raises(SettingsError, match=r"pyproject\.toml:1:15: expected"):
        find_settings([tmp_path])


@pytest.mark.parametrize(
    "text",
    [
        "[tool.graphval]\n",
        '[ tool . "graphval" ]\n',
        "['tool'.graphval]\n",
        "[tool.graphval.severity]\n",
        "[tool]\ngraphval = {}\n",
        '["tool"]\ngraphval.no-models = true\n',
        "tool = { graphval = {} }\n",
        "tool.graphval = {}\n",
        "a = 1\n  tool.graphval.no-models = true\n",
    ],
)
def test_however_the_table_of_a_project_is_written(tmp_path: Path, text: str) -> None:
    assert find_settings([tmp_path]) is None
    file = written(tmp_path, text, "pyproject.toml")
    assert find_settings([tmp_path]) == file
