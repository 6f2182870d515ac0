"""Analysis of variance and intraclass correlations against R (tests/reference/nesting), and by recovery."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f as f_distribution

from jq_models.evaluate.nesting import one_way
from jq_models.evaluate.nesting.one_way import OneWay

CASE = "nesting"


def analysed(table, name: str) -> OneWay:
    data = table(CASE, f"{name}.csv", False)
    return one_way(data["value"].to_numpy(dtype=float), data["group"].to_numpy())


@pytest.mark.parametrize("case", ["dyestuff", "math"])
def test_anova_and_both_coefficients_equal_r(table, case):
    reference, found = table(CASE, "one_way.csv").loc[case], analysed(table, case)
    assert found.f == pytest.approx(reference["f"], rel=1e-9)
    assert found.pvalue == pytest.approx(reference["p"], rel=1e-9)
    assert found.n0 == pytest.approx(reference["n0"], rel=1e-9)
    assert found.ms_between == pytest.approx(reference["ms_between"], rel=1e-9)
    assert found.ms_within == pytest.approx(reference["ms_within"], rel=1e-9)
    assert found.icc1 == pytest.approx(reference["icc1"], rel=1e-9)
    assert found.icc2 == pytest.approx(reference["icc2_multilevel"], rel=1e-9)


def test_equal_groups_give_multilevels_icc_and_shrout_and_fleiss_interval(table):
    found = analysed(table, "dyestuff")
    assert found.icc1 == pytest.approx(
        table(CASE, "one_way.csv").loc["dyestuff", "icc1_multilevel"], rel=1e-9
    )
    psych = table(CASE, "shrout_fleiss.csv").loc["ICC1"]
    assert (found.icc1, found.ci_low, found.ci_high) == pytest.approx(tuple(psych), rel=1e-6)


@pytest.mark.parametrize("case", ["pastes", "pastes_part"])
def test_groups_within_groups_equal_a_nested_anova(table, case):
    data, reference = table(CASE, f"{case}.csv", False), table(CASE, "nested.csv").loc[case]
    found = one_way(
        data["value"].to_numpy(dtype=float), data["inner"].to_numpy(), within=data["outer"].to_numpy()
    )
    assert (found.df1, found.df2) == (reference["df1"], reference["df2"])
    assert found.f == pytest.approx(reference["f"], rel=1e-9)
    assert found.ms_between == pytest.approx(reference["ms_between"], rel=1e-9)
    assert found.ms_within == pytest.approx(reference["ms_within"], rel=1e-9)
    assert found.ci_low < found.icc1 < found.ci_high


def test_n0_within_groups_has_the_expected_mean_square():
    """E(MSB) = sigma2 + n0 tau2: the coefficient of tau2 by hand, of unequal groups in two larger ones."""
    sizes, wholes = np.array([2, 3, 5, 4, 6]), np.array([0, 0, 0, 1, 1])
    codes = np.repeat(np.arange(5), sizes)
    values = np.random.default_rng(1).normal(size=20)
    by_hand = sum(
        sizes[wholes == k].sum() - (sizes[wholes == k] ** 2).sum() / sizes[wholes == k].sum() for k in (0, 1)
    )
    found = one_way(values, codes, within=wholes[codes])
    assert found.n0 == pytest.approx(by_hand / 3)


def test_the_design_effect_is_the_variance_of_a_mean():
    """Var(mean) under ICC r is sum_ij cov_ij / N^2; beside it sigma2 / N of independent people."""
    sizes = np.array([3, 9, 14])
    codes = np.repeat(np.arange(3), sizes)
    found = one_way(np.random.default_rng(2).normal(size=26) + codes, codes)
    covariance = np.where(codes[:, None] == codes[None, :], found.icc1, 0.0)
    np.fill_diagonal(covariance, 1.0)
    assert found.design_effect == pytest.approx(covariance.sum() / 26)
    assert found.effective_n == pytest.approx(26 / found.design_effect)


def test_the_interval_ends_where_the_f_test_does():
    """Zero lies on the lower bound exactly when the F test's p is .025: the same pivot."""
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(9), rng.integers(3, 20, size=9))
    noise, means = rng.normal(size=len(codes)), rng.normal(size=9)[codes]
    for scale in (0.1, 0.3, 0.5, 1.0):
        found = one_way(noise + scale * means, codes)
        critical = f_distribution.ppf(0.975, found.df1, found.df2)
        assert (found.ci_low > 0) == (found.f > critical)


@pytest.mark.parametrize("nested", [False, True])
def test_the_interval_holds_the_truth_as_often_as_it_says(nested):
    """Groups of very unequal size: 600 draws, 95 % within three Monte Carlo errors."""
    sizes = np.array([2, 3, 4, 5, 8, 12, 20, 40] * 2)
    codes = np.repeat(np.arange(16), sizes)
    wholes = np.repeat([0, 1], 8)[codes] if nested else None
    rng = np.random.default_rng(20260101)
    share, hits = 0.12, 0
    for _ in range(600):
        values = rng.normal(scale=np.sqrt(share), size=16)[codes] + rng.normal(
            scale=np.sqrt(1 - share), size=len(codes)
        )
        if wholes is not None:
            values = values + 5.0 * wholes
        found = one_way(values, codes, within=wholes)
        hits += found.ci_low <= share <= found.ci_high
    assert abs(hits / 600 - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 600)


def test_nothing_is_made_up_where_nothing_can_be_known():
    one_group = one_way(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 0]))
    alone = one_way(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 2]))
    constant = one_way(np.array([1.0, 1.0, 2.0, 2.0]), np.array([0, 0, 1, 1]))
    nobody = one_way(np.empty(0), np.empty(0, dtype=int))
    for found in (one_group, alone, constant, nobody):
        assert np.isnan([found.icc1, found.ci_low, found.ci_high, found.icc2, found.pvalue]).all()


def test_codes_need_not_be_consecutive():
    values = np.random.default_rng(4).normal(size=12)
    dense, sparse = np.repeat([0, 1, 2], 4), np.repeat([3, 11, 40], 4)
    assert one_way(values, dense) == one_way(values, sparse)
