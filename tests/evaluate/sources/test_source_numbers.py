"""Shares, means, slopes and surfaces beside statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from verdict_trial import sample

from jq_models.data import open_study
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.sources import by_contract, by_days, material, quadrants, response_surface, shapes
from jq_models.evaluate.sources.averages import agrees, share, standing
from jq_models.evaluate.sources.relations import chain, regression
from jq_models.evaluate.sources.today import equivalence, home_days


@pytest.fixture(scope="module")
def given():
    return material(sample(11, population="holds"))


NOBODY = pd.DataFrame(index=range(50))


def test_a_share_of_independent_people_has_the_interval_of_wilson():
    holds = pd.Series([1.0] * 31 + [0.0] * 19)
    found = share(holds, NOBODY, against=0.5)
    low, high = proportion_confint(31, 50, method="wilson")
    # the variance of a mean divides by n - 1, so that the share counts 50 answers as a little fewer
    assert found.ci_low == pytest.approx(low, abs=2e-3)
    assert found.ci_high == pytest.approx(high, abs=2e-3)
    assert found.estimate == 0.62


def test_people_alike_within_teams_widen_a_share():
    teams = pd.DataFrame({"team": np.repeat([f"T{k}" for k in range(10)], 5)})
    holds = pd.Series(np.repeat([1.0, 0.0], 25))
    apart, alike = share(holds, NOBODY, against=0.5), share(holds, teams, against=0.5)
    assert alike.ci_high - alike.ci_low > 1.8 * (apart.ci_high - apart.ci_low)


def test_a_share_of_all_or_none_has_an_interval():
    found = share(pd.Series([1.0] * 50), NOBODY, against=0.5)
    assert 0.9 < found.ci_low < found.estimate == 1.0


def test_a_mean_in_standard_deviations_is_the_t_test():
    values = pd.Series(np.random.default_rng(1).normal(0.3, 2.0, size=50))
    found = standing(values, NOBODY)
    test = stats.ttest_1samp(values, 0.0)
    assert found.pvalue == pytest.approx(test.pvalue, rel=1e-10)
    low, high = test.confidence_interval()
    assert found.ci_low == pytest.approx(low / values.std(), rel=1e-9)
    assert found.ci_high == pytest.approx(high / values.std(), rel=1e-9)
    assert standing(pd.Series([3.0] * 50), NOBODY) is None


def test_the_middle_of_the_scale_is_no_agreement():
    shown = agrees(pd.Series([3.0, 3.1, 2.9, np.nan]), midpoint=3.0)
    assert shown.tolist()[:3] == [0.0, 1.0, 0.0]
    assert np.isnan(shown[3])


def test_a_regression_is_that_of_statsmodels(given):
    terms = given.scores[["HLP", "PRS"]]
    found = regression(given, given.scores["SAT"], terms, products=[("HLP", "PRS")])
    frame = pd.concat([given.scores["SAT"], terms], axis=1).dropna()
    z = (frame - frame.mean()) / frame.std()
    X = sm.add_constant(np.column_stack([z["HLP"], z["PRS"], z["HLP"] * z["PRS"]]))
    teams = given.groups.loc[frame.index, "team"].astype(str)
    other = sm.OLS(z["SAT"].to_numpy(), X).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(teams)[0]}, use_t=True
    )
    for k, name in enumerate(["HLP", "PRS", "HLP x PRS"], start=1):
        assert found[name].estimate == pytest.approx(other.params[k], rel=1e-10)
        assert found[name].pvalue == pytest.approx(other.pvalues[k], rel=1e-8)


def test_a_surface_has_the_slopes_of_its_lines(given):
    found = response_surface(given, "OUT", "INP", "SAT")
    step = 1e-5
    z = lambda t, sign: found.at(np.array(t), np.array(sign * t))  # noqa: E731
    assert found.lines.loc["agree_slope", "estimate"] == pytest.approx(
        (z(step, 1) - z(-step, 1)) / (2 * step), rel=1e-6
    )
    assert found.lines.loc["oppose_slope", "estimate"] == pytest.approx(
        (z(step, -1) - z(-step, -1)) / (2 * step), rel=1e-6
    )
    curve = (z(1.0, -1) - 2 * z(0.0, -1) + z(-1.0, -1)) / 2
    assert found.lines.loc["oppose_curve", "estimate"] == pytest.approx(curve, rel=1e-8)


def test_quadrants_count_everybody_with_both_scores(given):
    counts = quadrants(given, "OUT", "INP")
    assert counts.sum() == given.scores[["OUT", "INP"]].notna().all(axis=1).sum()


def test_an_indirect_effect_is_the_planted_one(given):
    found = chain(material(open_study("demo")), "OUT", ("CON",), "SAT")
    assert found.ci_low < -0.45 * 0.65 * 0.72 < found.ci_high  # the paths of the population
    assert isinstance(chain(given, "OUT", ("XYZ",), "SAT"), Gap)


def test_days_at_home_are_numbers_again(given):
    days = home_days(given)
    assert set(days.dropna()) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert (by_days(given)["n"] >= given.opened.spec.minimum_group).all()
    tests = shapes(given)
    assert list(tests.index) == ["SAT", "COM", "ATM", "INF"]
    y, x = given.scores["SAT"], days
    who = y.notna() & x.notna()
    assert tests.loc["SAT", "per_day"] == pytest.approx(np.polyfit(x[who], y[who], 1)[0], rel=1e-9)


def test_the_gap_is_compared_only_over_scales_that_mean_the_same(given):
    found = by_contract(given)
    assert found.ladder is not None
    assert found.ladder.compares_means
    assert list(found.gaps["group"]) == ["flex", "permanent"]


def test_about_half_is_an_equivalence():
    assert equivalence(0.5, 0.45, 0.55) < 0.001
    assert equivalence(0.6, 0.55, 0.65) == pytest.approx(0.5)
    assert equivalence(0.7, 0.65, 0.75) > 0.99
