"""What reviews found wrong in the engine, each held right: options, few clusters, saturated scaled tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from references import Reference

from jq_models.errors import DataError, FitError, SpecError
from jq_models.evaluate import fit_indices, likelihood_ratio
from jq_models.sem import (
    Moments,
    bootstrap,
    bootstrap_intervals,
    fit_sem,
    parameter_estimates,
    r_squared,
)

TWO = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\n"


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_unknown_information_is_refused(holzinger: Reference, estimator: str) -> None:
    with pytest.raises(SpecError, match=r"No information 'first\.order'\. Allowed: expected, observed"):
        fit_sem(TWO, holzinger.data, estimator=estimator, information="first.order")


def test_mlf_has_one_kind_of_information(holzinger: Reference) -> None:
    with pytest.raises(SpecError, match="MLF takes its standard errors from first derivatives"):
        fit_sem(TWO, holzinger.data, estimator="MLF", information="observed")


def test_few_clusters_are_said(holzinger: Reference) -> None:
    data = holzinger.data.assign(team=np.arange(301) % 4, desk=np.arange(301) % 40)
    few = fit_sem(TWO, data, cluster="team").status.reasons
    assert [(r.code, r.where) for r in few] == [("few_clusters", ("4 < 30",))]
    assert not fit_sem(TWO, data, cluster="desk").status.reasons


def test_who_answered_the_covariates_only_counts(holzinger: Reference) -> None:
    # lavaan keeps these cases: their covariates' moments are part of the sample
    data = holzinger.data.assign(age=holzinger.data["ageyr"].astype(float))
    items = ["x1", "x2", "x3"]
    data.loc[:4, items] = np.nan
    fit = fit_sem("f =~ x1 + x2 + x3\nf ~ age", data, missing="fiml")
    assert (fit.n, fit.n_dropped) == (301, 0)
    fewer = fit_sem("f =~ x1 + x2 + x3\nf ~ age", data.dropna(subset=items), missing="fiml")
    path = fit.table.query("op == '~'")["est"].item()
    assert path == pytest.approx(fewer.table.query("op == '~'")["est"].item(), rel=1e-6)
    assert fit.test.chi_square == pytest.approx(fewer.test.chi_square, abs=1e-8)
    variance = fit.table.query("lhs == 'age' and rhs == 'age' and op == '~~'")["est"].item()
    assert variance == pytest.approx(data["age"].var(ddof=0), rel=1e-10)


def test_a_column_that_stands_twice_is_named(holzinger: Reference) -> None:
    twice = pd.concat([holzinger.data, holzinger.data[["x1"]]], axis=1)
    with pytest.raises(DataError, match="two columns of one name: x1"):
        fit_sem(TWO, twice)


def test_moments_must_be_finite() -> None:
    moments = Moments(names=("a", "b", "c"), covariance=np.eye(3), mean=np.array([0.0, np.nan, 0.0]), n=50)
    with pytest.raises(DataError, match="NaN or infinite"):
        fit_sem("f =~ a + b + c", moments, meanstructure=True)


def test_models_that_are_not_nested_are_refused(holzinger: Reference) -> None:
    other = fit_sem("f =~ x1 + x2 + x4\ng =~ x3 + x5 + x6\nf ~~ 0*g", holzinger.data)
    with pytest.raises(FitError, match="is not nested in"):
        likelihood_ratio(other, fit_sem(TWO, holzinger.data))


@pytest.mark.parametrize("estimator", ["MLR", "MLM", "MLMV"])
def test_a_saturated_model_fits_perfectly_whatever_the_test(holzinger: Reference, estimator: str) -> None:
    fit = fit_sem("f =~ x1 + x2 + x3", holzinger.data, estimator=estimator)
    found = fit_indices(fit)
    assert fit.test.df == fit.test.df_scaled == 0
    assert fit.test.scaled == pytest.approx(0.0, abs=1e-9)
    assert found.cfi_scaled == pytest.approx(1.0, abs=1e-12)
    assert found.rmsea_scaled == 0.0
    assert np.isnan(found.cfi_robust)  # nothing to correct: lavaan leaves it empty, too


def test_a_negative_total_variance_standardises_nothing() -> None:
    rng = np.random.default_rng(5)
    u, noise = rng.normal(size=300), rng.normal(size=(300, 3))
    data = pd.DataFrame(noise + np.outer(u, [0.7, -0.7, 0.0]), columns=["x1", "x2", "x3"])
    data["y"] = rng.normal(size=300)
    fit = fit_sem("f =~ 1*x1 + 1*x2 + 1*x3\nf ~ y", data)
    rows = parameter_estimates(fit).set_index(["lhs", "op", "rhs"])["std_all"]
    assert fit.usable
    assert fit.table.query("lhs == 'f' and rhs == 'f'")["est"].item() < 0
    assert np.isnan(rows["f", "~~", "f"])
    assert np.isnan(r_squared(fit)["f"])


@pytest.mark.parametrize(
    "options", [{}, {"missing": "fiml"}, {"estimator": "WLSMV", "ordered": "all"}, {"group": "school"}]
)
def test_no_answer_is_printed_with_a_fit(holzinger: Reference, options: dict[str, object]) -> None:
    data = holzinger.data.copy()
    items = [f"x{i}" for i in range(1, 7)]
    canary = "31.3371"
    if "ordered" in options:
        data[items] = (data[items] > data[items].median()).astype(int)
        canary = "array"
    else:
        data.loc[0, "x1"] = float(canary)
    if "missing" in options:
        data.loc[7, "x2"] = np.nan
    fit = fit_sem(TWO, data, **options)
    for thing in (fit, fit.sample, fit.sample.groups[0], fit.discrepancy, fit.status):
        assert canary not in repr(thing)
    assert repr(fit).startswith("SemFit('own', ")


def test_a_covariance_matrix_is_not_taken_for_answers(holzinger: Reference) -> None:
    with pytest.raises(DataError, match="This table is a covariance matrix, not answers"):
        fit_sem(TWO, holzinger.data[[f"x{i}" for i in range(1, 7)]].cov())
    with pytest.raises(DataError, match="Data of the type ndarray cannot be fitted"):
        fit_sem(TWO, np.zeros((5, 6)))  # type: ignore[arg-type]


def test_moments_take_lists_and_tables(holzinger: Reference) -> None:
    items = [f"x{i}" for i in range(1, 7)]
    table = holzinger.data[items].cov(ddof=0)
    given = Moments(names=items, covariance=table, mean=[0.0] * 6, n=301)  # type: ignore[arg-type]
    plain = fit_sem(TWO, holzinger.data)
    assert fit_sem(TWO, given).test.chi_square == pytest.approx(plain.test.chi_square, rel=1e-10)
    with pytest.raises(DataError, match="do not fit together"):
        Moments(names=items[:5], covariance=table, mean=[0.0] * 6, n=301)  # type: ignore[arg-type]


def test_the_estimator_follows_from_the_data_when_none_is_asked_for(holzinger: Reference) -> None:
    data = holzinger.data.copy()
    items = [f"x{i}" for i in range(1, 7)]
    data[items] = (data[items] > data[items].median()).astype(int)
    assert fit_sem(TWO, holzinger.data).estimator == "ML"
    assert fit_sem(TWO, holzinger.data.assign(w=1.0), weights="w").estimator == "MLR"
    assert fit_sem(TWO, data, ordered="all").estimator == "WLSMV"


def test_the_test_of_nested_models_follows_the_estimator(holzinger: Reference) -> None:
    kinds = {}
    for estimator in ("ML", "MLR", "WLS"):
        smaller, larger = (
            fit_sem(text, holzinger.data, estimator=estimator) for text in (TWO + "f ~~ 0*g", TWO)
        )
        kinds[estimator] = likelihood_ratio(smaller, larger).kind
    assert kinds == {"ML": "plain", "MLR": "satorra_bentler_2001", "WLS": "plain"}


def test_a_level_is_a_share(holzinger: Reference) -> None:
    fit = fit_sem(TWO, holzinger.data)
    for level in (95, 1.0, 0.0):
        with pytest.raises(SpecError, match=f"found {level}"):
            parameter_estimates(fit, level=level)


def test_replicates_belong_to_their_fit(holzinger: Reference) -> None:
    boot = bootstrap(fit_sem(TWO, holzinger.data), draws=20, seed=1)
    other = fit_sem(TWO, holzinger.data.iloc[:200])
    with pytest.raises(SpecError, match="These replicates are of another fit"):
        bootstrap_intervals(other, boot)
    assert repr(boot) == "Bootstrap(20 draws, 0 failed, seed 1, ordinary)"


def test_one_name_is_a_tuple_of_one(holzinger: Reference) -> None:
    fit = fit_sem(TWO, holzinger.data, group="school", equal="loadings")
    assert fit.df == fit_sem(TWO, holzinger.data, group="school", equal=("loadings",)).df


def test_indices_print_what_exists_and_the_plain_ones_first(holzinger: Reference) -> None:
    text = repr(fit_indices(fit_sem(TWO, holzinger.data)))
    assert text.startswith("FitIndices(n=301, ")
    assert "nan" not in text
