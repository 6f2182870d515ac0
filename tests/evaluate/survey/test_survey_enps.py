"""The net promoter score against statsmodels, at its edges, and whether its interval holds the truth."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.weightstats import DescrStatsW

from jq_models.data import OpenStudy
from jq_models.errors import DataError
from jq_models.evaluate.survey import enps, group_enps, study_enps
from jq_models.evaluate.survey.enps import enps_of_groups


def test_who_is_a_promoter_and_who_a_detractor() -> None:
    found = enps(np.array([10, 9, 8, 7, 6, 5, 0, np.nan, 9, 9]))
    assert (found.n, found.promoters, found.passives, found.detractors) == (9, 4 / 9, 2 / 9, 3 / 9)
    assert found.score == pytest.approx(100 / 9)


def test_the_error_is_that_of_a_mean_of_plus_and_minus_one() -> None:
    """Least squares on a constant: heteroscedasticity-robust errors divide by n, as the multinomial."""
    answers = np.random.default_rng(1).integers(0, 11, size=83).astype(float)
    side = np.where(answers >= 9, 1.0, np.where(answers <= 6, -1.0, 0.0))
    fit = OLS(side, np.ones(83)).fit(cov_type="HC0")
    found = enps(answers)
    assert found.score == pytest.approx(100 * fit.params[0])
    assert found.se == pytest.approx(100 * fit.bse[0], rel=1e-12)


def test_likeness_within_teams_widens_the_interval_only(demo: OpenStudy) -> None:
    answers = np.array([9.0] * 20 + [7.0] * 15 + [3.0] * 5)
    plain, wide = enps(answers), enps(answers, between=0.01)
    assert (wide.score, wide.se) == (plain.score, plain.se)
    halves = [(one.ci_high - one.ci_low) / 200 / 1.959963984540054 for one in (plain, wide)]
    assert halves[1] ** 2 - halves[0] ** 2 == pytest.approx(0.01)
    found = study_enps(demo.responses)
    flat = study_enps(replace(demo.responses, groups=demo.responses.groups[["contract"]]))
    assert found is not None
    assert flat is not None
    assert found.ci_high - found.ci_low > flat.ci_high - flat.ci_low


def test_the_interval_is_that_of_three_people_more() -> None:
    """Rocks (2016): 3/4 promoters, 3/4 detractors, 3/2 passives added; statsmodels by weights."""
    found = enps(np.array([9.0] * 20 + [7.0] * 15 + [3.0] * 5))
    added = DescrStatsW(np.array([1.0, 0.0, -1.0]), weights=np.array([20.75, 16.5, 5.75]), ddof=0)
    half = 1.959963984540054 * added.std / math.sqrt(43)
    assert found.ci_low == pytest.approx(100 * (added.mean - half), rel=1e-12)
    assert found.ci_high == pytest.approx(100 * (added.mean + half), rel=1e-12)


def test_an_interval_has_width_and_stays_in_range_where_all_answer_alike() -> None:
    found = enps(np.full(12, 10.0))
    assert (found.score, found.se) == (100.0, 0.0)
    assert found.ci_low < 95
    assert found.ci_high == 100.0


def test_no_answer_gives_no_number() -> None:
    found = enps(np.array([np.nan, np.nan]))
    assert found.n == 0
    assert math.isnan(found.score)
    assert math.isnan(found.ci_low)


@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_interval_holds_the_truth_in_95_of_100_samples(n: int) -> None:
    """At the shares of the demo; the plain Wald interval holds it in 90 % at n = 10."""
    rng = np.random.default_rng(7)
    counts = rng.multinomial(n, [0.32, 0.47, 0.21], size=4000)
    values = [np.repeat([3.0, 7.0, 10.0], row) for row in np.unique(counts, axis=0)]
    held = {tuple(row): enps(v) for row, v in zip(np.unique(counts, axis=0), values, strict=True)}
    inside = [held[tuple(row)].ci_low <= -11.0 <= held[tuple(row)].ci_high for row in counts]
    assert 0.94 <= np.mean(inside) <= 0.985


def test_the_demo_gives_its_planted_score_back(demo: OpenStudy) -> None:
    found = study_enps(demo.responses)
    assert found is not None
    assert found.ci_low - 1 < -11 < found.ci_high  # of the population
    frame = pd.read_csv("data/simulated/demo.csv")["recommend"].dropna()
    assert found.score == pytest.approx(100 * ((frame >= 9).mean() - (frame <= 6).mean()))


def test_groups_are_those_of_their_own_answers(demo: OpenStudy) -> None:
    rows = group_enps(demo.responses)
    names = ["organisation", "contract", "home_days", "language", "role", "tenure"]  # 51 teams are too many
    assert list(rows) == names
    flexible = demo.responses.covariates["recommend"][(demo.responses.groups["contract"] == "Flexible")]
    assert rows["contract"].loc["Flexible", "score"] == pytest.approx(enps(flexible).score)
    assert rows["contract"].loc["Flexible", "n"] == flexible.notna().sum()


def test_a_study_that_did_not_ask_has_no_score(demo: OpenStudy) -> None:
    without = replace(demo.responses, covariates=demo.responses.covariates.drop(columns="recommend"))
    assert study_enps(without) is None
    assert group_enps(without) == {}
    with pytest.raises(DataError, match="give their column as 'recommend' under"):
        enps_of_groups(without, "contract")
    with pytest.raises(DataError, match="No grouping variable 'sector'"):
        enps_of_groups(demo.responses, "sector")
