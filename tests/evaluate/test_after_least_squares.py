"""What is computed from a fit by least squares: rightly, or refused in words."""

from __future__ import annotations

import numpy as np
import pytest
from after_fit_cases import assert_near, fit_of
from lavaan_cases import cases

from jq_models.errors import FitError, SpecError
from jq_models.evaluate import fornell_larcker, reliability
from jq_models.evaluate.factor_scores import factor_scores
from jq_models.evaluate.measurement import measured_factors
from jq_models.evaluate.small_sample import small_sample_tests
from jq_models.sem import fit_sem
from jq_models.sem.resampling.bollen_stine import bollen_stine, transformed_cases
from jq_models.sem.resampling.bootstrap import bootstrap

CONTINUOUS = ("ULS", "GLS", "WLS", "DWLS", "WLSMV", "ULSMV")


@pytest.mark.parametrize("estimator", CONTINUOUS)
def test_reliability_of_numbers_is_that_of_the_estimates(estimator: str) -> None:
    case = cases()["three_groups/gls_pooled"]
    fit = case.fit(estimator=estimator)
    found, table = reliability(fit), fit.table.set_index(["lhs", "op", "rhs"])["est"]
    data = case.data[[f"a{i}" for i in range(1, 4)]]
    loading = np.array([table["f", "=~", item] for item in data])
    residual = np.array([table[item, "~~", item] for item in data])
    true = loading.sum() ** 2 * table["f", "~~", "f"]
    S = data.cov().to_numpy()

    assert found.loc["f", "omega"] == pytest.approx(true / (true + residual.sum()), rel=1e-12)
    assert found.loc["f", "alpha"] == pytest.approx(1.5 * (1 - np.trace(S) / S.sum()), rel=1e-12)
    squared = loading**2 * table["f", "~~", "f"]
    share = squared / (squared + residual)
    assert found.loc["f", "ave"] == pytest.approx(share.mean(), rel=1e-12)
    assert fornell_larcker(fit).loc["f", "f"] == pytest.approx(np.sqrt(share.mean()), rel=1e-12)


def test_reliability_of_ordered_items_is_refused() -> None:
    for name in ("likert_skew/wlsmv", "mixed_ordinal/wlsmv"):
        with pytest.raises(FitError, match=r"has ordered items: alpha and omega .* not offered"):
            reliability(fit_of(name))


@pytest.mark.parametrize("name", ["likert_skew/wlsmv", "mixed_ordinal/wlsmv"])
def test_average_variance_extracted_is_that_of_the_latent_responses(name: str) -> None:
    # lavaan's standardised loadings, in either parameterisation
    theirs = cases()[name].table("standardized").query("op == '=~'")
    ave = (theirs.assign(square=theirs["est.std"] ** 2)).groupby("lhs", sort=False)["square"].mean()
    for fit in (fit_of(name), fit_of(f"{name}_theta")):
        found = np.diag(fornell_larcker(fit))
        assert [f.name for f in measured_factors(fit)] == list(ave.index)
        assert_near(found, np.sqrt(ave), 1e-5)


@pytest.mark.parametrize("estimator", CONTINUOUS)
def test_factor_scores_of_numbers_by_hand(estimator: str) -> None:
    # scores against lavaan's: test_factor_scores, three_groups/gls_scalar
    case = cases()["three_groups/gls_pooled"]
    fit = case.fit(estimator=estimator)
    (state,) = fit.states
    y = case.data[list(fit.parameters.observed)].dropna().to_numpy(dtype=float)
    weights = state.psi @ state.loading.T @ np.linalg.inv(state.implied)

    assert_near(factor_scores(fit), (y - y.mean(axis=0)) @ weights.T, 1e-10)


def test_factor_scores_of_ordered_items_are_refused() -> None:
    for name in ("likert_skew/wlsmv", "mixed_ordinal/dwls"):
        with pytest.raises(FitError, match="ordered items: their factor scores need integrals"):
            factor_scores(fit_of(name))


@pytest.mark.parametrize("name", ["three_groups/gls_pooled", "likert_skew/ulsmv"])
def test_small_sample_corrections_are_refused(name: str) -> None:
    with pytest.raises(FitError, match=r"estimator (GLS|ULSMV)"):
        small_sample_tests(fit_of(name))


@pytest.mark.parametrize("estimator", ["ULS", "GLS", "DWLS"])
def test_in_the_transformed_answers_of_bollen_and_stine_the_model_holds(estimator: str) -> None:
    case = cases()["three_groups/gls_scalar"]
    fit = case.fit(estimator=estimator)
    answers = transformed_cases(fit)
    labels = np.repeat([g.label for g in fit.sample.groups], [len(x) for x in answers])
    names = list(fit.parameters.observed)
    data = (
        case.data.iloc[: len(labels)]
        .assign(site=labels)
        .assign(**dict(zip(names, np.vstack(answers).T, strict=True)))
    )
    again = fit_sem(case.text, data, estimator=estimator, group="site", equal=("loadings", "intercepts"))

    assert again.test.chi_square == pytest.approx(0.0, abs=1e-6)
    boot = bootstrap(fit, draws=20, seed=1, kind="bollen_stine")
    assert bollen_stine(fit, boot).chi_square == pytest.approx(fit.test.chi_square, rel=1e-12)
    # true models: their mean is near the degrees of freedom where the statistic is chi-square
    if estimator == "GLS":
        assert np.nanmean(boot.chi_square) == pytest.approx(fit.df, rel=0.25)


def test_bollen_and_stine_refuse_ordered_items() -> None:
    with pytest.raises(SpecError, match="needs complete, continuous answers"):
        bootstrap(fit_of("mixed_ordinal/wlsmv"), draws=2, seed=1, kind="bollen_stine")


@pytest.mark.parametrize("name", ["mixed_ordinal/ulsmv", "three_groups/wls_pooled", "ordinal_groups/scalar"])
def test_the_spread_of_the_bootstrap_is_the_standard_error(name: str) -> None:
    fit = fit_of(name)
    boot = bootstrap(fit, draws=60, seed=3)
    good = boot.usable(1)
    ratio = boot.theta[good].std(axis=0) / np.sqrt(np.diag(fit.vcov))

    assert good.sum() > 50
    assert np.median(ratio) == pytest.approx(1.0, abs=0.2)
