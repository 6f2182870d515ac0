"""The wave before: planted changes are found, the shifted question too, other questions are refused."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from jq_models.data import DATA_VARIABLE, OpenStudy, open_study
from jq_models.errors import SpecError
from jq_models.evaluate import construct_scores
from jq_models.evaluate.survey import Trend, trend
from jq_models.evaluate.survey.trend import wave_invariance, wave_states
from jq_models.spec import load_instrument

ALL = {c.code for c in load_instrument("ccc_job_quality").constructs}
# the package gives the function the name of its module
MODULE = import_module("jq_models.evaluate.survey.trend")


@pytest.fixture(scope="module")
def found(demo: OpenStudy) -> Trend:
    change = trend(demo)
    assert change is not None
    return change


def test_the_planted_changes_are_found_and_no_other(found: Trend) -> None:
    clear = found.table.index[found.table["p_holm"] < 0.05]
    assert set(clear) == {"LCU", "LEM"}
    assert (found.table.loc[["LCU", "LEM"], "difference"] > 0).all()
    # .25 of a construct's standard deviation, weakened to what scores can show of it
    assert found.table.loc[["LCU", "LEM"], "effect"].between(0.15, 0.35).all()


def test_the_shifted_question_is_found_and_its_scale_did_not_change(found: Trend) -> None:
    tested = found.invariance
    assert tested is not None
    assert tested.level == "partly"
    assert [(r.item, r.kind, r.group) for r in tested.releases] == [("SUP3", "intercept", "now")]
    assert tested.releases[0].difference == pytest.approx(-0.5, abs=0.12)
    means = tested.means.set_index("factor")
    assert means.loc["SUP", "state"] == "partial"
    assert means.loc["SUP", "ci_low"] < 0 < means.loc["SUP", "ci_high"]
    assert means.loc[["LCU", "LEM"], "ci_low"].min() > 0.10
    # the score falls though nothing changed: without regard to teams the fall would be called clear
    assert found.table.loc["SUP", "welch_high"] < 0


def test_rows_are_differences_of_two_waves(demo: OpenStudy, found: Trend) -> None:
    assert found.before is not None
    then, now = construct_scores(found.before.responses), construct_scores(demo.responses)
    for code in ("OPP", "ATM"):
        row = found.table.loc[code]
        test = stats.ttest_ind(now[code], then[code], equal_var=False, nan_policy="omit")
        low, high = test.confidence_interval(0.95)
        assert (row["welch_low"], row["welch_high"]) == pytest.approx((low, high), rel=1e-8)
        assert row["difference"] == pytest.approx(now[code].mean() - then[code].mean())
        assert (row["n_before"], row["n"]) == (then[code].notna().sum(), now[code].notna().sum())


def test_intervals_let_people_of_one_team_resemble_each_other(found: Trend) -> None:
    assert found.grouping == "team"
    assert (found.table["clusters"] == 51).all()
    assert (found.table["df"] == 50).all()
    widths = (found.table["ci_high"] - found.table["ci_low"]) / (
        found.table["welch_high"] - found.table["welch_low"]
    )
    assert widths["SUP"] > 1.3  # between teams: 10 % of the variance
    centre = (found.table["ci_high"] + found.table["ci_low"]) / 2
    np.testing.assert_allclose(centre, found.table["difference"])


@pytest.mark.parametrize("names", [["contract"], ["organisation"]])
def test_without_teams_people_count_as_independent(
    demo: OpenStudy, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    """Eight organisations are too few for errors that know about them."""
    groups = demo.responses.groups[names]
    alone = replace(demo, responses=replace(demo.responses, groups=groups))
    monkeypatch.setattr(MODULE, "wave_invariance", lambda *a, **k: None)
    change = trend(alone)
    assert change is not None
    assert change.grouping is None
    assert change.table["clusters"].isna().all()
    assert (change.table["ci_low"] == change.table["welch_low"]).all()


def test_a_run_that_names_its_own_data_does_not_read_them_as_the_wave_before(
    demo: OpenStudy, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(checkout / "data/simulated/demo.csv"))
    monkeypatch.setattr(MODULE, "wave_invariance", lambda *a, **k: None)
    change = trend(demo)
    assert change is not None
    assert change.before is not None
    assert change.before.responses.n == 540


def test_constructs_asked_otherwise_are_refused_with_the_reason(demo: OpenStudy, found: Trend) -> None:
    before = found.before
    assert before is not None
    assert set(wave_states(before, demo).values()) == {""}
    seven = replace(before, instrument=before.instrument.with_scale("agree7"))
    assert set(wave_states(seven, demo).values()) == {"scale"}
    worded = tuple(
        replace(c, items=(replace(c.items[0], reversed=not c.items[0].reversed), *c.items[1:]))
        if c.code == "LCU"
        else c
        for c in before.instrument.constructs
    )
    other = replace(before, instrument=replace(before.instrument, constructs=worded))
    states = wave_states(other, demo)
    assert {code for code, state in states.items() if state == "wording"} == {"LCU"}
    items = before.responses.items[[c for c in before.responses.items if not c.startswith("LEM")]]
    fewer = replace(before, responses=replace(before.responses, items=items))
    assert wave_states(fewer, demo)["LEM"] == "absent"


def test_refused_constructs_have_no_difference_and_take_no_part_in_the_test(
    demo: OpenStudy, found: Trend, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found.before
    assert before is not None
    items = before.responses.items[[c for c in before.responses.items if not c.startswith("LEM")]]
    fewer = replace(before, responses=replace(before.responses, items=items))
    asked: list[list[str]] = []
    monkeypatch.setattr(MODULE, "open_study", lambda *a, **k: fewer)
    monkeypatch.setattr(
        MODULE,
        "wave_invariance",
        lambda *a, constructs, **k: asked.append(constructs),
    )
    change = trend(demo)
    assert change is not None
    assert change.table.loc["LEM", "state"] == "absent"
    assert math.isnan(change.table.loc["LEM", "difference"])
    assert change.table.loc["LEM", "n"] == 577
    assert set(asked[0]) == ALL - {"LEM"}
    assert "LEM" not in change.compared.index


def test_nothing_in_common_is_said_once(
    demo: OpenStudy, found: Trend, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found.before
    assert before is not None
    seven = replace(before, instrument=before.instrument.with_scale("agree7"))
    monkeypatch.setattr(MODULE, "open_study", lambda *a, **k: seven)
    change = trend(demo)
    assert change is not None
    assert (change.why, change.invariance, len(change.compared)) == ("questionnaire", None, 0)


def test_too_few_complete_answers_leave_the_meaning_untested(demo: OpenStudy, found: Trend) -> None:
    before = found.before
    assert before is not None
    few = replace(before, responses=replace(before.responses, items=before.responses.items.head(120)))
    assert wave_invariance(few, demo, constructs=sorted(ALL)) is None
    assert wave_invariance(before, demo, constructs=[]) is None


def test_a_wave_whose_answers_are_gone_is_said_so(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("instruments", "studies", "simulated"):
        shutil.copytree(checkout / "data" / name, tmp_path / "data" / name)
    (tmp_path / "data/simulated/demo_before.csv").unlink()
    monkeypatch.setenv("JQ_MODELS_PROJECT", str(tmp_path))
    change = trend(open_study("demo", language="en"))
    assert change is not None
    assert (change.why, change.before, len(change.table)) == ("no_data", None, 0)


def test_no_wave_before_and_itself(demo: OpenStudy) -> None:
    spec = demo.spec
    assert trend(replace(demo, spec=replace(spec, client=replace(spec.client, previous=None)))) is None
    itself = replace(demo, spec=replace(spec, client=replace(spec.client, previous="demo")))
    with pytest.raises(SpecError, match="names itself as the wave before"):
        trend(itself)
