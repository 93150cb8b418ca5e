"""Which codes are reported, how much they weigh, and what counts before what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval.findings import Severity
from graphval.settings import DeclaredCalculator, Profile, Settings


@pytest.mark.parametrize(
    ("select", "ignore", "reported"),
    [
        (None, None, {"GV102", "GV210", "GV216", "GV501"}),
        (("GV",), (), {"GV102", "GV210", "GV216", "GV501"}),
        (("GV2",), None, {"GV210", "GV216"}),
        (("GV2", "GV501"), ("GV21",), {"GV501"}),
        (("GV2",), ("GV216",), {"GV210"}),
        (("GV216",), ("GV2",), {"GV216"}),
        (("GV2",), ("GV2",), set()),
        (None, ("GV",), set()),
        (None, ("GV21", "GV1"), {"GV501"}),
        ((), None, set()),
    ],
)
def test_what_is_reported(select: tuple[str, ...] | None, ignore: tuple[str, ...] | None, reported: set[str]) -> None:
    settings = Settings(select=select, ignore=ignore)
    assert {code for code in ("GV102", "GV210", "GV216", "GV501") if settings.selects(code)} == reported


def test_the_longest_beginning_sets_the_severity() -> None:
    settings = Settings(severity={"GV": Severity.INFO, "GV216": Severity.ERROR, "GV2": Severity.WARNING})
    assert [settings.severity_of(code) for code in ("GV501", "GV210", "GV216")] == ["info", "warning", "error"]
    assert Settings(severity={"GV2": Severity.INFO}).severity_of("GV501") is None


@pytest.mark.parametrize(
    ("profile", "fail_on", "failing"),
    [
        (None, None, {"error"}),
        (Profile.DEFAULT, None, {"error"}),
        (Profile.STRICT, None, {"error", "warning", "info"}),
        (Profile.STRICT, Severity.WARNING, {"error", "warning"}),
        (None, Severity.INFO, {"error", "warning", "info"}),
    ],
)
def test_what_fails_a_run(profile: Profile | None, fail_on: Severity | None, failing: set[str]) -> None:
    assert Settings(profile=profile, fail_on=fail_on).failing == failing


def test_a_profile_that_is_asked_for_is_not_undone_by_a_file() -> None:
    assert Settings(profile=Profile.STRICT).over(Settings(fail_on=Severity.ERROR)).threshold is Severity.INFO
    assert Settings(fail_on=Severity.ERROR).over(Settings(profile=Profile.STRICT)).threshold is Severity.ERROR


_calculator = st.builds(DeclaredCalculator, st.sampled_from("ABC"), st.sampled_from(["", "a.B"]))
_codes = st.none() | st.lists(st.sampled_from(["GV", "GV2", "GV210"]), max_size=2).map(tuple)
_settings = st.builds(
    Settings,
    profile=st.none() | st.sampled_from(Profile),
    fail_on=st.none() | st.sampled_from(Severity),
    ovms_version=st.none() | st.sampled_from(["2026.3", "2026.4"]),
    no_models=st.none() | st.booleans(),
    select=_codes,
    ignore=_codes,
    severity=st.dictionaries(st.sampled_from(["GV2", "GV210"]), st.sampled_from(Severity)),
    baseline=st.none() | st.just(Path("known.json")),
    cache=st.none() | st.booleans() | st.just(Path("verdicts")),
    samples=st.dictionaries(st.sampled_from("gh"), st.sampled_from([(Path("a.npy"),), (Path("b.npy"),)])),
    calculators=st.lists(_calculator, max_size=2, unique_by=lambda c: c.name).map(tuple),
)


SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A slow machine is no fault."""


@SLOWLY
@given(_settings, _settings, _settings)
def test_layers_can_be_put_together_in_any_order(a: Settings, b: Settings, c: Settings) -> None:
    assert a.over(Settings()) == a
    assert Settings().over(a) == a
    assert a.over(a) == a
    left, right = a.over(b).over(c), a.over(b.over(c))
    assert left._replace(fail_on=None) == right._replace(fail_on=None)
    assert left.threshold == right.threshold


@SLOWLY
@given(_settings, _settings)
def test_what_is_said_above_counts(above: Settings, below: Settings) -> None:
    both = above.over(below)
    for name in Settings._fields:
        said = getattr(above, name)
        if name not in ("severity", "calculators", "deadlines", "samples") and said is not None:
            assert getattr(both, name) == said
    assert both.severity.items() >= above.severity.items()
    assert both.samples.items() >= above.samples.items()
    assert both.deadlines.items() >= above.deadlines.items()
    assert set(both.calculators) >= set(above.calculators)
