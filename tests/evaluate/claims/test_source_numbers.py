"""Shares, means, slopes and surfaces beside statsmodels and scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from source_populations import POPULATIONS
from statsmodels.stats.proportion import proportion_confint
from verdict_trial import sample

from jq_models.data import open_study
from jq_models.evaluate.hypotheses.gap import Gap
from jq_models.evaluate.sources import (
    SOURCE_CLAIMS,
    by_contract,
    drivers,
    group_days,
    group_gaps,
    material,
    quadrants,
    response_surface,
    shapes,
    simple_slopes,
)
from jq_models.evaluate.sources.averages import agrees, share, standing
from jq_models.evaluate.sources.relations import chain, regression
from jq_models.evaluate.sources.today import equivalence, home_days


@pytest.fixture(scope="module")
def given():
    return material(sample(11, *POPULATIONS["holds"]))


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


def test_a_surface_of_people_in_no_groups_has_the_errors_of_single_answers(given):
    answers = replace(given.opened.responses, groups=given.groups.iloc[:, :0])
    alone = replace(given, opened=replace(given.opened, responses=answers))
    found = response_surface(alone, "OUT", "INP", "SAT")
    frame = given.scores[["OUT", "INP", "SAT"]].dropna()
    x, y = (frame[code].to_numpy() - given.midpoint for code in ("OUT", "INP"))
    design = sm.add_constant(np.column_stack([x, y, x**2, x * y, y**2]))
    low, high = sm.OLS(frame["SAT"].to_numpy(), design).fit(cov_type="HC3", use_t=True).conf_int()[1]
    assert found.coefficients["ci_low"].iloc[0] == pytest.approx(low, rel=1e-10)
    assert found.coefficients["ci_high"].iloc[0] == pytest.approx(high, rel=1e-10)


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
    assert (group_days(given)["n"] >= given.opened.spec.minimum_group).all()
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


def test_simple_slopes_are_those_of_a_moved_moderator(given):
    found = simple_slopes(given, "HLP", "SAT", ("PRS", "APR")).set_index(["moderator", "level"])
    frame = given.scores[["SAT", "HLP", "PRS", "APR"]].dropna()
    z = (frame - frame.mean()) / frame.std()
    # the slope where pressure is one deviation up is the coefficient after counting pressure from there
    moved = z["PRS"] - 1.0
    X = np.column_stack([z["HLP"], moved, z["APR"], z["HLP"] * moved, z["HLP"] * z["APR"]])
    teams = pd.factorize(given.groups.loc[frame.index, "team"].astype(str))[0]
    other = sm.OLS(z["SAT"].to_numpy(), sm.add_constant(X)).fit(
        cov_type="cluster", cov_kwds={"groups": teams}, use_t=True
    )
    row = found.loc[("PRS", 1)]
    assert row["estimate"] == pytest.approx(other.params[1], rel=1e-9)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(other.conf_int()[1]), rel=1e-8)
    assert found.loc[("PRS", 0), "estimate"] == pytest.approx(found.loc[("APR", 0), "estimate"])
    assert found.loc[("PRS", -1), "estimate"] > row["estimate"]  # planted: pressure undoes it


def test_drivers_share_what_least_squares_explains(given):
    found = drivers(given)
    codes = list(found.slopes.index)
    frame = given.scores[codes].assign(y=given.opened.responses.covariates["recommend"]).dropna()
    fit = sm.OLS(frame["y"], sm.add_constant(frame[codes])).fit()
    assert found.r_squared == pytest.approx(fit.rsquared, rel=1e-9)
    assert found.n == len(frame)
    assert found.slopes["share"].sum() == pytest.approx(1.0)
    assert found.slopes["share"].is_monotonic_decreasing
    slope = fit.params[codes[0]] * frame[codes[0]].std() / frame["y"].std()
    assert found.slopes["estimate"].iloc[0] == pytest.approx(slope, rel=1e-9)


def test_gaps_of_groups_are_means_of_differences(given):
    found = group_gaps(given, group="organisation")
    assert set(zip(found["first"], found["second"], strict=True)) == {
        ("COF", "CUF"), ("OUT", "INP"), ("SYS", "DIA")
    }  # fmt: skip
    row = found.iloc[0]
    own = given.groups["organisation"].astype(str) == row["group"]
    difference = (given.scores[row["first"]] - given.scores[row["second"]])[own]
    assert row["estimate"] == pytest.approx(difference.mean())
    assert (found["n"] >= given.opened.spec.minimum_group).all()


def test_a_share_with_few_people_on_one_side_is_not_told(given):
    holds = pd.Series([1.0] * 191 + [0.0] * 9)
    assert given.sides(holds) == Gap(code="hidden")
    assert given.sides(pd.Series([1.0] * 190 + [0.0] * 10)) is None
    proud = replace(given, scores=given.scores.assign(PRI=5.0))
    assert SOURCE_CLAIMS["H30"](proud) == Gap(code="hidden")


def test_claims_on_a_group_that_may_not_be_shown_are_not_judged(given):
    sizes = {"contract": pd.Series({"flex": np.nan, "permanent": 380.0})}
    gap = SOURCE_CLAIMS["H16"](replace(given, shown=sizes))
    assert gap == Gap(code="hidden", where=("contract",))
    shown = {"contract": pd.Series({"flex": 197.0, "permanent": 380.0})}
    assert not isinstance(SOURCE_CLAIMS["H16"](replace(given, shown=shown)), Gap)


def test_flexible_staff_are_not_told_of_where_the_others_are_few(given):
    permanent = given.groups.index[given.groups["contract"] == "permanent"][9:]
    kept = given.groups.index.difference(permanent)
    groups = given.groups.assign(contract=given.groups["contract"].where(given.groups.index.isin(kept)))
    opened = replace(given.opened, responses=replace(given.opened.responses, groups=groups))
    assert SOURCE_CLAIMS["H17"](replace(given, opened=opened)) == Gap(code="hidden", where=("contract",))
