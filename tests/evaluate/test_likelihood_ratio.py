"""Tests of nested models against lavaan's lavTestLRT()."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from after_fit_cases import FOLDER, assert_near, data_of, text_of
from lavaan_cases import ENGINE, cases

from jq_models.errors import FitError, SpecError
from jq_models.evaluate.likelihood_ratio import (
    correction_at,
    difference_factor,
    estimates_in,
    likelihood_ratio,
    likelihood_ratios,
)
from jq_models.sem import SemFit, fit_sem, implied_at

SCALED = ("satorra_bentler_2001", "satorra_bentler_2010")


@cache
def invariance(estimator: str) -> dict[str, SemFit]:
    steps = {
        "configural": {},
        "metric": {"equal": ("loadings",)},
        "scalar": {"equal": ("loadings", "intercepts"), "free": ("x3 ~1",)},
    }
    data = data_of("holzinger")
    return {
        name: fit_sem(text_of("three"), data, estimator=estimator, group="school", **more)
        for name, more in steps.items()
    }


@pytest.mark.parametrize(
    ("estimator", "kind"), [("ML", "plain"), *((e, k) for e in ("MLR", "MLM") for k in SCALED)]
)
def test_invariance_steps_are_lavaans(estimator: str, kind: str) -> None:
    method = "default" if kind == "plain" else kind
    theirs = pd.read_csv(FOLDER / f"nested_{estimator.lower()}_{method}.csv")
    ours = likelihood_ratios(invariance(estimator), kind=kind)
    if (estimator, kind) == ("MLR", "satorra_bentler_2010"):
        # lavaan leaves the larger model's latent means at 0: see the next test
        ours, theirs = ours.iloc[:2], theirs.iloc[:2]

    assert list(ours["model"]) == list(theirs["model"])
    for mine, yours in {
        "df": "df",
        "aic": "aic",
        "bic": "bic",
        "chi_square": "chi_square",
        "difference": "difference",
        "df_difference": "df_difference",
        "p_value": "p",
    }.items():
        assert_near(ours[mine], theirs[yours], 5e-5)


def test_where_lavaan_takes_other_latent_means_for_2010() -> None:
    # copying parameters without the latent means of the second group gives lavaan's number; with them, the
    # larger model implies the smaller one's moments, as Satorra and Bentler (2010) have it
    fits = invariance("MLR")
    smaller, larger = fits["scalar"], fits["metric"]
    theirs = pd.read_csv(FOLDER / "nested_mlr_satorra_bentler_2010.csv").iloc[-1]
    theta = estimates_in(larger, smaller)
    for a, b, state in zip(larger.groups, smaller.groups, smaller.states, strict=True):
        np.testing.assert_allclose(implied_at(a, theta), implied_at(b, smaller.theta), atol=1e-8)
        assert state.mean.shape == (9,)
    known = {(r.lhs, r.op, r.rhs, r.group): r.est for r in smaller.table.itertuples()}
    rows = [r for g in larger.groups for r in g.parameters.rows]
    copied = np.array([known[(r.lhs, r.op, r.rhs, r.group)] for r in rows])
    design = np.vstack([g.design for g in larger.groups])
    fixed = np.concatenate([g.fixed for g in larger.groups])
    free = design.any(axis=1)
    wrong = np.linalg.lstsq(design[free], (copied - fixed)[free], rcond=None)[0]
    same_point = replace(smaller, theta=wrong, groups=larger.groups, table=larger.table)
    factor = difference_factor(
        smaller.df,
        smaller.test.correction,
        df_larger=larger.df,
        correction_larger=correction_at(larger, same_point),
    )
    difference = smaller.test.chi_square - larger.test.chi_square

    assert difference / factor == pytest.approx(theirs["difference"], rel=5e-5)
    assert likelihood_ratio(smaller, larger, kind=SCALED[1]).difference == pytest.approx(20.2692, rel=0.01)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_oracles(estimator: str, shared) -> None:
    name = {"ML": "hs_mg_lrt", "MLR": "hs_mgmlr_lrt_sb2001"}[estimator]
    prefix = {"ML": "hs_mg", "MLR": "hs_mgmlr"}[estimator]
    theirs = pd.read_csv(shared / "oracles" / "lavaan" / f"{name}.csv")
    fits = {step: cases()[f"{prefix}_{step}"].fit() for step in theirs["model"]}
    ours = likelihood_ratios(fits, kind="plain" if estimator == "ML" else SCALED[0])

    assert_near(ours["difference"], theirs["Chisq diff"], 1e-4)
    assert_near(ours["p_value"], theirs["Pr(>Chisq)"], 1e-4)


def test_the_factor_by_hand() -> None:
    # Satorra & Bentler (2001): (10 * 1.2 - 8 * 1.1) / 2
    assert difference_factor(10, 1.2, df_larger=8, correction_larger=1.1) == pytest.approx(1.6)
    assert difference_factor(10, 1.2, df_larger=0, correction_larger=np.nan) == pytest.approx(1.2)
    assert np.isnan(difference_factor(10, 1.0, df_larger=9, correction_larger=1.5))


def test_the_factor_of_2010_is_that_of_2001_where_the_models_meet() -> None:
    # a restriction that holds exactly in the estimates moves nothing
    data = data_of("holzinger")
    larger = fit_sem(text_of("three"), data, estimator="MLR")
    value = float(larger.table.set_index(["lhs", "op", "rhs"])["est"].loc[("visual", "=~", "x2")])
    smaller = fit_sem(text_of("three").replace("x2", f"{value!r}*x2"), data, estimator="MLR")
    found = [likelihood_ratio(smaller, larger, kind=kind) for kind in SCALED]

    assert found[0].factor == pytest.approx(found[1].factor, rel=1e-5)
    assert (found[0].df, found[0].difference) == (1, pytest.approx(0.0, abs=1e-6))


def test_another_way_to_identify_is_still_the_larger_model() -> None:
    data = data_of("holzinger")
    smaller = fit_sem("f =~ x1 + x2 + x3 + x4 + x5", data, estimator="MLM")
    marker = fit_sem("f =~ x1 + x2 + x3 + x4 + x5\nx1 ~~ x2", data, estimator="MLM")
    standard = fit_sem("f =~ x1 + x2 + x3 + x4 + x5\nx1 ~~ x2", data, estimator="MLM", std_lv=True)
    first, second = (likelihood_ratio(smaller, big, kind=SCALED[1]) for big in (marker, standard))

    assert first.difference == pytest.approx(second.difference, rel=1e-6)


def test_refusals() -> None:
    data = data_of("holzinger")
    three = fit_sem(text_of("three"), data)
    second = fit_sem(text_of("three").replace("x9", "x9\nvisual ~~ 0*textual"), data)
    with pytest.raises(FitError, match=r"24 and 25 degrees of freedom. The smaller model has more: exchange"):
        likelihood_ratio(three, second)
    with pytest.raises(FitError, match=r"not the same data \(200 and 301 cases\)"):
        likelihood_ratio(fit_sem(second.model, data.iloc[:200]), three)
    with pytest.raises(FitError, match=r"not the same data \(301 and 301 cases\)"):
        likelihood_ratio(fit_sem(second.model, data.assign(x1=data["x1"] ** 2)), three)
    with pytest.raises(FitError, match=r"not the same data"):
        likelihood_ratio(fit_sem("f =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8", data), three)
    with pytest.raises(FitError, match=r"Fit both in the same way"):
        likelihood_ratio(fit_sem(second.model, data, estimator="MLR"), three)
    with pytest.raises(FitError, match=r"fitted by ML, whose test is not scaled"):
        likelihood_ratio(second, three, kind=SCALED[0])
    with pytest.raises(SpecError, match=r"No test of nested models 'sb'"):
        likelihood_ratio(second, three, kind="sb")
    with pytest.raises(FitError, match=r"1 fit\(s\): nothing to compare"):
        likelihood_ratios({"a": three})


def test_models_that_are_not_nested_are_found_out() -> None:
    data = data_of("holzinger")
    smaller = fit_sem("f =~ x1 + x2 + x3 + x4 + x5\nx1 ~~ x2", data, estimator="MLM")
    larger = fit_sem("f =~ x1 + x2 + x3 + x4 + x5\nx3 ~~ x4\nx4 ~~ x5", data, estimator="MLM")
    with pytest.raises(FitError, match=r"is not nested in .* which cannot imply its moments"):
        likelihood_ratio(smaller, larger, kind=SCALED[1])


@cache
def ordinal(name: str) -> SemFit:
    return cases()[f"ordinal_groups/{name}"].fit()


def test_satorra_2000_is_lavaans() -> None:
    theirs = pd.read_csv(ENGINE / "ordinal_groups" / "lrt_wlsmv_nested.csv")
    ours = likelihood_ratios({name: ordinal(name) for name in theirs["fit"]}, kind="satorra_2000")

    assert list(ours["model"]) == list(theirs["fit"])
    assert_near(ours["difference"].iloc[1:], theirs["Chisq.diff"].iloc[1:], 1e-6)
    assert_near(ours["p_value"].iloc[1:], theirs["Pr..Chisq."].iloc[1:], 1e-6)
    assert list(ours["df_difference"].iloc[1:]) == list(theirs["Df.diff"].iloc[1:])
    assert ours[["aic", "bic"]].isna().all(axis=None)


def test_equal_thresholds_free_the_scales_and_so_are_not_nested_in_equal_loadings() -> None:
    # lavaan tests them all the same
    theirs = pd.read_csv(ENGINE / "ordinal_groups" / "lrt_wlsmv.csv")
    found = likelihood_ratio(ordinal("loadings"), ordinal("configural"), kind="satorra_2000")

    assert_near([found.difference, found.p_value], theirs.iloc[1][["Chisq.diff", "Pr..Chisq."]], 1e-6)
    with pytest.raises(FitError, match="is not nested in"):
        likelihood_ratio(ordinal("scalar"), ordinal("loadings"), kind="satorra_2000")


def test_satorra_2000_is_the_same_in_both_parameterisations() -> None:
    delta = likelihood_ratio(ordinal("scalar"), ordinal("partial"), kind="satorra_2000")
    theta = likelihood_ratio(
        ordinal("scalar_theta"),
        cases()["ordinal_groups/partial"].fit(parameterization="theta"),
        kind="satorra_2000",
    )

    # the spaces of restrictions are taken at two points, which the parameterisations put slightly apart
    assert theta.difference == pytest.approx(delta.difference, rel=1e-2)
    assert delta.difference == pytest.approx(
        (ordinal("scalar").test.chi_square - ordinal("partial").test.chi_square) / delta.factor + delta.shift
    )


def test_least_squares_is_compared_rightly_or_refused() -> None:
    fits = {kind: three_groups(kind) for kind in ("GLS", "WLS", "ULS", "DWLS", "WLSMV")}
    for kind in ("GLS", "WLS"):
        metric, configural = fits[kind]
        found = likelihood_ratio(metric, configural)
        assert found.difference == pytest.approx(metric.test.chi_square - configural.test.chi_square)
        assert found.df == 12
        if kind == "GLS":
            # lavTestLRT() of lavaan 0.6-14
            assert (found.difference, found.p_value) == pytest.approx((15.01885313, 0.2404070435), rel=1e-6)
        with pytest.raises(FitError, match="satorra_2000 is there for WLSMV and ULSMV"):
            likelihood_ratio(metric, configural, kind="satorra_2000")
    for kind in ("ULS", "DWLS", "WLSMV"):
        with pytest.raises(FitError, match=f"by {kind}: no plain test .* Take kind='satorra_2000' after"):
            likelihood_ratio(*fits[kind], kind="plain")
        with pytest.raises(FitError, match=f"by {kind}: no satorra_bentler_2001 test"):
            likelihood_ratio(*fits[kind], kind=SCALED[0])


def test_satorra_2000_of_continuous_items() -> None:
    # lavTestLRT(configural, loadings, scalar) of lavaan 0.6-14, its optimiser at rel.tol = 1e-10
    scalar = cases()["three_groups/gls_scalar"].fit(estimator="WLSMV")
    metric, configural = three_groups("WLSMV")
    found = likelihood_ratios({"a": configural, "b": metric, "c": scalar}, kind="satorra_2000")

    assert_near(found["difference"].iloc[1:], [16.00075855, 14.00975307], 5e-6)
    assert_near(found["p_value"].iloc[1:], [0.1912013214, 0.3000858954], 5e-6)


def three_groups(kind: str) -> tuple[SemFit, SemFit]:
    case = cases()["three_groups/gls_scalar"]
    return case.fit(estimator=kind, equal=("loadings",)), case.fit(estimator=kind, equal=())


def test_satorra_2000_needs_nested_models_of_the_same_statistics() -> None:
    case = cases()["ordinal_groups/configural"]
    data, options = case.data, {"ordered": "all", "estimator": "WLSMV"}
    smaller = fit_sem("f =~ a1 + a2 + a3 + a4 + b1\na1 ~~ a2", data, **options)
    larger = fit_sem("f =~ a1 + a2 + a3 + a4 + b1\na3 ~~ a4\na4 ~~ b1", data, **options)
    turned = fit_sem("f =~ b1 + a1 + a2 + a3 + a4\na1 ~~ a2\na3 ~~ a4", data, **options)
    with pytest.raises(FitError, match=r"is not nested in .* which cannot imply its moments"):
        likelihood_ratio(smaller, larger, kind="satorra_2000")
    with pytest.raises(FitError, match="items in another order"):
        likelihood_ratio(smaller, turned, kind="satorra_2000")


@pytest.mark.slow
def test_satorra_2000_rejects_a_true_restriction_nominally() -> None:
    rng = np.random.default_rng(11)
    found = []
    for _ in range(400):
        x = rng.standard_normal((400, 1)) * 0.8 + rng.standard_normal((400, 5)) * 0.6
        data = pd.DataFrame(np.digitize(x, [-1.2, -0.5, 0.4]), columns=list("abcde"))
        fits = [
            fit_sem(text, data, ordered="all", estimator="WLSMV", std_lv=True)
            for text in ("f =~ l*a + l*b + l*c + l*d + l*e", "f =~ a + b + c + d + e")
        ]
        found.append(likelihood_ratio(*fits, kind="satorra_2000").p_value)

    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)
