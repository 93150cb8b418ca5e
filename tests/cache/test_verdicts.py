"""A run takes the verdict of an earlier one only where nothing has changed that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphval.cache import key as key_module
from graphval.cache.key import not_kept, plain
from graphval.check import check_events
from graphval.engines.options import EngineOptions
from graphval.events import VerdictCached
from graphval.findings import Severity, Verdict
from graphval.probe.asking import Depth
from graphval.run.terms import Terms
from graphval.settings import DeclaredCalculator, Settings
from tests.exercise.running import QUICK, TEXT, Checked, _chosen, deployment
from tests.exercise.scripted import CHECK, Graph, Script, ScriptedEngine, dies

NOTHING_SET = Settings()
UNCERTAIN = {
    "no server can be had": Script({"one": Graph()}, start_fails=frozenset({1})),
    "the server says nothing": Script({"one": Graph(at_load="silent")}),
}
IN_A_STORE = """{"model_config_list": [{"config": {"name": "m", "base_path": "s3://b/m"}}],
"mediapipe_config_list": [{"name": "one"}]}"""


class Built(ScriptedEngine):
    """Of an image that has a digest."""

    digest: str | None = "sha256:1"

    @property
    def build(self) -> str | None:  # type: ignore[override]
        return self.digest if self.script.ovms else None


class Runs:
    """Runs on one deployment with one cache."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
        self.cache = folder / "cache"
        self.config = deployment(folder / "deploy", dict.fromkeys(script.graphs, TEXT))
        self.script = script
        self.engine = Built(script)
        monkeypatch.setattr("graphval.engines.choose.choosing", lambda *_: _chosen(self.engine))

    def check(self, settings: Settings = NOTHING_SET, terms: Terms = QUICK, **options: Any) -> Checked:
        said = EngineOptions(**options)
        return Checked(
            list(
                check_events(
                    [self.config], settings, engine=self.engine.name, options=said, terms=terms, cache=self.cache
                )
            )
        )

    @property
    def starts(self) -> int:
        return len(self.script.launches)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path, monkeypatch, Script({"one": Graph(), "two": Graph(at_load="abort")}))


def test_a_repeat_starts_nothing_and_says_so(runs: Runs) -> None:
    first = runs.check()
    starts = runs.starts
    second = runs.check()
    assert runs.starts == starts > 0
    (event,) = [event for event in second.events if isinstance(event, VerdictCached)]
    assert second.report.cached == (event.cached,)
    assert event.cached.age < 60
    assert all(graph.cached == event.cached for graph in second.report.graphs)
    assert first.report.cached == ()
    assert all(graph.cached is None for graph in first.report.graphs)


def test_a_repeat_tells_the_same(runs: Runs) -> None:
    first, second = runs.check().report, runs.check().report
    assert first.verdict is Verdict.FAIL
    assert first.findings
    assert second.findings == first.findings
    assert tuple(graph._replace(cached=None) for graph in second.graphs) == first.graphs
    assert second._replace(cached=(), graphs=()) == first._replace(graphs=())


CHANGES: dict[str, Callable[[Path], object]] = {
    "a graph": lambda folder: (folder / "one" / "graph.pbtxt").write_text(TEXT + "\n", encoding="utf-8"),
    "the configuration": lambda folder: _append(folder / "config.json"),
    "a handler": lambda folder: (folder / "one" / "handler.py").write_text("", encoding="utf-8"),
    "permissions": lambda folder: (folder / "one" / "graph.pbtxt").chmod(0o600),
}


def _append(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_files_is_judged_anew(runs: Runs, change: Callable[[Path], object]) -> None:
    runs.check()
    starts = runs.starts
    change(runs.config.parent)
    assert runs.check().report.cached == ()
    assert runs.starts > starts


CONDITIONS: dict[str, dict[str, Any]] = {
    "the release": {"settings": Settings(ovms_version="2026.3")},
    "a rule left out": {"settings": Settings(ignore=("GV216",))},
    "a severity": {"settings": Settings(severity={"GV216": Severity.ERROR})},
    "models not at hand": {"settings": Settings(no_models=True)},
    "a calculator": {"settings": Settings(calculators=(DeclaredCalculator("Mine"),))},
    "how much is asked": {"terms": replace(QUICK, settings=replace(QUICK.settings, depth=Depth.QUICK))},
    "made-up values": {"terms": replace(QUICK, settings=replace(QUICK.settings, seed=1))},
    "limits": {"terms": replace(QUICK, limits=replace(QUICK.limits, memory_mib=100))},
    "the user": {"user": "0:0"},
    "words for the server": {"server_flags": ("--rest_workers", "2")},
    "a variable": {"environment": {"NAME": "value"}},
}


@pytest.mark.parametrize("conditions", CONDITIONS.values(), ids=CONDITIONS)
def test_other_conditions_are_judged_anew(runs: Runs, conditions: dict[str, Any]) -> None:
    runs.check()
    assert runs.check(**conditions).report.cached == ()
    assert runs.check(**conditions).report.cached != ()


@pytest.mark.parametrize("settings", [Settings(fail_on=Severity.INFO), Settings(baseline=None)])
def test_what_becomes_of_findings_afterwards_is_no_other_verdict(runs: Runs, settings: Settings) -> None:
    runs.check()
    assert runs.check(settings).report.cached != ()


def test_samples_count(runs: Runs, tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    terms = replace(QUICK, settings=replace(QUICK.settings, samples=(samples,)))
    runs.check(terms=terms)
    (samples / "one").mkdir(parents=True)
    (samples / "one" / "a.json").write_text("{}", encoding="utf-8")
    assert runs.check(terms=terms).report.cached == ()


def test_what_options_let_the_server_read_counts(runs: Runs, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    runs.check(mounts=(more,))
    assert runs.check(mounts=(more,)).report.cached != ()
    (more / "file").write_text("", encoding="utf-8")
    assert runs.check(mounts=(more,)).report.cached == ()


def test_another_image_is_judged_anew(runs: Runs) -> None:
    runs.script.ovms = True
    runs.check()
    assert runs.check().report.cached != ()
    runs.engine.digest = "sha256:2"
    assert runs.check().report.cached == ()


def test_another_graphval_is_judged_anew(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.check()
    monkeypatch.setattr(key_module, "__version__", "99")
    assert runs.check().report.cached == ()


def test_other_libraries_are_judged_anew(runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.check()
    (tmp_path / "site" / "openvino-2099.1.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert runs.check().report.cached == ()


@pytest.mark.parametrize("script", UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_is_inconclusive_is_never_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    runs = Runs(tmp_path, monkeypatch, script)
    assert runs.check().report.verdict is Verdict.INCONCLUSIVE
    assert not list(runs.cache.glob("*.verdict"))


def test_a_deployment_that_changes_meanwhile_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meddle(server: Any, request: Any) -> Any:
        _append(tmp_path / "deploy" / "one" / "graph.pbtxt")
        return Graph().serve(server, request)

    runs = Runs(tmp_path, monkeypatch, Script({"one": Graph(serve=meddle)}))
    runs.check()
    assert not list(runs.cache.glob("*.verdict"))


def test_a_damaged_entry_is_judged_anew_and_replaced(runs: Runs) -> None:
    runs.check()
    for file in runs.cache.glob("*.verdict"):
        file.write_bytes(b"{")
    assert runs.check().report.cached == ()
    assert runs.check().report.cached != ()


def test_without_a_cache_nothing_is_kept(runs: Runs, tmp_path: Path) -> None:
    list(check_events([runs.config], engine=runs.engine.name, terms=QUICK))
    assert not runs.cache.exists()


@pytest.mark.parametrize(
    ("ovms", "options", "terms", "why"),
    [
        (True, {}, {}, ""),
        (False, {}, {}, ""),
        (True, {"network": "host"}, {}, "other machines"),
        (True, {"devices": ("/dev/dri",)}, {}, "driver"),
        (True, {}, {"budget": 5.0}, "budget"),
    ],
)
def test_what_cannot_be_told_by_content_is_not_kept(
    ovms: bool, options: dict[str, Any], terms: dict[str, Any], why: str
) -> None:
    engine = Built(Script({}, ovms=ovms))
    said = not_kept(engine, EngineOptions(**options), replace(QUICK, **terms))
    assert (why in said) if why else said == ""


def test_an_image_without_a_digest_is_not_kept() -> None:
    engine = Built(Script({}, ovms=True))
    engine.digest = None
    assert "digest" in not_kept(engine, EngineOptions(), QUICK)


def test_secrets_cannot_be_read_from_what_is_kept(runs: Runs) -> None:
    runs.check(environment={"API_KEY": "hunter22"})
    assert runs.check(environment={"API_KEY": "hunter23"}).report.cached == ()
    for file in runs.cache.iterdir():
        assert b"hunter2" not in file.read_bytes()


def test_a_model_in_an_object_store_is_not_kept(runs: Runs) -> None:
    runs.config.write_text(IN_A_STORE, encoding="utf-8")
    runs.check()
    assert not list(runs.cache.glob("*.verdict"))


def test_settings_in_another_order_are_the_same() -> None:
    one = Settings(severity={"GV1": Severity.INFO, "GV2": Severity.ERROR})
    other = Settings(severity={"GV2": Severity.ERROR, "GV1": Severity.INFO})
    assert plain(one) == plain(other)
    with pytest.raises(TypeError):
        plain(object())


def test_a_crash_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(tmp_path, monkeypatch, Script({"one": Graph(create=dies(CHECK.format("no")))}))
    first, second = runs.check().report, runs.check().report
    assert second.cached
    assert any("SIGABRT" in str(finding.evidence) for finding in second.findings)
    assert [f.evidence for f in second.findings] == [f.evidence for f in first.findings]
