"""Fits with ordered items: lavaan's numbers, and what must hold among parameterisations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lavaan_cases import cases, compare_fit

from jq_models.errors import DataError, SpecError
from jq_models.evaluate.fit_indices import fit_indices
from jq_models.sem import fit_sem, r_squared, standardized
from jq_models.sem.least_squares.discrepancy import LeastSquares
from jq_models.sem.matrices import filled
from jq_models.sem.ordinal.moments import StatisticsModel

ORDINAL = [name for name, case in cases().items() if "ordered" in case.arguments]
# with several groups lavaan's baseline counts tr Gamma_g N / n_g times (robust_ordinal): CFI and TLI differ
QUIRK = ("ordinal_groups/configural", "ordinal_groups/loadings")
GROUPS = cases()["ordinal_groups/scalar"]
LIKERT = cases()["likert_skew/wlsmv"]
ITEMS = tuple(f"{f}{i}" for f in "ab" for i in (1, 2, 3, 4))
OUTCOME = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\na4 ~ f + g"
MEDIATOR = "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\na4 ~ f\nb4 ~ a4 + g"


@pytest.mark.parametrize("name", ORDINAL)
def test_lavaan(request: pytest.FixtureRequest, name: str) -> None:
    case = cases()[name]
    if case.source == "oracle":
        request.getfixturevalue("shared")
    found = compare_fit(case, case.fit())
    # the baseline moves CFI and TLI alone: the RMSEA agrees
    assert [t for t in found.beyond if name not in QUIRK or ("i.robust" not in t)] == []


def test_robust_rmsea_of_groups() -> None:
    for name in QUIRK:
        case = cases()[name]
        indices = fit_indices(case.fit())
        assert indices.rmsea_robust == pytest.approx(case.measures["rmsea.robust"], abs=1e-7)
        assert indices.cfi_robust == pytest.approx(case.measures["cfi.robust"], abs=2e-3)


# sem(model, ordinal_groups/data.csv, ordered = all, estimator = "WLSMV", parameterization = "theta") of
# lavaan 0.6-14, standardised paths with standard errors; its delta parameterisation agrees for the outcome
# and does not converge for the mediator
LAVAAN = {
    OUTCOME: [(0.55102883, 0.05520484), (-0.03780248, 0.06168415)],
    MEDIATOR: [(0.5207364, 0.04130100), (0.1241157, 0.05166147), (0.5973202, 0.04061794)],
}


@pytest.mark.parametrize("text", LAVAAN)
@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_ordered_outcomes_and_mediators(text: str, parameterization: str) -> None:
    fit = fit_sem(text, GROUPS.data, estimator="WLSMV", ordered="all", parameterization=parameterization)
    paths = standardized(fit).query("op == '~'")
    np.testing.assert_allclose(paths[["est_std", "se"]], LAVAAN[text], atol=1e-6)


@pytest.mark.parametrize("text", [LIKERT.text, MEDIATOR])
def test_delta_and_theta_are_one_model(text: str) -> None:
    data = LIKERT.data if text == LIKERT.text else GROUPS.data
    delta, theta = (
        fit_sem(text, data, estimator="WLSMV", ordered="all", parameterization=p) for p in ("delta", "theta")
    )
    assert delta.test.chi_square == pytest.approx(theta.test.chi_square, rel=1e-9)
    assert delta.test.scaled == pytest.approx(theta.test.scaled, rel=1e-7)
    ours, theirs = (standardized(f).set_index(["lhs", "op", "rhs"]) for f in (delta, theta))
    np.testing.assert_allclose(ours["est_std"], theirs["est_std"], atol=1e-6)
    np.testing.assert_allclose(ours["se"], theirs["se"], atol=1e-6)
    np.testing.assert_allclose(r_squared(delta), r_squared(theta), atol=1e-6)


def test_determined_variances() -> None:
    fit = fit_sem(MEDIATOR, GROUPS.data, estimator="WLSMV", ordered="all")
    state = filled(fit.matrices, fit.theta)
    np.testing.assert_allclose(np.diag(state.implied), 1.0, atol=1e-12)
    rows = fit.table.query("op == '~~' and lhs == rhs").set_index("lhs")
    share = 1.0 - r_squared(fit)
    for item in ("a1", "a4", "b4"):
        assert rows.loc[item, "est"] == pytest.approx(share[item], rel=1e-12)
        assert rows.loc[item, "se"] == 0.0
    theta = fit_sem(MEDIATOR, GROUPS.data, estimator="WLSMV", ordered="all", parameterization="theta")
    scales = theta.table.query("op == '~*~'")["est"].to_numpy()
    order = [theta.matrices.observed.index(i) for i in theta.table.query("op == '~*~'")["lhs"]]
    np.testing.assert_allclose(scales, np.diag(theta.implied)[order] ** -0.5, rtol=1e-12)


@pytest.mark.parametrize("text", [OUTCOME, MEDIATOR, GROUPS.text])
@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_jacobian_by_differences(text: str, parameterization: str) -> None:
    fit = fit_sem(
        text,
        GROUPS.data,
        estimator="WLSMV",
        ordered="all",
        group="channel",
        equal=("loadings", "thresholds"),
        parameterization=parameterization,
    )
    assert isinstance(fit.discrepancy, LeastSquares)
    theta = fit.theta + 0.03
    for model in fit.discrepancy.models:
        assert isinstance(model, StatisticsModel)

        def vector(t: np.ndarray, model: StatisticsModel = model) -> np.ndarray:
            at = model.at(t)
            assert at is not None
            return at.vector

        steps = 1e-6 * np.eye(len(theta))
        numeric = np.column_stack([(vector(theta + e) - vector(theta - e)) / 2e-6 for e in steps])
        at = model.at(theta)
        assert at is not None
        ours = model.jacobian(at).dense() @ model.matrices.design[model.places.rows]
        np.testing.assert_allclose(ours, numeric, atol=1e-7)


def test_all_is_every_item_and_codes_do_not_matter() -> None:
    named = GROUPS.fit()
    options = {"estimator": "WLSMV", "group": "channel", "equal": ("loadings", "thresholds")}
    every = fit_sem(GROUPS.text, GROUPS.data, ordered="all", **options)
    np.testing.assert_array_equal(every.theta, named.theta)
    shifted = GROUPS.data.assign(**{i: GROUPS.data[i] * 10 - 7 for i in ITEMS})
    np.testing.assert_array_equal(fit_sem(GROUPS.text, shifted, ordered="all", **options).theta, named.theta)
    assert fit_sem(GROUPS.text, GROUPS.data, ordered="a1", estimator="WLSMV").parameters.ordered[0][0] == "a1"


def test_respondents_with_a_missing_answer_are_left_out() -> None:
    data = GROUPS.data.astype(dict.fromkeys(ITEMS, float))
    data.loc[data.index[:25], "a2"] = np.nan
    fit = fit_sem(GROUPS.text, data, ordered="all", estimator="WLSMV")
    assert (fit.n, fit.n_dropped) == (len(data) - 25, 25)
    whole = fit_sem(GROUPS.text, GROUPS.data.iloc[25:], ordered="all", estimator="WLSMV")
    np.testing.assert_array_equal(fit.theta, whole.theta)


def test_what_ordered_items_are_not() -> None:
    options = {"estimator": "WLSMV", "ordered": ("a1", "a2")}
    halves = GROUPS.data.assign(a2=GROUPS.data["a2"] + 0.4711)
    with pytest.raises(DataError, match="'a2' are not all whole numbers") as caught:
        fit_sem(GROUPS.text, halves, **options)
    assert "4711" not in str(caught.value)
    with pytest.raises(SpecError, match="missing='fiml' needs maximum likelihood"):
        fit_sem(GROUPS.text, GROUPS.data, missing="fiml", **options)
    with pytest.raises(SpecError, match=r"observed covariates \(channel\)"):
        fit_sem(GROUPS.text + "\nf ~ channel", GROUPS.data, **options)


def test_polychorics_that_are_not_positive_definite() -> None:
    rng = np.random.default_rng(5)
    n = 60
    factor = rng.standard_normal(n)
    cuts = [-1.0, 0.0, 1.0]
    items = {f"x{i}": np.digitize(0.97 * factor + 0.25 * rng.standard_normal(n), cuts) for i in range(12)}
    text = "f =~ " + " + ".join(items)
    fit = fit_sem(text, pd.DataFrame(items), ordered="all", estimator="ULSMV")
    assert np.linalg.eigvalsh(fit.moments.covariance)[0] < 0
    assert fit.status.converged
    assert fit.usable
    # the discrepancy of normal theory does not exist there
    assert np.isnan(fit_indices(fit).cfi_robust)


def test_threshold_starts_and_labels() -> None:
    text = GROUPS.text + "\na1 | q*t1\na2 | q*t1 + start(1.5)*t3"
    fit = fit_sem(text, GROUPS.data, ordered="all", estimator="WLSMV")
    rows = fit.table.query("op == '|' and label == 'q'")
    assert len(rows) == 2
    assert rows["est"].nunique() == 1
    plain = fit_sem(GROUPS.text, GROUPS.data, ordered="all", estimator="WLSMV")
    assert fit.df == plain.df + 1
