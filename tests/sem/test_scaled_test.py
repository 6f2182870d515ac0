"""Scaled chi-square tests: against lavaan 0.6-14 (../shared/oracles/lavaan) and by a dense second route."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from lavaan_cases import cases
from references import reference
from robust_fits import DEMOCRACY, HOLZINGER, Found, dense, found

from jq_models.sem.baseline import independent_log_likelihood
from jq_models.sem.matrices import filled
from jq_models.sem.missing.likelihood import MissingNormal
from jq_models.sem.robust import gamma as robust_gamma
from jq_models.sem.robust.gamma import gamma_traces, independence_traces, spread_of
from jq_models.sem.robust.inference import covariate_places, robust_baseline, robust_parts, robust_test
from jq_models.sem.robust.scaled_test import (
    TestStatistic,
    satorra_bentler_test,
    scaled_shifted_test,
    standard_test,
    yuan_bentler_test,
)
from jq_models.sem.robust.traces import independence_trace, saturated_trace

SCALAR = {"group": "school", "equal": ("loadings", "intercepts")}
COVARIATES = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~ sex + ageyr\ng ~ f + ageyr"
ORACLES = {
    "hs_mlr": ("hs_data", "MLR", {}),
    "pd_mlr": ("pd_data", "MLR", {}),
    "hs_mlm": ("hs_data", "MLM", {}),
    "pd_mlm": ("pd_data", "MLM", {}),
    "hs_mlmv": ("hs_data", "MLMV", {}),
    "pd_mlmv": ("pd_data", "MLMV", {}),
    "hs_weights": ("hs_wcl_data", "MLR", {"weights": "w"}),
    "hs_cluster": ("hs_wcl_data", "MLR", {"cluster": "cl"}),
    "hs_mgmlr_configural": ("hs_data", "MLR", {"group": "school"}),
    "hs_mgmlr_scalar": ("hs_data", "MLR", SCALAR),
    "hs_fiml_mlr": ("hs_miss_data", "MLR", {"missing": "fiml"}),
}
# own cases, taken to lavaan's exact optimum: see reference/engine/SOURCE.md
OWN = (
    "likert_skew/mlr_means",
    "likert_skew/mlmv",
    "three_groups/mlm_metric",
    "three_groups/mlmv_scalar",
    "three_groups/fiml_mlr_metric",
    "clusters/mlr_groups",
    "clusters/fiml",
    "weights/mlr",
    "weights/mlr_groups",
    "weights/fiml",
    "covariates/mlr",
    "covariates/mlr_no_means",
    "covariates/fiml_mlr",
)


def both_tests(at: Found) -> tuple[TestStatistic, TestStatistic]:
    """Test the model and the independence model."""
    kind = "observed" if at.sample.incomplete else None
    common = {
        "parts": robust_parts(at.estimator, at.discrepancy, at.sample, theta=at.theta, information=kind)
    }
    x = covariate_places(at.discrepancy)
    if isinstance(at.discrepancy, MissingNormal):
        own = sum(independent_log_likelihood(g, at.groups[0].parameters.covariates) for g in at.sample.groups)
        baseline = 2 * (at.discrepancy.saturated - own)
    else:
        baseline = sum(independence_chi_square(g.moments.covariance, x=x) * g.size for g in at.sample.groups)
    p, q = len(at.groups[0].observed), len(x)
    df = len(at.groups) * ((p - q) * (p - q - 1) // 2 + (p - q) * q)
    return (
        robust_test(
            at.estimator,
            at.discrepancy,
            at.sample,
            theta=at.theta,
            chi_square=at.chi_square,
            df=at.df,
            **common,
        ),
        robust_baseline(at.estimator, at.discrepancy, at.sample, chi_square=baseline, df=df, **common),
    )


def independence_chi_square(S: np.ndarray, *, x: tuple[int, ...]) -> float:
    y = np.setdiff1d(np.arange(len(S)), np.array(x, dtype=int))
    own = np.log(np.diag(S)[y]).sum() + np.linalg.slogdet(S[np.ix_(x, x)])[1]
    return float(own - np.linalg.slogdet(S)[1])


def check(at: Found, lavaan, *, rel: float, baseline: float):
    test, independence = both_tests(at)
    assert test.df_scaled == at.df == lavaan["df"]
    assert test.scaled == pytest.approx(lavaan["chisq.scaled"], rel=rel)
    assert test.factor == pytest.approx(lavaan["chisq.scaling.factor"], rel=rel)
    assert test.p_value_scaled == pytest.approx(lavaan["pvalue.scaled"], rel=100 * rel)
    assert independence.chi_square == pytest.approx(lavaan["baseline.chisq"], rel=baseline)
    assert independence.scaled == pytest.approx(lavaan["baseline.chisq.scaled"], rel=baseline)
    assert independence.factor == pytest.approx(lavaan["baseline.chisq.scaling.factor"], rel=baseline)


@pytest.mark.parametrize("case", ORACLES)
def test_scaled_tests_equal_lavaan(case, shared):
    folder = shared / "oracles" / "lavaan"
    data, estimator, options = ORACLES[case]
    text = DEMOCRACY if case.startswith("pd") else HOLZINGER
    at = found(text, pd.read_csv(folder / f"{data}.csv"), estimator=estimator, **options)
    lavaan = pd.to_numeric(pd.read_csv(folder / f"{case}_fm.csv", index_col=0)["value"], errors="coerce")
    check(at, lavaan, rel=1e-6, baseline=2e-7)


@pytest.mark.parametrize("name", OWN)
def test_scaled_tests_equal_lavaan_at_its_exact_optimum(name):
    case = cases()[name]
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in case.arguments.items()}
    # lavaan's baseline models are left as its optimiser finds them
    check(found(case.text, case.frame, **options), case.measures, rel=2e-9, baseline=3e-6)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """The 1939 ability tests with made-up weights and clusters."""
    data = reference("holzinger").data
    generator = np.random.default_rng(11)
    return data.assign(
        weight=generator.uniform(0.4, 2.5, len(data)), team=generator.integers(0, 25, len(data))
    )


@pytest.mark.parametrize(
    ("text", "options"),
    [(HOLZINGER, {}), (HOLZINGER, SCALAR), (COVARIATES, {}), (COVARIATES, {"meanstructure": True})],
)
@pytest.mark.parametrize("by_moments", [False, True])
@pytest.mark.parametrize("block", [2_000_000, 4_000])
def test_traces_of_u_gamma_equal_the_dense_ones(frame, monkeypatch, text, options, by_moments, block):
    monkeypatch.setattr(robust_gamma, "_few_moments", lambda spread, low: by_moments)
    monkeypatch.setattr(robust_gamma, "BLOCK", block)
    at = found(text, frame, estimator="MLMV", **options)
    x = covariate_places(at.discrepancy)
    parts = robust_parts(at.estimator, at.discrepancy, at.sample, theta=at.theta)
    spreads = [
        spread_of(g, implied_by(m, at), means=at.means, x=x)
        for m, g in zip(at.groups, at.sample.groups, strict=True)
    ]
    ours = gamma_traces(spreads, parts.rows, parts.information)
    slow = dense(at, x=x)
    carried = slow.V @ slow.delta
    U = slow.V - carried @ np.linalg.solve(slow.delta.T @ carried, carried.T)
    product = U @ slow.gamma
    np.testing.assert_allclose(ours, [np.trace(product), np.trace(product @ product)], rtol=1e-8)


def implied_by(matrices, at: Found) -> np.ndarray:
    return filled(matrices, at.theta).implied


def test_the_second_trace_is_left_out_when_not_wanted(frame):
    at = found(HOLZINGER, frame, estimator="MLM")
    first, second = independence_traces(at.sample.groups, square=False)
    assert first == pytest.approx(independence_traces(at.sample.groups)[0], rel=1e-12)
    assert math.isnan(second)


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("options", [{}, {"weights": "weight"}, {"weights": "weight", "cluster": "team"}])
def test_saturated_trace_equals_that_of_every_moment(frame, means, options):
    group = found(HOLZINGER, frame, **options).sample.groups[0]
    S, d = group.moments.covariance, group.cases - group.moments.mean
    p = len(S)
    V = np.linalg.inv(S)
    i, j = np.tril_indices(p)
    twice = np.where(i == j, 0.5, 1.0)
    z = d @ V
    scores = [(z[:, i] * z[:, j] - V[i, j]) * twice]
    blocks = [
        (V[np.ix_(i, i)] * V[np.ix_(j, j)] + V[np.ix_(i, j)] * V[np.ix_(j, i)]) * np.outer(twice, twice)
    ]
    if means:
        scores, blocks = [*scores, z], [*blocks, V]
    slow = 0.0
    for s, A in zip(scores, blocks, strict=True):
        rows = s if group.weights is None else s * group.weights[:, None]
        if group.clusters is not None:
            rows = pd.DataFrame(rows).groupby(group.clusters).sum().to_numpy() * np.sqrt(25 / 24)
        slow += np.trace(np.linalg.solve(A, rows.T @ rows)) / len(d)
    assert saturated_trace(group, means=means) == pytest.approx(slow, rel=1e-9)


def test_means_add_their_number_to_both_traces_on_plain_data(frame):
    group = found(HOLZINGER, frame).sample.groups[0]
    for trace in (saturated_trace, independence_trace):
        assert trace(group, means=True) - trace(group, means=False) == pytest.approx(9.0, rel=1e-10)


def test_published_traces_give_the_published_statistics():
    """hs_mlm and hs_mlmv: the traces that lavaan keeps in ``fit@test``."""
    scaled = satorra_bentler_test(85.3055217699727, 24, trace=25.3157830097426)
    assert scaled.scaled == pytest.approx(80.8717834914071, rel=1e-12)
    shifted = scaled_shifted_test(
        85.3055217699727, 24, trace=25.3157830097426, trace_of_square=32.1233337855281
    )
    assert shifted.scaled == pytest.approx(75.8528087799998, rel=1e-12)
    assert shifted.factor == pytest.approx(1.15692361072962, rel=1e-12)
    assert shifted.shift == pytest.approx(2.11801680339381, rel=1e-12)
    # the shift knows the mean of the statistic
    assert shifted.correction == pytest.approx(scaled.correction, rel=1e-12)
    assert scaled.correction == scaled.factor


def test_a_saturated_model_has_no_factor():
    for test in (
        yuan_bentler_test(0.0, 0, saturated=45.0, model=45.0),
        satorra_bentler_test(0.0, 0, trace=0.0),
        scaled_shifted_test(0.0, 0, trace=0.0, trace_of_square=0.0),
    ):
        assert (test.scaled, test.df_scaled) == (0.0, 0.0)
        assert all(map(math.isnan, (test.factor, test.p_value, test.p_value_scaled, test.correction)))


def test_a_correction_that_breaks_down_gives_no_statistic():
    test = yuan_bentler_test(30.0, 10, saturated=40.0, model=41.0)
    assert all(map(math.isnan, (test.scaled, test.p_value_scaled, test.factor)))
    assert test.p_value == pytest.approx(standard_test(30.0, 10).p_value)


def test_the_correction_is_that_of_many_cases_in_few_variables(frame):
    """The two routes to the sums over pairs meet where the cheaper one changes."""
    at = found(HOLZINGER, pd.concat([frame] * 4, ignore_index=True), estimator="MLMV")
    once = found(HOLZINGER, frame, estimator="MLMV")
    many, few = (both_tests(a)[0] for a in (at, once))
    assert many.factor == pytest.approx(few.factor, rel=1e-7)
    assert many.chi_square == pytest.approx(4 * few.chi_square, rel=1e-7)


def test_an_information_that_is_not_positive_definite_has_no_traces(frame):
    at = found(HOLZINGER, frame, estimator="MLMV")
    parts = robust_parts(at.estimator, at.discrepancy, at.sample, theta=at.theta)
    spreads = [spread_of(at.sample.groups[0], implied_by(at.groups[0], at), means=False)]
    assert np.isnan(gamma_traces(spreads, parts.rows, -parts.information)).all()
